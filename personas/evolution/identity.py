"""Whether two programs are the same: their syntax trees are compared, not their layout."""

from __future__ import annotations

import ast
import hashlib
import warnings

MOST_CHARS = 200_000
"""Longer programs are not read."""


def fingerprint(source: str) -> str:
    """Return a hash of what a program does, blind to comments, layout, quotes and docstrings.

    It is no stable name: it may differ between versions of Python.

    Args:
        source: A Python program; perhaps nobody has read it, and it is not run.

    Returns:
        32 hex digits.

    Raises:
        ValueError: If it cannot be parsed, with the reason and the line.

    Example:
        >>> fingerprint("x = 'a'  # one") == fingerprint('x = ( "a" )')
        True
    """
    if len(source) > MOST_CHARS:
        raise ValueError(f"it has {len(source):,} characters, more than {MOST_CHARS:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes and comparisons in a program that is not ours
            tree = ast.parse(source)
        for node in ast.walk(tree):
            _drop_docstring(node)
        text = ast.dump(tree, annotate_fields=False)
    except SyntaxError as error:
        raise ValueError(f"it does not parse: {error.msg} (line {error.lineno})") from error
    except (RecursionError, MemoryError) as error:
        raise ValueError("it does not parse: nested too deeply") from error
    except ValueError as error:  # a null byte
        raise ValueError(f"it does not parse: {error}") from error
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _drop_docstring(node: ast.AST) -> None:
    """Take the docstring off a module, class or function."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or not node.body:
        return
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        node.body = node.body[1:] or [ast.Pass()]
