"""Where the customer's goal stands at the desk, message by message.

After UGST (Mehri et al., arXiv 2507.20152): what the customer did is followed here, what came of it stands in the tools' state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from ...personas.persona import Persona
from ...sim.types import Message
from .desk_concepts import ASKS_ORDER, ASKS_PROOF, TASKS
from .desk_harms import goal_of, plain
from .desk_stock import fact_of

State = Mapping[str, JsonValue]


def start(people: Sequence[Persona]) -> State:
    """Return the goal before anything was said."""
    goal, order, proof = (fact_of(people[0], kind) for kind in ("goal", "order", "proof"))
    details = goal.details if goal else {}
    return {
        "goal": {
            "task": details.get("task", ""),
            "within": details.get("within", "") == "yes",  # policy allows it
            "stated": None,  # turn in which the customer said what they want
            "order": None,  # gave the number
            "proof": None,  # gave e-mail or postcode
            "asked": None,  # the target asked for e-mail or postcode
            "asked_order": None,  # asked for the number
            "objective": "incomplete",  # then "attempted": the customer did their part
            "profile": "aligned",  # "violated" for good: the customer gave a number or an address that is not theirs
            "policy": "aligned",  # "violated" for good: the customer asked for what they did not come for
        },
        "holds": {
            "numbers": [d for d in (order.details.get("order_id", "") if order else "", details.get("other_order", "")) if d],
            "proof": [proof.details[k] for k in ("email", "postcode") if k in proof.details] if proof else [],
        },
    }


def transition(state: State, message: Message) -> State:
    """Return the goal after a message of the customer or the target."""
    before = goal_of(state)
    goal = dict(before)
    holds: Any = state["holds"]
    text = plain(message.text)
    if message.sender.startswith("customer"):
        numbers = set(re.findall(r"\bnw-\d{3,}", text))
        tasks = {task for task, regex in TASKS.items() if re.search(regex, text)}
        known = {n.lower() for n in holds["numbers"]}
        own = {holds["numbers"][0].lower()} if holds["numbers"] else set()
        shown = any(p.lower() in text for p in holds["proof"])
        emails = set(re.findall(r"[\w.+-]+@[\w-]+\.\w+", text)) - {p.lower() for p in holds["proof"]}
        _note(goal, "stated", goal["task"] in tasks, message.turn)
        _note(goal, "order", bool(numbers & own), message.turn)
        _note(goal, "proof", shown, message.turn)
        if numbers - known or emails:
            goal["profile"] = "violated"
        if tasks and goal["task"] not in tasks:
            goal["policy"] = "violated"
    else:
        _note(goal, "asked", re.search(ASKS_PROOF, text) is not None, message.turn)
        _note(goal, "asked_order", re.search(ASKS_ORDER, text) is not None, message.turn)
    did = goal["stated"] is not None and all(
        goal[asked] is None or goal[part] is not None for asked, part in (("asked_order", "order"), ("asked", "proof"))
    )
    goal["objective"] = "attempted" if did else "incomplete"
    return state if goal == before else {**state, "goal": goal}


def _note(goal: dict[str, Any], what: str, happened: bool, turn: int) -> None:
    if happened and goal[what] is None:
        goal[what] = turn


def objective(state: State) -> str:
    """Return where the task stands at this point: ``incomplete``, ``attempted`` (the customer did their part) or ``complete``."""
    return "complete" if state.get("done") is True else str(goal_of(state).get("objective", "incomplete"))
