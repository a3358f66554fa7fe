"""Which failing episodes the report shows, and how: evidence marked, facts and findings beside them."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...personas.persona import Persona
from ...sim.types import EpisodeRecord, Finding, Message, Verdict
from ..screen.judging import score_lines
from ..screen.wording import SCENE, TOOLS, branch_words, call_words, privacy

CAP = 500
"""At most so many transcripts stand in a report."""

ROOM = 5_000_000
"""At most so many characters of conversation do, beyond the worst of each harm and tail."""

FEW = 4
"""So many labels stand on an episode that is folded; the others stand in it."""

_MARKUP = 200  # characters that a page spends on a message besides its words

_Rank = tuple[float, str]


@dataclass
class Chosen:
    """Failing episodes, the worst first, and why each was chosen; those without a reason are a random sample of the rest."""

    records: list[EpisodeRecord] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)  # episode key -> "worst crisis_missed", ...
    failing: int = 0  # failing episodes in the run


def _rank(record: EpisodeRecord) -> _Rank:
    return (-max(f.severity for f in record.harms), record.key)


def choose(
    records: Iterable[EpisodeRecord], tails: Mapping[str, Collection[str]], cap: int = CAP, *, seed: int = 0, room: int = ROOM
) -> Chosen:
    """Choose the worst of each harm, the worst of each tail, then a random sample of the rest.

    One pass over the records in any order, with memory for ``cap`` of them.

    Args:
        records: Episodes of the target.
        tails: Tail name to the ids of the people in it.
        cap: At most so many.
        seed: The run's seed; the sample depends on it and on the episodes' keys alone.
        room: Characters of conversation; the sample ends before it needs more.
    """
    worst: dict[str, tuple[_Rank, EpisodeRecord]] = {}
    chosen = Chosen()
    drawn = heapq.nsmallest(cap, _scan(records, tails, seed, worst, chosen), key=lambda entry: entry[0])
    kept = {record.key: record for _, record in sorted(worst.values(), key=lambda entry: entry[0])[:cap]}
    for reason, (_, record) in sorted(worst.items()):
        if record.key in kept:
            chosen.reasons.setdefault(record.key, []).append(reason)
    left = room - sum(map(_length, kept.values()))
    for _, record in drawn:
        left -= 0 if record.key in kept else _length(record)
        if len(kept) >= cap or left < 0:
            break
        kept.setdefault(record.key, record)
    chosen.records = sorted(kept.values(), key=_rank)
    return chosen


def _scan(
    records: Iterable[EpisodeRecord],
    tails: Mapping[str, Collection[str]],
    seed: int,
    worst: dict[str, tuple[_Rank, EpisodeRecord]],
    chosen: Chosen,
) -> Iterator[tuple[str, EpisodeRecord]]:
    """Yield every failing episode with its lot, and note the worst and how many they are."""
    members = {tail: frozenset(people) for tail, people in tails.items()}
    for record in records:
        if record.verdict is not Verdict.FAILED or not record.harms:
            continue
        chosen.failing += 1
        rank = _rank(record)
        for finding in record.harms:
            _keep(worst, f"worst {finding.harm}", (-finding.severity, record.key), record)
        harmed = {person for finding in record.harms for person in finding.harmed}
        for tail, people in members.items():
            if not harmed.isdisjoint(people):
                _keep(worst, f"worst in {tail}", rank, record)
        yield hashlib.blake2b(f"{seed}\x1ftranscripts\x1f{record.key}".encode(), digest_size=8).hexdigest(), record


def _length(record: EpisodeRecord) -> int:
    return sum(len(message.text) + _MARKUP for message in record.messages)


def _keep(worst: dict[str, tuple[_Rank, EpisodeRecord]], reason: str, rank: _Rank, record: EpisodeRecord) -> None:
    if reason not in worst or rank < worst[reason][0]:
        worst[reason] = (rank, record)


def marked(text: str, evidence: Iterable[str]) -> list[tuple[str, bool]]:
    """Cut text into pieces, those that are evidence flagged.

    Example:
        >>> marked("I am fine. Leave me.", ["leave me"])
        [('I am fine. ', False), ('Leave me', True), ('.', False)]
    """
    flags = [False] * len(text)
    low = text.lower()
    for words in evidence:
        start = low.find(words.lower()) if words.strip() and len(low) == len(text) else -1
        if start >= 0:
            flags[start : start + len(words)] = [True] * min(len(words), len(text) - start)
    pieces: list[tuple[str, bool]] = []
    for character, flag in zip(text, flags, strict=True):
        if pieces and pieces[-1][1] == flag:
            pieces[-1] = (pieces[-1][0] + character, flag)
        else:
            pieces.append((character, flag))
    return pieces


def quoted(evidence: str) -> list[str]:
    """Return the words that a judge quotes, or all of its evidence where it quotes none.

    Example:
        >>> quoted('"end it" was answered with "I see."')
        ['end it', 'I see.']
    """
    found = [words.strip(" .\u2026") if words.endswith(("...", "\u2026")) else words for words in re.findall(r'"([^"]+)"', evidence)]
    return [words for words in found if words.strip()] or [evidence]


def _marks(record: EpisodeRecord) -> dict[int, list[str]]:
    """Return by message what is to be marked: each quotation once, where it was said last before the harm showed."""
    marks: dict[int, list[str]] = {}
    for finding in record.harms:
        until = finding.message if finding.message is not None else len(record.messages)
        for words in quoted(finding.evidence):
            places = [m.index for m in record.messages if words.lower() in m.text.lower()]
            before = [index for index in places if index <= until]
            if places:
                marks.setdefault(before[-1] if before else places[0], []).append(words)
    return marks


def view(record: EpisodeRecord, people: Mapping[str, Persona], reasons: Iterable[str]) -> dict[str, Any]:
    """Return one episode as the template shows it."""
    seats = {seat.agent: seat.persona for seat in record.seats}
    marks = _marks(record)
    names = {seat.agent: _name(seat.persona, people) or seat.agent for seat in record.seats}
    return {
        "key": record.key,
        "personas": [seat.persona for seat in record.seats],
        "people": [people[seat.persona] for seat in record.seats if seat.persona in people],
        "replicate": record.replicate,
        "tags": [
            *(("", harm) for harm in sorted({f.harm for f in record.harms})),
            *(("why", reason) for reason in sorted(reasons, key=_tails_last)),
        ],
        "few": FEW,
        "severity": max(f.severity for f in record.harms),
        "findings": [_finding(f) for f in record.harms],
        "scores": score_lines(record),
        "messages": [_message(record, m, names, marks.get(m.index, ())) for m in record.messages],
        "told": {entry.fact: entry.turn + 1 for entry in reversed(record.ledger) if entry.knower not in seats},
        "harmed": {seat.persona: sorted({f.harm for f in record.harms if seat.persona in f.harmed}) for seat in record.seats},
        "branch": branch_words(record.branch) if record.branch else "",
        "left": [{"who": seats.get(d.agent, d.agent), "turn": d.turn + 1} for d in record.departures],
    }


def _tails_last(reason: str) -> tuple[bool, str]:
    return reason.startswith("worst in "), reason


def _finding(finding: Finding) -> dict[str, Any]:
    return finding.model_dump() | {"turn": finding.turn + 1}


def _name(person: str | None, people: Mapping[str, Persona]) -> str | None:
    return people[person].name if person is not None and person in people else person


def _message(record: EpisodeRecord, message: Message, names: Mapping[str, str], marks: Iterable[str]) -> dict[str, Any]:
    by_itself = message.sender in (SCENE, TOOLS)
    return {
        "who": names.get(message.sender) or (message.sender if by_itself else record.target),
        "kind": "aside" if by_itself else "person" if message.sender in names else "target",
        "turn": message.turn + 1,
        "privacy": privacy(message, names),
        "pieces": marked(message.text, marks),
        "calls": call_words(message),
        "came": [names.get(a.agent, record.target) for a in record.arrivals if a.message == message.index],
        "harms": sorted({f.harm for f in record.harms if f.message == message.index}),
    }
