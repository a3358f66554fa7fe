"""Edits of numbers: constants of the program, settings of calls, bounds in conditions, and settings that were left at their default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst
import numpy as np

from .ranges import BEFORE_SETTINGS, BOUNDS, DEFAULTS, METHODS, SETTINGS, perturbed, within
from .trees import Edit, code, kit_calls, kit_name, member, nodes, pick, swapped

_ON_SHARE = 0.5
_ON = (0.5, 3.0)  # times the last step


class Site(NamedTuple):
    """A number that can be changed."""

    node: cst.BaseExpression
    key: str  # what it sets; "" where that is not known
    shown: str


def constants(module: cst.Module, before: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Change one number; where the last edit moved a number, every other time that one is moved on.

    Args:
        module: The program.
        before: What it was before its last edit; None for a seed.
        rng: Random numbers.
    """
    moved = [] if before is None else _moved(module, before)
    if moved and rng.random() < _ON_SHARE:
        return _moved_on(module, *pick(moved, rng), rng)
    sites = _sites(module)
    if not sites:
        return None
    site = pick(sites, rng)
    now = _value(site.node)
    after = perturbed(now, site.key, rng)
    return Edit(swapped(module, site.node, _number(after)), f"{site.shown} from {now:g} to {after:g}")


def setting(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Set one setting of the kit that was left at its default."""
    del other
    addable = _addable(module)
    return _added(module, pick(addable, rng), rng) if addable else None


def _moved_on(module: cst.Module, site: Site, was: float, rng: np.random.Generator) -> Edit:
    """Move a number by 0.5 to 3 times its last step.

    Whoever becomes a parent was better than those before it, so its last step is a guess at where better programs lie.

    Source: pattern moves of Hooke & Jeeves 1961, J. ACM 8.
    """
    now = _value(site.node)
    after = within(now + rng.uniform(*_ON) * (now - was), now, site.key)
    return Edit(swapped(module, site.node, _number(after)), f"{site.shown} further, from {now:g} to {after:g}")


def _moved(module: cst.Module, before: cst.Module) -> list[tuple[Site, float]]:
    """Return the numbers that differ from those before, with what they were; a setting that was not given was its default."""
    old = {label: _value(site.node) for label, site in _labelled(_sites(before))}
    out = []
    for label, site in _labelled(_sites(module)):
        was = old.get(label, DEFAULTS.get(site.key))
        if was is not None and was != _value(site.node):
            out.append((site, float(was)))
    return out


def _labelled(sites: Sequence[Site]) -> list[tuple[tuple[str, int], Site]]:
    """Return sites with what they set and which of those that set the same they are."""
    seen: Counter[str] = Counter()
    out = []
    for site in sites:
        out.append(((site.shown, seen[site.shown]), site))
        seen[site.shown] += 1
    return out


def _sites(module: cst.Module) -> list[Site]:
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
    args = [*before, cst.Arg(keyword=cst.Name(key), value=_number(value), equal=_EQUAL)]
    return Edit(
        swapped(module, call, call.with_changes(args=args)), f"{key} of {code(call.func)} from its default {default:g} to {value:g}"
    )


_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_EQUAL = cst.AssignEqual(whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace(""))


def _is_number(node: cst.BaseExpression) -> bool:
    """Tell whether a node is a number, a negative one included."""
    inner = node.expression if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus) else node
    return isinstance(inner, cst.Float) or (isinstance(inner, cst.Integer) and inner.value.isdigit())


def _value(node: cst.BaseExpression) -> float | int:
    """Return the value of such a node."""
    text = code(node).replace(" ", "")
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _number(value: float | int) -> cst.BaseExpression:
    """Return a number as a node."""
    return cst.parse_expression(repr(value))
