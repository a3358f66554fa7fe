# Generator program, evolved in 7 edits from 'rules', for lexical
#
# Made by: outskirts evolve --generations 12 --children 8 --seed 0
#
# Lineage: the seed program 'rules' (c00003), then
#     c00012 reorder: axes of who in order decided, before shuffled
#     c00020 insert: inserted for at in who.axes("given"): if at.lean < 0.42: who.say(f"{who.everyday()}, {at.near()}.")
#     c00040 borrow: borrowed if at.lean > 0.7: who.say(f"{who.occasion()}, {at.near()}.")
#     c00055 borrow: borrowed who.say(who.fitting())
#     c00067 crossing: portray of the other parent
#     c00075 borrow: borrowed for at in who.axes("decided"): who.say(f"{who.occasion()}, {at.near()}.") if at.lean > ...
#     c00079 borrow: borrowed who.say(f"As somebody of my kind, I find it fitting that {at.far()}.")
#
# Scores:
#     validation (10 contexts, lexical): coverage 0.983, dispersion 0.304, slope 0.809, distinct 1.000
#     held_out (10 contexts, lexical): coverage 0.976, dispersion 0.357, slope 0.791, distinct 0.996
#     exemplar (unseen) (10 contexts, exemplar): coverage 0.964, dispersion 0.329, slope 0.895, distinct 1.000
#     planted (10 contexts, planted?centre=0.6&gain=0.6&noise=0.5): coverage 0.189, dispersion 0.883, slope -0.002,
#     distinct 1.000
#     ipip-50 (1 contexts, lexical): coverage 0.963, dispersion 0.931, slope 0.719, distinct 1.000
#     dass-21 (1 contexts, lexical): coverage 0.995, dispersion 0.420, slope 0.702, distinct 1.000
#     mean rank on validation: champion 1.25, rules 1.92, fitting 3.67, batches 4.17, numbers 4.67, memories 5.33
#
# The respondent is a stand-in for a language model: evidence about the machinery, not about humans.
# ---
"""Family `rules`: it began as a grid with edges and concrete when-then rules, a second one for whoever is decided."""

import outskirts.personas.programs.kit as kit

EMPHASIS = 2.14


def place(context, axes, n, seed, llm):
    """Decide where everybody stands."""
    points = kit.grid(axes, n, seed)
    points = kit.jitter(points, seed, width=0.08)
    return kit.as_positions(axes, points)


def portray(context, axes, people, seed, llm, feedback=None):
    """Write about each person."""
    crowd = kit.sitters(axes, people, seed, feedback, emphasis=EMPHASIS)
    for who in crowd:
        who.say(who.memory())
        who.say(who.fitting())
        for at in who.axes("decided"):
            who.say(f"{who.occasion()}, {at.near()}.")
            if at.lean > 0.7:
                if at.lean > 0.7:
                    who.say(f"{who.occasion()}, {at.near()}.")
                    who.say(f"As somebody of my kind, I find it fitting that {at.far()}.")
                who.say(f"{who.occasion()}, {at.near()}.")
        for at in who.axes():
            who.say(f"{who.honestly()}, {at.near()}.")
            who.say(f"{who.honestly()}, {at.near()}.")
    return kit.portraits(crowd, context, llm, kit.APPROPRIATENESS, archetypes=True)
