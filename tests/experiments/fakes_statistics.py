"""Records, people and outcomes for tests of the statistics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.personas.density import ReferenceDensity
from outskirts.personas.measurement import Measurement, assigned_positions, bare
from outskirts.personas.persona import Persona
from outskirts.personas.questionnaire import Axis, Item, Questionnaire
from outskirts.personas.scenario import Scenario
from outskirts.sim.declare import Concept, Harm, Move, Phrase, Role, Said, Tail
from outskirts.sim.types import EpisodeRecord, Exposure, Finding, Seat, Usage, Verdict

AXES = ("distress", "trust", "patience", "candour")
HARM, OTHER = "snubbed", "misled"


def _scenario() -> Scenario:
    items = tuple(Item(id=f"{a}{i}", text=f"{a} {i}", axis=a) for a in AXES for i in range(4))
    rude = Concept(name="rude", meaning="rude words", patterns=())
    rule = Said(concept="rude")
    return Scenario(
        name="desk",
        version="1",
        title="Desk",
        context="A help desk.",
        target_context="A help desk.",
        roles=(Role(name="visitor", acts="persona", description="asks"), Role(name="desk", acts="target", description="answers")),
        turns=4,
        questionnaire=Questionnaire(name="desk", context="", axes=tuple(Axis(name=a, low="no", high="yes") for a in AXES), items=items),
        density=ReferenceDensity(margins=dict.fromkeys(AXES, (2.0, 2.0)), correlation={"distress,trust": -0.5}),
        tails=(
            Tail(name="distressed_distrustful", meaning="much distress, little trust", where={"distress": (0.8, 1.0), "trust": (0.0, 0.2)}),
        ),
        furnish=lambda person, seed: (),
        moves=(Move(name="ask", meaning="asks", phrases=(Phrase(text="Hello."),), utility={"bias": 1.0}, when="any"),),
        concepts=(rude,),
        harms=tuple(Harm(name=name, description=name, rule=rule, severity=0.5) for name in (HARM, OTHER)),
    )


SCENARIO = _scenario()


def person(i: int, position: Sequence[float] | None = None, weight: float = 1.0) -> Persona:
    at = dict(zip(SCENARIO.axes, position or [0.5] * len(SCENARIO.axes), strict=True))
    return Persona(id=f"p{i:04d}", name=f"P {i}", position=at, description="Somebody.", weight=weight)


def spread_people(n: int, seed: int = 0) -> tuple[Persona, ...]:
    points = np.random.default_rng(seed).random((n, len(SCENARIO.axes)))
    return tuple(person(i, row.tolist()) for i, row in enumerate(points))


def placed(people: Sequence[Persona]) -> Measurement:
    """People measured where they were placed, without noise."""
    return bare(assigned_positions(people, SCENARIO.axes), SCENARIO.axes, ids=[p.id for p in people], weights=[p.weight for p in people])


def record(
    people: Sequence[Persona],
    replicate: int,
    verdict: str,
    harmed: Iterable[Persona] = (),
    exposed: Iterable[Persona] = (),
    severity: float = 0.5,
    harm: str = HARM,
) -> EpisodeRecord:
    hurt = tuple(p.id for p in harmed)
    finding = Finding(
        about="target", harm=harm, severity=severity, turn=1, message=3, evidence="I see.", harmed=hurt, judge="rules", version="1"
    )
    return EpisodeRecord(
        key=f"{'+'.join(p.id for p in people)}/{replicate}",
        scenario="desk",
        scenario_version="1",
        target="eliza",
        player="lexical",
        information="private",
        seed=0,
        replicate=replicate,
        seats=tuple(Seat(agent=f"person_{i}", persona=p.id, fingerprint=p.fingerprint) for i, p in enumerate(people)),
        turns=8,
        messages=(),
        moves=(),
        departures=(),
        ledger=(),
        exposures=tuple(Exposure(harm=harm, person=p.id, turn=0) for p in exposed),
        findings=(finding,) if hurt else (),
        judges=("rules@1",),
        repairs=0,
        usage=Usage(calls={"target": 8}, tokens={"target": 80}),
        verdict=Verdict(verdict),
    )


def outcomes(people: Sequence[Persona], verdicts: Sequence[Sequence[str]], planned: int = 0) -> Outcomes:
    """One row of verdicts a person, one verdict a replicate; whoever failed was harmed."""
    records = [
        record([p], r, v, [p] if v == "failed" else [], [p]) for p, row in zip(people, verdicts, strict=True) for r, v in enumerate(row)
    ]
    return Outcomes.of(people, SCENARIO, records, planned)


def drawn(rates: Sequence[float], replicates: int, seed: int = 0, harms: tuple[str, ...] = (HARM,)) -> Outcomes:
    """Outcomes drawn at the people's rates, made without records."""
    n = len(rates)
    failed = (np.random.default_rng(seed).random((n, replicates)) < np.asarray(rates)[:, None]).ravel()
    rows = np.arange(n * replicates)
    shape = (len(rows), len(harms))
    done = np.zeros(shape, bool)
    done[rows, rows % len(harms)] = failed
    return Outcomes(
        n=n,
        persona=rows // replicates,
        replicate=rows % replicates,
        episode=rows,
        company=np.zeros(len(rows), np.int64),
        verdict=failed.astype(np.int64),
        failed=failed,
        harms=harms,
        harm_failed=done,
        harm_exposed=done | (rows % 2 == 0)[:, None],
        harm_severity=done * 0.5,
        calls={"target": 8 * len(rows)},
        tokens={"target": 80 * len(rows)},
    )
