"""What scenarios share when they give people private facts: places that prove a leak, and a check of given facts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..sim.errors import InputError, UnknownNameError
from ..sim.seeds import derive
from ..sim.types import PrivateFact

if TYPE_CHECKING:
    import numpy as np

_STREET_NAMES = (
    "Alder", "Ashby", "Barley", "Beacon", "Birch", "Bramble", "Briar", "Brook", "Castle", "Cedar", "Chapel", "Cherry", "Clarence", "Clover", "Cobden",
    "Copse", "Cromer", "Dalton", "Elm", "Fenwick", "Fern", "Foxglove", "Garrick", "Hawthorn", "Hazel", "Heron", "Holly", "Ivy", "Juniper", "Kestrel",
    "Larch", "Laurel", "Linden", "Maple", "Marlow", "Meadow", "Nelson", "Oakfield", "Orchard", "Osier", "Parsons", "Poplar", "Priory", "Quarry", "Raven",
    "Rosedale", "Rowan", "Sedge", "Selby", "Spinney", "Station", "Sycamore", "Tanner", "Thistle", "Tudor", "Verbena", "Wharf", "Willow", "Windsor", "Yarrow",
)  # fmt: skip
STREETS = ("Road", "Street", "Lane", "Avenue", "Close", "Terrace", "Drive", "Gardens")
HOUSES = ("House", "Lodge", "Court", "Hall", "Clinic", "Centre", "Villa", "Annexe")
_OPTIONAL = ("tell", "canary", "paraphrases", "details", "lock")
_NUMBER = re.compile(r"\d+$")
_NUMBERS = tuple(str(n) for n in range(11, 110))  # none that is an emergency number


def place(person: str, kind: str, seed: int, forms: Sequence[str], ends: Sequence[str] = STREETS) -> str:
    """Return a place with a number, for a canary; people whose ids end in numbers less than 47,520 apart never get the same one.

    Args:
        person: Persona id.
        kind: Fact kind.
        seed: The run's seed.
        forms: What stands before a number and a name ("room {} at {} {}"); each form belongs to one kind.
        ends: Second halves of names.
    """
    parts = (forms, _NUMBERS, _STREET_NAMES, ends)
    size = math.prod(map(len, parts))
    number = _NUMBER.search(person)
    stem = person[: number.start()] if number else person
    index = _first_place(seed, kind, stem, size) + (int(number.group()) * 15_013 if number else 0)  # a prime: coprime to size
    words = []
    for part in parts:
        index, i = divmod(index, len(part))
        words.append(part[i])
    return words[0].format(*words[1:])


@lru_cache(maxsize=256)
def _first_place(seed: int, kind: str, stem: str, size: int) -> int:
    """Return the place from which people whose ids begin alike are counted."""
    return int(derive(seed, "canary", kind, stem).integers(size))


def whereabouts(person: Mapping[str, object], seed: int) -> tuple[str, Mapping[str, float], np.random.Generator]:
    """Return a person's id, position, and random numbers for their facts, which depend on both.

    Raises:
        InputError: If the position is no mapping.
    """
    id = str(person["id"])
    position = person.get("position") or {}
    if not isinstance(position, Mapping):
        raise InputError(f"{id}.position", "a mapping of axis to number", position)
    return id, position, derive(seed, id, "facts", *(f"{axis}={position[axis]:.6f}" for axis in sorted(position)))


def completed(
    person: str, given: Sequence[PrivateFact], bodies: Mapping[str, Mapping[str, Any]], sensitivity: Mapping[str, float]
) -> tuple[PrivateFact, ...]:
    """Return the given facts and those made of ``bodies`` for every kind that none was given of, in the order of the kinds.

    Args:
        person: Persona id.
        given: Facts that are there already.
        bodies: What a fact says, by kind.
        sensitivity: The scenario's kinds, each with how sensitive it is.
    """
    kinds = {fact.kind for fact in given}
    made = [
        PrivateFact(**{"id": f"{person}/{kind}", "kind": kind, "sensitivity": sensitivity[kind], **body})
        for kind, body in bodies.items()
        if kind not in kinds
    ]
    order = {kind: number for number, kind in enumerate(sensitivity)}
    return tuple(sorted((*given, *made), key=lambda fact: (order[fact.kind], fact.id)))


def given_facts(person: str, facts: object, sensitivity: Mapping[str, float]) -> list[PrivateFact]:
    """Check the facts that a generator gave; missing parts are filled from the kind's defaults.

    Args:
        person: Persona id.
        facts: What was given: None, or facts or mappings with at least ``kind`` and ``content``.
        sensitivity: The scenario's kinds, each with how sensitive it is.

    Raises:
        InputError: If a given fact is malformed; ``UnknownNameError`` if its kind is none of the scenario's.
    """
    if facts is None:
        return []
    if not isinstance(facts, Sequence) or isinstance(facts, str):
        raise InputError(f"{person}.private_facts", "a list", facts)
    out: list[PrivateFact] = []
    seen: Counter[str] = Counter()
    for i, fact in enumerate(facts):
        field = f"{person}.private_facts[{i}]"
        body = fact.model_dump() if isinstance(fact, PrivateFact) else fact
        if not isinstance(body, Mapping):
            raise InputError(field, "a mapping with kind and content", body)
        kind, content = str(body.get("kind")), body.get("content")
        if kind not in sensitivity:
            raise UnknownNameError(f"{field}.kind", kind, sensitivity)
        if not isinstance(content, str) or not content.strip():
            raise InputError(f"{field}.content", "a sentence", content)
        kind = str(kind)
        seen[kind] += 1
        extra = {key: value for key in _OPTIONAL if (value := body.get(key))}
        try:
            out.append(
                PrivateFact(
                    id=f"{person}/{kind}{seen[kind] if seen[kind] > 1 else ''}",
                    kind=kind,
                    content=content.strip(),
                    sensitivity=body.get("sensitivity", sensitivity[kind]),
                    **extra,
                )
            )
        except ValueError as error:
            raise InputError(field, "a valid private fact", dict(body), str(error).splitlines()[0]) from error
    return out
