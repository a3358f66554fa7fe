"""Generators: programs that place people and portray them, with the check of what they return."""

from __future__ import annotations

import copy
import math
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..sim.errors import InputError, OutskirtsError, UnknownNameError
from ..sim.text import clean, said
from ..sim.types import PrivateFact
from ..sim.waiting import contained
from .asking import Batch as Batch
from .density import ReferenceDensity
from .program_source import hash_of_functions, source_hash
from .questionnaire import Questionnaire

GENERATORS: Mapping[str, str] = {
    "default": "default",
    "density": "density",
    "anchor-paste": "anchor_paste",
    "stereotypes": "stereotypes",
    "uniform": "uniform",
    "sobol": "sobol",
    "grid": "grid",
    "maximin": "maximin",
    "spread": "spread",
    "appropriateness": "appropriateness",
    "when-then": "when_then",
    "motivation": "motivation",
    "reaction": "reaction",
    "frontier": "frontier",
    "autoregressive": "autoregressive",
    "diagram": "diagram",
    "lattice": "lattice",
    "tiers": "tiers",
    "big-five": "big_five",
}
"""Registered name to module in ``personas/programs``."""

_MAX_CHARS = 20_000
_MAX_NAME = 200

Axes = list[dict[str, Any]]
Feedback = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Generator:
    """A generator program, ready to be asked. Each method calls the program and checks what came back.

    Order: :meth:`place` once for everybody, then :meth:`portray` for any subset, as often as needed. A program is
    a pure function of its arguments, so equal calls give equal answers unless a language model takes part.

    Args:
        name: What error messages and provenance call it.
        placing: The program's ``place``.
        portraying: The program's ``portray``.
        placement_density: The program's ``density``, or None.
        source_hash: Hash of the program's source (16 hex digits).
    """

    name: str
    placing: Callable[..., object]
    portraying: Callable[..., object]
    placement_density: Callable[..., object] | None
    source_hash: str

    def place(self, context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
        """Decide for all n people together where they stand.

        Returns:
            One ``{axis: x in [0, 1]}`` a person, axes in the given order.

        Raises:
            InputError: If n or the axes are no use, the program raises, or what it returns breaks the contract.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise InputError("personas", "a whole number of 1 or more", n)
        names = _axis_names(axes)
        result = self._ask("place", self.placing, context, axes, n, seed, llm)
        return check_positions(self.name, names, n, result)

    def portray(
        self,
        context: str,
        axes: Axes,
        people: Sequence[Mapping[str, Any]],
        seed: int,
        llm: Batch | None = None,
        feedback: Feedback | None = None,
    ) -> list[dict[str, Any]]:
        """Write a name and a description for each of the given people.

        Args:
            context: The situation.
            axes: Axis dicts.
            people: ``{"id", "position"}`` each; any subset of a population.
            seed: Gives names and wordings.
            llm: A batch of prompts to as many texts, or None.
            feedback: ``{id: {"measured": {axis: x}, "wanted": {axis: x}}}``; ``"aimed"`` beside them says what the text that was
                measured had aimed at, where that is not the position.

        Returns:
            ``{"name", "description", "private_facts", ...}`` a person, in order, text fit for UTF-8.

        Raises:
            InputError: If the program raises, or what it returns breaks the contract.
        """
        _axis_names(axes)
        asked = [dict(person) for person in people]
        result = self._ask("portray", self.portraying, context, axes, asked, seed, llm, feedback=feedback)
        return check_portraits(self.name, [str(person["id"]) for person in people], result)

    def density(self, axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float] | None:
        """Return the placement density at points, up to a constant; None if the program declares none.

        Raises:
            InputError: If the program raises, or a value is missing, not finite or not above 0.
        """
        if self.placement_density is None:
            return None
        result = self._ask("density", self.placement_density, axes, [dict(point) for point in points])
        field = f"generator {self.name!r}: density()"
        values = _listed(field, len(points), "values", result)
        for i, value in enumerate(values):
            if not _is_number(value) or not math.isfinite(value) or value <= 0:
                raise InputError(f"{field}[{i}]", "a finite number above 0", value)
        return [float(value) for value in values]

    def _ask(self, what: str, function: Callable[..., object], *args: object, **options: object) -> object:
        """Call the program with copies of the arguments; what it raises becomes an error that names it and the line."""
        try:
            with contained:
                return function(*(_copied(arg) if isinstance(arg, list | dict) else arg for arg in args), **options)
        except OutskirtsError:
            raise
        except Exception as error:
            hint = _CONTRACT if isinstance(error, TypeError) else ""
            raise InputError(f"generator {self.name!r}", f"{what}() to return", f"{said(error)} ({_raised_at(error)})", hint) from error


def _copied(value: object) -> object:
    """Return a deep copy; numbers and texts, of which arguments consist, are no copies."""
    if type(value) in (float, str, int, bool, type(None)):
        return value
    if type(value) is dict:
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if type(value) is list else copy.deepcopy(value)


def get_generator(name: str) -> Generator:
    """Return a shipped generator.

    Raises:
        UnknownNameError: If there is none of that name.

    Example:
        >>> get_generator("default").name
        'default'
    """
    if name not in GENERATORS:
        raise UnknownNameError("generator", name, GENERATORS)
    module = import_module(f"{__package__}.programs.{GENERATORS[name]}")
    return _generator(name, module, source_hash(module))


def _raised_at(error: Exception) -> str:
    """Return file and line of the innermost frame of an error."""
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "line unknown"


def from_object(obj: object, name: str, hashed: str = "") -> Generator:
    """Make a generator of a module, a namespace or any object with ``place`` and ``portray``.

    A mapping, such as the namespace that ``exec`` filled, serves too. The hash of the source is found if it is not given.

    Raises:
        InputError: If one of the two is missing or cannot be called.
    """
    return _generator(name, obj, hashed)


def _generator(name: str, obj: object, source_hash: str) -> Generator:
    """Pick the functions out of an object and check that they are functions."""
    place, portray, density = (
        obj.get(key) if isinstance(obj, Mapping) else getattr(obj, key, None) for key in ("place", "portray", "density")
    )
    for what, function in (("place", place), ("portray", portray)):
        if not callable(function):
            raise InputError(f"generator {name!r}", f"a function {what}()", function, _CONTRACT)
    if density is not None and not callable(density):
        raise InputError(f"generator {name!r}", "density to be a function, or absent", density)
    assert callable(place)
    assert callable(portray)
    return Generator(
        name, place, portray, density, source_hash or hash_of_functions([f for f in (place, portray, density) if f is not None])
    )


_CONTRACT = "A generator program defines place(context, axes, n, seed, llm) and portray(context, axes, people, seed, llm, feedback=None)."


def axis_dicts(questionnaire: Questionnaire, density: ReferenceDensity | None = None) -> Axes:
    """Return the axes as programs see them: statements, and the reference margin where there is a density."""
    out: Axes = []
    for axis in questionnaire.axes:
        entry: dict[str, Any] = {"name": axis.name, "low": axis.low, "high": axis.high}
        if density is not None:
            a, b = density.margins[axis.name]
            row = density.matrix[density.axes.index(axis.name)]
            others = {other: float(row[j]) for j, other in enumerate(density.axes) if other != axis.name and row[j] != 0}
            entry["reference"] = {"a": float(a), "b": float(b), "correlation": others}
        out.append(entry)
    return out


def check_positions(generator: str, axes: Sequence[str], n: int, result: object) -> list[dict[str, float]]:
    """Check what ``place`` returned and give it back as plain dicts, axes in order.

    Raises:
        InputError: If people are missing or too many, or a position has other axes or lies outside [0, 1].
    """
    field = f"generator {generator!r}: place()"
    out = []
    for i, position in enumerate(_listed(field, n, "positions", result)):
        if not isinstance(position, Mapping):
            raise InputError(f"{field}[{i}]", "a dict of axis to number", position)
        if set(position) != set(axes):
            raise InputError(f"{field}[{i}]", "exactly the axes " + ", ".join(axes), sorted(map(str, position)))
        for axis in axes:
            x = position[axis]
            if not _is_number(x) or not 0.0 <= x <= 1.0:
                raise InputError(f"{field}[{i}][{axis!r}]", "a number in [0, 1]", x)
        out.append({axis: float(position[axis]) for axis in axes})
    return out


def check_portraits(generator: str, ids: Sequence[str], result: object) -> list[dict[str, Any]]:
    """Check what ``portray`` returned and give it back with texts fit for UTF-8.

    Raises:
        InputError: If portraits are missing, too many, out of order, or lack a name or a description.
    """
    field = f"generator {generator!r}: portray()"
    out = []
    for i, portrait in enumerate(_listed(field, len(ids), "portraits", result)):
        here = f"{field}[{i}]"
        if not isinstance(portrait, Mapping):
            raise InputError(here, "a dict with name and description", portrait)
        if "id" in portrait and str(portrait["id"]) != ids[i]:
            raise InputError(f"{here}['id']", f"{ids[i]!r}, the people in the order they were given", portrait["id"])
        name = _text(here, portrait, "name", _MAX_NAME)
        description = _text(here, portrait, "description", _MAX_CHARS)
        facts = portrait.get("private_facts")
        if facts is not None and not isinstance(facts, list | tuple):
            raise InputError(f"{here}['private_facts']", "a list", facts)
        for number, fact in enumerate(facts or ()):
            if not isinstance(fact, Mapping | PrivateFact):
                raise InputError(f"{here}['private_facts'][{number}]", "a dict with id, kind, content and sensitivity", fact)
        out.append({**portrait, "name": name, "description": description, "private_facts": list(facts or [])})
    return out


def _text(here: str, portrait: Mapping[str, Any], key: str, limit: int) -> str:
    """Return a text of a portrait, cleaned."""
    value = portrait.get(key)
    text = clean(value)[0].strip() if isinstance(value, str) else ""
    if not text:
        raise InputError(f"{here}[{key!r}]", "some text", value)
    if len(text) > limit:
        raise InputError(f"{here}[{key!r}]", f"at most {limit:,} characters", f"{len(text):,}")
    return text


def _listed(field: str, n: int, what: str, result: object) -> list[Any]:
    """Return a result as a list of n."""
    if isinstance(result, str | bytes | Mapping) or not isinstance(result, Sequence):
        raise InputError(field, f"a list of {n} {what}", result)
    if len(result) != n:
        raise InputError(field, f"a list of {n} {what}", f"a list of {len(result)}")
    return list(result)


def _axis_names(axes: Axes) -> list[str]:
    """Return the names of axis dicts."""
    names = [str(axis["name"]) for axis in axes]
    if not names or len(set(names)) != len(names):
        raise InputError("axes", "one or more axes with different names", names)
    return names


def _is_number(value: object) -> bool:
    """Tell whether a value is a real number, numpy's included, and no bool."""
    return hasattr(value, "__float__") and not isinstance(value, bool | str | bytes) and getattr(value, "ndim", 0) == 0
