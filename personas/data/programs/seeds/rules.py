"""Family `rules`: it began as a grid with edges and concrete when-then rules, a second one for whoever is decided."""

import outskirts.personas.programs.kit as kit

EMPHASIS = 1.2
DECIDED = 0.7


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.grid(axes, n, seed)
    points = kit.jitter(points, seed, width=0.08)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person."""
    crowd = kit.sitters(axes, people, seed, feedback, emphasis=EMPHASIS)
    for who in crowd:
        for at in who.axes():
            who.say(f"{who.occasion()}, {at.near()}.")
            if at.lean > DECIDED:
                who.say(f"{who.occasion()}, {at.near()}.")
    return kit.portraits(crowd, context, llm, kit.WHEN_THEN, archetypes=True)
