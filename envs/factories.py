"""PettingZoo's three ways in, made for any scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pettingzoo.utils.wrappers import OrderEnforcingWrapper

from ..personas.scenario import Scenario
from .conversation import ConversationEnv
from .parallel import ParallelConversationEnv


def factories(
    scenario: Scenario,
) -> tuple[Callable[..., OrderEnforcingWrapper[Any, Any, Any]], Callable[..., ConversationEnv], Callable[..., ParallelConversationEnv]]:
    """Return ``env``, ``raw_env`` and ``parallel_env`` of a scenario, for its module to export.

    Each takes the options of :class:`ConversationEnv` (``people``, ``information``, ``max_cycles``,
    ``render_mode``) and works with none. ``env`` checks the order of calls, ``raw_env`` does not and is faster.
    """

    def raw_env(**options: Any) -> ConversationEnv:
        """Make the environment without a check of the order of calls."""
        return ConversationEnv(scenario, **options)

    def env(**options: Any) -> OrderEnforcingWrapper[Any, Any, Any]:
        """Make the environment (PettingZoo AEC)."""
        return OrderEnforcingWrapper(raw_env(**options))

    def parallel_env(**options: Any) -> ParallelConversationEnv:
        """Make the parallel view: everybody acts at once."""
        return ParallelConversationEnv(raw_env(**options))

    return env, raw_env, parallel_env
