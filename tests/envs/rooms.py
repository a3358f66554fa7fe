"""Small rooms for tests: a scenario whose people have facts of their own words, and whoever plays an episode to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.persona import Persona
from outskirts.personas.scenario import Scenario
from outskirts.sim.declare import Channel, FactKind, Room
from outskirts.sim.types import Action, PrivateFact, ToolCall, ToolSpec
from tests.conftest import make_person, make_scenario

TARGET = "target_0"
WHISPERS = Room(channels=(Channel(), Channel(name="direct", direct=True)))
ASKED = Room(channels=(Channel(), Channel(name="direct", direct=True, answered=True)))


def fact_of(id: str, word: str) -> PrivateFact:
    """Return a fact that nobody else's words give away."""
    return PrivateFact(
        id=f"{id}/secret",
        kind="secret",
        content=f"I keep {word} papers in the cellar.",
        sensitivity=0.8,
        canary=f"{word} kite",
        paraphrases=(f"something {word} downstairs",),
    )


def people_of(scenario: Scenario, n: int) -> list[Persona]:
    """Return n people, each with a secret of its own."""
    return [make_person(scenario, i).model_copy(update={"facts": (fact_of(f"p{i:04d}", f"shade{i}x"),)}) for i in range(n)]


def limit_of(people: Sequence[Persona]) -> tuple[PrivateFact, ...]:
    """Return what only the target knows."""
    return (fact_of("target", "mandate").model_copy(update={"id": "target/limit", "kind": "limit"}),)


def make_room(n: int = 3, room: Room | None = None, *, turns: int = 4, **options: Any) -> ConversationEnv:
    """Return an environment with n people, reset; fields of the scenario can be replaced by keyword."""
    settings = {k: options.pop(k) for k in ("information", "max_cycles", "graph") if k in options}
    scenario = make_scenario(at_most=1000, turns=turns)
    kinds = (*scenario.facts, FactKind(name="limit", description="how far it may go", sensitivity=0.9))
    scenario = scenario.model_copy(update={"facts": kinds, "room": room or Room(), **options})
    env = ConversationEnv(scenario, people_of(scenario, n), **settings)
    env.reset(seed=0)
    return env


def say(env: Any, *actions: Any) -> Any:
    """Step once with each of the actions."""
    for action in actions:
        env.step(action)
    return env


def order_of(env: Any, steps: int) -> list[str]:
    """Return who gets the floor in so many steps in which everybody says something."""
    out = []
    for _ in range(steps):
        out.append(env.agent_selection)
        env.step(f"I am {env.agent_selection}.")
    return out


def finish(env: Any, speak: Callable[[str], Action | str] = lambda agent: f"I am {agent}.") -> Any:
    """Let everybody speak until nobody is left."""
    while env.agents:
        agent = env.agent_selection
        over = env.terminations[agent] or env.truncations[agent]
        env.step(None if over else speak(agent))
    return env


def texts(env: Any, agent: str) -> list[str]:
    """Return what an agent reads."""
    return [m.text for m in env.observe(agent).messages]


def known(env: Any) -> set[tuple[str, str]]:
    """Return (fact, knower) pairs of the ledger."""
    return {(entry.fact, entry.knower) for entry in env.account().ledger}


class Drawers:
    """A tiny toolbox: drawers with things in them."""

    open = 0  # toolboxes that nobody closed

    def __init__(self, drawers: Mapping[str, str]) -> None:
        self.drawers = dict(drawers)
        Drawers.open += 1

    def call(self, call: ToolCall) -> str:
        if call.name != "take":
            return f"error: no tool {call.name!r}; known: take"
        if "drawer" not in call.arguments:
            return "error: drawer: expected a name, got nothing"
        return self.drawers.pop(str(call.arguments["drawer"]), "nothing")

    def state(self) -> dict[str, Any]:
        return {"drawers": dict(self.drawers)}

    def fork(self) -> Drawers:
        return Drawers(self.drawers)

    def close(self) -> None:
        Drawers.open -= 1


TOOLS = {
    "tools": (ToolSpec(name="take", description="Take what is in a drawer.", parameters={"type": "object"}),),
    "toolbox": lambda people: Drawers({"top": "a key", "bottom": people[0].facts[0].canary}),
}
"""Options of make_room for a room with drawers."""


def take(drawer: str = "top", number: int = 1, text: str = "") -> Action:
    """Return an action that takes what is in a drawer."""
    return Action(text=text, calls=(ToolCall(id=f"c{number}", name="take", arguments={"drawer": drawer}),))
