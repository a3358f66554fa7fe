"""What left episodes without a verdict on the target, in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...sim.types import Fault, Verdict
from ..statistics.advice import MISSING
from ..store.rows import TARGET_ARM
from ..store.store import RunStore
from .plurals import number_of

if TYPE_CHECKING:
    from ..summary import Summary

_VARYING = re.compile(r"0x[0-9a-fA-F]+|\d[\d.,:]*")  # numbers and addresses, which make one fault look like many
_SUCH = "such as "
_PLACE = re.compile(r", in line \d+ of [^/]+$")


class _Kind(NamedTuple):
    """Faults of an arm that differ in nothing but numbers."""

    arm: str
    own: bool  # the user's own code is to be mended
    words: str  # what one of them says
    many: int


def fault_lines(store: RunStore, most: int = 3) -> list[str]:
    """Return the commonest faults that left episodes without a verdict, one line each."""
    kinds = _kinds(store)
    lines = [
        f"{kind.many:,} of the episodes with {_whom(kind.arm)} ended without a verdict: {kind.words} ({_again(kind.own)})"
        for kind in kinds[:most]
    ]
    rest = len(kinds) - most
    return [*lines, f"... and {number_of(rest, 'other fault')}."] if rest > 0 else lines


def last_word(store: RunStore, summary: Summary, folder: Path) -> str:
    """Return what to do first where faults took many of the target's episodes; nothing where they took few.

    It stands behind everything else, where nobody overlooks it, because the exit status says only that a run is complete.
    """
    in_all, lost = sum(summary.verdicts.model_dump().values()), summary.verdicts.infrastructure
    kinds = [kind for kind in _kinds(store) if kind.arm == TARGET_ARM]
    if lost <= MISSING * in_all or not kinds:
        return ""
    first = kinds[0].words
    if len(kinds) > 1:
        first = f"most often {'one ' if first.startswith(_SUCH) else ''}{first}"
    tell, them = ("tells", "it") if lost == 1 else ("tell", "them")
    lead = f"{number_of(lost, 'episode')} of {in_all:,} {tell} nothing of {summary.run.target}, because a fault ended {them}: {first}."
    mend = f"Mend that code first; then play {them} again with" if kinds[0].own else f"Play {them} again with"
    return f"{lead} Do not rely on the figures before that is put right. {mend}: outskirts resume {folder}"


def is_own(fault: Fault) -> bool:
    """Tell whether code of the user's own raised or returned what is no reply, which it will again until it is mended.

    That of a player or judge is known by its place; what else they raise mostly comes from a model that is down.
    """
    return fault.kind in ("raised", "invalid_reply") and (fault.role == "target" or _PLACE.search(fault.message) is not None)


def _kinds(store: RunStore) -> list[_Kind]:
    """Return the kinds of faults that left episodes without a verdict, the commonest first."""
    if not any(row.verdict == Verdict.INFRASTRUCTURE.value for row in store.rows()):
        return []
    found: dict[tuple[str, bool, str], list[str]] = {}
    for arm, record in store.records():
        if record.verdict is Verdict.INFRASTRUCTURE and record.fault is not None:
            found.setdefault((arm, is_own(record.fault), _alike(record.fault.message)), []).append(record.fault.message)
    kinds = [_Kind(arm, own, f"{_SUCH if len(set(said)) > 1 else ''}{min(said)}", len(said)) for (arm, own, _), said in found.items()]
    return sorted(kinds, key=lambda kind: -kind.many)


def _alike(message: str) -> str:
    """Return a message without what differs from episode to episode; the line that raised stays."""
    place = _PLACE.search(message)
    end = place.start() if place else len(message)
    return _VARYING.sub("#", message[:end]) + message[end:]


def _again(own: bool) -> str:
    again = "outskirts resume tries them again"
    return f"once that is mended, {again}" if own else again


def _whom(arm: str) -> str:
    return "the target" if arm == TARGET_ARM else arm
