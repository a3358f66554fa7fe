"""For which role calls of the target count."""

from __future__ import annotations

from typing import Final

from ..sim.types import Brief

DRY: Final = "dry"
"""The episode of the dry call, and the role for which its calls and tokens count."""


def target_role(brief: Brief) -> str:
    """Return for which role the calls of an episode's target count.

    Example:
        >>> target_role(Brief(agent="a", scenario="support", episode="dry", turns=1))
        'dry'
    """
    return DRY if brief.episode == DRY else "target"
