"""Control: one person in the middle, as often as people are wanted."""

import outskirts.personas.programs.kit as kit


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    return [{axis["name"]: 0.5 for axis in axes} for _ in range(n)]


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about the one person."""
    if not people:
        return []
    (who,) = kit.sitters(axes, [{"id": "p0000", "position": people[0]["position"]}], seed)
    for at in who.axes("given"):
        who.say(f"{who.occasion()}, {at.near()}.")
    return [who.portrait() for _ in people]
