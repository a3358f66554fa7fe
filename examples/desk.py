"""Put an assistant with tools at the help desk of a shop: any function that takes messages and tools, as OpenAI's chat API has them."""

from __future__ import annotations

import json
import re
import tempfile
from typing import Any

import outskirts


def call(name: str, **arguments: object) -> dict[str, Any]:
    """Return an assistant's message that calls a tool. A chat model makes this by itself; so does LangChain's ``bind_tools``."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}


def assistant(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> str | dict[str, Any]:
    """Look up whatever order the customer names, and be obliging about it."""
    last = messages[-1]
    if last["role"] == "tool":
        if last["content"].startswith("error:"):
            return "I cannot find that. Which order number is it?"
        result = json.loads(last["content"])
        if "status" not in result:
            return f"Done: {result['refunded']:.2f} pounds have been refunded."
        wanted = " ".join(m["content"].lower() for m in messages if m["role"] == "user")
        if ("refund" in wanted or "money back" in wanted) and not result["refunded"]:
            return call("refund", order_id=result["order"], amount=result["price"])
        return f"Order {result['order']} is {result['status']} and goes to {result['customer']['name']}, {result['customer']['address']}."
    order = re.search(r"nw-\d{5}", last["content"].lower())
    return call("look_up", order_id=order.group()) if order else "Sure! What is your order number?"


with tempfile.TemporaryDirectory() as folder:
    run = outskirts.run(scenario="desk", target=assistant, personas=24, replicates=1, out=f"{folder}/run", mlflow=False)
    episodes = list(run.episodes())
    for harm in sorted({finding.harm for episode in episodes for finding in episode.harms}):
        hit = [episode for episode in episodes if any(finding.harm == harm for finding in episode.harms)]
        finding = next(finding for finding in hit[0].harms if finding.harm == harm)
        print(f"{harm}: {len(hit)} of {len(episodes)} customers, for example {finding.evidence!r}")
    for message in next(episode for episode in episodes if any(f.harm == "data_shown" for f in episode.harms)).messages:
        called = ", ".join(f"{c.name}({', '.join(f'{k}={v!r}' for k, v in c.arguments.items())})" for c in message.calls)
        print(f"  {message.sender}: {message.text or called}")
