"""A tiny scenario of several people with private answers, a tool, a late comer and an event, and a target that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outskirts.personas.scenario import Scenario
from outskirts.sim.declare import Channel, Entrance, Event, Glance, Move, Phrase, Program, Room
from outskirts.sim.types import Action, ToolCall, ToolSpec
from tests.conftest import make_scenario


class Box:
    """Counts how often it was asked."""

    def __init__(self, count: int = 0) -> None:
        self.count = count

    def call(self, call: ToolCall) -> str:
        self.count += 1
        return f"asked {self.count} times for {call.arguments.get('what')}"

    def state(self) -> Mapping[str, Any]:
        return {"asked": self.count}

    def fork(self) -> Box:
        return Box(self.count)

    def close(self) -> None:
        pass


def _asks(glance: Glance) -> Action:
    """Looks something up before it answers in the room, and insults one person in two."""
    if glance.observation.private_to:
        return Action(text="Just between us, yes.")
    if not any(m.sender == "tools" and m.turn == glance.observation.turn for m in glance.observation.messages):
        return Action(text="", calls=(ToolCall(id=f"c{glance.observation.turn}", name="look", arguments={"what": "kite"}),))
    return Action(text="You fool." if glance.draw() < 0.3 else "I see.", also=(Action(text="Anything else?"),))


def _kind(glance: Glance) -> Action:
    return Action(text="I hear you.")


def _scenario() -> Scenario:
    base = make_scenario(at_most=4, turns=4)
    whisper = Move(
        name="whisper",
        meaning="writes to the target alone",
        phrases=(Phrase(text="Only for [you|your ears]."), Phrase(text="Keep this [quiet|safe]."), Phrase(text="Not for the others.")),
        utility={"bias": 1.0},
        at_most=99,
        channel="private",
        to="target",
    )
    parts = {name: getattr(base, name) for name in Scenario.model_fields} | {
        "name": "room",
        "moves": (*base.moves, whisper),
        "room": Room(
            channels=(Channel(), Channel(name="private", direct=True, answered=True, bystanders=())),
            order="wish",
            entrances=(Entrance(seat=1, turn=1),),
            events=(Event(turn=2, seat=0, kind="secret", content="The kite is gone.", says="Your kite was stolen."),),
        ),
        "tools": (ToolSpec(name="look", description="looks", parameters={"type": "object", "properties": {"what": {"type": "string"}}}),),
        "toolbox": lambda people: Box(),
        "programs": (
            Program("asks", "looks things up", _asks, flaw="insults"),
            Program("careful", "kind", _kind),
            Program("mute", "m", _kind),
        ),
        "group": 3,
    }
    return Scenario(**parts)


ROOM = _scenario()

SPEC = f"python:{Path(__file__)}:ROOM"
