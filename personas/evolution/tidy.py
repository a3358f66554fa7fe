"""Keeps edited programs readable: no unused definitions, the layout of a hand-written file."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from .trees import code

Definition = cst.SimpleStatementLine | cst.BaseCompoundStatement
ENTRIES = ("place", "portray")


def tidied(module: cst.Module) -> cst.Module:
    """Return a program without constants, helpers and imports that nothing uses, laid out evenly.

    ``density`` is kept only where it still is what ``place`` draws from, which an edit cannot know: so it goes.
    """
    names = defined(module)
    used = reached(module, ENTRIES)
    gone = {id(line) for name, line in names.items() if name not in used and (name not in ENTRIES)}
    still = {id(line) for name, line in names.items() if name in used or name in ENTRIES}
    body = [line for line in module.body if id(line) not in gone or id(line) in still]
    return module.with_changes(body=_spaced(body), header=[], footer=[], has_trailing_newline=True)


def defined(module: cst.Module) -> dict[str, Definition]:
    """Return each name that a program defines at the top, with the line that defines it, in order."""
    out: dict[str, Definition] = {}
    for line in module.body:
        for name in _defines(line):
            out[name] = line
    return out


def reached(module: cst.Module, names: Iterable[str]) -> set[str]:
    """Return the names at the top of a program that some of them need, directly or not; these included."""
    known = defined(module)
    needs = {name: names_in(line) & set(known) for name, line in known.items()}
    waiting, found = [name for name in names if name in known], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs[name]
    return found | {name for name, line in known.items() if code(line).startswith("from __future__")}


def names_in(node: cst.CSTNode) -> set[str]:
    """Return the variables that a node names, members and keywords left out."""
    collector = _Names()
    node.visit(collector)
    return collector.found


class _Names(cst.CSTVisitor):
    """Collects the names of variables."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        """Look at what the member is of only."""
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        """Look at the value only."""
        node.value.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        """Note a variable."""
        self.found.add(node.value)


def _defines(line: Definition) -> list[str]:
    """Return the names that a line at the top defines."""
    if isinstance(line, cst.FunctionDef | cst.ClassDef):
        return [line.name.value]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return []
    part = line.body[0]
    if isinstance(part, cst.Assign):
        return [target.target.value for target in part.targets if isinstance(target.target, cst.Name)]
    if isinstance(part, cst.AnnAssign) and isinstance(part.target, cst.Name):
        return [part.target.value]
    if isinstance(part, cst.Import) or (isinstance(part, cst.ImportFrom) and not isinstance(part.names, cst.ImportStar)):
        return [code(alias.asname.name) if alias.asname else code(alias.name).split(".")[0] for alias in part.names]
    return []


def _spaced(body: list[Definition]) -> list[Definition]:
    """Return lines with two blank lines round functions and classes, one between the groups before them; comments stay."""
    out: list[Definition] = []
    for line in body:
        comments = [blank for blank in line.leading_lines if blank.comment is not None]
        count = _blanks(out[-1], line) if out else 0
        blanks = [cst.EmptyLine(indent=False, whitespace=cst.SimpleWhitespace("")) for _ in range(count)]
        out.append(line.with_changes(leading_lines=[*blanks, *comments]))
    return out


def _blanks(before: Definition, line: Definition) -> int:
    """Return how many blank lines stand between two lines at the top."""
    if isinstance(line, cst.BaseCompoundStatement) or isinstance(before, cst.BaseCompoundStatement):
        return 2
    return 0 if _group(before) == _group(line) else 1


def _group(line: Definition) -> int:
    """Return what group a line before the functions belongs to: docstring, imports or constants."""
    part = line.body[0] if isinstance(line, cst.SimpleStatementLine) and line.body else None
    return 0 if isinstance(part, cst.Expr) else 1 if isinstance(part, cst.Import | cst.ImportFrom) else 2
