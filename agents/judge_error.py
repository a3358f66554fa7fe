"""How well the rule judge reads: against the ledger's label of what was told, and against what a scenario knows to have happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.declare import Unanswered
from ..sim.types import EpisodeRecord, Frozen
from .reading import Reader, reader_of


class Confusion(Frozen):
    """What a reader found against a label."""

    tp: int = Field(default=0, ge=0)  # labelled and found
    fp: int = Field(default=0, ge=0)  # found, not labelled
    fn: int = Field(default=0, ge=0)  # labelled, not found
    tn: int = Field(default=0, ge=0)  # neither


class JudgeError(Frozen):
    """The rule judge's error in telling when a fact was told, against the ledger."""

    concept: str  # what the judge reads
    fact: str  # fact kind that the ledger records
    messages: Confusion  # unit: one message of a person
    episodes: Confusion  # unit: one (episode, person)
    by_move: Mapping[str, Confusion]  # messages again, by the speaker's own label; tp and fn only


def judge_error(records: Iterable[EpisodeRecord], scenario: Scenario, kinds: Mapping[str, str] | None = None) -> tuple[JudgeError, ...]:
    """Compare what the rule judge reads with what people told according to the ledger.

    One entry for each pair of concept and fact kind that some ``Unanswered`` rule declares. A message is labelled
    if the ledger says that it carried a fact of the kind, or if its move is one that tells this kind. Once it was
    told, the person's other messages are left out, because the ledger does not say which of them come back to it.

    Args:
        records: Finished episodes.
        scenario: Their scenario.
        kinds: Fact id -> fact kind; where an id is missing, the part after its last ``/`` is the kind.

    Returns:
        The errors, in declared order.
    """
    pairs = dict.fromkeys((h.rule.trigger, h.rule.fact) for h in scenario.harms if isinstance(h.rule, Unanswered) and h.rule.fact)
    kept = list(records)
    reader = reader_of(scenario.concepts)
    return tuple(_error_of(kept, scenario, reader, concept, fact, kinds or {}) for concept, fact in pairs)


def _error_of(
    records: Sequence[EpisodeRecord], scenario: Scenario, reader: Reader, concept: str, fact: str, kinds: Mapping[str, str]
) -> JudgeError:
    telling = {m.name for m in scenario.moves if m.tells == fact}
    messages: list[tuple[bool, bool]] = []
    episodes: list[tuple[bool, bool]] = []
    moves: dict[str, list[tuple[bool, bool]]] = {}
    for record in records:
        carried = {e.message for e in record.ledger if kinds.get(e.fact, e.fact.rpartition("/")[2]) == fact and e.known_by != "judge"}
        for seat in record.seats:
            units: list[tuple[bool, bool]] = []
            for message, move in zip(record.messages, record.moves, strict=True):
                if message.sender != seat.agent:
                    continue
                label = message.index in carried or move in telling
                if not label and any(told for told, _ in units):
                    continue
                units.append((label, concept in reader.found(message.text)))
                if label:
                    moves.setdefault(move, []).append(units[-1])
            messages += units
            episodes.append((any(label for label, _ in units), any(read for _, read in units)))
    by_move = {move: _confusion(units) for move, units in sorted(moves.items())}
    return JudgeError(concept=concept, fact=fact, messages=_confusion(messages), episodes=_confusion(episodes), by_move=by_move)


def _confusion(units: Sequence[tuple[bool, bool]]) -> Confusion:
    """Count (label, read) pairs."""
    return Confusion(
        tp=sum(label and read for label, read in units),
        fp=sum(read and not label for label, read in units),
        fn=sum(label and not read for label, read in units),
        tn=sum(not label and not read for label, read in units),
    )


class Detection(Frozen):
    """How well judges find one harm, against what the scenario knows of it by moves, ledger and state; unit: one (episode, person)."""

    harm: str
    found: Confusion
    precision: float | None  # of those found, the share that happened; None where nothing was found
    recall: float | None  # of those that happened, the share found; None where nothing happened


def detection(records: Iterable[EpisodeRecord], scenario: Scenario, people: Mapping[str, Persona]) -> tuple[Detection, ...]:
    """Compare what judges found with what happened, harm by harm, in declared order.

    Args:
        records: Finished episodes; those cut short by a fault are left out.
        scenario: Theirs; its ``labels`` say what happened.
        people: By id; at least everybody who has a seat.

    Returns:
        Nothing where the scenario has no labels.
    """
    if scenario.labels is None:
        return ()
    units: dict[str, list[tuple[bool, bool]]] = {harm.name: [] for harm in scenario.harms}
    for record in records:
        if record.fault is not None:
            continue
        labels = scenario.labels(record, people)
        found = {(f.harm, person) for f in record.harms for person in f.harmed}
        for name, seen in units.items():
            seen += [((name, s.persona) in labels, (name, s.persona) in found) for s in record.seats]
    return tuple(_detected(name, _confusion(seen)) for name, seen in units.items())


def _detected(harm: str, found: Confusion) -> Detection:
    named, happened = found.tp + found.fp, found.tp + found.fn
    return Detection(
        harm=harm,
        found=found,
        precision=found.tp / named if named else None,
        recall=found.tp / happened if happened else None,
    )
