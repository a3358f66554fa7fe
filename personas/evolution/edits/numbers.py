"""Edits of numbers: constants of the program, settings of calls, bounds in conditions, and settings that were left at their default."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst
import numpy as np

from .ranges import BEFORE_SETTINGS, BOUNDS, METHODS, SETTINGS, perturbed
from .trees import Edit, code, kit_calls, kit_name, member, nodes, pick, swapped

_ADD_SHARE = 0.25


class Site(NamedTuple):
    """A number that can be changed."""

    node: cst.BaseExpression
    key: str  # what it sets; "" where that is not known
    shown: str


def constants(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Change one number, or set one setting of the kit that was left at its default."""
    del other
    sites, addable = number_sites(module), _addable(module)
    if addable and (not sites or rng.random() < _ADD_SHARE):
        return _added(module, pick(addable, rng), rng)
    if not sites:
        return None
    site = pick(sites, rng)
    before = value_of(site.node)
    after = perturbed(before, site.key, rng)
    return Edit(swapped(module, site.node, as_number(after)), f"{site.shown} from {before:g} to {after:g}")


def number_sites(module: cst.Module) -> list[Site]:
    """Return every number whose meaning is known, and constants of the program."""
    out = []
    for line in module.body:
        for part in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if (
                isinstance(part, cst.Assign)
                and len(part.targets) == 1
                and isinstance(part.targets[0].target, cst.Name)
                and _is_number(part.value)
            ):
                name = part.targets[0].target.value
                out.append(Site(part.value, _key_of(module, name), name))
    for call in nodes(module, cst.Call):
        for arg in call.args:
            if arg.keyword is not None and _is_number(arg.value) and arg.keyword.value in BOUNDS:
                out.append(Site(arg.value, arg.keyword.value, f"{arg.keyword.value} of {code(call.func)}"))
    for comparison in _leans_compared(module):
        if _is_number(comparison.comparisons[0].comparator):
            out.append(Site(comparison.comparisons[0].comparator, "lean", f"bound of {code(comparison.left)}"))
    return out


def _leans_compared(module: cst.Module) -> list[cst.Comparison]:
    """Return the comparisons of a lean with something."""
    found = nodes(module, cst.Comparison)
    return [one for one in found if isinstance(one.left, cst.Attribute) and one.left.attr.value == "lean"]


def _key_of(module: cst.Module, name: str) -> str:
    """Return what a constant sets, by how it is used, else by its name."""
    for arg in nodes(module, cst.Arg):
        if arg.keyword is not None and code(arg.value) == name and arg.keyword.value in BOUNDS:
            return arg.keyword.value
    for comparison in _leans_compared(module):
        if code(comparison.comparisons[0].comparator) == name:
            return "lean"
    return name.lower() if name.lower() in BOUNDS else ""


def _addable(module: cst.Module) -> list[tuple[cst.Call, str]]:
    """Return calls of the kit and of its people with a setting that they leave at its default."""
    functions = kit_calls(module, kit_name(module), frozenset(BEFORE_SETTINGS))
    plain = [call for call in functions if 0 < _plain(call) <= BEFORE_SETTINGS[member(call)]]
    plain += [call for call in nodes(module, cst.Call) if member(call) in METHODS and not _plain(call)]
    return [
        (call, key) for call in plain if not any(arg.star for arg in call.args) for key in SETTINGS[member(call)] if key not in _named(call)
    ]


def _plain(call: cst.Call) -> int:
    """Return how many arguments a call gives by position."""
    return sum(arg.keyword is None for arg in call.args)


def _named(call: cst.Call) -> set[str]:
    """Return the keywords that a call gives."""
    return {arg.keyword.value for arg in call.args if arg.keyword is not None}


def _added(module: cst.Module, at: tuple[cst.Call, str], rng: np.random.Generator) -> Edit:
    """Give a call one more setting."""
    call, key = at
    default = SETTINGS[member(call)][key]
    value = perturbed(default, key, rng)
    before = [*call.args[:-1], call.args[-1].with_changes(comma=_COMMA)] if call.args else []
    args = [*before, cst.Arg(keyword=cst.Name(key), value=as_number(value), equal=_EQUAL)]
    return Edit(
        swapped(module, call, call.with_changes(args=args)), f"{key} of {code(call.func)} from its default {default:g} to {value:g}"
    )


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_EQUAL = cst.AssignEqual(whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace(""))


def _is_number(node: cst.BaseExpression) -> bool:
    """Tell whether a node is a number, a negative one included."""
    inner = node.expression if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus) else node
    return isinstance(inner, cst.Float) or (isinstance(inner, cst.Integer) and inner.value.isdigit())


def value_of(node: cst.BaseExpression) -> float | int:
    """Return the value of such a node."""
    text = code(node).replace(" ", "")
    return int(text) if text.lstrip("-").isdigit() else float(text)


def as_number(value: float | int) -> cst.BaseExpression:
    """Return a number as a node."""
    return cst.parse_expression(repr(value))
