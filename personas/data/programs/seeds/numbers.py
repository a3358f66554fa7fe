"""Family `numbers`: it began as independent draws, told by numbers and a mild remark on each axis."""

import outskirts.personas.programs.kit as kit

GAIN = 1.0


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.uniform(axes, n, seed)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person."""
    crowd = kit.sitters(axes, people, seed, feedback)
    for who in crowd:
        for at in who.axes("given"):
            who.say(f"My {at.name} stands at {at.score(gain=GAIN)}, which is {at.level}.")
        for at in who.axes():
            who.say(f"{who.everyday()}, {at.mild()}.")
    return kit.portraits(crowd, context, llm, kit.PROSE)
