"""How much what the simulator knows changes the verdict: the same people and seeds in three information regimes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..personas.people_file import read_people
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from ..sim.files import write_atomic
from ..sim.types import Regime
from .config import ExperimentConfig
from .naming.registry import make_player, make_scenario
from .rundir import RunDir
from .screen.wording import STAND_IN, stand_ins
from .statistics.estimates import Figure, Rate
from .statistics.leaks import Disclosure, disclosure
from .statistics.rates import Sample, rate
from .statistics.regimes import PARTS, RegimePart, RegimeRun, regime_part
from .store.rows import TARGET_ARM
from .store.store import RunStore

REGIMES: tuple[Regime, ...] = ("private", "shared", "script")

FILE = "omniscience.json"

KNOWN: Mapping[Regime, str] = {
    "private": "each person knows its own private facts, and what it is told",
    "shared": "each person also knows the private facts of the others in the room",
    "script": "one author writes all the people and knows what any of them knows",
}
"""Who knew what, by regime."""

ARTEFACTS: Mapping[Regime, tuple[str, ...]] = {
    "private": (),
    "shared": ("people act on what they could not know", "private facts are mentioned early"),
    "script": (
        "people act on what they could not know",
        "private facts are mentioned early",
        "one mind serves all sides: agreement comes too easily (Zhou et al. 2024, arXiv 2403.05020)",
    ),
}
"""What is known to go wrong, by regime."""


class SimulationCard(Figure):
    """What a regime's figures rest on (after the simulation card of Zhou et al. 2024)."""

    regime: Regime
    who_knew_what: str
    target: str  # what the system under test knew: always its own only
    player: str
    stand_in: bool  # a stand-in for a language model played the people
    planted: tuple[str, ...]  # parameters of a stand-in that decide what knowledge changes: "move feature weight"
    artefacts: tuple[str, ...]  # known of this regime
    rate: Rate  # failure rate in this regime
    disclosure: Disclosure
    directory: str


class Omniscience(Figure):
    """The gap between regimes, part by part, and a card for each regime."""

    schema_version: int = 1
    scenario: str
    target: str
    player: str
    people: int
    group: int  # people an episode
    replicates: int
    seed: int
    parts: tuple[RegimePart, ...]
    cards: tuple[SimulationCard, ...]
    planted: bool  # the player is a stand-in: the gap is what its parameters say, and evidence about the machinery only
    note: str

    def to_json(self) -> str:
        """Return it as JSON, without NaN."""
        return self.model_dump_json(indent=2)


def check_regimes(config: ExperimentConfig) -> Scenario:
    """Refuse an experiment in which regimes could not differ; return its scenario.

    Raises:
        InputError: If the scenario seats one person, or the experiment names a regime.
    """
    scenario = make_scenario(config.scenario)
    hint = "Regimes differ only where several people know different things."
    if scenario.seats.at_most < 2:
        raise InputError("scenario", "a scenario that seats two people or more", scenario.name, hint)
    if (config.group or scenario.usual_group) < 2:
        raise InputError("group", "two people or more in an episode", config.group or scenario.usual_group, hint)
    if "information" in config.model_fields_set:
        hint = "Every regime is played; leave it out."
        raise InputError("information", "an experiment that names no regime", config.information, hint)
    return scenario


def regime_runs(config: ExperimentConfig, directory: Path) -> Iterator[ExperimentConfig]:
    """Yield the runs of an experiment, one a regime.

    Each is a run of its own in a folder of its own, so that no table ever mixes two regimes.

    Args:
        config: The experiment; its ``out`` and ``information`` are replaced.
        directory: Where the runs go.
    """
    for regime in REGIMES:
        yield config.model_copy(update={"information": regime, "out": str(directory / regime), "confirm": False})


def compare_regimes(config: ExperimentConfig, scenario: Scenario, directory: Path) -> Omniscience:
    """Read the runs of all regimes, pair them, and write ``omniscience.json`` beside them.

    Args:
        config: The experiment.
        scenario: Where they met.
        directory: Where the runs are.

    Raises:
        InputError: If a run is missing or has no finished episode.
    """
    runs: dict[str, RegimeRun] = {}
    cards = []
    people: tuple[Persona, ...] = ()
    target = group = None
    for regime in REGIMES:
        folder = RunDir.open(directory / regime)
        people = read_people(folder.personas)[0]
        with RunStore.open(folder.path, readonly=True) as store:
            records = [record for _, record in store.records(TARGET_ARM)]
        if not records:
            raise InputError(regime, "a run with finished episodes", str(folder.path))
        runs[regime] = RegimeRun(scenario, people, records)
        target, group = records[0].target, max(len(record.seats) for record in records)
        player = make_player(config.player, scenario).name
        stand_in = bool(stand_ins(config.player, None))
        cards.append(
            SimulationCard(
                regime=regime,
                who_knew_what=KNOWN[regime],
                target=target_knows(scenario),
                player=player,
                stand_in=stand_in,
                planted=planted_parameters(scenario, regime) if stand_in else (),
                artefacts=ARTEFACTS[regime],
                rate=rate(Sample.of(runs[regime].outcomes)),
                disclosure=disclosure(records, people),
                directory=str(folder.path),
            )
        )
    planted = cards[0].stand_in
    found = Omniscience(
        scenario=scenario.name,
        target=str(target),
        player=cards[0].player,
        people=len(people),
        group=int(group or 0),
        replicates=config.replicates,
        seed=config.seed,
        parts=tuple(regime_part(name, runs[more], runs[less], (more, less)) for name, more, less in PARTS),
        cards=tuple(cards),
        planted=planted,
        note=f"{STAND_IN}; the gap is planted by the stand-in's parameters" if planted else "",
    )
    write_atomic(directory / FILE, found.to_json())
    return found


def target_knows(scenario: Scenario | None) -> str:
    """Return what the system under test knew, which is the same in every regime."""
    return "its own brief, and what it was told" + (", and its own mandate" if scenario and scenario.mandate is not None else "")


def planted_parameters(scenario: Scenario, regime: Regime) -> tuple[str, ...]:
    """Return what decides how a stand-in uses what a regime lets it know: ``move: feature weight``, in declared order."""
    if regime == "private":
        return ()
    out = []
    for move in scenario.moves:
        for feature, weight in move.utility.items():
            parts = feature.split("*")
            knowing = any(part.startswith("knows:") for part in parts)
            if knowing or (regime == "script" and "authored" in parts):
                out.append(f"{move.name}: {feature} {weight:+g}")
        if move.about == "known":
            out.append(f"{move.name}: possible only for who knows another's {move.of}")
    return tuple(out)
