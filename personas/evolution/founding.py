"""How islands begin: seed programs in turn."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...sim.errors import InputError
from .identity import fingerprint


def identity(source: str) -> str:
    """Return the fingerprint of a program, or its text where it cannot be parsed."""
    try:
        return fingerprint(source)
    except ValueError:
        return f"text {source}"


def distinct_programs(seeds: Sequence[tuple[str, str]], least: int) -> tuple[tuple[str, str], ...]:
    """Return the seeds that differ, the first of equals.

    Args:
        seeds: (name, source) each.
        least: How many must differ.

    Raises:
        InputError: If a name is empty or there twice, or too few differ.
    """
    names = [name for name, _ in seeds]
    if not all(names) or len(set(names)) != len(names):
        raise InputError("seeds", "programs with different names", names)
    found: dict[str, tuple[str, str]] = {}
    for name, source in seeds:
        found.setdefault(identity(source), (name, source))
    if len(found) < least:
        raise InputError("seeds", f"{least} or more programs that differ", [name for name, _ in found.values()])
    return tuple(found.values())


def founders(islands: int, seeds: Sequence[str], usable: Collection[str]) -> list[tuple[int, str]]:
    """Return who founds which island: seeds in turn, and in place of one that cannot be measured the others in turn.

    Args:
        islands: How many.
        seeds: Ids; of more seeds than islands several found one.
        usable: Those that were measured.

    Returns:
        (island, id) pairs, islands in turn; none if no seed is usable.

    Example:
        >>> founders(4, ["a", "b", "c"], {"a", "c"})
        [(0, 'a'), (1, 'a'), (2, 'c'), (3, 'a')]
    """
    good = [seed for seed in seeds if seed in usable]
    pairs, stand_in = [], 0
    for turn in range(max(islands, len(seeds)) if good else 0):
        seed = seeds[turn % len(seeds)]
        if seed not in good:
            if turn >= islands:
                continue
            seed = good[stand_in % len(good)]
            stand_in += 1
        pairs.append((turn % islands, seed))
    return pairs
