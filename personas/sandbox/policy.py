"""What a program may look like: good errors before anything runs.

This is no boundary. Python's objects lead from any value to any other, so a program that means harm passes easily; the process in
which it runs is what holds it. The policy tells an honest author, or a mutator, early and by line what would not work there.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 64 * 1024
"""Bytes of a program."""

_BRACKETS = 80  # most of them in one another
_DEEPEST = 200  # most parts of the syntax tree in one another

MODULES = frozenset(
    {"__future__", "math", "random", "re", "itertools", "functools", "collections", "collections.abc", "statistics", "json", "string"}
    | {"typing", "dataclasses", "bisect", "heapq", "operator", "textwrap", "enum", "copy", "fractions", "abc"}
    | {"numpy", "numpy.random", "numpy.linalg", "numpy.typing"}
    | {"scipy", "scipy.stats", "scipy.stats.qmc", "scipy.spatial", "scipy.spatial.distance", "scipy.special", "scipy.optimize"}
    | {"scipy.linalg", "scipy.interpolate", "scipy.cluster", "scipy.cluster.vq", "scipy.cluster.hierarchy"}
)
"""What a program may import, beside the kit."""

KIT = "personas.programs.kit"
"""The kit that programs are written with, in this package."""

_ROOT = __package__.partition(".")[0]
_REFUSED = {"open", "exec", "eval", "compile", "__import__", "input", "breakpoint", "globals", "locals", "vars", "exit", "quit"}
_FUNCTIONS = {"place": 5, "portray": 5}
_CALLED = {
    "place": "place(context, axes, n, seed, llm)",
    "portray": "portray(context, axes, people, seed, llm, feedback=None)",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a program may not have."""

    line: int  # from 1; 0: the program as a whole
    what: str
    instead: str

    def __str__(self) -> str:
        return (f"line {self.line}: " if self.line else "") + f"{self.what}; {self.instead}"


@dataclass(frozen=True, slots=True)
class Look:
    """What can be seen of a program without running it."""

    complaint: Complaint | None = None  # the first thing that it may not have
    functions: frozenset[str] = frozenset()  # that it defines at its top
    modules: tuple[str, ...] = ()  # allowed ones that it imports, sorted


@lru_cache(maxsize=256)
def look(source: str) -> Look:
    """Look at a program.

    Example:
        >>> str(look("import os").complaint)
        'line 1: import of os; programs compute with numpy, scipy, the kit and harmless parts of the standard library'
    """
    tree = _parsed(source)
    if isinstance(tree, Complaint):
        return Look(tree)
    nodes = list(ast.walk(tree))
    named = {name for node in nodes for name in _names(node)}
    return Look(
        next(_complaints(tree, nodes), None),
        frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef)),
        tuple(sorted(name for name in named if allowed(name))),
    )


def allowed(module: str) -> bool:
    """Tell whether a program may import a module."""
    return module in MODULES or module == f"{_ROOT}.{KIT}"


def _parsed(source: str) -> ast.Module | Complaint:
    try:
        size = len(source.encode("utf-8"))
    except UnicodeEncodeError:
        return Complaint(0, "text that is not UTF-8", "write it without lone surrogates")
    if size > LONGEST:
        return Complaint(0, f"{size:,} bytes", f"a program has at most {LONGEST:,}")
    if _brackets(source) > _BRACKETS:
        return Complaint(0, "brackets nested too deeply", f"at most {_BRACKETS} may lie in one another")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the program's own text, such as an unknown escape
            tree = ast.parse(source)
    except SyntaxError as error:
        return Complaint(error.lineno or 0, f"syntax: {error.msg}", "it must be Python that parses")
    except (ValueError, RecursionError, MemoryError):
        return Complaint(0, "it does not parse", "it must be Python, without null bytes, not nested deeply")
    return tree if _flat(tree) else Complaint(0, "nested too deeply", f"at most {_DEEPEST} parts may lie in one another")


def _brackets(source: str) -> int:
    """Return how deep brackets nest at most, those in texts and comments counted too."""
    depth = deepest = 0
    for character in source:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(depth - 1, 0)
    return deepest


def _flat(tree: ast.AST) -> bool:
    """Tell whether a tree is not too deep."""
    level = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return True
    return False


def _complaints(tree: ast.Module, nodes: Sequence[ast.AST]) -> Iterator[Complaint]:
    for node in nodes:
        for name in _names(node):
            if not allowed(name):
                more = "programs compute with numpy, scipy, the kit and harmless parts of the standard library"
                yield Complaint(node.lineno, f"import of {name}", more)  # type: ignore[attr-defined]
        if isinstance(node, ast.ImportFrom) and node.level:
            yield Complaint(node.lineno, "a relative import", f"write from {_ROOT}.{KIT} import ...")
        if isinstance(node, ast.Name) and node.id in _REFUSED:
            yield Complaint(node.lineno, f"the name {node.id}", "a program returns data and touches nothing else")
        if isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr.endswith("__"):
            yield Complaint(node.lineno, f"the attribute {node.attr}", "a program has no use for Python's inside")
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            yield Complaint(node.lineno, "asynchronous code", "llm is a plain function that takes a batch of prompts")
    yield from _entry_points(tree)


def _names(node: ast.AST) -> Iterator[str]:
    """Yield the modules that a node imports; ``from a import b`` may mean a.b, which is yielded where it is allowed."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        found = [name for name in inner if allowed(name)]
        yield from found
        if len(found) < len(inner):
            yield node.module


def _entry_points(tree: ast.Module) -> Iterator[Complaint]:
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, wanted in _FUNCTIONS.items():
        if name not in found:
            yield Complaint(0, f"no function {name}", f"define {_CALLED[name]}")
            continue
        arguments = found[name].args
        taken = len(arguments.posonlyargs) + len(arguments.args)
        needed = taken - len(arguments.defaults)
        if (taken < wanted and arguments.vararg is None) or needed > wanted:
            yield Complaint(found[name].lineno, f"{name} takes {taken} arguments", f"define {_CALLED[name]}")
