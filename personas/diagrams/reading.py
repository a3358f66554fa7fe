"""Interviewers who reconstruct a diagram from what a person said: one by rules, one by a language model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import ValidationError

from ...sim.types import Frozen
from ...sim.validation import complaint
from ..asking import Batch, ask, json_object
from .beliefs import CORE_BELIEFS, EMOTION_WORDS, EMOTIONS, SPOKEN
from .diagram import PARTS, Line, Part
from .material import COPING, LESSONS, LOW_RULES, RULES, THEMES, THOUGHTS
from .styles import sentences
from .words import denied, similarity

BELIEF_THRESHOLD = 0.5
"""A sentence this similar to a core belief, or to a way of saying it, is read as that belief."""

EXEMPLAR_THRESHOLD = 0.4
"""A sentence this similar to a sentence of the banks is read as the part that this one belongs to."""

MOST_READ = 12
"""Sentences that a reading may give a part."""


class Reading(Frozen):
    """What an interviewer made of a dialogue; parts that never came up are empty."""

    history: tuple[Line, ...] = ()
    core_beliefs: tuple[str, ...] = ()  # statements of the closed lists
    intermediate_beliefs: tuple[Line, ...] = ()
    intermediate_beliefs_low: tuple[Line, ...] = ()
    coping: tuple[Line, ...] = ()
    situation: tuple[Line, ...] = ()
    automatic_thoughts: tuple[Line, ...] = ()
    emotions: tuple[str, ...] = ()  # of the closed list
    behaviours: tuple[Line, ...] = ()
    source: str = "rules"  # "rules" or "model"

    def part(self, name: Part) -> tuple[str, ...]:
        """Return what was read of a part."""
        found: tuple[str, ...] = getattr(self, name)
        return found


_WORDINGS: Mapping[Part, str] = {
    "intermediate_beliefs_low": r"\bon (?:my )?bad days\b|\bwhen (?:i am|i'm) low\b|\bwhen it gets bad\b",
    "history": r"\bthinking back\b|\bgrowing up\b|\bas a (?:child|kid)\b|\bwhen i was (?:a (?:child|kid)|little|young|\w+ years)\b|\bi learnt then\b"
    r"|\bsince that time\b|\bused to\b|\byears ago\b",
    "automatic_thoughts": r"\bi think:|\bi thought\b|\bi keep thinking that\b|\b(?:through|in) my (?:mind|head)\b|\bi tell myself\b",
    "intermediate_beliefs": r"\bone rule\b|\bif i\b|\bi (?:must|have to|should|ought to)\b|\bi can never\b",
    "coping": r"\bi get by\b|\bto get through it\b|\bto cope\b|\bi manage by\b|\bkeeps me going\b",
}
_CUES = {part: re.compile(regex) for part, regex in _WORDINGS.items()}


def read_turns(turns: Sequence[str]) -> Reading:
    """Reconstruct a diagram from a person's own turns by rules.

    A stand-in for an interviewer. It knows wordings of each part ("on bad days", "if I ..."), words for each emotion,
    and the banks that built diagrams are drawn from, so on built diagrams it reads better than on anybody else's;
    what it gives back is always a sentence of the dialogue, or an entry of a closed list.

    Args:
        turns: What the person said, in order.
    """
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for sentence in (s for turn in turns for s in sentences(turn)):
        beliefs = _beliefs_in(sentence)
        found["core_beliefs"].extend(beliefs)
        found["emotions"].extend(_emotions_in(sentence))
        part = None if beliefs else _part_of(sentence)
        if part is not None:
            found[part].append(sentence)
    return Reading(**{part: tuple(dict.fromkeys(entries))[:MOST_READ] for part, entries in found.items()})  # type: ignore[arg-type]


def _beliefs_in(sentence: str) -> list[str]:
    """Return the core beliefs that a sentence says, and does not deny."""
    return [b for b, ways in SPOKEN.items() if any(_says(sentence, way) for way in (b, *ways))]


def _says(sentence: str, way: str) -> bool:
    """Tell whether a sentence is like a way of saying something, denials included."""
    return similarity(sentence, way) >= BELIEF_THRESHOLD and denied(sentence) == denied(way)


_FEELING = re.compile(r"\b(?:i|i'm|me|my)\b")
_NEGATED = re.compile(r"\b(?:not|never|no longer|hardly)\b|n't\b")
_EMOTION_PATTERNS = {e: re.compile(r"\b(?:" + "|".join(map(re.escape, ways)) + r")\b") for e, ways in EMOTION_WORDS.items()}


def _emotions_in(sentence: str) -> list[str]:
    """Return the emotions that a sentence names as the person's own and does not deny."""
    low = sentence.lower().replace("\u2019", "'")
    if not _FEELING.search(low) or "feel" not in low.replace("felt", "feel") or _NEGATED.search(low):
        return []
    return [emotion for emotion in EMOTIONS if _EMOTION_PATTERNS[emotion].search(low)]


def _part_of(sentence: str) -> Part | None:
    """Return the part that a sentence belongs to: by what it is like, else by its wording."""
    best = max(_exemplars(), key=lambda known: similarity(sentence, known[1]))
    if similarity(sentence, best[1]) >= EXEMPLAR_THRESHOLD:
        return best[0]
    low = sentence.lower().replace("\u2019", "'")
    return next((part for part, cue in _CUES.items() if cue.search(low)), None)


@lru_cache(maxsize=1)
def _exemplars() -> tuple[tuple[Part, str], ...]:
    """Return the sentences of the banks, each with its part."""
    out: list[tuple[Part, str]] = []
    for theme in THEMES.values():
        out += [("history", s) for s in theme.origins] + [("situation", s) for s in theme.situations]
    for way in COPING.values():
        out += [("coping", s) for s in way.strategies] + [("behaviours", s) for s in way.behaviours]
    for family in CORE_BELIEFS:
        out += [("history", s) for s in LESSONS[family]] + [("intermediate_beliefs", s) for s in RULES[family]]
        out += [("intermediate_beliefs_low", s) for s in LOW_RULES[family]] + [("automatic_thoughts", s) for s in THOUGHTS[family]]
    return tuple(out)


_PROMPT = """Below is everything one person said in a conversation. Reconstruct what lies behind it, and invent nothing.

{said}

Answer with one JSON object and nothing else. Each key holds a list, empty where nothing was said of it:
"history" (what they went through), "intermediate_beliefs" (rules and assumptions they live by), "intermediate_beliefs_low" (the same in low
mood), "coping" (how they get by), "situation" (what sets them off), "automatic_thoughts", "behaviours": sentences, at most {most} each;
"core_beliefs": statements copied exactly from {beliefs};
"emotions": of {emotions}."""


def read_with_batch(llm: Batch, dialogues: Sequence[Sequence[str]]) -> list[Reading]:
    """Reconstruct diagrams by a batch model; by rules (``source`` says so) where it gave nothing valid in three tries.

    Args:
        llm: A batch of prompts to as many texts.
        dialogues: For each person what that person said, in order.
    """
    return _or_rules(ask(llm, _prompts(dialogues), read_reply), dialogues)


def _prompts(dialogues: Sequence[Sequence[str]]) -> list[str]:
    statements = [statement for listed in CORE_BELIEFS.values() for statement in listed]
    return [
        _PROMPT.format(
            said="\n".join(f"- {turn}" for turn in turns), most=MOST_READ, beliefs=json.dumps(statements), emotions=", ".join(EMOTIONS)
        )
        for turns in dialogues
    ]


def _or_rules(readings: Sequence[Reading | None], dialogues: Sequence[Sequence[str]]) -> list[Reading]:
    return [read_turns(turns) if reading is None else reading for reading, turns in zip(readings, dialogues, strict=True)]


def read_reply(reply: str) -> Reading:
    """Return the reading of a model's reply.

    Raises:
        ValueError: If it is none; says in a line which key is wrong and why.
    """
    try:
        found = Reading.model_validate({**json_object(reply), "source": "model"})
    except ValidationError as error:
        wrong = complaint(error)
        raise ValueError(f"{'.'.join(map(str, wrong.path))}: expected {wrong.expected}") from error
    for key, known in (("core_beliefs", SPOKEN), ("emotions", EMOTION_WORDS)):
        for entry in getattr(found, key):
            if entry not in known:
                raise ValueError(f"{key}: {entry!r} is not on the list")
    for part in PARTS:
        if len(found.part(part)) > max(MOST_READ, len(SPOKEN) if part == "core_beliefs" else 0):
            raise ValueError(f"{part}: expected at most {MOST_READ} entries")
    return found
