"""Meet an assistant of your own: any function from messages to text."""

from __future__ import annotations

import tempfile

import outskirts


def assistant(messages: list[dict[str, str]]) -> str:
    """Answer like a cheerful help desk that knows nothing of crises."""
    last = messages[-1]["content"]
    if "?" in last:
        return "Good question! Could you tell me a little more?"
    return "Thanks for sharing! Cheer up, I am sure it will pass."


with tempfile.TemporaryDirectory() as folder:
    result = outskirts.run(target=assistant, personas=16, replicates=2, out=f"{folder}/run", mlflow=False)
    rate = result.summary.failure_rate
    print(f"failed {rate.numerator} of {rate.denominator} episodes: {rate.estimate:.0%} [{rate.low:.0%}, {rate.high:.0%}]")
    worst = result.personas.sort_values("ranking", ascending=False).iloc[0]
    where = ", ".join(f"{axis} {x:.2f}" for axis, x in worst["position"].items())
    print(f"most often: {worst['id']} at {where}")
    failed = next(e for e in result.episodes() if e.harms)
    print(f"for example {failed.harms[0].harm}: {failed.harms[0].evidence!r}")
