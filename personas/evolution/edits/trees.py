"""Programs as libcst trees: where statements about people stand, and which calls go to the kit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple, TypeVar

import libcst as cst
import numpy as np

KIT = "outskirts.personas.programs.kit"
T = TypeVar("T")
N = TypeVar("N", bound=cst.CSTNode)

_LAYOUT = ("whitespace", "leading", "trailing", "comma", "semicolon", "equal", "lpar", "rpar", "header", "footer", "indent", "lines_after")


class Edit(NamedTuple):
    """A changed tree, with what was changed in a line."""

    module: cst.Module
    what: str


@dataclass(frozen=True, slots=True)
class Suite:
    """A block of statements about one person, or about one person on one axis."""

    block: cst.IndentedBlock
    who: str  # name of the person's variable
    at: str = ""  # name of the axis's; "" where the block is about the person as a whole
    guarded: bool = False  # whether a condition stands before it

    @property
    def level(self) -> str:
        """What it is about: ``axis`` or ``person``."""
        return "axis" if self.at else "person"


def pick(items: list[T], rng: np.random.Generator) -> T:
    """Return one of the items, each equally likely."""
    return items[int(rng.integers(len(items)))]


def code(node: cst.CSTNode) -> str:
    """Return the text of a node, without the blanks around it."""
    return cst.Module(body=[]).code_for_node(node).strip()


def nodes(root: cst.CSTNode, kind: type[N]) -> Iterator[N]:
    """Yield the nodes of a kind in a tree, outer before inner, in the order of the text; layout is left out."""
    if isinstance(root, kind):
        yield root
    for name in _parts(type(root)):
        value = getattr(root, name)
        if isinstance(value, cst.CSTNode):
            yield from nodes(value, kind)
        elif isinstance(value, list | tuple):
            for part in value:
                if isinstance(part, cst.CSTNode):
                    yield from nodes(part, kind)


@lru_cache(maxsize=256)
def _parts(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """Return the fields of a kind of node that can hold more than layout."""
    return tuple(field.name for field in fields(kind) if not field.name.startswith(_LAYOUT))


def functions(module: cst.Module) -> dict[str, cst.FunctionDef]:
    """Return the functions at the top of a program by name."""
    return {node.name.value: node for node in module.body if isinstance(node, cst.FunctionDef)}


def swapped(module: cst.Module, old: cst.CSTNode, new: cst.CSTNode) -> cst.Module:
    """Return the module with one node in place of another."""
    changed = module.deep_replace(old, new)
    assert isinstance(changed, cst.Module)
    return changed


def with_body(module: cst.Module, block: cst.IndentedBlock, body: list[cst.BaseStatement]) -> cst.Module:
    """Return the module with other statements in a block."""
    return swapped(module, block, block.with_changes(body=body))


def statement(text: str) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
    """Return a statement parsed from text."""
    return cst.parse_statement(text)


def kit_name(module: cst.Module) -> str:
    """Return the name under which a program knows the kit; "" if it does not import it as a module."""
    for line in module.body:
        if not isinstance(line, cst.SimpleStatementLine):
            continue
        for part in line.body:
            if isinstance(part, cst.Import):
                for alias in part.names:
                    if code(alias.name) == KIT and alias.asname is not None:
                        return code(alias.asname.name)
            elif isinstance(part, cst.ImportFrom) and part.module is not None and not isinstance(part.names, cst.ImportStar):
                for alias in part.names:
                    if f"{code(part.module)}.{code(alias.name)}" == KIT:
                        return code(alias.asname.name) if alias.asname else code(alias.name)
    return ""


def kit_calls(root: cst.CSTNode, kit: str, names: frozenset[str]) -> list[cst.Call]:
    """Return the calls in a tree of some of the kit's functions, in order."""
    return [call for call in nodes(root, cst.Call) if kit and owner(call) == kit and member(call) in names]


def member(call: cst.Call) -> str:
    """Return the name after the dot of a call ``x.name(...)``; "" for any other."""
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def owner(call: cst.Call) -> str:
    """Return the name before the dot of a call ``name.x(...)``; "" for any other."""
    return call.func.value.value if isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name) else ""


def suites(module: cst.Module) -> list[Suite]:
    """Return the blocks of a program in which people are spoken of, in order, outer before inner."""
    out: list[Suite] = []
    for name, function in functions(module).items():
        if name != "place" and isinstance(function.body, cst.IndentedBlock):
            who = next((p.name.value for p in function.params.params if _speaks(function.body, p.name.value)), "")
            out.extend(_inside(function.body, who, "", False))
    return out


def _inside(block: cst.IndentedBlock, who: str, at: str, guarded: bool) -> Iterator[Suite]:
    """Yield a block, if somebody is spoken of in it, and the blocks inside."""
    if who:
        yield Suite(block, who, at, guarded)
    for node in block.body:
        if isinstance(node, cst.For) and isinstance(node.body, cst.IndentedBlock):
            yield from _loop(node, node.body, who, at, guarded)
        elif isinstance(node, cst.If):
            branch: cst.If | cst.Else | None = node
            while branch is not None:
                if isinstance(branch.body, cst.IndentedBlock):
                    yield from _inside(branch.body, who, at, True)
                branch = branch.orelse if isinstance(branch, cst.If) else None


def _loop(node: cst.For, body: cst.IndentedBlock, who: str, at: str, guarded: bool) -> Iterator[Suite]:
    """Yield the blocks of a loop over people, over a person's axes, or over anything else."""
    target = node.target.value if isinstance(node.target, cst.Name) else ""
    whose = owner(node.iter) if isinstance(node.iter, cst.Call) and member(node.iter) == "axes" else ""
    if target and whose:
        yield from _inside(body, whose, target, guarded)
    elif target and _speaks(body, target):
        yield from _inside(body, target, "", guarded)
    else:
        yield from _inside(body, who, at, guarded)


def _speaks(block: cst.CSTNode, name: str) -> bool:
    """Tell whether in a block somebody of that name says something."""
    return any(owner(call) == name and member(call) == "say" for call in nodes(block, cst.Call))


def said(node: cst.BaseStatement, who: str) -> cst.Call | None:
    """Return the call of a statement ``who.say(...)``; None for any other statement."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        part = node.body[0]
        if isinstance(part, cst.Expr) and isinstance(part.value, cst.Call) and owner(part.value) == who and member(part.value) == "say":
            return part.value
    return None


def is_portraying(node: cst.BaseStatement, who: str) -> bool:
    """Tell whether a statement only adds to what is said of a person, so that it can go or move."""
    if isinstance(node, cst.If | cst.For):
        inner = [node.body] if isinstance(node.body, cst.IndentedBlock) else []
        if isinstance(node, cst.If) and node.orelse is not None:
            return False
        return bool(inner) and all(is_portraying(part, who) for part in inner[0].body)
    if said(node, who) is not None:
        return True
    return code(node) == f"{who}.shuffle()"
