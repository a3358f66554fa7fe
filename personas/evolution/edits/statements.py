"""Edits of what is said of people: statements inserted, taken away, moved, and replaced whole or in part."""

from __future__ import annotations

import libcst as cst
import numpy as np

from .snippets import CITATIONS, CLAUSES, OPENERS, ORDERS, SENTENCES, axis_snippet, person_snippet
from .trees import Edit, Suite, code, is_portraying, member, nodes, owner, pick, statement, suites, swapped, with_body

MOST_STATEMENTS = 40
_SHOWN = 90
_PART_SHARE = 0.5


def insert(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Insert a statement from the grammar somewhere in a block about people."""
    del other
    found = suites(module)
    if not found or sum(len(suite.block.body) for suite in found) >= MOST_STATEMENTS:
        return None
    suite = pick(found, rng)
    text = _snippet(suite, rng)
    body = list(suite.block.body)
    first = len(body) if text.endswith(".shuffle()") else _first(suite)  # shuffling what was not said yet changes nothing
    body.insert(int(rng.integers(first, len(body) + 1)), statement(text))
    return Edit(with_body(module, suite.block, body), f"inserted {shown(text)}")


def remove(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Take a statement away."""
    del other
    sites = [(suite, i) for suite in suites(module) if len(suite.block.body) > 1 for i in movable(suite)]
    if not sites:
        return None
    suite, i = pick(sites, rng)
    body = list(suite.block.body)
    gone = body.pop(i)
    return Edit(with_body(module, suite.block, body), f"removed {shown(code(gone))}")


def reorder(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Swap two statements of a block, or change the order in which axes are spoken of."""
    del other
    pairs = [(suite, i, j) for suite in suites(module) for i in movable(suite) for j in movable(suite) if i < j]
    pairs = [(suite, i, j) for suite, i, j in pairs if code(suite.block.body[i]) != code(suite.block.body[j])]
    loops = [call for call in nodes(module, cst.Call) if member(call) == "axes"]
    if loops and (not pairs or rng.random() < len(loops) / (len(loops) + len(pairs))):
        call = pick(loops, rng)
        now = code(call.args[0].value).strip("\"'") if call.args else "shuffled"
        order = pick([name for name in ORDERS if name != now], rng)
        args = [] if order == "shuffled" else [cst.Arg(cst.SimpleString(f'"{order}"'))]
        return Edit(swapped(module, call, call.with_changes(args=args)), f"axes of {owner(call)} in order {order}, before {now}")
    if not pairs:
        return None
    suite, i, j = pick(pairs, rng)
    body = list(suite.block.body)
    body[i], body[j] = body[j], body[i]
    return Edit(
        with_body(module, suite.block, body), f"exchanged {shown(code(body[j]), _SHOWN // 2)} and {shown(code(body[i]), _SHOWN // 2)}"
    )


def replace(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Put another statement from the grammar in the place of one, or another opening, clause or sentence within one."""
    del other
    sites = [(suite, i) for suite in suites(module) for i in movable(suite)]
    if not sites:
        return None
    suite, i = pick(sites, rng)
    if rng.random() < _PART_SHARE:
        part = _part(module, suite, suite.block.body[i], rng)
        if part is not None:
            return part
    text = _snippet(suite, rng)
    body = list(suite.block.body)
    old, body[i] = code(body[i]), statement(text)
    return Edit(with_body(module, suite.block, body), f"replaced {shown(old, _SHOWN // 2)} by {shown(text, _SHOWN // 2)}")


def _part(module: cst.Module, suite: Suite, node: cst.BaseStatement, rng: np.random.Generator) -> Edit | None:
    """Change one call within a statement for another of its kind."""
    kinds = [
        {name for name, joint in OPENERS.items() if joint == ", "},
        {name for name, joint in OPENERS.items() if joint == " "},
        set(CLAUSES),
        set(SENTENCES),
        set(CITATIONS),
    ]
    calls = [call for call in nodes(node, cst.Call) if owner(call)]
    sites = [(call, kind) for call in calls for kind in kinds if member(call) in kind]
    if not sites:
        return None
    call, kind = pick(sites, rng)
    new = pick(sorted(kind - {member(call)}), rng)
    assert isinstance(call.func, cst.Attribute)
    changed = swapped(module, call, call.with_changes(func=call.func.with_changes(attr=cst.Name(new))))
    return Edit(changed, f"{code(call.func)} swapped for {new} in {shown(code(node), _SHOWN // 2)}")


def movable(suite: Suite) -> list[int]:
    """Return the places of the statements of a block that only add to what is said."""
    return [i for i, node in enumerate(suite.block.body) if is_portraying(node, suite.who)]


def _first(suite: Suite) -> int:
    """Return the first place in a block that a statement may be inserted at: after the lines that make the person."""
    body = suite.block.body
    return next((i for i, node in enumerate(body) if is_portraying(node, suite.who)), len(body))


def _snippet(suite: Suite, rng: np.random.Generator) -> str:
    """Return a statement that fits a block."""
    if suite.at:
        return axis_snippet(suite.who, suite.at, rng, False if suite.guarded else None)
    return person_snippet(suite.who, "at", rng)


def shown(text: str, most: int = _SHOWN) -> str:
    """Return code in one line, cut to a length."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 3] + "..."
