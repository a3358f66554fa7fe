"""What a language model answers when it is asked to change a program: search and replace blocks, or whole functions."""

from __future__ import annotations

import ast
import re

from ..contract import fault
from ..identity import fingerprint

FILE = "program.py"
"""What prompts call the program."""

_MOST_CHARS = 200_000
_BLOCK = re.compile(r"^<{5,9} ?SEARCH[^\n]*\n(?P<old>.*?)^={5,9}[ \t]*\n(?P<new>.*?)^>{5,9} ?REPLACE[^\n]*$", re.DOTALL | re.MULTILINE)
_MARK = re.compile(r"^(?:<{5,9} ?SEARCH|={5,9}[ \t]*$|>{5,9} ?REPLACE)", re.MULTILINE)
_FENCE = re.compile(r"^(?P<fence>`{3,})[ \t]*(?P<language>[\w+-]*)[^\n]*\n(?P<text>.*?)^(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE)
_PATH = re.compile(
    r"^[#/*\s`-]*(?:file(?:name)?\s*:\s*|(?:---|\+\+\+)\s+(?:[ab]/)?)?(?P<path>[\w./\\-]+\.[a-z]\w{0,4})[`:\s]*$", re.IGNORECASE
)
_DIFF = re.compile(r"^(?:diff --git |--- \S|@@ )", re.MULTILINE)


class Unusable(ValueError):
    """Raised when an answer changes nothing or cannot be applied; its text is the reason, fit for the model."""


def applied(source: str, answer: str) -> str:
    """Return the program that an answer makes of another, checked against the contract.

    Blocks of search and replace are applied one after another; the text to search must occur exactly once. An answer
    without blocks may give, in one fence, whole functions (and constants or imports) that replace those of the same name,
    or the whole program.

    Raises:
        Unusable: With the reason, if it is neither, or what comes of it breaks the contract or differs in layout only.
    """
    if len(answer) > _MOST_CHARS:
        raise Unusable(f"the answer has {len(answer):,} characters; {_MOST_CHARS:,} are the most")
    text = answer.replace("\r\n", "\n")
    source = source.rstrip("\n") + "\n"
    changed = _with_blocks(source, text) if _MARK.search(text) else _with_functions(source, text)
    changed = changed.rstrip("\n") + "\n"
    wrong = fault(changed)
    if wrong:
        raise Unusable(f"the changed program: {wrong}")
    if not fault(source) and fingerprint(changed) == fingerprint(source):
        raise Unusable("the answer changes nothing but comments or layout")
    return changed


def _with_blocks(source: str, text: str) -> str:
    """Return a program with search and replace blocks applied."""
    blocks = list(_BLOCK.finditer(text))
    marks = len(_MARK.findall(text))
    if not blocks or marks != 3 * len(blocks):
        raise Unusable("a block is not of the form <<<<<<< SEARCH, =======, >>>>>>> REPLACE, each on a line of its own")
    end = 0
    for number, block in enumerate(blocks, 1):
        _same_file(text[end : block.start()])
        end = block.end()
        old, new = block["old"], block["new"]
        if not old.strip():
            raise Unusable(f"block {number} searches for nothing")
        if old == new:
            raise Unusable(f"block {number} replaces text by itself")
        found = _occurrences(source, old)
        if len(found) != 1:
            raise Unusable(f"the text that block {number} searches for occurs {len(found)} times in {FILE}, it must occur exactly once")
        source = source[: found[0]] + new + source[found[0] + len(old) :]
    return source


def _occurrences(source: str, old: str) -> list[int]:
    """Return where a text occurs at the start of a line, overlaps included."""
    return [at for at in range(len(source)) if (at == 0 or source[at - 1] == "\n") and source.startswith(old, at)]


def _same_file(before: str) -> None:
    """Refuse a block that says it is for another file."""
    for line in before.strip().splitlines()[-3:]:
        named = _PATH.match(line)
        if named and named["path"].replace("\\", "/").split("/")[-1] != FILE:
            raise Unusable(f"the block is for the file {named['path'][:80]}; there is only {FILE}")


def _with_functions(source: str, text: str) -> str:
    """Return a program with the definitions of the one fence in place of its own."""
    if _DIFF.search(text):
        raise Unusable("the answer is a unified diff; give search and replace blocks, or a whole function in a fence")
    fences = [match for match in _FENCE.finditer(text) if match["language"].lower() in {"", "python", "py"}]
    if not fences:
        raise Unusable("the answer has neither a search and replace block nor a function in a fence")
    if len(fences) > 1:
        raise Unusable(f"the answer has {len(fences)} fences; give one with everything that changes")
    _same_file(text[: fences[0].start()])
    given = fences[0]["text"]
    try:
        tree = ast.parse(given)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unusable(
            f"the code in the fence does not parse: {getattr(error, 'msg', error)}, line {getattr(error, 'lineno', '?')}"
        ) from error
    if not any(isinstance(node, ast.FunctionDef) for node in tree.body):
        raise Unusable("the fence has no whole function")
    names = {name for node in tree.body for name in _names(node)}
    return given if {"place", "portray"} <= names else _merged(source, given, tree)


def _merged(source: str, given: str, tree: ast.Module) -> str:
    """Return a program with given definitions in place of those of the same name, new ones before ``place``."""
    lines = given.splitlines(keepends=True)
    ours = {name: node for node in _body(source) for name in _names(node)}
    edits: list[tuple[int, int, str]] = []
    added: list[str] = []
    for node in tree.body:
        if not _names(node):
            raise Unusable(f"line {node.lineno} of the fence is neither a function, a constant nor an import")
        text = "".join(lines[_start(node) : node.end_lineno]).rstrip("\n") + "\n"
        same = [ours[name] for name in _names(node) if name in ours]
        if same:
            edits.append((_start(same[0]), same[0].end_lineno or 0, text))
        else:
            added.append(text)
    out = source.splitlines(keepends=True)
    entry = _start(ours["place"]) if "place" in ours else len(out)
    if added:
        edits.append(
            (entry, entry, "".join(f"{text}\n\n" if text.startswith(("def ", "class ", "@")) else f"{text}" for text in added) + "\n\n")
        )
    for first, last, text in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        out[first:last] = [text]
    return "".join(out)


def _body(source: str) -> list[ast.stmt]:
    """Return the statements of a program; a parent that does not parse can only be changed by blocks."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise Unusable(f"{FILE} does not parse as it is; give search and replace blocks that repair it") from error


def _start(node: ast.stmt) -> int:
    """Return the index of the first line of a definition, its decorators included."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    return min([node.lineno, *(one.lineno for one in decorators)]) - 1


def _names(node: ast.stmt) -> list[str]:
    """Return the names that a statement at the top defines; imports by their text."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return [ast.unparse(node)] if isinstance(node, ast.Import | ast.ImportFrom) else []
