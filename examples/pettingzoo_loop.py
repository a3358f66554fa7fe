"""Drive both sides of the support scenario through PettingZoo's agent-environment cycle."""

from __future__ import annotations

from outskirts.envs.scenarios import support

env = support.env(max_cycles=3)
env.reset(seed=1)
for agent in env.agent_iter():
    observation, reward, terminated, truncated, info = env.last()
    action = None if terminated or truncated else f"I am {agent} and this is turn {observation.turn}."
    if action:
        print(action)
    env.step(action)
