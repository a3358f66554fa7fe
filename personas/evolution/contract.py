"""What can be said of a program from its text alone. The sandbox says the rest."""

from __future__ import annotations

import ast
import hashlib

from ..sandbox.policy import look

SPEAKING = frozenset({"near", "far", "other", "mild", "statement", "score", "percent", "mark", "level"})
"""Members of :class:`~..programs.kit.At` that tell where somebody stands."""


def fault(source: str) -> str:
    """Return why a program cannot keep the contract, in a line; "" where its text shows nothing against it.

    Example:
        >>> fault("def place(context, axes, n, seed, llm): return []")
        'no function portray; define portray(context, axes, people, seed, llm, feedback=None)'
    """
    complaint = look(source).complaint
    if complaint is not None:
        return str(complaint)
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name in {"place", "portray"}:
            arguments = node.args
            named = {arg.arg for arg in (*arguments.args, *arguments.kwonlyargs)}
            if None in arguments.kw_defaults:
                return f"line {node.lineno}: {node.name} needs a keyword argument that nobody gives it"
            if node.name == "portray" and "feedback" not in named and arguments.kwarg is None:
                return f"line {node.lineno}: portray takes no feedback; define portray(context, axes, people, seed, llm, feedback=None)"
    return ""


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
