"""From locked parts of a diagram to private facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ...sim.seeds import derive
from .beliefs import SPOKEN
from .diagram import Character, Part
from .disclosure import LOCKS, UNKNOWN_TRUST, is_open

PART = "part"
"""Detail of each fact that names its part."""

_BOOKS: Mapping[Part, str] = {
    "situation": "notebook",
    "emotions": "calendar",
    "behaviours": "diary",
    "automatic_thoughts": "jotter",
    "coping": "folder",
    "intermediate_beliefs_low": "album",
    "intermediate_beliefs": "ledger",
    "history": "scrapbook",
    "core_beliefs": "binder",
}
_COLOURS = (
    "grey", "green", "red", "blue", "brown", "black", "white", "yellow", "orange", "purple", "pink", "cream", "silver", "golden",
    "striped", "checked", "spotted", "torn", "thick", "thin",
)  # fmt: skip
_FIRST_PAGE, _PAGES, _STRIDE = 11, 900, 7919  # the stride is prime to 20 * 900, so nobody's page is met twice within 18,000 people

_NUMBER = re.compile(r"\d{1,9}$")
_OF_ONESELF = re.compile(r"I\b")

_SAID: Mapping[Part, str] = {
    "situation": "{}",
    "emotions": "I feel {}",
    "behaviours": "{}",
    "automatic_thoughts": "{}",
    "coping": "{}",
    "intermediate_beliefs_low": "{}",
    "intermediate_beliefs": "I live by one rule: {}",
    "history": "I keep thinking back: {}",
    "core_beliefs": "{}",
}
"""How a part is put as a clause."""


_LOCKED = sorted((lock for lock in LOCKS.values() if not is_open(lock, 0.0, ())), key=lambda lock: lock.sensitivity)
"""What is locked at the start."""


def private_facts(
    character: Character, person: str, seed: int, kind: str | None = None, trust: float = UNKNOWN_TRUST
) -> list[dict[str, Any]]:
    """Return the parts that are locked at the start, as private facts, the least sensitive first.

    Lock, sensitivity and the words for when a part may be told come from :data:`~.disclosure.LOCKS`. Each content ends in a
    place where it was written down, which is the fact's canary. The first fact carries the whole character in its
    details, so that :func:`profile_of` can read it back from a persona.

    Args:
        character: Whose parts.
        person: Persona id; canaries differ between people whose ids end in numbers less than 18,000 apart.
        seed: The run's seed.
        kind: Fact kind that a scenario declares; None: each part's own name.
        trust: How far the person trusts the other side before a word is said, in [0, 1].

    Returns:
        Mappings fit for ``furnish``. ``details`` holds the slots ``symptom`` (the part as a clause, core beliefs in
        words that do not recite them) and ``since``.
    """
    number = _NUMBER.search(person)
    stem, ahead = (person[: number.start()], int(number.group()) * _STRIDE) if number else (person, 0)
    out: list[dict[str, Any]] = []
    for lock in _LOCKED:
        entries = character.diagram.part(lock.part)
        if not entries:
            continue
        canary = _canary(lock.part, _first_page(seed, lock.part, stem) + ahead)
        clause = _clause(lock.part, entries)
        out.append(
            {
                "kind": kind or lock.part,
                "content": f"{_content(lock.part, entries)} I wrote it down in {canary}.",
                "sensitivity": lock.sensitivity,
                "tell": lock.tell,
                "lock": lock.as_data(trust),
                "canary": canary,
                "paraphrases": (clause,),
                "details": {"symptom": clause, "since": "for as long as I remember", PART: lock.part},
            }
        )
    return out


def _content(part: Part, entries: tuple[str, ...]) -> str:
    """Return a part as sentences."""
    return f"I feel {_listed(entries)}." if part == "emotions" else " ".join(entries)


def _clause(part: Part, entries: tuple[str, ...]) -> str:
    """Return a part's first entry as a clause, first letter lower unless it is "I"."""
    if part == "emotions":
        return _SAID[part].format(_listed(entries))
    if part == "core_beliefs":
        return SPOKEN[entries[0]][0]
    text = entries[0].rstrip(".!? ")
    if not _OF_ONESELF.match(text):
        text = text[:1].lower() + text[1:]
    return _SAID[part].format(text)


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _canary(part: Part, place: int) -> str:
    """Return where something was written down."""
    colour, page = divmod(place % (len(_COLOURS) * _PAGES), _PAGES)
    return f"the {_COLOURS[colour]} {_BOOKS[part]}, page {_FIRST_PAGE + page}"


@lru_cache(maxsize=256)
def _first_page(seed: int, part: Part, stem: str) -> int:
    """Return the place from which people with the same stem are counted."""
    return int(derive(seed, "canary", "diagram", part, stem).integers(len(_COLOURS) * _PAGES))
