"""How far a persona drifts, and what each of three ways does against it, with a model whose drift is known.

The model is a Python function behind a LangChain Runnable. It knows only what stands in the last ``WINDOW`` characters of its input, as a model whose
attention fades: while the description is still in there it answers as the person, and later it answers a question on a topic by
chance as the person or as their opposite. An instruction not to slip on a topic it obeys wherever it stands. So a reminder must work because
it brings the description back, the best of n because chance is drawn n times, and a rewrite because it makes instructions of what went wrong.

What is printed is the truth (the line was drawn from the opposite) beside what the rules see. ``rewrite_bad`` has a writer whose instructions do harm;
``rewrite_bad_unchecked`` is the same without the accept test.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableLambda

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.consistency import ConsistencyRules
from outskirts.agents.persona_player import PersonaPlayer, PlayerSettings
from outskirts.agents.persona_rewrite import Rewritten, rewrite_guidance, situations
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.personas.casting import plan_episode
from outskirts.personas.persona import Persona
from outskirts.sim.loop import run_episode
from outskirts.sim.protocols import Actor
from outskirts.sim.seeds import Stream, derive
from outskirts.sim.types import Action, Brief, EpisodeRecord, Observation

from .planted_phrasings import TOPICS, Topic

WINDOW = 1_300
TURNS = 12
SLIP = 0.5  # how often the opposite is said once the description is out of sight
CALLS = ModelSettings(pause=0.0)


def _topics() -> list[Topic]:
    return [t for t in TOPICS if t.other][:TURNS]


@dataclass
class Fading:
    """The model: what it says, and when that was the opposite of the person."""

    slips: set[str] = field(default_factory=set)

    def __call__(self, messages: Sequence[BaseMessage]) -> str:
        """Answer the last question as the person, if the description is in sight; else by chance."""
        whole = "\n".join(str(m.content) for m in messages)
        seen = whole[-WINDOW:]
        asked = re.findall(r"What about (\w+)\?", whole)
        say = "It has been a long week."
        if asked:
            topic = next(t for t in _topics() if t.name == asked[-1])
            known = any(s in seen for s in topic.one) or f"Do not slip on {topic.name}." in whole
            draw = derive(0, "fading", whole, *(str((m.response_metadata or {}).get("outskirts_run", "")) for m in messages))
            slips = (not known and draw.random() < SLIP) or "Surprise them" in whole
            say = str(draw.choice(topic.other if slips else topic.one))
            if slips:
                self.slips.add(say)
        return json.dumps({"thought": "It is what I know.", "state": "calm", "say": say, "leave": False})


class Asking:
    """A target that asks about one topic after the other."""

    name = "asking"

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode."""
        names = [str(n) for n in stream.generator.permutation([t.name for t in _topics()])]

        class Asks:
            async def act(self, observation: Observation) -> Action | str:
                return f"I see. Let me ask about something else, if I may. What about {names[observation.turn % len(names)]}?"

        return Asks()


class Writer:
    """Writes instructions out of what went wrong: good ones, or ones that do harm."""

    name = "writer"

    def __init__(self, harm: bool = False) -> None:
        self._harm = harm

    async def complete(self, prompts: Sequence[str]) -> list[str]:
        """Return instructions for each prompt."""
        return ["Surprise them." if self._harm else self._good(prompt) for prompt in prompts]

    @staticmethod
    def _good(prompt: str) -> str:
        old = re.search(r"further instructions so far: (.*)\n\nWhat was wrong", prompt, re.DOTALL)
        kept = old[1] if old and "(none)" not in old[1] else ""
        known = re.findall(r'of you it is known: "(.*?)"', prompt)
        never = [f"Do not slip on {t.name}." for t in _topics() if any(_same(k, s) for k in known for s in t.one)]
        return " ".join(dict.fromkeys(part for part in (kept, *never) if part))


def _same(known: str, side: str) -> bool:
    words = set(re.findall(r"\w+", side.lower())) - {"t", "don", "m", "ve"}
    return len(words & set(re.findall(r"\w+", known.lower()))) >= 0.8 * len(words)


def person(number: int) -> Persona:
    """Return somebody of whom one side of every topic is known."""
    rng = derive(0, "drifting person", number)
    said = [str(rng.choice(t.one)) for t in _topics()]
    position = dict.fromkeys(SCENARIO.axes, 0.5)
    return Persona(id=f"p{number}", name="Ada", position=position, description=" ".join(said))


async def _episode(player: PersonaPlayer, who: Persona, replicate: int) -> EpisodeRecord:
    plan = plan_episode(SCENARIO, [who], seed=0, replicate=replicate, turns=TURNS)
    environment = ConversationEnv(SCENARIO, [who], max_cycles=TURNS)
    return await run_episode(plan, environment, Asking(), player, [ConsistencyRules(SCENARIO)])


def _figures(records: Sequence[EpisodeRecord], slips: set[str]) -> dict[str, object]:
    """Return conflicts a line: the truth and what the rules see, over all and in each third of an episode."""
    lines = [m for r in records for m in r.messages if m.sender == "person_0"]
    true = [m.text in slips for m in lines]
    third = TURNS // 3

    def share(at: int) -> float:
        return round(float(np.mean([t for t, m in zip(true, lines, strict=True) if m.turn // third == at])), 3)

    seen = sum(p.metric == "prompt_to_line" for r in records for o in r.portrayals for p in o.conflicts)
    return {
        "drift": round(float(np.mean(true)), 3),
        "drift_by_third": [share(at) for at in range(3)],
        "seen_by_rules": round(seen / len(lines), 3),
        "episodes": len(records),
    }


def _played(settings: PlayerSettings, people: Sequence[Persona], guidance: dict[str, str] | None = None) -> dict[str, object]:
    model = Fading()
    player = PersonaPlayer(RunnableLambda(model), settings, CALLS, guidance=guidance, picker=ConsistencyRules(SCENARIO))
    records = [asyncio.run(_episode(player, who, 1)) for who in people]
    return _figures(records, model.slips) | {"calls": player.usage.calls}


def _rewritten(people: Sequence[Persona], harm: bool) -> dict[str, Rewritten]:
    """Rewrite each person's instructions on three earlier episodes, of which the last is held out."""
    out = {}
    rules = ConsistencyRules(SCENARIO)
    for who in people:
        player = PersonaPlayer(RunnableLambda(Fading()), None, CALLS)
        records = [asyncio.run(_episode(player, who, replicate)) for replicate in (2, 3, 4)]
        brief = plan_episode(SCENARIO, [who], seed=0, turns=TURNS).briefs["person_0"]
        turns = [turn for record in records for turn in situations(record, "person_0")]
        out[who.id] = asyncio.run(rewrite_guidance(player, brief, turns, Writer(harm), rules, held_out=1 / 3))
    return out


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module."""
    people = [person(n) for n in range(6 if quick else 24)]
    plain = PlayerSettings()
    good, bad = _rewritten(people, harm=False), _rewritten(people, harm=True)
    return {
        "without": _played(plain, people),
        "reminder": _played(PlayerSettings(remind=True), people),
        "best_of_2": _played(PlayerSettings(best_of=2), people),
        "best_of_4": _played(PlayerSettings(best_of=4), people),
        "rewrite": _played(plain, people, {id: r.guidance for id, r in good.items()}) | _accepted(good),
        "rewrite_bad": _played(plain, people, {id: r.guidance for id, r in bad.items()}) | _accepted(bad),
        "rewrite_bad_unchecked": _played(plain, people, {id: r.versions[-1].guidance for id, r in bad.items()}),
    }


def _accepted(found: dict[str, Rewritten]) -> dict[str, object]:
    tried = [v for r in found.values() for v in r.versions[1:]]
    return {"rewrites_tried": len(tried), "rewrites_accepted": sum(v.accepted for v in tried)}
