"""A quiet corner for MLflow: short timeouts, no telemetry, no lines on the user's terminal; undone afterwards."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SETTINGS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "3",  # seconds without a byte, until the server has answered once
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ASYNC_LOGGING": "false",
    "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}
"""Environment of every call to MLflow, except where the user has set a variable."""

_PATIENCE = "30"  # the same for a server that has answered
_LOGGERS = ("mlflow", "alembic", "sqlalchemy", "urllib3")


@contextmanager
def quiet() -> Iterator[Callable[[], None]]:
    """Hold MLflow to :data:`SETTINGS` and silence it; environment, log levels and warnings come back afterwards.

    Yields:
        A function to call once the server has answered: from then on it is given more time.
    """
    ours = [name for name in SETTINGS if name not in os.environ]
    os.environ.update({name: SETTINGS[name] for name in ours})

    def patience() -> None:
        if "MLFLOW_HTTP_REQUEST_TIMEOUT" in ours:
            os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = _PATIENCE

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import mlflow  # noqa: F401  (configures its loggers at import, so the levels are set after it)

            levels = {name: logging.getLogger(name).level for name in _LOGGERS}
            try:
                for name in _LOGGERS:
                    logging.getLogger(name).setLevel(logging.CRITICAL)
                yield patience
            finally:
                for name, level in levels.items():
                    logging.getLogger(name).setLevel(level)
    finally:
        for name in ours:
            os.environ.pop(name, None)
