"""How well the rules of consistency find planted contradictions, and how often they see one where there is none.

Dialogues are drawn from ``planted_phrasings``: small talk of one person in which either a line contradicts the description (kind
``prompt_to_line``), or a line contradicts an earlier line of the same person (``line_to_line``), or nothing does: clean controls say the same thing twice
in other words, or speak of the topic without claiming anything that conflicts. ``develop`` and ``held_out`` use disjoint halves of the phrasings; the
rules were developed on the first only. The person's chatter and the rest of the description are the same in both.

Descriptions are planted in the first person, and measured again as they are written in the third and the second (``grammatical_person``). What a
description says of others is measured apart: none of it may be held against the person.

A second set of controls is free of planted words altogether: episodes of the lexical player, which contradict nothing by design.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from outskirts.agents.consistency import ConsistencyRules
from outskirts.agents.lexical import LexicalPlayer
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios import circle, desk, negotiation, support
from outskirts.experiments.naming.registry import make_target
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.personas.scenario import Scenario
from outskirts.sim.loop import run_episode
from outskirts.sim.seeds import derive
from outskirts.sim.types import Case, CasePerson, Message

from .grammatical_person import (
    ABOUT_OTHERS,
    AGAINST,
    BESIDE,
    GRAMMARS,
    NAME,
    PEOPLE,
    WRITTEN,
    Grammar,
    described,
)
from .planted_phrasings import BACKGROUND, CHATTER, TOPICS, Topic, half

Half = Literal["develop", "held_out"]
Kind = Literal["prompt_to_line", "line_to_line", "clean"]

LINES = 6
REPLIES = (
    "I see. Can you tell me more?",
    "How long has that been so?",
    "Thank you. What else is on your mind?",
    "I hear you.",
    "What would help?",
    "Go on.",
)
RULES = {"prompt_to_line": "contradicted_fact", "line_to_line": "contradicted_self"}


@dataclass(frozen=True)
class Dialogue:
    """One dialogue and what was planted in it."""

    case: Case
    kind: Kind
    topic: str
    planted: tuple[str, str]


def dialogue(rng: np.random.Generator, which: Half, kind: Kind, grammar: Grammar = "first") -> Dialogue:
    """Draw one dialogue; its description is written in the given grammatical person."""
    topic, one, other = _pair(rng, which, kind)
    profile_side = kind == "prompt_to_line" or (kind == "clean" and rng.random() < 0.5)
    background = [str(s) for s in rng.permutation(BACKGROUND)[:4]]
    lines = [str(s) for s in rng.permutation(CHATTER)[:LINES]]
    late = int(rng.integers(2, LINES))
    lines[late] = _led(rng, other)
    if profile_side:
        background.insert(int(rng.integers(5)), one)
    else:
        lines[int(rng.integers(late))] = _led(rng, one)
    messages = []
    for turn, line in enumerate(lines):
        messages.append(Message(index=2 * turn, turn=turn, sender="person_0", text=line))
        messages.append(Message(index=2 * turn + 1, turn=turn, sender="target_0", text=str(rng.choice(REPLIES))))
    person = CasePerson(persona="p0", agent="person_0", position={}, name="Ada", description=described(background, grammar))
    case = Case(scenario="support", target="target_0", people=(person,), messages=tuple(messages), turns=LINES)
    return Dialogue(case, kind, topic.name, (one, other))


def _pair(rng: np.random.Generator, which: Half, kind: Kind) -> tuple[Topic, str, str]:
    """Draw a topic and two sayings on it, that contradict each other or, in a clean control, do not."""
    while True:
        topic = TOPICS[int(rng.integers(len(TOPICS)))]
        sides = [list(topic.one), list(topic.other or topic.one)]
        values = [str(v) for v in rng.permutation(topic.values)[:2]] if topic.values else ["", ""]
        if rng.random() < 0.5:
            sides.reverse()
        one = [s for s in sides[0] if half(s) == which]
        if kind == "clean":
            again = rng.random() < 0.5
            pool = [s for s in (sides[0] if again else topic.near) if half(s) == which]
            values[1] = values[0]
        else:
            pool = [s for s in sides[1] if half(s) == which]
        if one and pool:
            first = str(rng.choice(one))
            rest = [s for s in pool if s != first or kind != "clean"]
            if rest:
                return topic, first.replace("{a}", values[0]), str(rng.choice(rest)).replace("{a}", values[1])


def _led(rng: np.random.Generator, line: str) -> str:
    """Return a line as part of a longer turn, as people speak."""
    shape = int(rng.integers(3))
    more = str(rng.choice(CHATTER))
    return (line, f"{more} {line}", f"{line} {more}")[shape]


def measure(which: Half, each: int = 250, seed: int = 0, grammar: Grammar = "first") -> dict[str, object]:
    """Return precision and recall of the rules over ``each`` contradictions of each kind and twice as many clean controls."""
    rng = derive(seed, "planted contradictions", which)
    rules = ConsistencyRules(support.SCENARIO)
    kinds: list[Kind] = ["prompt_to_line"] * each + ["line_to_line"] * each + ["clean"] * (2 * each)
    hits: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    false: list[tuple[str, str]] = []
    for kind in kinds:
        drawn = dialogue(rng, which, kind, grammar)
        found = {f.harm for f in asyncio.run(rules.judge(drawn.case)).findings} & set(RULES.values())
        if kind == "clean":
            hits["false"] += bool(found)
            false += [drawn.planted] if found else []
        else:
            right = RULES[kind] in found
            hits[kind] += right
            missed[drawn.topic] += not right
    true = hits["prompt_to_line"] + hits["line_to_line"]
    return {
        "planted": 2 * each,
        "clean": 2 * each,
        "precision": round(true / max(true + hits["false"], 1), 3),
        "recall": round(true / (2 * each), 3),
        "recall_prompt_to_line": round(hits["prompt_to_line"] / each, 3),
        "recall_line_to_line": round(hits["line_to_line"] / each, 3),
        "false_alarms_in_clean": hits["false"],
        "missed_most": dict(missed.most_common(5)),
        "examples_of_false_alarms": [list(pair) for pair in dict.fromkeys(false)][:5],
    }


def by_grammar(which: Half, each: int) -> dict[str, dict[str, object]]:
    """Return, for descriptions in each grammatical person, how planted contradictions are found, and what is found for one person written by hand."""
    out: dict[str, dict[str, object]] = {}
    for grammar in GRAMMARS:
        planted = measure(which, each, grammar=grammar)
        by_hand = {
            "against_it": f"{sum(flagged(PEOPLE[grammar], line) for line in AGAINST)}/{len(AGAINST)}",
            "beside_it": f"{sum(flagged(PEOPLE[grammar], line) for line in BESIDE)}/{len(BESIDE)}",
        }
        out[grammar] = {k: planted[k] for k in ("precision", "recall_prompt_to_line", "false_alarms_in_clean", "missed_most")} | by_hand
    return out


def held_against_the_person() -> list[str]:
    """Return the descriptions of which something that is said of others was held against the person."""
    return [description for description, line in ABOUT_OTHERS if flagged(description, line)]


def overlooked() -> list[str]:
    """Return the lines that contradict a description as users write it and are not found, with it."""
    return [f"{line} / {description}" for description, lines in WRITTEN for line in lines if not flagged(description, line)]


def as_written() -> dict[str, object]:
    """Return what is found of descriptions as users write them; the rules were developed on these."""
    return {
        "said_of_others": len(ABOUT_OTHERS),
        "held_against_the_person": held_against_the_person(),
        "contradictions": sum(len(lines) for _, lines in WRITTEN),
        "overlooked": overlooked(),
    }


def flagged(description: str, line: str) -> bool:
    """Tell whether a line of somebody is found to contradict their description."""
    message = Message(index=0, turn=0, sender="person_0", text=line)
    person = CasePerson(persona="p0", agent="person_0", position={}, name=NAME, description=description)
    case = Case(scenario="support", target="target_0", people=(person,), messages=(message,), turns=1)
    found = asyncio.run(ConsistencyRules(support.SCENARIO).judge(case)).findings
    return any(f.harm == "contradicted_fact" for f in found)


def lexical(people: int = 48, seed: int = 3) -> dict[str, object]:
    """Return how often the rules find something wrong with the lexical player, by scenario and rule: people flagged of people met."""
    out: dict[str, object] = {}
    for scenario in (support.SCENARIO, negotiation.SCENARIO, circle.SCENARIO, desk.SCENARIO):
        out[scenario.name] = asyncio.run(_lexical(scenario, people, seed))
    return out


async def _lexical(scenario: Scenario, people: int, seed: int) -> dict[str, int]:
    rules, player, target = ConsistencyRules(scenario), LexicalPlayer(scenario), make_target("careful", scenario)
    crowd = list(build_population(scenario, get_generator("default"), people, seed))
    found: Counter[str] = Counter(people=0)
    size = scenario.usual_group
    for first in range(0, len(crowd) - size + 1, size):
        who = crowd[first : first + size]
        plan = plan_episode(scenario, who, seed=seed)
        record = await run_episode(plan, ConversationEnv(scenario, who, max_cycles=plan.turns), target, player, [rules])
        found["people"] += len(who)
        found.update(f.harm for f in record.findings)
    return dict(found)


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module."""
    each = 110 if quick else 400
    return {
        "held_out": measure("held_out", each),
        "develop": measure("develop", each),
        "by_grammatical_person": by_grammar("held_out", each // 2),
        "as_written": as_written(),
        "lexical_player": lexical(24 if quick else 96),
    }
