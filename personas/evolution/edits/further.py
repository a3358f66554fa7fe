"""Going further: a number that was moved for the better is moved again, the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import libcst as cst
import numpy as np

from .numbers import Site, as_number, number_sites, value_of
from .ranges import DEFAULTS, within
from .trees import Edit, pick, swapped

_LEAST, _MOST = 0.5, 3.0


def further(module: cst.Module, before: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Move a number by 0.5 to 3 times what the last edit moved it by; None where that edit moved none.

    Whoever becomes a parent was better than those before it, so its last step is a guess at where better programs lie.

    Args:
        module: The program.
        before: What it was before its last edit.
        rng: Random numbers.

    Source: pattern moves of Hooke & Jeeves 1961, J. ACM 8.
    """
    moved = [] if before is None else _moved(module, before)
    if not moved:
        return None
    site, old = pick(moved, rng)
    now = value_of(site.node)
    after = within(now + (_LEAST + (_MOST - _LEAST) * rng.random()) * (now - old), now, site.key)
    return Edit(swapped(module, site.node, as_number(after)), f"{site.shown} further, from {now:g} to {after:g}")


def _moved(module: cst.Module, before: cst.Module) -> list[tuple[Site, float]]:
    """Return the numbers that differ from those before, with what they were; a setting that was not given was its default."""
    old = {label: value_of(site.node) for label, site in _labelled(number_sites(before))}
    out = []
    for label, site in _labelled(number_sites(module)):
        was = old.get(label, DEFAULTS.get(site.key))
        if was is not None and was != value_of(site.node):
            out.append((site, float(was)))
    return out


def _labelled(sites: Iterable[Site]) -> list[tuple[tuple[str, int], Site]]:
    """Return sites with what they set and which of those that set the same they are."""
    seen: Counter[str] = Counter()
    out = []
    for site in sites:
        out.append(((site.shown, seen[site.shown]), site))
        seen[site.shown] += 1
    return out
