"""Price tables, as users write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from ..sim.errors import InputError
from ..sim.prices import Price
from ..sim.validation import input_error
from .settings_file import read_yaml


def read_prices(value: object) -> object:
    """Return a price table for the settings: of a YAML file if ``value`` is its name.

    Raises:
        InputError: If the file is no table, or a price is wrong; it says of which model.
    """
    table: object = _of_file(value) if isinstance(value, str) else value
    if table is None:
        return None
    if not isinstance(table, Mapping):
        raise InputError("prices", "prices by model, or a YAML file of them", value)
    found = {}
    for model, price in table.items():
        where = f"prices {model}"
        if isinstance(price, Price):
            found[str(model)] = price
            continue
        if not isinstance(price, Mapping):
            raise InputError(where, "a mapping with input, output (a million tokens) or call", price)
        plain = {k: float(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in price.items()}
        try:
            found[str(model)] = Price.model_validate(plain)
        except ValidationError as error:
            raise input_error(error, prefix=f"{where} ") from None
        except InputError as error:
            raise InputError(where, error.expected, error.got) from None
    return found


def _of_file(name: str) -> object:
    try:
        return read_yaml(Path(name))[0]
    except InputError as error:
        raise InputError(error.field.replace("experiment", "prices", 1), error.expected, error.got, error.hint) from None
