"""Base of all data that crosses borders."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of all data here: immutable and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
