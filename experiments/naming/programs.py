"""Programs that nobody has read, as generators: a path ending in ``.py`` runs in the sandbox."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from ...sim.errors import InputError
from .spec import Spec, check_options, parse_spec

if TYPE_CHECKING:
    from ...personas.generators import Generator
    from ...personas.sandbox.box import Sandbox


def program_generator(spec: Spec, unsafe: bool) -> Generator:
    """Return the generator of a program in a file.

    Args:
        spec: Of the kind ``program``.
        unsafe: Run it although this machine protects it less than the minimum.

    Raises:
        InputError: If the file cannot be read, the program does not look like one, or it could not be run safely.
    """
    from ...personas.sandbox.generator import sandboxed_generator

    check_options(spec, (), "generator")
    path = Path(spec.name).expanduser()
    try:
        source = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError("generator", "a Python file that can be read", spec.name, f"{error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError("generator", "a Python file in UTF-8", spec.name) from None
    return sandboxed_generator(source, spec.text, shared_sandbox(unsafe), trusted=f"python:{spec.name}")


def shared_sandbox(unsafe: bool) -> Sandbox:
    """Return the one sandbox of this thread, which ends with this process at the latest."""
    return _sandbox(unsafe, get_ident())


@lru_cache(maxsize=8)
def _sandbox(unsafe: bool, thread: int) -> Sandbox:
    from ...personas.sandbox.box import Sandbox

    return Sandbox(unsafe=unsafe)


def protection(*specs: str | None, unsafe: bool) -> str | None:
    """Return what programs among generators are run under, for the record of a run; None if there are none.

    Args:
        specs: SPECs of generators.
        unsafe: Whether less than the minimum was accepted.
    """
    if not any(spec is not None and parse_spec(spec, "generator").kind == "program" for spec in specs):
        return None
    return "unsafe" if unsafe else "sandboxed"
