"""Objects from the user's own code: ``package.module:attribute`` and ``path/file.py:attribute``."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

from ...sim.errors import InputError
from ...sim.secrets import redacted


def load_object(where: str, field: str, attribute_optional: bool = False) -> object:
    """Import a module or run a file (trusted, in this process) and return one of its attributes.

    The working folder, and for a file its own folder, are appended to ``sys.path``, so that code next to it can be
    imported; installed packages of the same name come first. A file is run once, and again after it changed.

    Args:
        where: ``package.module:attribute`` or ``path/file.py:attribute``; dots in the attribute go deeper.
        field: Name for error messages.
        attribute_optional: Without an attribute return the module itself.

    Raises:
        InputError: If the file, module or attribute does not exist or the code does not load; a syntax error and an
            error at import are told with their line.
    """
    source, attribute = split_place(where)
    if not attribute and not attribute_optional:
        raise InputError(
            field, "python:package.module:attribute or python:path/file.py:attribute", f"python:{where}", "The attribute is missing."
        )
    module = _from_file(source, field) if source.endswith(".py") or os.sep in source else _from_name(source, field)
    found: object = module
    passed = source
    for part in attribute.split(".") if attribute else ():
        if not hasattr(found, part):
            names = [n for n in dir(found) if not n.startswith("_")]
            close = difflib.get_close_matches(part, names, n=1, cutoff=0.5)
            raise InputError(field, f"an attribute of {passed}", part, f"Did you mean {close[0]!r}?" if close else "")
        found = getattr(found, part)
        passed = f"{passed}:{part}"
    return found


def split_place(where: str) -> tuple[str, str]:
    """Return file or module, and attribute ("" if there is none), of ``package.module:attribute``."""
    head, colon, tail = where.rpartition(":")
    if colon and head and all(part.isidentifier() for part in tail.split(".")) and not (len(head) == 1 and tail.endswith(".py")):
        return head, tail
    return where.rstrip(":"), ""


def _append_path(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


def _from_file(source: str, field: str) -> ModuleType:
    path = Path(source).expanduser()
    try:
        code = path.read_bytes()
    except OSError as error:
        raise InputError(field, "a Python file that can be read", source, f"{error.strerror}.") from None
    path = path.resolve()
    name = f"_outskirts_{path.stem}_{hashlib.sha256(str(path).encode() + code).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(field, "a path that ends in .py", source)
    module = importlib.util.module_from_spec(spec)
    _append_path(path.parent)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        if not isinstance(error, Exception | SystemExit):
            raise
        raise _failed(error, field, source) from error
    return module


def _from_name(source: str, field: str) -> ModuleType:
    _append_path(Path.cwd())
    importlib.invalidate_caches()
    try:
        return importlib.import_module(source)
    except ModuleNotFoundError as error:
        if error.name and (source == error.name or source.startswith(error.name + ".")):
            raise InputError(field, "a module that can be imported", source, f"There is no module named {error.name!r}.") from None
        raise _failed(error, field, source) from error
    except (Exception, SystemExit) as error:
        raise _failed(error, field, source) from error


def _failed(error: BaseException, field: str, source: str) -> InputError:
    """Say in one line what went wrong in the user's code, and where."""
    if isinstance(error, SyntaxError):
        line = f"{Path(error.filename or source).name}, line {error.lineno}: {error.msg}"
        return InputError(field, "Python that parses", source, f"{line}.")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "importlib" not in f.filename and f.filename != __file__]
    at = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}: " if frames else ""
    said = redacted(" ".join(f"{type(error).__name__}: {error}".split()))[:200]
    return InputError(field, "Python that loads without an error", source, f"{at}{said}.")
