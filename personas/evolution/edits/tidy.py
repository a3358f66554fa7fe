"""Keeps edited programs readable: no unused definitions, the layout of a hand-written file."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from .trees import code, nodes

Definition = cst.SimpleStatementLine | cst.BaseCompoundStatement
ENTRIES = ("place", "portray")


def tidied(module: cst.Module, before: cst.Module) -> cst.Module:
    """Return a program without constants, helpers and imports that nothing uses, laid out evenly.

    Args:
        module: The program.
        before: Its parent: where people are placed in another way than there, a function ``density`` would no longer be
            the density of that, so it goes.
    """
    names = defined(module)
    kept = "density" in names and _placing(module) == _placing(before)
    used = reached(module, (*ENTRIES, "density") if kept else ENTRIES)
    still = {id(line) for name, line in names.items() if name in used}
    gone = {id(line) for line in names.values()} - still
    body = [line for line in module.body if id(line) not in gone]
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
    return found | {name for name, line in known.items() if _is_future(line)}


def _is_future(line: Definition) -> bool:
    """Tell whether a line imports from the future, which is used without being named."""
    part = line.body[0] if isinstance(line, cst.SimpleStatementLine) and line.body else None
    return isinstance(part, cst.ImportFrom) and isinstance(part.module, cst.Name) and part.module.value == "__future__"


def _placing(module: cst.Module) -> list[str]:
    """Return the text of ``place`` and of all that it needs."""
    names = defined(module)
    return [code(names[name]) for name in sorted(reached(module, ["place"])) if name in names]


def names_in(node: cst.CSTNode) -> set[str]:
    """Return the variables that a node names, members and keywords left out."""
    members = {id(part.attr) for part in nodes(node, cst.Attribute)}
    keywords = {id(arg.keyword) for arg in nodes(node, cst.Arg) if arg.keyword is not None}
    return {name.value for name in nodes(node, cst.Name) if id(name) not in members and id(name) not in keywords}


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
    if isinstance(part, cst.Import | cst.ImportFrom) and not isinstance(part.names, cst.ImportStar):
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
