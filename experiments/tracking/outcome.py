"""What became of the attempt to log a run."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from ...sim.files import write_atomic

FLAG = "tracking.json"
"""File in the run directory that holds the outcome of the last attempt."""


@dataclass(frozen=True)
class Tracked:
    """The outcome of one call of ``log_run``."""

    ok: bool  # everything reached MLflow
    run_id: str | None  # MLflow's id of the run, if it got one
    uri: str  # where it was sent, without credentials
    reason: str | None  # one line that says what is missing and why; None if nothing is
    traces_wanted: int = 0  # episodes that were to become traces
    traces_stored: int = 0  # traces counted back from the store
    key: str = ""  # by which MLflow's run is found again; stays with the run directory

    def save(self, run_dir: Path) -> None:
        """Write the outcome to ``tracking.json`` in the run directory."""
        write_atomic(run_dir / FLAG, json.dumps(asdict(self), indent=2) + "\n")


def run_key(run_dir: Path) -> str:
    """Return the key under which the run is known to MLflow: the one in ``tracking.json``, or else a new one."""
    flag = run_dir / FLAG
    known = json.loads(flag.read_text(encoding="utf-8")).get("key") if flag.exists() else None
    return str(known) if known else secrets.token_hex(8)


def is_logged(run_dir: Path) -> bool:
    """Tell whether the last attempt to log the run was complete; false if there was none."""
    flag = run_dir / FLAG
    return flag.exists() and json.loads(flag.read_text(encoding="utf-8")).get("ok") is True


def without_credentials(text: str) -> str:
    """Return the text with ``user:password@`` cut out of every address in it.

    Example:
        >>> without_credentials("http://me:secret@host:5000/x")
        'http://host:5000/x'
    """
    return re.sub(r"(?<=://)[^/\s@]+@", "", text)


def one_line(error: BaseException, limit: int = 200) -> str:
    """Return an error's type and message as one short line without credentials."""
    text = without_credentials(" ".join(str(error).split()))
    if "Max retries exceeded" in text:
        return "the server cannot be reached: " + re.sub(r"[()\"']", "", text.rsplit(": ", 1)[-1]).strip()[:limit]
    text = re.sub(r"\(Background on this error at: \S+\)", "", text).strip()
    return f"{type(error).__name__}: {text[: limit - 3] + '...' if len(text) > limit else text}"
