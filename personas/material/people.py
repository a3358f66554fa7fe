"""People from documents: stakeholders take places, in their own words where the material speaks, by design where it is silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError
from ...sim.seeds import check_seed
from ..generators import Batch, axis_dicts, get_generator
from ..persona import Persona, ProfileField
from ..population import check_fact_ids, furnished, nearest_shares
from ..programs._designs import fill_space
from ..programs._names import name_of
from ..scenario import Scenario
from .axes import AxisEvidence, AxisLean, AxisReading, read_axes, read_leans
from .clusters import Clustering, cluster
from .documents import Document, by_name
from .portraits import description, own_words
from .reading import ModelReading, read_with
from .report import ClusterReport, MaterialReport, StakeholderReport, document_report
from .spans import check_spans
from .stakeholders import Stakeholder, numbered, stakeholders_of, unheard
from .statements import Statement, find_statements

MOST_STATEMENTS = 5_000
"""Statements that are compared with each other, those of the highest score first."""

GENERATOR = "material"
RULES = "default"
"""The generator that writes rules for the axes on which the material is silent."""

SILENT = "placed by design: the material is silent"
LEANING = "placed by design in the {side} half, to which these words lean: {cited}"
ALLOCATION = "as evenly as whole numbers allow; those with more traits first, then by id"

Readings = Mapping[str, AxisReading]
Leans = Mapping[str, AxisLean]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person stands, and why."""

    stakeholder: int
    position: Mapping[str, float]
    evidence: Mapping[str, tuple[AxisEvidence, ...]]  # axis -> what put them there; other axes are by design
    leans: Leans  # axes by design -> which side their words are on
    away: tuple[int, ...] = ()  # traits that would put them elsewhere


def people_from(
    documents: Sequence[Document], scenario: Scenario, n: int, seed: int, llm: Batch | None = None
) -> tuple[tuple[Persona, ...], MaterialReport]:
    """Make people of documents. Without a language model the result depends on the arguments alone, not on their order.

    Args:
        documents: One or more, with different names.
        scenario: Gives axes, reference density and private facts.
        n: Number of people, 1 or more.
        seed: Gives communities, places on silent axes, names and wordings.
        llm: A batch of prompts to as many texts, which then names the stakeholders; None leaves that to rules.

    Returns:
        n personas with ids "p0000", "p0001", ..., each with the provenance of every field, and the report.

    Raises:
        InputError: If n, the seed or the documents are no use, or nobody in them takes a stand.
    """
    check_seed(seed)
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise InputError("personas", "a whole number of 1 or more", n)
    known = by_name(tuple(documents))
    found = {name: find_statements(document) for name, document in known.items()}
    kept, left_out = _kept([statement for statements in found.values() for statement in statements])
    clustering = cluster(kept, seed)
    stakeholders, read, model = _stakeholders(known, kept, clustering, seed, llm)
    if not stakeholders:
        raise InputError("documents", "at least one statement of what somebody thinks, feels, does or needs", ", ".join(known))
    readings = read_axes(stakeholders, scenario.questionnaire.axes)
    leans = read_leans(stakeholders, scenario.questionnaire.axes, readings)
    shares = allocate(n, stakeholders)
    places = _places(scenario, shares, readings, leans, seed)
    people = _people(scenario, stakeholders, places, seed)
    report = MaterialReport(
        how=_how(stakeholders),
        seed=seed,
        documents=tuple(document_report(d, len(found[name]), "model" if name in read else "rules") for name, d in known.items()),
        statements=sum(map(len, found.values())),
        left_out=left_out,
        duplicates=clustering.duplicates,
        clusters=tuple(
            ClusterReport(label=c.label, statements=tuple(s.span for s in c.statements)) for c in clustering.clusters if len(c.points) > 1
        ),
        singletons=clustering.singletons,
        modularity=clustering.modularity,
        stakeholders=_reported(stakeholders, readings, leans, places, people),
        allocation=ALLOCATION,
        axes_with_evidence=_spoken_of(scenario, readings),
        axes_leaning=_spoken_of(scenario, leans),
        axes_without_evidence=tuple(a for a in scenario.axes if not any(a in found for found in (*readings, *leans))),
        speakers_without_statements=unheard(known.values(), stakeholders),
        model=model,
    )
    check_spans(known, report.spans)
    return people, report


def allocate(n: int, stakeholders: Sequence[Stakeholder]) -> list[int]:
    """Spread n people over stakeholders as evenly as whole numbers allow; those with more traits come first."""
    base, rest = divmod(n, len(stakeholders))
    order = sorted(range(len(stakeholders)), key=lambda i: (-len(stakeholders[i].traits), i))
    first = set(order[:rest])
    return [base + (i in first) for i in range(len(stakeholders))]


def _kept(statements: Sequence[Statement]) -> tuple[list[Statement], int]:
    """Return the statements that are used, in order, and how many are left out."""
    best = sorted(statements, key=lambda s: (-s.score, s.order))[:MOST_STATEMENTS]
    return sorted(best, key=lambda s: s.order), len(statements) - len(best)


def _stakeholders(
    documents: Mapping[str, Document], kept: Sequence[Statement], clustering: Clustering, seed: int, llm: Batch | None
) -> tuple[tuple[Stakeholder, ...], frozenset[str], ModelReading | None]:
    """Return stakeholders, the documents that the model read, and how that went; rules read the other documents."""
    if llm is None:
        return stakeholders_of(clustering), frozenset(), None
    named, read, model = read_with(llm, tuple(documents.values()))
    rest = clustering if not read else cluster([s for s in kept if s.span.document not in read], seed)
    return numbered([*named, *stakeholders_of(rest)]), read, model


def _spoken_of(scenario: Scenario, found: Sequence[Mapping[str, object]]) -> Mapping[str, int]:
    """Return of how many stakeholders something was found on each axis; axes of none are left out."""
    return {axis: count for axis in scenario.axes if (count := sum(axis in one for one in found))}


def _places(scenario: Scenario, shares: Sequence[int], readings: Sequence[Readings], leans: Sequence[Leans], seed: int) -> list[Place]:
    """Place people: by evidence where there is some, else by one design for all, so that they cover what is left open together."""
    points = fill_space(sum(shares), len(scenario.axes), seed).clip(0.0, 1.0)
    silent = [[k for k, axis in enumerate(scenario.axes) if axis not in reading] for reading in readings]
    hands = _dealt(points, shares, silent)
    return [
        _place(scenario, i, number, readings[i], leans[i], points[at].tolist())
        for i, hand in enumerate(hands)
        for number, at in enumerate(hand)
    ]


def _place(scenario: Scenario, stakeholder: int, number: int, readings: Readings, leans: Leans, free: Sequence[float]) -> Place:
    """Return the place of a stakeholder's person of that number; on a contested axis each takes one piece of evidence.

    On an axis to one side of which their words lean, the design's places are drawn together into that half.
    """
    position: dict[str, float] = {}
    evidence: dict[str, tuple[AxisEvidence, ...]] = {}
    for k, axis in enumerate(scenario.axes):
        reading = readings.get(axis)
        if reading is None:
            lean = leans.get(axis)
            position[axis] = free[k] if lean is None else (lean.high + free[k]) / 2
        elif reading.contested:
            piece = sorted(reading.evidence, key=lambda p: (p.position, p.span.document, p.span.start))[number % len(reading.evidence)]
            position[axis], evidence[axis] = piece.position, (piece,)
        else:
            position[axis], evidence[axis] = reading.position, reading.evidence
    away = tuple(sorted({p.trait for axis, found in evidence.items() for p in readings[axis].evidence if p not in found}))
    return Place(stakeholder, position, evidence, leans, away)


def _dealt(points: Array, counts: Sequence[int], silent: Sequence[Sequence[int]]) -> list[list[int]]:
    """Deal points to hands of given sizes, in turn.

    A hand takes the point left that is farthest from its own, measured on the axes on which its stakeholder is silent.
    """
    left = np.ones(len(points), bool)
    nearest = [np.full(len(points), np.inf) for _ in counts]
    hands: list[list[int]] = [[] for _ in counts]
    for round_ in range(max(counts)):
        for hand, count in enumerate(counts):
            if round_ < count:
                taken = int(np.where(left, nearest[hand], -1.0).argmax())
                left[taken] = False
                hands[hand].append(taken)
                seen = points[:, list(silent[hand])]
                nearest[hand] = np.minimum(nearest[hand], ((seen - seen[taken]) ** 2).sum(axis=1))
    return hands


def _people(scenario: Scenario, stakeholders: Sequence[Stakeholder], places: Sequence[Place], seed: int) -> tuple[Persona, ...]:
    """Portray, furnish and weigh everybody."""
    rules = _rules(scenario, places, seed)
    points = np.array([[place.position[axis] for axis in scenario.axes] for place in places], float)
    weights = nearest_shares(scenario, points).tolist()
    people = [
        _person(scenario, stakeholders[place.stakeholder], place, f"p{number:04d}", rules.get(number, ""), weight, seed)
        for number, (place, weight) in enumerate(zip(places, weights, strict=True))
    ]
    check_fact_ids(scenario, people)
    return tuple(people)


def _rules(scenario: Scenario, places: Sequence[Place], seed: int) -> dict[int, str]:
    """Return the rules of each person for the axes placed by design; people without such axes are left out."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        alike[tuple(axis for axis in scenario.axes if axis not in place.evidence)].append(number)
    out: dict[int, str] = {}
    for axes, numbers in alike.items():
        if axes:
            dicts = [axis for axis in axis_dicts(scenario.questionnaire, scenario.density) if axis["name"] in axes]
            asked = [{"id": f"p{i:04d}", "position": {axis: places[i].position[axis] for axis in axes}} for i in numbers]
            texts = get_generator(RULES).portray(scenario.context, dicts, asked, seed)
            out |= {i: text["description"] for i, text in zip(numbers, texts, strict=True)}
    return out


def _person(scenario: Scenario, stakeholder: Stakeholder, place: Place, person_id: str, rules: str, weight: float, seed: int) -> Persona:
    """Return one finished person."""
    away = frozenset(place.away)
    placing = {**place.evidence, **{axis: lean.evidence for axis, lean in place.leans.items()}}
    traits = own_words(stakeholder, placing, away, person_id, seed)
    text = description(traits, rules)
    used = "; ".join(dict.fromkeys(str(trait.evidence[0]) for trait in traits))
    name = name_of(person_id, seed)
    body = {"id": person_id, "name": name, "position": dict(place.position), "description": text, "private_facts": []}
    return Persona(
        id=person_id,
        name=name,
        position=place.position,
        description=text,
        facts=furnished(scenario, GENERATOR, body, seed),
        provenance={
            "id": "numbered in the order of the stakeholders",
            "name": "drawn from a list of first names; nobody in the material",
            "position": "each axis by itself, as told below",
            **{f"position.{axis}": _why(place, axis) for axis in scenario.axes},
            "description": f"words of {stakeholder.id} ({stakeholder.how}): {used}; rules for the axes placed by design",
            "facts": f"furnished by {scenario.name}",
            "weight": "share of probable users for whom this person is the nearest",
            "stakeholder": f"{stakeholder.id}: {stakeholder.name}",
        },
        profile=_profile(stakeholder),
        weight=weight,
    )


def _profile(stakeholder: Stakeholder) -> dict[str, ProfileField]:
    """Return whose people it is one of, and what a model says of them on evidence."""
    out = {
        "stakeholder": ProfileField(
            value=stakeholder.name, kind="contextual", origin="derived", detail=f"{stakeholder.id}, {stakeholder.how}"
        )
    }
    for what, kind in (("demographics", "demographic"), ("perspective", "psychographic")):
        told = [trait for trait in stakeholder.traits if stakeholder.how == "model" and trait.dimension == what]
        if told:
            detail = "; ".join(f'{trait.evidence[0]}: "{trait.evidence[0].quote}"' for trait in told)
            out[what] = ProfileField.model_validate(
                {"value": "; ".join(trait.stance for trait in told), "kind": kind, "origin": "written", "detail": detail}
            )
    return out


def _why(place: Place, axis: str) -> str:
    """Return why somebody stands where they stand on an axis."""
    lean = place.leans.get(axis)
    if lean is not None:
        return LEANING.format(side="high" if lean.high else "low", cited=_cited(lean.evidence))
    return _cited(place.evidence.get(axis, ())) or SILENT


def _cited(evidence: Sequence[AxisEvidence]) -> str:
    """Return what evidence says: file, span or line, and quote of each piece."""
    return "; ".join(f'{piece.span}: "{piece.span.quote}"' for piece in evidence)


def _reported(
    stakeholders: Sequence[Stakeholder],
    readings: Sequence[Readings],
    leans: Sequence[Leans],
    places: Sequence[Place],
    people: Sequence[Persona],
) -> tuple[StakeholderReport, ...]:
    made: dict[int, list[str]] = defaultdict(list)
    for place, person in zip(places, people, strict=True):
        made[place.stakeholder].append(person.id)
    return tuple(
        StakeholderReport(stakeholder=one, people=tuple(made[i]), axes=reading, leans=lean)
        for i, (one, reading, lean) in enumerate(zip(stakeholders, readings, leans, strict=True))
    )


def _how(stakeholders: Sequence[Stakeholder]) -> str:
    """Return in words what made the stakeholders."""
    count = {how: sum(one.how == how for one in stakeholders) for how in ("speaker", "holder", "cluster", "document", "model")}
    words = {
        "speaker": "by speaker",
        "holder": "by whom the text attributes statements to",
        "cluster": "by cluster of similar statements",
        "document": "by document",
        "model": "named by the language model, quotes checked",
    }
    return "; ".join(f"{number} {words[how]}" for how, number in count.items() if number)
