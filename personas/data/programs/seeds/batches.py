"""Family `batches`: it began as batches, each decided in view of those before, told by memories and episodes."""

import outskirts.personas.programs.kit as kit

EMPHASIS = 1.1
MIDDLE = 1.0


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.batches(axes, n, seed, llm, context)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person."""
    crowd = kit.sitters(axes, people, seed, feedback, emphasis=EMPHASIS, middle=MIDDLE)
    for who in crowd:
        who.say(who.birth())
        who.say(who.memory())
        for at in who.axes("given"):
            who.say(f"{who.episode()} {at.mild()}.")
        for at in who.axes():
            who.say(f"{who.everyday()}, {at.near()}.")
    return kit.portraits(crowd, context, llm, kit.AUTOREGRESSIVE, archetypes=True)
