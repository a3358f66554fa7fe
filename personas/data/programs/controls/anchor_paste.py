"""Control: fills the space and pastes the nearer statement of each axis, and nothing else."""

import outskirts.personas.programs.kit as kit


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.filling(axes, n, seed)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person; neither a model nor feedback changes it."""
    crowd = kit.sitters(axes, people, seed)
    for who in crowd:
        for at in who.axes("given"):
            who.say(at.statement())
    return kit.portraits(crowd)
