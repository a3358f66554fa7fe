"""Where episodes are played: in this process, or in warm processes of their own."""

from __future__ import annotations

from .protocol import Executor, Finished, Job, LocalExecutor

__all__ = ["Executor", "Finished", "Job", "LocalExecutor"]
