"""Control: people in all places whose texts say nothing of any axis, so that whatever spread is measured is noise."""

import outskirts.personas.programs.kit as kit


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.sobol(axes, n, seed)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person; neither a model nor feedback changes it."""
    crowd = kit.sitters(axes, people, seed)
    for who in crowd:
        who.say(who.birth())
        who.say(who.memory())
        who.say(who.drive())
    return kit.portraits(crowd)
