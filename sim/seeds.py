"""Seeds by path: one generator per (seed, fingerprint, replicate, role), made when first drawn from."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from .errors import InputError

_SEED_LIMIT = 2**63


def check_seed(seed: object, field: str = "seed") -> int:
    """Return ``seed`` as an int.

    Raises:
        InputError: If it is no integer, negative, or 2**63 or more.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise InputError(field, "a whole number of 0 or more", seed)
    if not 0 <= seed < _SEED_LIMIT:
        raise InputError(field, "a whole number from 0 to 2**63 - 1", seed)
    return int(seed)


def derive(seed: int, *path: str | int) -> np.random.Generator:
    """Return the generator that belongs to a path; the same path always gives the same draws.

    The path is hashed (BLAKE2b, 128 bit), so neither the order of calls nor the process matters.

    Example:
        >>> float(derive(0, "p0", 1, "player").random()) == float(derive(0, "p0", 1, "player").random())
        True
    """
    text = "\x1f".join([str(seed), *map(str, path)])
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(np.frombuffer(digest, "<u4").astype(np.uint32)))  # as the integer would, and sooner


class Stream:
    """A role's random numbers in one episode; costs nothing until the first draw.

    Args:
        seed: The run's seed.
        path: Persona fingerprint, replicate, role.
    """

    __slots__ = ("_generator", "path", "seed")

    def __init__(self, seed: int, *path: str | int) -> None:
        self.seed = seed
        self.path = path
        self._generator: np.random.Generator | None = None

    @property
    def generator(self) -> np.random.Generator:
        """The numpy generator of this path."""
        if self._generator is None:
            self._generator = derive(self.seed, *self.path)
        return self._generator

    def state(self) -> dict[str, Any] | None:
        """Return the position in the stream (None: nothing drawn yet), for a snapshot."""
        return None if self._generator is None else dict(self._generator.bit_generator.state)

    def restore(self, state: dict[str, Any] | None) -> None:
        """Go to a position that :meth:`state` returned."""
        if state is None:
            self._generator = None
        else:
            self.generator.bit_generator.state = state


def new_seed() -> int:
    """Draw a seed from the operating system, for whoever wants none in particular; record it."""
    return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
