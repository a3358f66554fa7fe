"""What becomes of actors when their episode is over: the target may say what is the case, and all give back what they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Literal, cast

from pydantic import JsonValue, TypeAdapter

from .errors import ActorFault
from .protocols import Actor, Closing, Telling
from .text import said
from .types import Fault
from .waiting import contained

TARGET_STATE: Final = "target"
"""Key under which what the target says of itself stands in the record's state."""

_JSON: Final = TypeAdapter(dict[str, JsonValue])


def final_state(actor: Actor | None) -> Mapping[str, JsonValue] | None:
    """Return what a target says to be the case at the end, if it offers :meth:`~.protocols.Telling.final_state`.

    Raises:
        ActorFault: If it raises, or what it returns is no mapping of plain JSON.
    """
    if not hasattr(actor, "final_state"):
        return None
    try:
        with contained:
            state = cast(Telling, actor).final_state()
            return None if state is None else _JSON.validate_json(json.dumps(dict(state), allow_nan=False))
    except Exception as error:
        raise ActorFault("target", "invalid_reply", f"final_state: {said(error)}") from error


def close(actors: Mapping[str, Actor], target: str) -> Fault | None:
    """Let go of what actors hold; return the fault of one that raises all the same."""
    fault = None
    for agent, actor in actors.items():
        if hasattr(actor, "close"):
            try:
                with contained:
                    cast(Closing, actor).close()
            except Exception as error:
                role: Literal["target", "player"] = "target" if agent == target else "player"
                fault = Fault(role=role, kind="raised", message=f"close: {said(error)}", turn=0)
    return fault
