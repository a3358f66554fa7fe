"""What can be said of a program from its text alone. The sandbox says the rest."""

from __future__ import annotations

import ast
import hashlib

MOST_BYTES = 64 * 1024

MODULES = frozenset(
    {
        "outskirts.personas.programs.kit", "numpy", "scipy", "math", "random", "re", "itertools", "functools", "collections", "statistics", "json",
        "string", "typing", "dataclasses", "__future__",
    }
)  # fmt: skip
"""What a program may import; of numpy and scipy also what is in them."""

PLACE = ("context", "axes", "n", "seed", "llm")
PORTRAY = ("context", "axes", "people", "seed", "llm", "feedback")

SPEAKING = frozenset({"near", "far", "other", "mild", "statement", "score", "percent", "mark", "level"})
"""Members of :class:`~..programs.kit.At` that tell where somebody stands."""


def fault(source: str) -> str:
    """Return why a program cannot keep the contract, in a line; "" where its text shows nothing against it.

    Example:
        >>> fault("def place(context, axes, n, seed, llm): return []")
        'no function portray(context, axes, people, seed, llm, feedback=None)'
    """
    if len(source.encode("utf-8", "replace")) > MOST_BYTES:
        return f"longer than {MOST_BYTES // 1024} KiB"
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        return f"does not parse: {getattr(error, 'msg', error)}{f', line {line}' if line else ''}"
    return _missing(tree) or _foreign_import(tree)


def _missing(tree: ast.Module) -> str:
    """Return which of the two functions is missing or takes other arguments."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, wanted, shown in (("place", PLACE, ", ".join(PLACE)), ("portray", PORTRAY, ", ".join(PORTRAY) + "=None")):
        if name not in functions:
            return f"no function {name}({shown})"
        arguments = functions[name].args
        plain = [arg.arg for arg in arguments.posonlyargs + arguments.args]
        extra = len(plain) - len(wanted)
        needed = len(plain) - len(arguments.defaults)
        if tuple(plain[: len(wanted)]) != wanted or needed > len(wanted) or extra < 0:
            return f"{name} takes ({', '.join(plain)}), expected ({shown})"
        if any(default is None for default in arguments.kw_defaults):
            return f"{name} needs keyword arguments that nobody gives it"
        if name == "portray" and needed > len(wanted) - 1:
            return "portray needs feedback=None"
    return ""


def _foreign_import(tree: ast.Module) -> str:
    """Return an import that is not allowed."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                return f"imports relatively, line {node.lineno}"
            package = node.module or ""
            whole = package == "outskirts.personas.programs"
            names = [f"{package}.{alias.name}" for alias in node.names] if whole else [package]
        for name in names:
            if name not in MODULES and name.split(".")[0] not in {"numpy", "scipy", "collections"}:
                return f"imports {name}, which programs may not, line {node.lineno}"
    return ""


def normalised(source: str) -> str:
    """Return a program without comments, docstrings and layout: two that are alike behave alike.

    Raises:
        SyntaxError: If it does not parse.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def program_hash(source: str) -> str:
    """Return the hash of a program's bytes, 16 hex digits."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def tells_every_axis(source: str) -> bool:
    """Tell whether ``portray`` says something of every axis for everybody, as far as its text shows.

    That is: in a loop over ``who.axes()`` that nothing conditions stands a ``who.say`` that asks the axis for a clause, a
    level or a score; or a ``who.say(who.scores())`` stands where nothing conditions it.
    """
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name != "place"]
    return any(_tells(function.body, {}) for function in functions)


def _tells(body: list[ast.stmt], axes: dict[str, str]) -> bool:
    """Tell the same of statements; ``axes`` has the loop variables that stand for an axis, with whose axis it is."""
    for node in body:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            owner = axes_owner(node.iter)
            if _tells(node.body, {**axes, node.target.id: owner} if owner else axes):
                return True
        elif (isinstance(node, ast.With) and _tells(node.body, axes)) or (isinstance(node, ast.Expr) and _is_telling(node.value, axes)):
            return True
    return False


def axes_owner(node: ast.expr) -> str:
    """Return ``who`` of an expression ``who.axes(...)``; "" for any other."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "axes"
        and isinstance(node.func.value, ast.Name)
    ):
        return node.func.value.id
    return ""


def _is_telling(call: ast.expr, axes: dict[str, str]) -> bool:
    """Tell whether an expression is a ``who.say`` of an axis or of the scores."""
    if not (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "say"
        and isinstance(call.func.value, ast.Name)
    ):
        return False
    who = call.func.value.id
    for argument in call.args:
        for node in ast.walk(argument):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of_axis = axes.get(node.value.id) == who and node.attr in SPEAKING
                if of_axis or (node.value.id == who and node.attr == "scores"):
                    return True
    return False
