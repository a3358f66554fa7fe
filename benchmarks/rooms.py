"""What a room costs: microseconds per action with 20 people and a target in it, beside the support scenario's own.

Both play the same scenario, so judge, facts and concepts are the same; the rounds of the two take turns, so that a machine that
slows down slows both.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Sequence

from outskirts.agents.rules import RuleJudge
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.bridge import complete
from outskirts.personas.casting import plan_episode
from outskirts.personas.persona import Persona
from outskirts.personas.scenario import Scenario
from outskirts.sim.declare import Channel, Room
from outskirts.sim.loop import run_episode
from outskirts.sim.testing import ScriptedPlayer, ScriptedTarget
from outskirts.sim.types import Action

from .harness import TURNS, people

PEOPLE = 20
ACTIONS = 8_000  # a round, of each kind

_ROLES = tuple(r.model_copy(update={"at_most": 1000}) if r.acts == "persona" else r for r in SCENARIO.roles)
ROOM = SCENARIO.model_copy(update={"roles": _ROLES})
"""The support scenario for a room full of people."""

CHANNELS = ROOM.model_copy(update={"room": Room(channels=(Channel(), Channel(name="direct", direct=True)))})
"""The same with a second channel, for messages that one person alone reads."""

_TARGET = SCENARIO.agent("target")
_HELLO = "Hello, it is me again."


async def _round(scenario: Scenario, groups: Sequence[Sequence[Persona]], seed: int, actions: int, lines: Sequence[Action | str]) -> float:
    """Play so many actions and return what one took, in microseconds."""
    target, player = ScriptedTarget(["I see. Go on."]), ScriptedPlayer(lines)
    judges = (RuleJudge(scenario),)
    done = episodes = 0
    start = time.perf_counter()
    while done < actions:
        who = groups[episodes % len(groups)]
        plan = plan_episode(scenario, who, seed=seed, replicate=episodes, turns=TURNS)
        record = await run_episode(plan, ConversationEnv(scenario, who, max_cycles=TURNS), target, player, judges)
        assert record.turns == TURNS
        assert len(record.messages) == TURNS * (len(who) + 1)
        done += len(record.messages)
        episodes += 1
    return (time.perf_counter() - start) / done * 1e6


def costs(rounds: int = 9, actions: int = ACTIONS) -> dict[str, dict[str, float]]:
    """Constant minds on both sides; environment, loop, record, ledger and rule judge are included, the store is not."""
    crowd = people(60)
    alone = [[person] for person in crowd]
    rooms = [crowd[i : i + PEOPLE] for i in range(0, len(crowd), PEOPLE)]
    aside = Action(text=_HELLO, channel="direct", to=(_TARGET,))
    kinds = {
        "support": (SCENARIO, alone, [_HELLO]),
        "room": (ROOM, rooms, [_HELLO]),
        "room_where_half_is_said_in_private": (CHANNELS, rooms, [_HELLO, aside] * (TURNS // 2)),
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds + 1):
        for kind, (scenario, groups, lines) in kinds.items():
            gc.collect()
            times[kind].append(complete(_round(scenario, groups, number, actions, lines)))
    out: dict[str, dict[str, float]] = {}
    for kind, took in times.items():
        took = took[1:]  # the first round warms up
        ratios = sorted(one / support for one, support in zip(took, times["support"][1:], strict=True))
        out[kind] = {
            "us_per_action": round(statistics.median(took), 1),
            "times_support": round(statistics.median(ratios), 2),
            "min": round(ratios[0], 2),
            "max": round(ratios[-1], 2),
            "rounds": rounds,
        }
    return out


def figures(quick: bool = False) -> dict[str, dict[str, float]]:
    """Return all figures of this module."""
    return costs(3 if quick else 9)
