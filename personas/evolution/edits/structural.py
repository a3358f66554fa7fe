"""The structural mutators: edits of the syntax tree that need no language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import libcst as cst
import numpy as np

from ....sim.seeds import Stream
from ..contract import fault, tells_every_axis
from ..identity import fingerprint
from ..mutator import Child, Mutator, Parent
from ..patch import patch_of, unpatched
from .crossing import borrow, crossing
from .numbers import constants, setting
from .places import placement
from .statements import insert, remove, reorder, replace
from .tidy import tidied
from .trees import Edit

Kind = Callable[[cst.Module, cst.Module | None, np.random.Generator], Edit | None]

Second = Literal["", "other", "before"]
"""What an edit looks at beside the program: nothing, another parent that it crosses with, or what it was before its last edit."""

_TRIES = 12


class StructuralMutator:
    """Proposes children by one kind of edit.

    Every child parses, has both functions with their parameters, imports only what it may, says something of every axis
    where its parent did, differs from its parent in more than layout and is at most 64 KiB long. The same parents and
    stream give the same child.

    Args:
        name: Name of the mutator.
        kind: Makes one edit of a parsed program; None where there is no place for it.
        second: What the edit looks at beside the program.
    """

    def __init__(self, name: str, kind: Kind, second: Second = "") -> None:
        self.name = name
        self._kind = kind
        self._second = second

    async def propose(self, parent: Parent, other: Parent | None, stream: Stream) -> Child:
        """Return a changed program, or a miss where the program has no place for such an edit."""
        who = parent.candidate
        if self._second == "before":
            return self.edit(who.source, None if who.record is None else unpatched(who.source, who.record), stream)
        return self.edit(who.source, other.candidate.source if other else None, stream)

    def edit(self, source: str, other: str | None, stream: Stream) -> Child:
        """Return a change of a program given as text, with the second program that the edit looks at; see :meth:`propose`."""
        if self._second == "other" and other is None:
            return Child(source=None, edit="there is no other parent to cross with")
        try:
            module, second = _parsed(source), _parsed(other) if other is not None else None
        except cst.ParserSyntaxError as error:
            return Child(source=None, edit=f"a parent does not parse: {error.message}")
        told = tells_every_axis(source)
        taken = {fingerprint(text) for text in (source, other) if text is not None}
        reason = "the program has no place for such an edit"
        for _ in range(_TRIES):
            edit = self._kind(module, second, stream.generator)
            if edit is None:
                continue
            text = tidied(edit.module, module).code
            reason = _refused(text, taken, told)
            if not reason:
                return Child(source=text, edit=edit.what, record=patch_of(source, text), crossed=self._second == "other")
        return Child(source=None, edit=reason)


def _refused(text: str, taken: set[str], told: bool) -> str:
    """Return why a child is none; "" if it is one."""
    wrong = fault(text)
    if wrong:
        return wrong
    if fingerprint(text) in taken:
        return "the edit changed nothing"
    if told and not tells_every_axis(text):
        return "the edit would leave an axis unsaid"
    return ""


@lru_cache(maxsize=256)
def _parsed(source: str) -> cst.Module:
    return cst.parse_module(source)


_KINDS: Mapping[str, tuple[Kind, Second]] = {
    "constants": (constants, "before"),
    "setting": (setting, ""),
    "placement": (placement, ""),
    "insert": (insert, ""),
    "remove": (remove, ""),
    "reorder": (reorder, ""),
    "replace": (replace, ""),
    "crossing": (crossing, "other"),
    "borrow": (borrow, "other"),
}


def structural_mutators() -> Mapping[str, Mutator]:
    """Return the structural mutators by name."""
    return MappingProxyType({name: StructuralMutator(name, kind, second) for name, (kind, second) in _KINDS.items()})
