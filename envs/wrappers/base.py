"""What every wrapper here has: a name and options for specs, and forks that keep the stack."""

from __future__ import annotations

import copy
from typing import Any, ClassVar, Self

from pettingzoo.utils.wrappers import BaseWrapper
from pydantic import JsonValue


class Wrapper(BaseWrapper[str, Any, Any]):  # type: ignore[misc]
    """A wrapper that can be rebuilt from its spec.

    A subclass has a ``name``, takes what it wraps and then options that are plain JSON, by keyword, and returns them
    in :meth:`options`. What it does not change is the wrapped environment's.
    """

    name: ClassVar[str]
    """The name it is called by in a spec."""

    def options(self) -> dict[str, JsonValue]:
        """Return the options that rebuild this wrapper around another environment."""
        return {}

    def fork(self) -> Self:
        """Return the same wrapper around a fork of what it wraps; what happens in one does not show in the other."""
        other = copy.copy(self)
        other.env = self.env.fork()
        return other
