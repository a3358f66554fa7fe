"""The structural mutators: edits of the syntax tree that need no language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import libcst as cst
import numpy as np

from ....sim.seeds import Stream
from ..contract import fault, tells_every_axis
from ..identity import fingerprint
from ..mutator import Child, Mutator, Parent
from ..patch import patch_of
from .crossing import borrow, crossing
from .numbers import constants
from .places import placement
from .statements import insert, remove, reorder, replace
from .tidy import tidied
from .trees import Edit

Kind = Callable[[cst.Module, cst.Module | None, np.random.Generator], Edit | None]

_TRIES = 12


class StructuralMutator:
    """Proposes children by one kind of edit.

    Every child parses, has both functions with their parameters, imports only what it may, says something of every axis
    where its parent did, differs from its parent in more than layout and is at most 64 KiB long. The same parents and
    stream give the same child.

    Args:
        name: Name of the mutator.
        kind: Makes one edit of a parsed program; None where there is no place for it.
        crosses: Whether children have parts of both parents.
    """

    def __init__(self, name: str, kind: Kind, crosses: bool = False) -> None:
        self.name = name
        self._kind = kind
        self._crosses = crosses

    async def propose(self, parent: Parent, other: Parent | None, stream: Stream) -> Child:
        """Return a changed program, or a miss where the program has no place for such an edit."""
        return self.edit(parent.candidate.source, other.candidate.source if other else None, stream)

    def edit(self, source: str, other: str | None, stream: Stream) -> Child:
        """Return a change of a program given as text; see :meth:`propose`."""
        if self._crosses and other is None:
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
                return Child(source=text, edit=edit.what, record=patch_of(source, text), crossed=self._crosses)
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


_KINDS: Mapping[str, tuple[Kind, bool]] = {
    "constants": (constants, False),
    "placement": (placement, False),
    "insert": (insert, False),
    "remove": (remove, False),
    "reorder": (reorder, False),
    "replace": (replace, False),
    "crossing": (crossing, True),
    "borrow": (borrow, True),
}


def structural_mutators() -> Mapping[str, Mutator]:
    """Return the structural mutators by name."""
    return MappingProxyType({name: StructuralMutator(name, kind, crosses) for name, (kind, crosses) in _KINDS.items()})
