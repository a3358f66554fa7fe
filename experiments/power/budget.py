"""What a budget can find and what a finding needs, told before anything is paid for: planted targets stand in for a real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from ...sim.errors import InputError
from ...sim.seeds import check_seed
from ..naming.registry import make_generator, make_scenario
from ..population.where import count
from ..screen.wording import percent
from ..statistics.estimates import LEVEL, Figure
from .searches import Crowds, Searched, search, searchable
from .sizes import (
    Crowd,
    DifferencePlan,
    Simulation,
    WidthPlan,
    formula_width,
    plan_difference,
    plan_width,
    simulated_width,
    width_table,
)
from .studies import Found, study
from .surfaces import PLACEMENTS, Plan, Populations, Progress, plans

if TYPE_CHECKING:
    from ...personas.generators import Generator
    from ...personas.scenario import Scenario

NOTE = (
    "planted targets stand in: no chatbot was met. They fail people at rates that are known, "
    "so this speaks of what the budget would show and not of any chatbot"
)

FEWEST_STUDIES = 20

SEARCHES = 4
"""Studies simulated for each one that also searches, which takes longer."""

_SEARCHED = 128  # people above whom still fewer studies search

SURELY = 0.8
"""Share of studies from which on a planted surface counts as found."""

Told = Callable[[str, int, int], None]
"""Told what is being done, how many steps of it are done, of how many."""


@dataclass(frozen=True)
class Budget:
    """What may be spent, what is expected, and what is wanted.

    Args:
        scenario: SPEC of the scenario.
        generator: SPEC of who places the people.
        personas: People, 1 or more.
        replicates: How often each meets the target, 1 or more.
        rate: Expected failure rate, in (0, 1).
        icc: Share in [0, 1] of the variance of an outcome that lies between people and that traits do not explain.
        against: Failure rate of another version, in [0, 1]; None: no difference is asked for.
        agreement: Share in [0, 1] of replicates whose chance is common to both versions.
        width: Wanted width of the failure rate's interval from end to end, in (0, 1); None: not asked for.
        studies: Studies simulated of each kind, 20 or more; fewer of searches, see :attr:`searches`.
        slices: Simulate the search for slices too.
        seed: Same seed, same answer.
        unsafe: Run a generator's program although this machine protects it less than the sandbox's minimum.

    Raises:
        InputError: If one of them is wrong; it names the option.
    """

    scenario: str = "support"
    generator: str = "default"
    personas: int = 64
    replicates: int = 4
    rate: float = 0.2
    icc: float = 0.3
    against: float | None = None
    agreement: float = 0.0
    width: float | None = None
    studies: int = 400
    slices: bool = True
    seed: int = 0
    unsafe: bool = False

    def __post_init__(self) -> None:
        for field in ("personas", "replicates"):
            count(getattr(self, field), field)
        _rate(self.rate)
        for field, value in (("icc", self.icc), ("agreement", self.agreement), ("against_rate", self.against)):
            if value is not None:
                _number(value, field, "a number from 0 to 1", lambda x: 0 <= x <= 1)
        if self.against == self.rate:
            raise InputError("against_rate", "another rate than rate", self.against)
        if self.width is not None:
            _number(self.width, "width", "a share between 0 and 1", lambda x: 0 < x < 1)
        if count(self.studies, "studies") < FEWEST_STUDIES:
            raise InputError("studies", f"a whole number of {FEWEST_STUDIES} or more", self.studies)
        check_seed(self.seed)

    @property
    def crowd(self) -> Crowd:
        """The people of this budget where they do not differ by traits."""
        return Crowd(self.rate, self.icc, self.studies, self.seed)

    @property
    def searches(self) -> int:
        """Studies that search for slices, 20 or more: one in :data:`SEARCHES`, fewer where people are many."""
        return max(FEWEST_STUDIES, int(self.studies / SEARCHES * min(1.0, _SEARCHED / self.personas)))


class PowerReport(Figure):
    """Answer of ``outskirts power``. Rates, widths and differences are shares of 1."""

    note: str = NOTE
    scenario: str
    generator: str
    personas: int = Field(ge=1)
    replicates: int = Field(ge=1)
    episodes: int = Field(ge=1)  # personas x replicates
    rate: float = Field(gt=0, lt=1)
    icc: float = Field(ge=0, le=1)
    studies: int = Field(ge=1)
    placements: int = Field(ge=1)  # populations placed, shared by the studies
    tails: int = Field(ge=0)  # whose intervals hold together
    seed: int
    level: float = LEVEL
    surfaces: tuple[Found, ...]
    searches: tuple[Searched, ...]  # empty where none were wanted
    headline: tuple[Simulation, ...]  # failure rate of the generator and of these people
    widths: tuple[Simulation, ...]  # by size; empty where a width or a difference was asked for
    width: WidthPlan | None
    difference: DifferencePlan | None
    advice: str

    def to_json(self) -> str:
        """Return the report as JSON, without NaN."""
        return self.model_dump_json(indent=2)


def wanted_share(value: object, field: str) -> float:
    """Return a width or a difference as a share: below 1 it is one, from 1 on it is in percentage points.

    Raises:
        InputError: If it is no number above 0 and below 100.
    """
    given = _number(value, field, "a share between 0 and 1, or 1 to 99 percentage points", lambda x: 0 < x < 100)
    return given if given < 1 else given / 100


def other_rate(rate: object, against: float | None, difference: object) -> float | None:
    """Return the failure rate of the version to compare with: given itself, or by its difference; None if neither is.

    Raises:
        InputError: If both are given, or the difference leads beyond 1.
    """
    if difference is None:
        return against
    if against is not None:
        raise InputError("difference", "difference or against_rate, not both", difference)
    given, gap = _rate(rate), wanted_share(difference, "difference")
    if given + gap > 1:
        raise InputError("difference", f"at most {1 - given:g}, because the rate is {given:g}", difference)
    return given + gap


def power(budget: Budget, told: Told | None = None) -> PowerReport:
    """Simulate what a budget finds, and seek what a wanted width or difference needs.

    Args:
        budget: What may be spent, what is expected and what is wanted.
        told: Told of progress.

    Raises:
        InputError: If scenario or generator are unknown, or the generator breaks its contract.
    """

    def progress(what: str) -> Progress:
        def step(done: int, total: int) -> None:
            if told:
                told(what, done, total)

        return step

    scenario, generator = make_scenario(budget.scenario), make_generator(budget.generator, unsafe=budget.unsafe)
    placements = min(PLACEMENTS, budget.studies)
    people = Populations.of(scenario, generator, budget.personas, placements, budget.seed, progress("placing people"))
    planted = plans(people, budget.rate, budget.icc)
    surfaces = []
    for done, plan in enumerate(planted, start=1):
        surfaces.append(study(plan, people, budget.replicates, budget.studies, budget.seed))
        progress("planted targets")(done, len(planted))
    searches = _searches(budget, scenario, generator, planted, progress) if budget.slices else ()
    crowd, sizes = budget.crowd, progress("sizes")
    asked = (budget.width, budget.against) != (None, None)
    sizes(0, 1)
    width = plan_width(crowd, budget.replicates, budget.width) if budget.width is not None else None
    difference = None
    if budget.against is not None:
        difference = plan_difference(crowd, budget.against, budget.agreement, budget.replicates)
    headline = tuple(simulated_width(crowd, budget.personas, budget.replicates, e) for e in ("generator", "these_people"))
    return PowerReport(
        scenario=scenario.name,
        generator=generator.name,
        personas=budget.personas,
        replicates=budget.replicates,
        episodes=budget.personas * budget.replicates,
        rate=budget.rate,
        icc=budget.icc,
        studies=budget.studies,
        placements=placements,
        tails=len(people.tails),
        seed=budget.seed,
        surfaces=tuple(surfaces),
        searches=searches,
        headline=headline,
        widths=() if asked else width_table(crowd, sizes),
        width=width,
        difference=difference,
        advice=advise(budget, surfaces, headline[0], width, difference),
    )


def _searches(
    budget: Budget, scenario: Scenario, generator: Generator, planted: Sequence[Plan], progress: Callable[[str], Progress]
) -> tuple[Searched, ...]:
    placements = min(PLACEMENTS, budget.searches)
    crowds = Crowds.of(scenario, generator, budget.personas, placements, budget.seed, progress("making people"))
    wanted, found = searchable(planted), []
    for plan in wanted:
        found.append(search(plan, crowds, budget.replicates, budget.searches, budget.seed))
        progress("searches")(len(found), len(wanted))
    return tuple(found)


def advise(
    budget: Budget, surfaces: Sequence[Found], headline: Simulation, width: WidthPlan | None, difference: DifferencePlan | None
) -> str:
    """Return one sentence on what to do; what was asked for comes first."""
    sent = []
    if width is not None:
        sent.append(_for_width(width))
    if difference is not None:
        sent.append(_for_difference(difference))
    return "; ".join(sent or [_for_tails(budget, surfaces, headline)])


def _for_width(plan: WidthPlan) -> str:
    wanted = f"for an interval {100 * plan.wanted:g} points wide"
    if plan.found is None or plan.best is None:
        return f"{wanted} it takes {plan.reason}: ask for less"
    found, best = plan.found, plan.best
    text = f"{wanted} send {found.personas:,} people x {found.replicates}"
    if best.median_width < 0.95 * found.median_width:
        text += (
            f", or send {best.personas:,} people x {best.replicates} for the same episodes and get {100 * best.median_width:.1f} points"
            + (" (but one replicate cannot tell chance from person)" if best.replicates == 1 else "")
        )
    return text


def _for_difference(plan: DifferencePlan) -> str:
    gap = f"to show {100 * (plan.against_rate - plan.rate):+g} points between two versions"
    sizes = [f"{n.personas:,} people x {plan.replicates} ({percent(n.power, 0)} power)" for n in plan.needed if n.personas is not None]
    return f"{gap} send {' or '.join(sizes)} to both" if sizes else f"{gap} it takes {plan.needed[0].reason}: send more replicates"


def _for_tails(budget: Budget, surfaces: Sequence[Found], headline: Simulation) -> str:
    tails = [f for f in surfaces if f.kind == "tail" and f.rate is not None]
    always = [x for x in sorted({f.rate or 0.0 for f in tails}) if all(f.shown.estimate >= SURELY for f in tails if f.rate == x)]
    size = f"{budget.personas:,} people x {budget.replicates}"
    text = f"{size} give the overall rate within about {50 * headline.median_width:.1f} points either way"
    if always:
        text += (
            f"; a declared tail, whichever it is, is shown in at least {percent(SURELY, 0)} of studies "
            f"if it fails at {percent(always[0], 0)} and others at {percent(budget.rate, 0)}"
        )
    elif tails:
        most = percent(max(f.rate or 0.0 for f in tails), 0)
        text += f"; in some declared tail even a rate of {most} is overlooked in more than {percent(1 - SURELY, 0)} of studies"
    doubled = [formula_width(budget.rate, budget.icc, n * budget.personas, r * budget.replicates) for n, r in ((2, 1), (1, 2))]
    if doubled[0] < 0.98 * doubled[1]:
        return f"{text}; to see more, send more people rather than more replicates"
    return f"{text}; to see more, send more people or more replicates, which do the same here"


def _rate(value: object) -> float:
    return _number(value, "rate", "a number between 0 and 1", lambda x: 0 < x < 1)


def _number(value: object, field: str, expected: str, fits: Callable[[float], bool]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not fits(value):
        raise InputError(field, expected, value)
    return float(value)
