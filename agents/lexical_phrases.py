"""Phrase templates, compiled: choices, slots, and who may say them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..personas.scenario import phrase_half
from ..sim.declare import Phrase
from ..sim.errors import InputError

Draw = Callable[[], float]
_TOKEN = re.compile(r"([\[\]|])|\{(\w+)\}")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_RUN = 3
"""Fewest words in a row by which a phrase is known again."""

_STOPS = (". ", "? ", "! ", ".\n", "?\n", "!\n")


class _Slot:
    """A place for a value from a private fact."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class _Choice:
    """One of several ways to go on."""

    __slots__ = ("options",)

    def __init__(self, options: list[list[_Node]]) -> None:
        self.options = options


_Node = str | _Slot | _Choice


class Template:
    """One phrase, ready to be said.

    Args:
        phrase: As declared; ``[a|b]`` may nest.
        axes: Axis names in order, for ``where``.

    Raises:
        InputError: If a bracket is not closed.
    """

    __slots__ = ("_nodes", "key", "plain", "slots", "where")

    def __init__(self, phrase: Phrase, axes: Sequence[str]) -> None:
        self.key = phrase.text
        tokens = _tokens(phrase.text)
        nodes, end = _sequence(tokens, 0, top=True)
        if end != len(tokens):
            raise InputError("phrase", "every bracket closed", phrase.text)
        self._nodes = nodes
        self.slots = frozenset(re.findall(r"\{(\w+)\}", phrase.text))
        self.where = tuple((axes.index(axis), 1 if pole == "high" else -1) for axis, pole in phrase.where.items())
        letter = re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", phrase.text)) if not phrase.text.startswith("{") else None
        self.plain = letter is not None and letter.group().islower()  # typed without capitals

    def fits(self, stance: Sequence[float], lean: float) -> bool:
        """Tell whether somebody at ``stance`` (in [-1, 1]) would put it so."""
        return all(stance[axis] * sign >= lean for axis, sign in self.where)

    def runs(self) -> Iterator[tuple[str, ...]]:
        """Yield the words in a row, at least three, that stand in it or in one of its choices."""
        for text in _texts(self._nodes):
            words = _words(text)
            if len(words) >= _RUN:
                yield words

    def say(self, draw: Draw, values: Mapping[str, str], lower: bool) -> str:
        """Return the phrase with its choices drawn and its slots filled."""
        out: list[str] = []
        _render(self._nodes, draw, values, out, not (lower or self.plain), lower)
        return "".join(out)


class Echoes:
    """Tells which phrases a text was made of, by words in a row that stand in them; as quick as the text is short.

    Args:
        bank: The phrases.
    """

    def __init__(self, bank: Iterable[Template]) -> None:
        self._runs: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}  # first words -> (all words, key)
        for template in bank:
            for run in template.runs():
                self._runs.setdefault(run[:_RUN], []).append((run, template.key))

    def found(self, text: str) -> frozenset[str]:
        """Return the keys of phrases of which some words in a row stand in a text, whatever its case."""
        words = _words(text)
        starts = ((at, self._runs.get(words[at : at + _RUN], ())) for at in range(len(words) - _RUN + 1))
        return frozenset(key for at, runs in starts for run, key in runs if words[at : at + len(run)] == run)


def templates(phrases: Sequence[Phrase], axes: Sequence[str], half: str) -> tuple[Template, ...]:
    """Compile the phrases of one half of the bank; all of them where that half has none for everybody."""
    mine = [p for p in phrases if phrase_half(p.text) == half]
    return tuple(Template(p, axes) for p in (mine if any(not p.where for p in mine) else phrases))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _texts(nodes: Iterable[_Node]) -> Iterator[str]:
    """Yield every stretch of text in nodes and in their choices."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, _Choice):
            for option in node.options:
                yield from _texts(option)


def _tokens(text: str) -> list[str | _Slot]:
    """Split a template into brackets, bars, slots and text."""
    out: list[str | _Slot] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            out.append(text[at : match.start()])
        out.append(match.group(1) or _Slot(match.group(2)))
        at = match.end()
    if at < len(text):
        out.append(text[at:])
    return out


def _sequence(tokens: list[str | _Slot], at: int, top: bool) -> tuple[list[_Node], int]:
    """Read nodes up to a bar or a closing bracket."""
    nodes: list[_Node] = []
    while at < len(tokens):
        part = tokens[at]
        if part == "[":
            choice, at = _choice(tokens, at + 1)
            nodes.append(choice)
            continue
        if part == "]" or (part == "|" and not top):
            return nodes, at
        nodes.append(part)
        at += 1
    return nodes, at


def _choice(tokens: list[str | _Slot], at: int) -> tuple[_Choice, int]:
    """Read the options of a choice up to its closing bracket."""
    options: list[list[_Node]] = []
    while True:
        nodes, at = _sequence(tokens, at, top=False)
        options.append(nodes)
        if at >= len(tokens):
            raise InputError("phrase", "every bracket closed", "".join(t if isinstance(t, str) else "{" + t.name + "}" for t in tokens))
        at += 1
        if tokens[at - 1] == "]":
            return _Choice(options), at


def _render(nodes: Sequence[_Node], draw: Draw, values: Mapping[str, str], out: list[str], capitals: bool, lower: bool) -> None:
    """Append the words of ``nodes`` to ``out``."""
    for node in nodes:
        if isinstance(node, str):
            out.append(node.lower() if lower else node)
        elif isinstance(node, _Choice):
            _render(node.options[int(draw() * len(node.options))], draw, values, out, capitals, lower)
        else:
            value = values[node.name]
            if capitals and (not out or "".join(out[-2:])[-2:] in _STOPS):
                value = value[:1].upper() + value[1:]
            out.append(value.lower() if lower else value)


def facts_in(template: Template, sources: Mapping[str, str]) -> Iterator[str]:
    """Yield the id of the fact behind each slot, given which slot comes from which fact."""
    for slot in sorted(template.slots):
        if slot in sources:
            yield sources[slot]
