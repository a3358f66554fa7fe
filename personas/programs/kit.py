"""What generator programs are written with: placements, transforms, and a small language for portraits.

A program places people and says something of each::

    import outskirts.personas.programs.kit as kit

    def place(context, axes, n, seed, llm):
        points = kit.sobol(axes, n, seed)
        return kit.as_positions(axes, points)

    def portray(context, axes, people, seed, llm, feedback=None):
        crowd = kit.sitters(axes, people, seed, feedback, emphasis=1.35)
        for who in crowd:
            for at in who.axes():
                who.say(f"{who.occasion()}, {at.near()}.")
        return kit.portraits(crowd, context, llm)

Placements take ``(axes, n, seed)`` and settings of their own and return points of shape (n, K) in [0, 1]; transforms take
points first.
"""

from __future__ import annotations

from ._kit_people import At, Portrait, portraits, sitter, sitters
from ._kit_places import (
    archetypes,
    as_positions,
    batches,
    blend,
    corners,
    filling,
    follow_density,
    frontier,
    grid,
    jitter,
    latin,
    maximin,
    mixture,
    outward,
    shift,
    shrink,
    snap,
    sobol,
    stretched,
    to_rim,
    uniform,
)
from ._tasks import APPROPRIATENESS, AUTOREGRESSIVE, FRONTIER, MOTIVATION, PROSE, REACTION, WHEN_THEN

__all__ = [
    "APPROPRIATENESS", "AUTOREGRESSIVE", "FRONTIER", "MOTIVATION", "PROSE", "REACTION", "WHEN_THEN", "At", "Portrait", "archetypes",
    "as_positions", "batches", "blend", "corners", "filling", "follow_density", "frontier", "grid", "jitter", "latin", "maximin", "mixture",
    "outward", "portraits", "shift", "shrink", "sitter", "sitters", "snap", "sobol", "stretched", "to_rim", "uniform",
]  # fmt: skip
