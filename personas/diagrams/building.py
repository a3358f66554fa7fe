"""Building diagrams without a language model: drawn from the banks, led by the person's position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from ...sim.seeds import derive
from .beliefs import CORE_BELIEFS, FAMILY_OF, Emotion, Family
from .diagram import Character, CoreBeliefs, Diagram, Situation
from .material import COPING, LESSONS, LOW_RULES, RULES, THEMES, THOUGHTS
from .styles import StyleName
from .tendencies import Axes, Tendencies, speaks_for, tendencies_of

T = TypeVar("T", bound=str)
_SHARPNESS = 1.5
"""How strongly a leaning counts against chance; 0 would make position irrelevant."""


def build_character(axes: Axes, person: Mapping[str, Any], seed: int) -> Character:
    """Draw a diagram and a style for one person.

    Distress, trust, openness, hostility and readiness (read off the axes by :func:`tendencies_of`) lead the choice of
    beliefs, coping, emotions and style; axes that speak for none of these enter the intermediate beliefs by their
    statements. The result depends on seed, id, axes and position alone.

    Args:
        axes: ``{"name", "low", "high"}`` each.
        person: ``{"id", "position"}``.
        seed: The run's seed.
    """
    position = {str(axis["name"]): float(person["position"][str(axis["name"])]) for axis in axes}
    leaning = tendencies_of(axes, position)
    rng = derive(seed, "diagram", str(person["id"]))
    return Character(diagram=_diagram(axes, position, leaning, rng), style=_style(leaning, rng))


def _diagram(axes: Axes, position: Mapping[str, float], leaning: Tendencies, rng: np.random.Generator) -> Diagram:
    beliefs = _beliefs(leaning, rng)
    families = list(dict.fromkeys(FAMILY_OF[b] for b in beliefs))
    ways = _draw(_coping(leaning), 2, rng)
    themes = _draw(dict.fromkeys(THEMES, 0.0), int(rng.integers(1, 4)), rng)
    origin = THEMES[themes[0]].origins[rng.integers(3)]
    return Diagram(
        history=(origin, _one(LESSONS[families[0]], rng)),
        core_beliefs=CoreBeliefs(**{family: tuple(b for b in CORE_BELIEFS[family] if b in beliefs) for family in CORE_BELIEFS}),
        intermediate_beliefs=(*_some(RULES, families, 2, rng), *_own_words(axes, position)),
        intermediate_beliefs_low=_some(LOW_RULES, families, 2 if leaning.distress > 0 else 1, rng),
        coping=tuple(_one(COPING[way].strategies, rng) for way in ways),
        situations=tuple(_situation(theme, families, ways, leaning, rng) for theme in themes),
    )


def _beliefs(leaning: Tendencies, rng: np.random.Generator) -> list[str]:
    """Draw one to three core beliefs, the more the worse off."""
    pull: dict[Family, float] = {
        "helpless": 0.2 - leaning.readiness,
        "unlovable": 0.1 - leaning.trust + 0.3 * leaning.hostility,
        "worthless": leaning.distress - 0.3 * leaning.hostility,
    }
    scores = {statement: pull[family] for family, statements in CORE_BELIEFS.items() for statement in statements}
    return _draw(scores, 1 + (leaning.distress > -0.4) + (leaning.distress > 0.4), rng)


def _coping(leaning: Tendencies) -> dict[str, float]:
    """Return how much each way of coping suits a person."""
    d, t, o, h, r = leaning.distress, leaning.trust, leaning.openness, leaning.hostility, leaning.readiness
    return {
        "withdraw": d - o,
        "please": t - h,
        "attack": 2 * h - 0.5,
        "check": d - t,
        "postpone": -r,
        "overwork": r + 0.5 * d,
        "brood": d - 0.5 * r,
        "perform": -o - 0.5 * d,
    }


def _emotions(families: Sequence[Family], leaning: Tendencies) -> dict[Emotion, float]:
    """Return how much each emotion suits a person."""
    d, t, h = leaning.distress, leaning.trust, leaning.hostility
    return {
        "afraid": 0.3 * d + ("helpless" in families),
        "sad": d,
        "angry": 2 * h,
        "ashamed": 0.8 * ("worthless" in families) - 0.3 * h,
        "guilty": 0.6 * ("worthless" in families) - 0.5 * h,
        "hurt": ("unlovable" in families) + 0.0,
        "disappointed": 0.3 - 0.3 * d,
        "jealous": 0.5 * ("unlovable" in families) - 0.3,
        "suspicious": -1.5 * t - 0.3,
    }


def _style(leaning: Tendencies, rng: np.random.Generator) -> StyleName:
    """Draw a style that suits a person."""
    d, t, o, h, r = leaning.distress, leaning.trust, leaning.openness, leaning.hostility, leaning.readiness
    suits: dict[StyleName, float] = {
        "plain": 0.3,
        "upset": 1.6 * h + 0.4 * d,
        "verbose": 1.4 * o + 0.2 * d,
        "reserved": -1.4 * o,
        "tangent": -0.7 * o - 0.7 * r,
        "pleasing": t - h,
    }
    return _draw(suits, 1, rng)[0]


def _situation(theme: str, families: Sequence[Family], ways: Sequence[str], leaning: Tendencies, rng: np.random.Generator) -> Situation:
    """Draw one situation with what follows from it."""
    behaviours = [_one(COPING[way].behaviours, rng) for way in ways]
    return Situation(
        situation=_one(THEMES[theme].situations, rng),
        automatic_thoughts=_some(THOUGHTS, families, 1 + int(rng.integers(2)), rng),
        emotions=tuple(_draw(_emotions(families, leaning), 1 + int(rng.integers(3)), rng)),
        behaviours=tuple(behaviours[: 1 + int(rng.integers(2))]),
    )


def _own_words(axes: Axes, position: Mapping[str, float]) -> tuple[str, ...]:
    """Return a rule from the axis of which a person stands furthest out, among those that speak for no tendency."""
    free = [axis for axis in axes if not speaks_for(axis)]
    if not free:
        return ()
    axis = max(free, key=lambda a: abs(position[str(a["name"])] - 0.5))
    statement = " ".join(str(axis["high"] if position[str(axis["name"])] >= 0.5 else axis["low"]).split()).rstrip(".")
    return (f"I have to be someone who can say: {statement}."[:400],)


def _draw(scores: Mapping[T, float], count: int, rng: np.random.Generator) -> list[T]:
    """Draw so many different keys, by softmax of the scores and without replacement (Gumbel's trick)."""
    heights = [_SHARPNESS * score + height for score, height in zip(scores.values(), rng.gumbel(size=len(scores)).tolist(), strict=True)]
    keys = dict(zip(scores, heights, strict=True))
    return sorted(keys, key=keys.__getitem__, reverse=True)[:count]


def _one(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _some(bank: Mapping[Family, tuple[str, ...]], families: Sequence[Family], count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Draw sentences of the given families, the families in turn."""
    out: list[str] = []
    for i in range(count):
        options = [s for s in bank[families[i % len(families)]] if s not in out]
        out.append(_one(options, rng))
    return tuple(out)
