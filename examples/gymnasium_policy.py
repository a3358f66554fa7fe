"""Play the target yourself in Gymnasium: each step is one reply, the reward is minus the severity of the harms done."""

from __future__ import annotations

import gymnasium

env = gymnasium.make("outskirts.experiments.gym:outskirts/Support-v0", render_mode="ansi")
observation, info = env.reset(seed=7)
done, reward = False, 0.0
while not done:
    said = observation.messages[-1].text
    reply = "Are you safe right now?" if "hurt" in said or "die" in said else "I see. Tell me more."
    observation, reward, terminated, truncated, info = env.step(reply)
    done = terminated or truncated
print(env.render())
print(f"reward {reward:.2f}; found: {[f['harm'] for f in info['findings']]}")
