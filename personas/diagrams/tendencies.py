"""Tendencies: from a position on any axes to what shapes a diagram."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

Axes = Sequence[Mapping[str, Any]]

_CUES: Mapping[str, tuple[str, ...]] = {
    "distress": (
        "worr",
        "afraid",
        "anxi",
        "tired",
        "sad",
        "awake",
        "fear",
        "stress",
        "hopeless",
        "alone",
        "burden",
        "too much",
        "-calm",
        "-sleep well",
    ),
    "trust": ("trust", "rely", "believe", "faith", "depend on", "-doubt", "-suspect", "-suspicious", "-check"),
    "openness": (
        "say out",
        "tell",
        "talk",
        "share",
        "speak",
        "show what",
        "-keep",
        "-private",
        "-hide",
        "-quiet",
        "-say little",
        "-silent",
    ),
    "hostility": (
        "angry",
        "shout",
        "snap",
        "argue",
        "fight",
        "blame",
        "insult",
        "attack",
        "-polite",
        "-forgive",
        "-patient",
        "-kind",
        "-gentle",
    ),
    "readiness": (
        "try",
        "start",
        "plan",
        "change",
        "act on",
        "decide",
        "learn",
        "-wait",
        "-turn down",
        "-put off",
        "-give up",
        "-leave it",
    ),
}  # stems; a leading "-" speaks for the low end
_DENIAL = re.compile(r"\b(?:not|never|no|nobody|nothing|hardly|rarely|cannot)\b|n't\b")


@dataclass(frozen=True, slots=True)
class Tendencies:
    """Five leanings, each in [-1, 1]; 0 where the axes say nothing of it."""

    distress: float = 0.0
    trust: float = 0.0
    openness: float = 0.0
    hostility: float = 0.0
    readiness: float = 0.0


NAMES = tuple(field.name for field in fields(Tendencies))


def tendencies_of(axes: Axes, position: Mapping[str, float]) -> Tendencies:
    """Return the leanings of somebody at a position.

    An axis named like a tendency is one. Any other counts for the tendencies that the words of its high statement
    speak for more than those of its low one; where several axes do, their mean counts.

    Args:
        axes: ``{"name", "low", "high"}`` each.
        position: Axis to [0, 1].

    Example:
        >>> tendencies_of([{"name": "calm", "low": "I worry about small things.", "high": "I stay calm."}], {"calm": 0.0}).distress
        1.0
    """
    found: dict[str, list[float]] = {name: [] for name in NAMES}
    for axis in axes:
        name = str(axis["name"])
        lean = 2.0 * min(1.0, max(0.0, float(position[name]))) - 1.0
        if name in found:
            found[name].append(lean)
            continue
        for tendency, sign in _signs(str(axis["low"]), str(axis["high"])).items():
            found[tendency].append(sign * lean)
    return Tendencies(**{name: sum(values) / len(values) if values else 0.0 for name, values in found.items()})


def speaks_for(axis: Mapping[str, Any]) -> bool:
    """Tell whether an axis counts for some tendency."""
    return str(axis["name"]) in NAMES or bool(_signs(str(axis["low"]), str(axis["high"])))


@lru_cache(maxsize=512)
def _signs(low: str, high: str) -> Mapping[str, int]:
    """Return the tendencies that two statements set apart, each with the sign of the high one."""
    out = {}
    for tendency, cues in _CUES.items():
        balance = _balance(high, cues) - _balance(low, cues)
        if balance:
            out[tendency] = 1 if balance > 0 else -1
    return out


def _balance(statement: str, cues: Sequence[str]) -> int:
    """Return how many cues speak for a tendency in a statement less those against it; a denial turns it round."""
    low = statement.lower().replace("\u2019", "'")
    count = sum((-1 if cue.startswith("-") else 1) for cue in cues if re.search(rf"\b{re.escape(cue.lstrip('-'))}", low))
    return -count if _DENIAL.search(low) else count
