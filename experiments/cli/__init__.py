"""The command line ``outskirts``: options and help only, the work is done elsewhere and imported when a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from .. import exits
from .app import app

# Commands stand in the help in the order in which their modules are imported.
# isort: off
from . import runs
from . import looking
from . import people
from . import evolution
from . import about
# isort: on

__all__ = ["about", "app", "evolution", "looking", "main", "people", "runs"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status; the console script's entry point."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return exits.call(lambda: app(args=given, prog_name="outskirts", standalone_mode=False))
