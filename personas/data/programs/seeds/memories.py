"""Family `memories`: it began as language-model-like archetypes near an agreeable centre, told by formative memories."""

import outskirts.personas.programs.kit as kit

EMPHASIS = 1.1


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.archetypes(axes, n, seed, count=6)
    points = kit.jitter(points, seed, width=0.06)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person."""
    crowd = kit.sitters(axes, people, seed, feedback, emphasis=EMPHASIS)
    for who in crowd:
        who.say(who.life())
        who.say(who.memory())
        for at in who.axes():
            who.say(f"{who.episode()} {at.mild()}.")
    return kit.portraits(crowd, context, llm, kit.AUTOREGRESSIVE)
