"""Edits of where people stand: placements swapped, transforms added, swapped and taken away, another placement blended in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import libcst as cst
import numpy as np

from .ranges import SETTINGS, perturbed
from .trees import Edit, code, functions, kit_calls, kit_name, member, pick, statement, swapped, with_body

PLACEMENTS: Mapping[str, str] = {
    "uniform": "", "latin": "", "sobol": "", "grid": "", "filling": "", "maximin": "", "frontier": "", "follow_density": "",
    "stretched": ", reach=REACH", "mixture": ", share=SHARE", "corners": ", width=WIDTH", "archetypes": ", count=COUNT", "batches": ", llm, context",
}  # fmt: skip
"""Placement of the kit to what follows ``axes, n, seed`` in its call."""

TRANSFORMS: Mapping[str, str] = {
    "outward": "power=POWER", "tilt": "axis=AXIS, toward=TOWARD", "shrink": "reach=REACH", "shift": "by=BY", "to_rim": "slab=SLAB", "snap": "levels=LEVELS", "jitter": "SEED, width=WIDTH",
}  # fmt: skip
"""Transform of the kit to what follows the points in its call."""

_Make = Callable[[str, str], str]
_MOST_TRANSFORMS = 4
_SPACED = frozenset(
    {"uniform", "latin", "sobol", "grid", "filling", "maximin", "frontier", "stretched", "mixture", "follow_density", "corners"}
)


def placement(module: cst.Module, other: cst.Module | None, rng: np.random.Generator) -> Edit | None:
    """Swap a placement for another, or add, swap or take away a transform, or blend a second placement in."""
    del other
    kit, place = kit_name(module), functions(module).get("place")
    if not kit or place is None or not isinstance(place.body, cst.IndentedBlock):
        return None
    calls = kit_calls(place, kit, frozenset(PLACEMENTS))
    transforms = kit_calls(place, kit, frozenset({*TRANSFORMS, "blend"}))
    ways = [_swap] * 3 if calls else []
    if len(transforms) < _MOST_TRANSFORMS and calls:
        ways += [_transform, _transform, _blend]
    ways += [_swap_transform, _drop] if transforms else []
    return pick(ways, rng)(module, kit, calls, transforms, rng) if ways else None


def _swap(module: cst.Module, kit: str, calls: list[cst.Call], transforms: list[cst.Call], rng: np.random.Generator) -> Edit | None:
    """Put another placement in the place of one."""
    del transforms
    call = pick(calls, rng)
    if len(call.args) < 3:
        return None
    old = member(call)
    new = pick([name for name in PLACEMENTS if name != old], rng)
    text = _placing(kit, new, ", ".join(code(arg.value) for arg in call.args[:3]), rng)
    return Edit(swapped(module, call, cst.parse_expression(text)), f"placement {old} swapped for {new}")


def _transform(module: cst.Module, kit: str, calls: list[cst.Call], transforms: list[cst.Call], rng: np.random.Generator) -> Edit | None:
    """Send the points through one more transform."""
    del transforms
    name = pick(list(TRANSFORMS), rng)
    return _through(module, calls, lambda points, seed: _transforming(kit, name, points, seed, rng), f"points sent through {name}")


def _blend(module: cst.Module, kit: str, calls: list[cst.Call], transforms: list[cst.Call], rng: np.random.Generator) -> Edit | None:
    """Take a share of the people from a second placement."""
    del transforms
    name = pick(sorted(_SPACED), rng)
    share = perturbed(0.25, "share", rng)

    def blended(points: str, seed: str) -> str:
        return f"{kit}.blend({points}, {_placing(kit, name, f'axes, n, {seed} + 1', rng)}, share={share}, seed={seed})"

    return _through(module, calls, blended, f"{name} blended in, share {share:g}")


def _through(module: cst.Module, calls: list[cst.Call], make: _Make, what: str) -> Edit | None:
    """Put a call around the points: as a line of its own after the one that made them where they have a name, else around the call."""
    place = functions(module)["place"]
    assert isinstance(place.body, cst.IndentedBlock)
    seed = code(calls[0].args[2].value) if len(calls[0].args) > 2 else "seed"
    body = list(place.body.body)
    last, name = -1, ""
    for i, line in enumerate(body):
        found = assigned(line)
        if found and (not name or found[0] == name) and any(call is found[1] or call.deep_equals(found[1]) for call in calls):
            last, name = i, found[0]
        elif found and name and found[0] == name:
            last = i
    if last >= 0:
        body.insert(last + 1, statement(f"{name} = {make(name, seed)}"))
        return Edit(with_body(module, place.body, body), what)
    call = calls[0]
    return Edit(swapped(module, call, cst.parse_expression(make(code(call), seed))), what)


def _swap_transform(
    module: cst.Module, kit: str, calls: list[cst.Call], transforms: list[cst.Call], rng: np.random.Generator
) -> Edit | None:
    """Put another transform in the place of one."""
    call = pick(transforms, rng)
    new = pick([name for name in TRANSFORMS if name != member(call)], rng)
    seed = code(calls[0].args[2].value) if calls and len(calls[0].args) > 2 else "seed"
    text = _transforming(kit, new, code(call.args[0].value), seed, rng)
    return Edit(swapped(module, call, cst.parse_expression(text)), f"{member(call)} swapped for {new}")


def _drop(module: cst.Module, kit: str, calls: list[cst.Call], transforms: list[cst.Call], rng: np.random.Generator) -> Edit | None:
    """Take a transform away: its line, where it only names the points anew, else the call around them."""
    del kit, calls
    call = pick(transforms, rng)
    place = functions(module)["place"]
    assert isinstance(place.body, cst.IndentedBlock)
    what = f"{member(call)} of the points taken away"
    for i, line in enumerate(place.body.body):
        found = assigned(line)
        if found and found[1] is call and code(call.args[0].value) == found[0]:
            body = [*place.body.body[:i], *place.body.body[i + 1 :]]
            return Edit(with_body(module, place.body, body), what)
    return Edit(swapped(module, call, call.args[0].value), what)


def assigned(line: cst.BaseStatement) -> tuple[str, cst.BaseExpression] | None:
    """Return name and value of a line ``name = value``; None for any other."""
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 and isinstance(line.body[0], cst.Assign):
        part = line.body[0]
        if len(part.targets) == 1 and isinstance(part.targets[0].target, cst.Name):
            return part.targets[0].target.value, part.value
    return None


def _placing(kit: str, name: str, arguments: str, rng: np.random.Generator) -> str:
    """Return the call of a placement."""
    return f"{kit}.{name}({arguments}{_filled(PLACEMENTS[name], name, rng)})"


def _transforming(kit: str, name: str, points: str, seed: str, rng: np.random.Generator) -> str:
    """Return the call of a transform."""
    return f"{kit}.{name}({points}, {_filled(TRANSFORMS[name], name, rng).replace('SEED', seed)})"


def _filled(text: str, function: str, rng: np.random.Generator) -> str:
    """Fill numbers near their defaults into a call."""
    for key, default in SETTINGS.get(function, {}).items():
        text = text.replace(key.upper(), str(perturbed(default, key, rng)))
    return text
