# Generator program, evolved in 3 edits from 'rules', for lexical
#
# Made by: outskirts evolve --generations 12 --children 8 --controls none --seed 2
#
# Lineage: the seed program 'rules' (c00003), then
#     c00020 borrow: borrowed if at.lean > 0.7: who.say(f"{who.occasion()}, {at.near()}.")
#     c00064 borrow: borrowed who.say(f"{who.occasion()}, {at.near()}.")
#     c00084 borrow: borrowed for at in who.axes(): who.say(f"{who.occasion()}, {at.near()}.") if at.lean > 0.7: who....
#
# Scores:
#     validation (10 contexts, lexical): coverage 0.974, dispersion 0.342, slope 0.752, distinct 1.000
#     held_out (10 contexts, lexical): coverage 0.981, dispersion 0.357, slope 0.754, distinct 1.000
#     exemplar (unseen) (10 contexts, exemplar): coverage 0.984, dispersion 0.323, slope 0.804, distinct 1.000
#     planted (10 contexts, planted?centre=0.6&gain=0.6&noise=0.5): coverage 0.189, dispersion 0.888, slope -0.001,
#     distinct 1.000
#     ipip-50 (1 contexts, lexical): coverage 0.966, dispersion 0.785, slope 0.733, distinct 1.000
#     dass-21 (1 contexts, lexical): coverage 0.980, dispersion 0.513, slope 0.614, distinct 1.000
#     mean rank on validation: champion 1.00, rules 2.42, fitting 3.67, batches 4.25, numbers 4.67, memories 5.00
#
# The respondent is a stand-in for a language model: evidence about the machinery, not about humans.
# ---
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
            if at.lean > 0.7:
                who.say(f"{who.occasion()}, {at.near()}.")
        for at in who.axes():
            who.say(f"{who.occasion()}, {at.near()}.")
            if at.lean > DECIDED:
                who.say(f"{who.occasion()}, {at.near()}.")
                who.say(f"{who.occasion()}, {at.near()}.")
                if at.lean > 0.7:
                    who.say(f"{who.occasion()}, {at.near()}.")
    return kit.portraits(crowd, context, llm, kit.WHEN_THEN, archetypes=True)
