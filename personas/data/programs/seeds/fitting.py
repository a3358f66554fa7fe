"""Family `fitting`: it began as quasi-random positions and a text on what is fitting for someone like me, scores cited."""

import outskirts.personas.programs.kit as kit

EMPHASIS = 1.2
GAIN = 1.0


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.sobol(axes, n, seed)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person."""
    crowd = kit.sitters(axes, people, seed, feedback, emphasis=EMPHASIS)
    for who in crowd:
        who.say(who.fitting())
        for at in who.axes():
            who.say(f"{who.honestly()}, {at.near()}.")
        who.say(who.scores(gain=GAIN))
    return kit.portraits(crowd, context, llm, kit.APPROPRIATENESS, archetypes=True)
