"""Who has the floor next: turn orders as functions of the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .world import World

Near = Callable[[str, str], bool]
Order = Callable[[World, Sequence[str], str, Near], str]
"""Takes the world, who waits for the floor (never empty), who spoke last and who is next to whom; returns who speaks."""


def round_robin(world: World, waiting: Sequence[str], last: str, near: Near) -> str:
    """Return the next in the order of seats."""
    return waiting[0]


def wish(world: World, waiting: Sequence[str], last: str, near: Near) -> str:
    """Return who wants most to speak; of those who want it as much, who was silent longest, then the first by seat."""
    return min(waiting, key=lambda a: (-world.wishes.get(a, 0.5), world.last.get(a, -1)))


def graph(world: World, waiting: Sequence[str], last: str, near: Near) -> str:
    """Return who is next to the last speaker and was silent longest; where nobody is, who was silent longest."""
    return min(waiting, key=lambda a: (not near(last, a), world.last.get(a, -1)))


ORDERS: dict[str, Order] = {"round_robin": round_robin, "wish": wish, "graph": graph}
"""By the name that a room declares."""
