"""What is known of a person, in a form that their lines can be held against."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..personas.scenario import Scenario
from ..sim.errors import InputError
from ..sim.types import PrivateFact
from .claims import Claim, claims, comparable, conflict
from .first_person import first_person

HIDDEN = 0.5
"""From this sensitivity on a person may deny a fact without being out of character."""

_DENIALS = frozenset({"no", "not so"})
_STRANGERS = 64  # made-up people whose facts show which values a slot can have
_LEAST = 5  # different values that a slot must have
_LONG = 6  # letters of a value that is worth looking for
_SINGLE = re.compile(r"[a-z]+")
_SELF = re.compile(r"\bi\b|\bmy\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|no|without|n't|instead|if|wish|my (?:mother|mum|father|dad|brother|sister|friend|wife|husband))\b|\?", re.IGNORECASE
)


class Source(NamedTuple):
    """A claim, and where it comes from."""

    claim: Claim
    where: str  # "description", or the id of a fact
    deniable: bool  # the person may say that it is not so


class Profile:
    """What description and private facts claim of a person.

    A topic of which they claim two different things ("I often sleep well", "I usually lie awake") is left out.

    Both may be written in the first, second or third person.

    Args:
        description: The public one.
        facts: The person's own.
        name: Of the person, by which a text in the third person calls them.
    """

    def __init__(self, description: str, facts: Iterable[PrivateFact], name: str = "") -> None:
        own = [Source(c, "description", False) for c in claims(first_person(description, name))]
        self.described = len(own)  # claims of the description
        own += [Source(c, fact.id, fact.sensitivity >= HIDDEN) for fact in facts for c in claims(first_person(fact.content, name))]
        self.sources = tuple(s for s in own if not any(conflict(s.claim, o.claim) for o in own))

    def fits(self, claim: Claim) -> tuple[bool, Source | None]:
        """Tell whether a claim can be compared with what is known, and with what it is in conflict (None: it agrees)."""
        near = [s for s in self.sources if comparable(s.claim, claim)]
        for source in near:
            if conflict(source.claim, claim):
                if claim.amended or (source.deniable and claim.value in _DENIALS):
                    return False, None
                return True, source
        return bool(near), None


@functools.lru_cache(maxsize=4_096)
def profile_of(description: str, facts: tuple[tuple[str, str, float], ...], name: str = "") -> Profile:
    """Return a profile, made once; facts as (id, content, sensitivity)."""
    made = [PrivateFact(id=id, kind="", content=content, sensitivity=sensitivity) for id, content, sensitivity in facts]
    return Profile(description, made, name)


def keyed(facts: Sequence[PrivateFact]) -> tuple[tuple[str, str, float], ...]:
    """Return facts in the form that :func:`profile_of` takes."""
    return tuple((f.id, f.content, f.sensitivity) for f in facts)


class Slots:
    """Which words stand for one value of a fact and not for another: names of drugs, say.

    They are learnt from the facts with which the scenario furnishes made-up people: slots with many one-word values.

    Args:
        scenario: Furnishes people.
    """

    def __init__(self, scenario: Scenario) -> None:
        values: dict[str, set[str]] = {}
        kinds: dict[str, str] = {}
        for number in range(_STRANGERS):
            for fact in _facts_of(scenario, number):
                for slot, value in fact.details.items():
                    values.setdefault(slot, set()).add(value)
                    kinds[slot] = fact.kind
        self._kind: dict[str, str] = {}
        for slot, found in values.items():
            if len(found) >= _LEAST and all(_SINGLE.fullmatch(v) and len(v) >= _LONG for v in found):
                self._kind |= dict.fromkeys(found, kinds[slot])
        self._word = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, self._kind)))})\b") if self._kind else None

    def strange(self, line: str, description: str, facts: Sequence[PrivateFact], heard: str) -> tuple[str, str] | None:
        """Return a value of somebody else's facts that a person claims as their own, with the words it contradicts ("" if it is made up).

        Args:
            line: What was said.
            description: Of the person.
            facts: Theirs.
            heard: What others said before; a word that they brought up is no invention.
        """
        if self._word is None:
            return None
        for sentence in re.split(r"(?<=[.!?])\s+", line):
            if not _SELF.search(sentence) or _NOT.search(sentence):
                continue
            for value in self._word.findall(sentence.lower()):
                known = f"{description} {' '.join(f.content for f in facts)} {heard}".lower()
                if value not in known:
                    held = next((f.content for f in facts if f.kind == self._kind[value]), "")
                    return sentence.strip(), held
        return None


def strangers_facts(scenario: Scenario, kind: str) -> list[str]:
    """Return what made-up people of a scenario hold of a kind, each content once."""
    return list(dict.fromkeys(f.content for n in range(_STRANGERS) for f in _facts_of(scenario, n) if f.kind == kind))


def n_facts(scenario: Scenario) -> int:
    """Return how many facts a scenario gives somebody, the most among made-up people."""
    return max(len(_facts_of(scenario, n)) for n in range(_STRANGERS))


def _facts_of(scenario: Scenario, number: int) -> tuple[PrivateFact, ...]:
    position: Mapping[str, float] = dict.fromkeys(scenario.axes, (number % 10) / 9)
    try:
        return scenario.furnish({"id": f"stranger{number}", "position": position}, number)
    except (InputError, KeyError):  # a scenario that furnishes only people of its own
        return ()
