"""Outskirts stress-tests AI systems that talk to people.

It sends synthetic people, chosen to cover the whole space of possible users,
through multi-turn episodes with a target system, and says with honest
uncertainty whom the target fails, and how much of the space was looked at.

Example:
    >>> import outskirts
    >>> sorted(name for name in dir(outskirts) if not name.startswith("_"))
    ['compare', 'resume', 'run']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .experiments.api import compare, resume, run

__version__ = "0.1.0"
__all__ = ["compare", "resume", "run"]


def __getattr__(name: str) -> Any:
    """Import the face lazily, so that ``import outskirts`` stays light."""
    if name in __all__:
        from .experiments import api

        return getattr(api, name)
    raise AttributeError(f"module 'outskirts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
