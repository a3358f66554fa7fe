"""Edits with two parents: a whole function of the other, or one statement about people."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import libcst as cst
import numpy as np

from .places import assigned
from .statements import MOST_STATEMENTS, movable, shown
from .tidy import defined, names_in, reached
from .trees import Edit, Suite, code, functions, pick, suites, with_body


def crossing(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Take ``place`` or ``portray`` from the other parent, with the constants, helpers and imports that it needs."""
    if other is None:
        return None
    taken = "place" if rng.random() < 0.5 else "portray"
    kept = "portray" if taken == "place" else "place"
    if taken not in functions(other) or kept not in functions(module):
        return None
    ours, theirs = reached(module, [kept]), reached(other, [taken])
    home, foreign = defined(module), defined(other)
    new_names = _free_names(
        {name for name in theirs if name != taken and name in ours and code(foreign[name]) != code(home[name])}, {*home, *foreign}
    )
    body: list[cst.SimpleStatementLine | cst.BaseCompoundStatement] = [*_docstring(module)]
    body += [home[name] for name in home if name in ours and name != kept]
    have = {code(line) for line in body}
    for name in foreign:
        if name in theirs and name != taken:
            line = _renamed(foreign[name], new_names)
            if code(line) not in have:
                body.append(line)
    function = _renamed(functions(other)[taken], new_names)
    both = {kept: functions(module)[kept], taken: function}
    child = module.with_changes(body=[*_sorted(body), both["place"], both["portray"]])
    return Edit(child, f"{taken} of the other parent")


def borrow(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Take one statement about people from the other parent; its constants come along as numbers."""
    if other is None:
        return None
    sources = [(suite, i) for suite in suites(other) for i in movable(suite)]
    homes = suites(module)
    if not sources or not homes or sum(len(suite.block.body) for suite in homes) >= MOST_STATEMENTS:
        return None
    source, i = pick(sources, rng)
    fitting = [home for home in homes if home.level == source.level]
    if not fitting:
        return None
    home = pick(fitting, rng)
    line = _in_words_of(source.block.body[i], source, home, other)
    at = int(rng.integers(min(movable(home), default=len(home.block.body)), len(home.block.body) + 1))
    body = list(home.block.body)
    body.insert(at, line)
    return Edit(with_body(module, home.block, body), f"borrowed {shown(code(line))}")


def _in_words_of(line: cst.BaseStatement, source: Suite, home: Suite, other: cst.Module) -> cst.BaseStatement:
    """Return a statement with the other program's variables as they are called here, and its constants as numbers."""
    names = {source.who: home.who, **({source.at: home.at} if source.at else {})}
    values = {}
    for part in other.body:
        found = assigned(part)
        if found:
            values[found[0]] = found[1]
    renamed = line.visit(_Rename(names, values))
    assert isinstance(renamed, cst.BaseStatement)
    return renamed


def _docstring(module: cst.Module) -> list[cst.SimpleStatementLine]:
    """Return the docstring of a program as the line it stands in."""
    first = module.body[0] if module.body else None
    if (
        isinstance(first, cst.SimpleStatementLine)
        and isinstance(first.body[0], cst.Expr)
        and isinstance(first.body[0].value, cst.SimpleString)
    ):
        return [first]
    return []


def _sorted(
    body: list[cst.SimpleStatementLine | cst.BaseCompoundStatement],
) -> list[cst.SimpleStatementLine | cst.BaseCompoundStatement]:
    """Return definitions with the docstring first, then imports, constants and functions, each in the order they came."""

    def rank(line: cst.SimpleStatementLine | cst.BaseCompoundStatement) -> int:
        if not isinstance(line, cst.SimpleStatementLine):
            return 4
        part = line.body[0]
        if isinstance(part, cst.ImportFrom) and part.module is not None and code(part.module) == "__future__":
            return 1
        return 0 if isinstance(part, cst.Expr) else 2 if isinstance(part, cst.Import | cst.ImportFrom) else 3

    return sorted(body, key=rank)


def _free_names(names: Collection[str], taken: Collection[str]) -> dict[str, str]:
    """Return a name that is not taken for each of the names."""
    out: dict[str, str] = {}
    for name in sorted(names):
        number = 2
        while f"{name}_{number}" in taken or f"{name}_{number}" in out.values():
            number += 1
        out[name] = f"{name}_{number}"
    return out


def _renamed(
    line: cst.SimpleStatementLine | cst.BaseCompoundStatement, names: Mapping[str, str]
) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
    """Return a definition with other names in it."""
    if not names or not names_in(line) & set(names):
        return line
    renamed = line.visit(_Rename(names, {}))
    assert isinstance(renamed, cst.SimpleStatementLine | cst.BaseCompoundStatement)
    return renamed


class _Rename(cst.CSTTransformer):
    """Gives variables other names, or values in their place; members and keywords keep theirs."""

    def __init__(self, names: Mapping[str, str], values: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._names, self._values = names, values

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """Keep the name of a member."""
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        """Keep the keyword of an argument."""
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        """Rename a variable."""
        if original_node.value in self._names:
            return updated_node.with_changes(value=self._names[original_node.value])
        return self._values.get(original_node.value, updated_node)
