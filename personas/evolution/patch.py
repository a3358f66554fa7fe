"""What an edit changed, line by line: enough to make the same child of the same parent again, whatever made it first."""

from __future__ import annotations

from difflib import SequenceMatcher

from ...sim.errors import InputError
from ...sim.types import Frozen
from .contract import program_hash


class Hunk(Frozen):
    """Lines that were replaced."""

    at: int  # index of the first of them in the parent, from 0
    old: tuple[str, ...]  # with their line ends; empty for an insertion
    new: tuple[str, ...]


class Patch(Frozen):
    """A change of one program into another, with the hashes of both."""

    of: str  # hash of the parent
    gives: str  # hash of the child
    hunks: tuple[Hunk, ...]


def patch_of(before: str, after: str) -> Patch:
    r"""Return what turns one program into another.

    Example:
        >>> patch_of("a = 1\n", "a = 2\n").hunks
        (Hunk(at=0, old=('a = 1\n',), new=('a = 2\n',)),)
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    hunks = tuple(Hunk(at=i, old=tuple(old[i:j]), new=tuple(new[k:m])) for tag, i, j, k, m in codes if tag != "equal")
    return Patch(of=program_hash(before), gives=program_hash(after), hunks=hunks)


def unpatched(source: str, patch: Patch) -> str:
    """Return the program that a patch was made for, from the one it gave.

    Raises:
        InputError: If it gave another program.
    """
    return patched(source, _reversed(patch))


def _reversed(patch: Patch) -> Patch:
    """Return the patch that undoes a patch."""
    hunks, shift = [], 0
    for hunk in patch.hunks:
        hunks.append(Hunk(at=hunk.at + shift, old=hunk.new, new=hunk.old))
        shift += len(hunk.new) - len(hunk.old)
    return Patch(of=patch.gives, gives=patch.of, hunks=tuple(hunks))


def patched(source: str, patch: Patch) -> str:
    """Return what a patch makes of the program that it was made for.

    Raises:
        InputError: If it was made for another program, or does not give the one it says.
    """
    if program_hash(source) != patch.of:
        raise InputError("patch", f"the program {patch.of}", program_hash(source), "Apply the edits in their order, from the seed on.")
    lines = source.splitlines(keepends=True)
    for hunk in reversed(patch.hunks):
        end = hunk.at + len(hunk.old)
        if tuple(lines[hunk.at : end]) != hunk.old:
            raise InputError("patch", f"the lines it replaces at line {hunk.at + 1}", "".join(lines[hunk.at : end]))
        lines[hunk.at : end] = hunk.new
    result = "".join(lines)
    if program_hash(result) != patch.gives:
        raise InputError("patch", f"to give {patch.gives}", program_hash(result))
    return result
