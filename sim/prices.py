"""What models cost, as far as somebody has said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, model_validator

from .errors import InputError
from .types import Frozen

Money = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]

MILLION = 1_000_000


class Price(Frozen):
    """What a model costs, in whatever money all prices of a run are in.

    Args:
        input: A million tokens of what it is sent.
        output: A million tokens of what it answers.
        call: Each call, whatever it brings.
    """

    input: Money = 0.0
    output: Money = 0.0
    call: Money = 0.0

    @model_validator(mode="after")
    def _says_something(self) -> Price:
        if not self.model_fields_set:
            raise InputError("price", "one of input and output (a million tokens) or call", "none of them")
        return self

    @property
    def by_tokens(self) -> bool:
        """Whether what a call costs depends on its tokens."""
        return self.input > 0 or self.output > 0

    def of(self, sent: int, received: int) -> float:
        """Return what the tokens of a call cost; the price of the call itself is not in it."""
        return (sent * self.input + received * self.output) / MILLION


_FREE = Price(call=0.0)


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices that are known, by the name under which calls are counted.

    Args:
        table: Price by name.
        free: Names of what costs nothing because it is part of Outskirts.

    Example:
        >>> Prices({"gpt": Price(input=2.0, output=8.0)}).of("gpt").of(1000, 500)
        0.006
        >>> Prices().of("gpt") is None
        True
    """

    table: Mapping[str, Price] = field(default_factory=dict)
    free: frozenset[str] = frozenset()

    def of(self, model: str) -> Price | None:
        """Return the price of a model; None if nobody has said it."""
        found = self.table.get(model)
        return _FREE if found is None and model in self.free else found


UNKNOWN = Prices()
"""No price is known."""
