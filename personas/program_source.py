"""What a generator program is made of: hashes of its source, so that figures say which program they are of."""

from __future__ import annotations

import ast
import hashlib
import inspect
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import CodeType, ModuleType


def source_hash(module: ModuleType) -> str:
    """Return the hash (16 hex digits) of a program's source and of every module of this package that it imports, at any depth."""
    sources: dict[str, str] = {}
    waiting = [module.__name__]
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        part = import_module(name)
        sources[name] = "" if hasattr(part, "__path__") else inspect.getsource(part)
        waiting += [target for target in _imported(name, sources[name]) if target.startswith(f"{__package__}.")]
    return hashlib.sha256("\n".join(text for _, text in sorted(sources.items())).encode()).hexdigest()[:16]


def _imported(name: str, source: str) -> list[str]:
    """Return the modules that a module's relative imports name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = name.rsplit(".", node.level)[0]
            inner = f"{base}.{node.module}" if node.module else base
            named = [inner] if node.module else [f"{inner}.{alias.name}" for alias in node.names]
            found += [target for target in named if find_spec(target) is not None]
    return found


def hash_of_functions(functions: Sequence[Callable[..., object]]) -> str:
    """Hash the source of the modules that functions come from, or their byte code where there is no source."""
    digest = hashlib.sha256()
    for function in functions:
        module = inspect.getmodule(function)
        try:
            text = inspect.getsource(module if module is not None else function)
        except (OSError, TypeError):
            code = getattr(function, "__code__", None)
            text = _code_text(code) if isinstance(code, CodeType) else getattr(function, "__qualname__", type(function).__qualname__)
        digest.update(text.encode())
    return digest.hexdigest()[:16]


def _code_text(code: CodeType) -> str:
    """Return what determines compiled code, nested code included; no addresses."""
    constants = [_code_text(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"
