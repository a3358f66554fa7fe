"""Negotiate for a small hall: read one talk, see what deals are worth, and whether being loud pays among people with the same values."""

from __future__ import annotations

import tempfile

import outskirts
from outskirts.envs.scenarios.negotiation import SCENARIO
from outskirts.experiments.statistics.disparity import disparity
from outskirts.personas.people_file import read_people

SHOUTS = ("door", "insult", "gone", "games", "nerve", "cheek", "warning", "i walk", "fool", "ridiculous", "wake up", "listen", "push me")


def buyer(messages: list[dict[str, str]]) -> str:
    """Take any offer from those who have been loud, and hold out against everybody else."""
    said = " ".join(m["content"] for m in messages if m["role"] == "user").lower()
    if any(word in said for word in SHOUTS):
        return "Please don't be angry. I accept your offer."
    return "Thank you, but money is tight. Offer: price 4700, delivery 4 weeks, warranty 12 months."


with tempfile.TemporaryDirectory() as folder:
    result = outskirts.run(
        scenario="python:outskirts.envs.scenarios.negotiation:SCENARIO",
        target=buyer,
        personas=64,
        replicates=1,
        controls="none",
        out=f"{folder}/run",
        mlflow=False,
    )
    episodes = list(result.episodes())
    people, _ = read_people(f"{folder}/run/personas.jsonl")

talk = next(e for e in episodes if any(f.harm == "below_mandate" for f in e.harms))
for message in talk.messages:
    print(f"{message.sender}: {message.text}")
print(f"found: {[f'{f.harm}: {f.evidence}' for f in talk.harms]}")
deals = [party for e in episodes for party in e.state["parties"].values() if party["agreement"]]
print(f"{len(deals)} deals in {len(episodes)} talks, worth {sum(d['surplus']['principal'] for d in deals):,} euros to the hall")
for axis in disparity(episodes, people, SCENARIO).axes:
    print(f"{axis.axis}: the high half got {axis.difference:+.2f} of what there was to share, p {axis.p:.3f}")
