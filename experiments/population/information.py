"""How much a person's text has to tell: tiers compared, and kinds of fields withheld, on the same people and seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from ...personas.generators import Batch, from_object
from ...personas.measurement import DEFAULT_RUNS, measure
from ...personas.people_file import write_people
from ...personas.persona import Persona
from ...personas.population import build_population
from ...personas.scenario import Scenario
from ...personas.structured.audit import JointAudit, joint_audit
from ...personas.structured.fields import KINDS, Kind
from ...personas.structured.tiers import TIERS, Tier, make_tiers
from ...sim.errors import InputError
from ...sim.protocols import Respondent
from ..bridge import complete
from ..screen.wording import listed, stand_ins
from ..statistics.estimates import Figure
from ..statistics.outcomes import Outcomes
from .shifts import DRAWS, Row, Shift, Told, shifts
from .where import batch_of

if TYPE_CHECKING:
    from rich.console import Console

    from ..screen.progress import Steps

PEOPLE, REPLICATES = 32, 2
"""People, and episodes a person, where nothing else is asked for."""

ALL_TOLD = "all told"
"""Name of the row from which nothing is withheld."""


class Information(Figure):
    """The same people told about in several ways."""

    compared: Literal["tiers", "withheld"]
    scenario: str
    target: str | None  # null: nobody was met
    respondent: str
    player: str
    personas: int
    runs: int  # questionnaire runs a person
    replicates: int  # episodes a person
    seed: int
    tier: Tier | None  # what is withheld from; null where tiers are compared
    rows: tuple[Row, ...]  # the first is what the others are compared with
    shifts: dict[str, Shift]  # by the names of the other rows
    audit: JointAudit
    stand_ins: dict[str, str]  # who stood in for a language model, by role


def compare_tiers(
    scenario: str = "support",
    target: object = "eliza",
    respondent: str | Respondent = "lexical",
    n: int = PEOPLE,
    runs: int = DEFAULT_RUNS,
    replicates: int = REPLICATES,
    seed: int = 0,
    *,
    tiers: Sequence[Tier] = TIERS,
    player: str = "lexical",
    turns: int | None = None,
    llm: Batch | None = None,
    draws: int = DRAWS,
    steps: Steps | None = None,
) -> Information:
    """Send the same people to a target in each tier, and measure where their texts put them.

    Positions, names, fields and private facts are the same in all tiers; only the text differs. An episode's random
    numbers depend on the text, so replicates pair people and not dice.

    Args:
        scenario: SPEC.
        target: As in :func:`outskirts.run`; None: the people are only measured.
        respondent: SPEC, or who answers the questionnaire.
        n: People, 2 or more.
        runs: Questionnaire runs a person, 2 or more for an ICC.
        replicates: Episodes a person and tier.
        seed: Of people, answers, episodes and resamples.
        tiers: Two or more; the first is what the others are compared with.
        player: SPEC of who acts the people.
        turns: Length of an episode; the scenario's own if None.
        llm: Writes the prose of the descriptive tier.
        draws: Resamples of the people.
        steps: Where to show progress; None: nowhere.

    Raises:
        InputError: If a setting is wrong.
        UnreachableError: If the target or the respondent does not answer.
    """
    names = list(dict.fromkeys(tiers))
    if len(names) < 2 or set(names) - set(TIERS):
        raise InputError("tiers", f"two or more of {', '.join(TIERS)}", listed(list(tiers)) or "none")
    ways: dict[str, tuple[Tier, tuple[Kind, ...]]] = {tier: (tier, ()) for tier in names}
    study = _Study(scenario, target, respondent, n, runs, replicates, seed, player, turns, llm, steps)
    return study.compare("tiers", None, ways, draws)


def withhold(
    scenario: str = "support",
    target: object = "eliza",
    respondent: str | Respondent = "lexical",
    n: int = PEOPLE,
    runs: int = DEFAULT_RUNS,
    replicates: int = REPLICATES,
    seed: int = 0,
    *,
    tier: Tier = "descriptive",
    kinds: Sequence[Kind] = KINDS,
    player: str = "lexical",
    turns: int | None = None,
    llm: Batch | None = None,
    draws: int = DRAWS,
    steps: Steps | None = None,
) -> Information:
    """Leave each kind of fields out of the people's text, and say what that changes.

    Args:
        scenario: As in :func:`compare_tiers`, like all that is not named here.
        target: As there.
        respondent: As there.
        n: As there.
        runs: As there.
        replicates: As there.
        seed: As there.
        tier: What the kinds are withheld from.
        kinds: Each is withheld alone.
        player: As there.
        turns: As there.
        llm: As there.
        draws: As there.
        steps: As there.

    Raises:
        InputError: If a setting is wrong.
        UnreachableError: If the target or the respondent does not answer.
    """
    if not kinds or set(kinds) - set(KINDS):
        raise InputError("kinds", f"some of {', '.join(KINDS)}", listed(list(kinds)) or "none")
    if tier not in TIERS:
        raise InputError("tier", f"one of {', '.join(TIERS)}", tier)
    ways: dict[str, tuple[Tier, tuple[Kind, ...]]] = {ALL_TOLD: (tier, ()), **{kind: (tier, (kind,)) for kind in kinds}}
    study = _Study(scenario, target, respondent, n, runs, replicates, seed, player, turns, llm, steps)
    return study.compare("withheld", tier, ways, draws)


@dataclass(frozen=True)
class _Study:
    """What all ways to tell of the people have in common; arguments as in :func:`compare_tiers`."""

    scenario: str
    target: object
    respondent: str | Respondent
    n: int
    runs: int
    replicates: int
    seed: int
    player: str
    turns: int | None
    llm: Batch | None
    steps: Steps | None

    @cached_property
    def place(self) -> Scenario:
        """The scenario."""
        from ..naming.registry import make_scenario

        return make_scenario(self.scenario)

    @cached_property
    def answering(self) -> Respondent:
        """Who answers the questionnaire."""
        from ..naming.registry import make_respondent

        return make_respondent(self.respondent, self.place.questionnaire) if isinstance(self.respondent, str) else self.respondent

    def compare(
        self, compared: Literal["tiers", "withheld"], tier: Tier | None, ways: Mapping[str, tuple[Tier, tuple[Kind, ...]]], draws: int
    ) -> Information:
        """Tell of the people in each way and compare with the first."""
        from ..api import name_of

        if isinstance(self.n, bool) or not isinstance(self.n, int) or self.n < 2:
            raise InputError("personas", "a whole number of 2 or more", self.n)
        if self.steps is not None:
            self.steps.count("measuring people" if self.target is None else "measuring people, meeting the target", self._parts(len(ways)))
        told = [self._told(name, *way) for name, way in ways.items()]
        return Information(
            compared=compared,
            scenario=self.place.name,
            target=self.target if self.target is None or isinstance(self.target, str) else name_of(self.target),
            respondent=self.answering.name,
            player=self.player,
            personas=self.n,
            runs=self.runs,
            replicates=self.replicates,
            seed=self.seed,
            tier=tier,
            rows=tuple(one.row() for one in told),
            shifts=shifts(told, self.seed, draws),
            audit=joint_audit(told[0].people),
            stand_ins=stand_ins(self.player, self.answering.name),
        )

    def _parts(self, ways: int) -> int:
        """Return the number of measurements and runs."""
        return ways if self.target is None else 2 * ways

    def _done(self) -> None:
        """Take note of a measurement or a run."""
        if self.steps is not None:
            self.steps.counted()

    def _told(self, name: str, tier: Tier, without: tuple[Kind, ...]) -> Told:
        """Make the people, measure them and let them meet the target."""
        maker = from_object(make_tiers(tier, without), "tiers")
        people = build_population(self.place, maker, self.n, self.seed, self.llm)
        found = complete(measure(people, self.place.questionnaire, self.answering, runs=self.runs, seed=self.seed))
        self._done()
        if self.target is None:
            return Told(name, people, found, None)
        outcomes = self._met(people)
        self._done()
        return Told(name, people, found, outcomes)

    def _met(self, people: Sequence[Persona]) -> Outcomes:
        """Return the outcomes of the people's episodes with the target."""
        from ..api import run

        with TemporaryDirectory(prefix="outskirts-") as folder:
            write_people(Path(folder) / "people.jsonl", people)
            result = run(
                self.scenario,
                self.target,
                people=str(Path(folder) / "people.jsonl"),
                out=str(Path(folder) / "run"),
                replicates=self.replicates,
                seed=self.seed,
                player=self.player,
                turns=self.turns,
                respondent="exemplar",  # the run's own coverage is not looked at; this one needs no lexicon
                runs=1,
                controls="none",
                confirm=False,
                mlflow=False,
            )
            episodes = sum(result.summary.verdicts.model_dump().values())
            return Outcomes.of(people, self.place, result.episodes(), episodes)


def show_information(
    question: Literal["tiers", "withhold"],
    scenario: str | None,
    target: str,
    respondent: str,
    personas: int,
    replicates: int,
    runs: int,
    model: str | None,
    seed: int,
    console: Console,
    *,
    as_json: bool = False,
) -> None:
    """Print :func:`compare_tiers` or :func:`withhold` as tables, or as a JSON object.

    Args:
        question: Which of the two.
        scenario: SPEC; ``support`` if None.
        target: SPEC, or ``none``: the people are only measured.
        respondent: SPEC.
        personas: As ``n`` there.
        replicates: As there.
        runs: As there.
        model: SPEC of a language model that writes descriptions; None: they are put together from the fields.
        seed: As there.
        console: Where.
        as_json: Print a JSON object instead.
    """
    from ..screen.console import make_console
    from ..screen.progress import Steps
    from .information_table import print_information

    met = None if target == "none" else target
    ask = compare_tiers if question == "tiers" else withhold
    llm = batch_of(model)
    with Steps(make_console(stderr=True)) as steps:
        found = ask(scenario or "support", met, respondent, personas, runs, replicates, seed, llm=llm, steps=steps)
    if as_json:
        console.print(found.model_dump_json(indent=2), soft_wrap=True, markup=False)
    else:
        print_information(found, console)
