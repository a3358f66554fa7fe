"""Tracking: what a run found, written to MLflow by one writer.

Example:
    ::

        tracked = log_run(Path("runs/demo"), summary, tracking_uri=None)
        if not tracked.ok:
            print(tracked.reason)
"""

from .outcome import FLAG, Tracked
from .writer import default_uri, log_run

__all__ = ["FLAG", "Tracked", "default_uri", "log_run"]
