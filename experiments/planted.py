"""Planted targets: instruments whose failure probability over traits is known exactly.

Methods are proved on them: a study of a planted target has a right answer (``planted_truth.truth``) that figures and
intervals can be held against. They see each person's assigned position, which no real target does, so they are no systems under test
(``instrument`` is true, names start with ``planted:``) and the registry refuses them as a target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ..sim.seeds import Stream
from ..sim.types import EpisodeRecord, Exposure, Finding, Seat, Usage, Verdict
from .statistics.outcomes import FAILED, INVALID, PASSED, VERDICTS, Bools, Floats, Ints, Outcomes

if TYPE_CHECKING:
    from ..personas.persona import Persona
    from ..personas.scenario import Scenario
    from ..sim.declare import Tail

Surface = Callable[[Floats], Floats]
"""Positions in [0, 1], shape (n, d), to probabilities in [0, 1], shape (n,)."""

HARM = "planted"
SEVERITY = 0.5


@dataclass(frozen=True)
class Constant:
    """The same probability everywhere.

    Example:
        >>> Constant(0.2)(np.zeros((2, 3))).tolist()
        [0.2, 0.2]
    """

    rate: float
    name: str = "constant"

    def __post_init__(self) -> None:
        _check_rates(rate=self.rate)

    def __call__(self, positions: Floats) -> Floats:
        """Return the probability at positions of shape (n, d)."""
        return np.full(len(positions), self.rate)


@dataclass(frozen=True)
class Region:
    """One probability inside an axis-parallel region of [0, 1]^d, another outside.

    Args:
        where: (axis index, low, high) for every axis that is bounded, ends included; all must hold.
        inside: Probability inside.
        outside: Probability everywhere else.
        name: What it is called.

    Raises:
        ValueError: If a rate or an interval is off.
    """

    where: tuple[tuple[int, float, float], ...]
    inside: float
    outside: float
    name: str = "region"

    def __post_init__(self) -> None:
        _check_rates(inside=self.inside, outside=self.outside)
        for axis, low, high in self.where:
            if axis < 0 or not 0 <= low < high <= 1:
                raise ValueError(f"{self.name}: expected (axis index, low, high) with 0 <= low < high <= 1, got {(axis, low, high)}")

    @property
    def volume(self) -> float:
        """Share of the cube that lies inside."""
        return float(np.prod([high - low for _, low, high in self.where]))

    def contains(self, positions: Floats) -> Bools:
        """Tell which positions of shape (n, d) lie inside, shape (n,)."""
        inside = np.ones(len(positions), bool)
        for axis, low, high in self.where:
            inside &= (positions[:, axis] >= low) & (positions[:, axis] <= high)
        return inside

    def __call__(self, positions: Floats) -> Floats:
        """Return the probability at positions of shape (n, d)."""
        return np.where(self.contains(positions), self.inside, self.outside)


@dataclass(frozen=True)
class Gradient:
    """A smooth slope: logit of the probability = ``intercept`` + sum of ``weights`` times (position - 1/2).

    Args:
        intercept: Logit of the probability in the middle of the cube.
        weights: Change of the logit from one end of each axis to the other; axes beyond them have none.
        name: What it is called.
    """

    intercept: float
    weights: tuple[float, ...]
    name: str = "gradient"

    def __call__(self, positions: Floats) -> Floats:
        """Return the probability at positions of shape (n, d)."""
        from scipy.special import expit

        weights = np.asarray(self.weights, float)
        return np.asarray(expit(self.intercept + (positions[:, : len(weights)] - 0.5) @ weights))


def box(low: Sequence[float], high: Sequence[float], inside: float, outside: float) -> Region:
    """Return a box with corners ``low`` and ``high``, one number an axis."""
    return Region(tuple((j, float(a), float(b)) for j, (a, b) in enumerate(zip(low, high, strict=True))), inside, outside, "box")


def corner(ends: Sequence[int], size: float, inside: float, outside: float) -> Region:
    """Return the corner at ``ends`` (0 low, 1 high, one an axis), ``size`` long on each axis."""
    spans = ((1 - size, 1.0) if end else (0.0, size) for end in ends)
    return Region(tuple((j, a, b) for j, (a, b) in enumerate(spans)), inside, outside, "corner")


def band(axis: int, low: float, high: float, inside: float, outside: float) -> Region:
    """Return a band across one axis."""
    return Region(((axis, low, high),), inside, outside, "band")


def conjunction(where: Mapping[int, tuple[float, float]], inside: float, outside: float) -> Region:
    """Return a conjunction of two or three traits: axis index to (low, high), all of which must hold.

    Raises:
        ValueError: If there are not two or three.
    """
    if len(where) not in (2, 3):
        raise ValueError(f"conjunction: expected two or three axes, got {len(where)}")
    return Region(tuple((j, *where[j]) for j in sorted(where)), inside, outside, f"conjunction{len(where)}")


def tail_region(scenario: Scenario, tail: Tail, inside: float, outside: float) -> Region:
    """Return the region of a scenario's tail, whose quantiles of the reference margins become positions.

    Raises:
        ValueError: If the tail bounds no axis, such as all that is outside the core.
    """
    if not tail.where:
        raise ValueError(f"tail {tail.name}: expected one that bounds an axis, got one that is no region of this kind")
    where = []
    for axis, span in tail.where.items():
        j = scenario.axes.index(axis)
        ends = scenario.density.quantile(np.tile(np.asarray(span, float)[:, None], (1, len(scenario.axes))))[:, j]
        where.append((j, float(ends[0]), float(ends[1])))
    return Region(tuple(where), inside, outside, f"tail {tail.name}")


@dataclass(frozen=True)
class Planted:
    """A target with a known probability of failing each person.

    The surface is P(fail | exposed), what happens once the harm can happen at all; P(fail) is that times the exposure.
    A person's own rate is drawn once, from a Beta distribution around the surface; replicates are drawn from the
    person's own rate. All draws are functions of the stream's path, so :meth:`draw`, :meth:`records` and :meth:`rates` of
    one stream speak of the same people. Targets of different names that are given one stream meet the same
    people (who is hard for one is hard for the other) with replicates drawn apart.

    Args:
        surface: P(fail | exposed) over positions.
        icc: Share in [0, 1] of the variance of a single outcome at one position that lies between people and is not explained
            by traits: 0 people at one position are alike, 1 each always fails or never does.
        noise: Replicate noise: probability in [0, 1/2] that the verdict on an exposed replicate comes out the other way round.
        exposure: P(exposed), a number or a surface; below 1 there are replicates in which the harm cannot happen.
        invalid: P(simulator_invalid), a number or a surface, whatever else happens in the replicate.
        label: Part of the name; the surface's name if empty.

    Raises:
        ValueError: If a number is out of its range.

    Example:
        >>> target = Planted(band(0, 0.9, 1.0, inside=0.8, outside=0.02), icc=0.1)
        >>> target.name, target.draw(np.full((4, 2), 0.5), 3, Stream(0)).n
        ('planted:band', 4)
    """

    instrument: ClassVar[bool] = True  # sees positions: measures the statistics, and is no system under test

    surface: Surface
    icc: float = 0.0
    noise: float = 0.0
    exposure: float | Surface = 1.0
    invalid: float | Surface = 0.0
    label: str = ""

    def __post_init__(self) -> None:
        _check_rates(icc=self.icc, twice_noise=2 * self.noise)
        for name, value in (("exposure", self.exposure), ("invalid", self.invalid)):
            if not callable(value):
                _check_rates(**{name: value})

    @property
    def name(self) -> str:
        """Name of the target, ``planted:`` and what it is."""
        return f"planted:{self.label or getattr(self.surface, 'name', 'surface')}"

    def rates(self, positions: Floats, stream: Stream) -> Floats:
        """Return each person's own P(fail), shape (n,)."""
        return self._latent(positions, stream) * _at(self.exposure, positions)

    def moments(self, positions: Floats) -> tuple[Floats, Floats]:
        """Return mean and mean square of P(fail) over the people at each position, shapes (n,)."""
        s = _at(self.surface, positions)
        between = self.icc * s * (1 - s) * (1 - 2 * self.noise) ** 2
        exposure = _at(self.exposure, positions)
        mean = self.noise + (1 - 2 * self.noise) * s
        return mean * exposure, (mean**2 + between) * exposure**2

    def draw(self, positions: Floats, replicates: int, stream: Stream) -> Outcomes:
        """Return the outcomes of a study, one row for each (person, replicate).

        Args:
            positions: Assigned positions, shape (n, d), in [0, 1].
            replicates: Replicates of each person, 1 or more.
            stream: Whose path gives people and replicates; nothing is drawn from the stream itself.
        """
        verdict, exposed = self._play(positions, replicates, stream)
        n, rows = len(positions), len(positions) * replicates
        failed = (verdict == FAILED).ravel()
        return Outcomes(
            n=n,
            persona=np.repeat(np.arange(n), replicates),
            replicate=np.tile(np.arange(replicates), n),
            episode=np.arange(rows),
            company=np.zeros(rows, np.int64),
            verdict=verdict.ravel(),
            failed=failed,
            harms=(HARM,),
            harm_failed=failed[:, None],
            harm_exposed=exposed.reshape(rows, 1),
            harm_severity=np.where(failed, SEVERITY, 0.0)[:, None],
        )

    def records(self, people: Sequence[Persona], scenario: Scenario, replicates: int, stream: Stream) -> Iterator[EpisodeRecord]:
        """Yield the episodes of the study that :meth:`draw` returns, person by person, without transcripts."""
        verdict, exposed = self._play(scenario.positions(tuple(people)), replicates, stream)
        for i, person in enumerate(people):
            for r in range(replicates):
                yield self._record(person, scenario, stream.seed, r, VERDICTS[verdict[i, r]], bool(exposed[i, r]))

    def _latent(self, positions: Floats, stream: Stream) -> Floats:
        """Return each person's P(fail | exposed), shape (n,)."""
        from scipy.special import betaincinv

        s = _at(self.surface, positions)
        u = _generator(stream, "people").random(len(positions))
        if self.icc == 1:
            s = (u > 1 - s).astype(float)
        elif self.icc > 0:
            weight = (1 - self.icc) / self.icc
            open_ = (s > 0) & (s < 1)
            s = np.where(open_, betaincinv(np.where(open_, s, 0.5) * weight, np.where(open_, 1 - s, 0.5) * weight, u), s)
        return self.noise + (1 - 2 * self.noise) * s

    def _play(self, positions: Floats, replicates: int, stream: Stream) -> tuple[Ints, Bools]:
        """Return verdict codes and exposure, shapes (n, replicates)."""
        fail, expose, void = _generator(stream, "replicates", self.name).random((3, len(positions), replicates))
        exposed = expose < _at(self.exposure, positions)[:, None]
        failed = exposed & (fail < self._latent(positions, stream)[:, None])
        void = void < _at(self.invalid, positions)[:, None]
        return np.where(void, INVALID, np.where(failed, FAILED, PASSED)), exposed

    def _record(self, person: Persona, scenario: Scenario, seed: int, replicate: int, verdict: Verdict, exposed: bool) -> EpisodeRecord:
        found = Finding(
            about="target",
            harm=HARM,
            severity=SEVERITY,
            turn=0,
            message=None,
            evidence="planted",
            harmed=(person.id,),
            judge="planted",
            version="1",
        )
        return EpisodeRecord(
            key=f"{self.name}/{person.id}/{replicate}",
            scenario=scenario.name,
            scenario_version=scenario.version,
            target=self.name,
            player="none",
            information="private",
            seed=seed,
            replicate=replicate,
            seats=(Seat(agent=scenario.agent("persona"), persona=person.id, fingerprint=person.fingerprint),),
            turns=0,
            messages=(),
            moves=(),
            departures=(),
            ledger=(),
            exposures=(Exposure(harm=HARM, person=person.id, turn=0),) if exposed else (),
            findings=(found,) if verdict == Verdict.FAILED else (),
            judges=("planted@1",),
            repairs=0,
            usage=Usage(),
            verdict=verdict,
        )


def _at(value: float | Surface, positions: Floats) -> Floats:
    """Return a number or a surface as probabilities at positions."""
    return np.asarray(value(positions), float) if callable(value) else np.full(len(positions), float(value))


def _generator(stream: Stream, *path: str) -> np.random.Generator:
    return Stream(stream.seed, *stream.path, *path).generator


def _check_rates(**rates: float) -> None:
    for name, value in rates.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name}: expected a number in [0, 1], got {value}")
