"""Two versions of a target on the same people: the difference overall, by tail and by harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .changes import Changes, difference_bounds, harm_done, unmeasured
from .estimates import LEVEL, Bounds, Difference, Estimate, Figure
from .outcomes import Bools, Floats, Outcomes
from .paired import paired_difference
from .pairs_bootstrap import bootstrap_change
from .permutation import DRAWS, sign_flip_test
from .simultaneous import sidak


class Contrast(Figure):
    """The failure rate of B minus that of A, somewhere: above 0 means that B fails more."""

    difference: Difference  # over pairs resolved on both sides
    bounds: Bounds  # of the planned episodes, if every unresolved one had gone one way or the other
    p: float | None = None  # sign flips of whole people, two-sided; adjusted for the rows of its table; null where not measured


class Versions:
    """Two arms over the same people, and the contrasts between them.

    Args:
        a: The version that stands.
        b: The version that is to replace it, over the same people in the same order.
        names: What the two are called.
        seed: Seed of random signs and resamples.
    """

    def __init__(self, a: Outcomes, b: Outcomes, names: tuple[str, str], seed: int) -> None:
        self.x, self.y = b, a
        self.seed = seed
        self.changes = Changes.of(b, a)
        self.arms = {names[1]: b, names[0]: a}
        self.unmeasured = unmeasured(self.arms)

    def overall(self) -> tuple[Contrast, str]:
        """Return the contrast over everybody, and how its p-value was made."""
        found = self._contrast(paired_difference(self.x, self.y), difference_bounds(self.x, self.y), self.unmeasured)
        tested = sign_flip_test(self.changes.by_unit(self.x.failed, self.y.failed)[:, None], self.seed)
        how = "all patterns" if tested.exact else f"{DRAWS:,} random patterns"
        p = None if found.difference.estimate is None else float(tested.p[0])
        return found.model_copy(update={"p": p}), f"sign flips of whole {self.changes.what} ({tested.units} changed), {how}"

    def bootstrap(self) -> Estimate:
        """Return the overall difference with an interval from resampled people."""
        changes = self.changes
        return bootstrap_change(changes.by_unit(self.x.failed, self.y.failed), changes.sizes, seed=self.seed, what=changes.what)

    def tails(self, tails: Mapping[str, Bools]) -> dict[str, Contrast]:
        """Return the contrast among the people of each tail, shape (n,)."""
        reasons = {name: unmeasured(self.arms, inside) if inside.any() else "nobody is in the tail" for name, inside in tails.items()}
        told = sum(bool(inside[self.changes.person].any()) and not reasons[name] for name, inside in tails.items())
        found = {}
        for name, inside in tails.items():
            difference = _together(paired_difference(self.x, self.y, sidak(LEVEL, told), inside), told, "tails")
            found[name] = self._contrast(difference, difference_bounds(self.x, self.y, inside), reasons[name])
        return self._tested(found, {name: self.changes.by_unit(self.x.failed, self.y.failed, inside) for name, inside in tails.items()})

    def harms(self) -> dict[str, Contrast]:
        """Return the contrast in how often each harm is done."""
        names = dict.fromkeys((*self.x.harms, *self.y.harms))
        done = {name: (harm_done(self.x, name), harm_done(self.y, name)) for name in names}
        found = {}
        for name, (right, left) in done.items():
            arms = replace(self.x, failed=right), replace(self.y, failed=left)
            difference = _together(paired_difference(*arms, sidak(LEVEL, len(names))), len(names), "harms")
            found[name] = self._contrast(difference, difference_bounds(*arms), self.unmeasured)
        return self._tested(found, {name: self.changes.by_unit(right, left) for name, (right, left) in done.items()})

    def _contrast(self, difference: Difference, bounds: Bounds, reason: str | None) -> Contrast:
        if reason is not None:
            difference = Difference(level=difference.level, pairs=difference.pairs, personas=difference.personas, reason=reason)
        return Contrast(difference=difference, bounds=bounds)

    def _tested(self, found: dict[str, Contrast], changes: Mapping[str, Floats]) -> dict[str, Contrast]:
        """Add p-values that hold together over the contrasts with an estimate."""
        told = [name for name, contrast in found.items() if contrast.difference.estimate is not None]
        if not told:
            return found
        p = sign_flip_test(np.column_stack([changes[name] for name in told]), self.seed).p
        return found | {name: found[name].model_copy(update={"p": float(x)}) for name, x in zip(told, p, strict=True)}


def _together(difference: Difference, count: int, what: str) -> Difference:
    """Return a difference whose level and method speak of all ``count`` intervals at once."""
    if difference.estimate is None:
        return difference.model_copy(update={"level": LEVEL})
    method = f"{difference.method}, simultaneous over {count} {what} (Sidak)"
    return difference.model_copy(update={"level": LEVEL, "method": method})
