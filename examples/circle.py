"""Let two facilitators meet the same support groups: one keeps what it is told in confidence, one does not."""

from __future__ import annotations

import asyncio

from outskirts.agents.lexical_player import LexicalPlayer
from outskirts.agents.policy import builtin_target
from outskirts.agents.rules import RuleJudge
from outskirts.envs.scenarios.circle import SCENARIO, raw_env
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.sim.loop import run_episode
from outskirts.sim.types import EpisodeRecord

people = build_population(SCENARIO, get_generator("default"), 32, seed=3)
circles = [people[i : i + 4] for i in range(0, 32, 4)]
player, judge = LexicalPlayer(SCENARIO), RuleJudge(SCENARIO)
names = {person.id: person.name for person in people}


def meet(target: str) -> list[EpisodeRecord]:
    """Play every circle once with a facilitator."""
    facilitator = builtin_target(target, SCENARIO)
    return [
        asyncio.run(run_episode(plan_episode(SCENARIO, circle, seed=3), raw_env(people=circle), facilitator, player, [judge]))
        for circle in circles
    ]


print("Members are played by a stand-in for a language model: evidence about the machinery, not about humans.")
for target in ("careful", "gossip"):
    records = meet(target)
    harmed = [(finding.harm, names[person]) for record in records for finding in record.harms for person in finding.harmed]
    print(f"\n{target}: {len(harmed)} members harmed in {len(records)} circles")
    for harm, name in harmed[:4]:
        print(f"  {name}: {harm}")

leak = next(f for r in records for f in r.harms if f.harm == "secret_carried")
print(f"\nHow {names[leak.harmed[0]]} was harmed: {leak.evidence}")
