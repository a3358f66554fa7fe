"""Published instruments whose items are in the public domain, scored by their published keys.

``ipip-50``: the 50-item representation of Goldberg's Big-Five factor markers (Goldberg 1992, Psychological Assessment 4),
five scales of ten items answered 1 to 5; a scale's score is the sum of its keyed answers, 10 to 50 (https://ipip.ori.org).
``dass-21``: Depression Anxiety Stress Scales (Lovibond & Lovibond 1995, Behaviour Research and Therapy 33), three scales of
seven items answered 0 to 3; a scale's score is twice the sum, 0 to 42, so that it compares with the full 42 items.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import numpy as np

from ...sim.errors import UnknownNameError
from .context import Context
from .files import load_text

INSTRUMENTS = ("dass-21", "ipip-50")


@lru_cache(maxsize=len(INSTRUMENTS))
def instrument(name: str) -> Context:
    """Return a published instrument.

    Raises:
        UnknownNameError: If it is none of :data:`INSTRUMENTS`.
    """
    if name not in INSTRUMENTS:
        raise UnknownNameError("instrument", name, INSTRUMENTS)
    text = resources.files(__name__.rsplit(".", 2)[0]).joinpath(f"data/instruments/{name}.yaml").read_text(encoding="utf-8")
    return load_text(text, f"{name}.yaml")


def published_scores(name: str, answers: Sequence[int | None]) -> dict[str, float | None]:
    """Score one run of answers as the instrument's authors do.

    Args:
        name: One of :data:`INSTRUMENTS`.
        answers: One an item in the order of the file, from 1 (also for ``dass-21``, whose printed options begin at 0), or None.

    Returns:
        Scale to its score, in the units of the published key; None where an item of the scale was not answered.

    Raises:
        UnknownNameError: If there is no such instrument.
        ValueError: If the number of answers or an answer is off.

    Example:
        >>> published_scores("dass-21", [4] * 21)
        {'depression': 42.0, 'anxiety': 42.0, 'stress': 42.0}
    """
    asked = instrument(name).questionnaire
    asked.score(answers)  # checks number and range
    lowest, times = (0, 2) if name == "dass-21" else (1, 1)
    sums: dict[str, float] = dict.fromkeys(asked.names, 0.0)
    for item, answer in zip(asked.items, answers, strict=True):
        keyed = np.nan if answer is None else item.points + 1 - answer if item.reverse else answer
        sums[item.axis] += times * (keyed - 1 + lowest)
    return {scale: None if np.isnan(total) else float(total) for scale, total in sums.items()}
