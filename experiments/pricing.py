"""What the models of a run cost: the price table of its settings, looked up for everybody who takes part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..agents.roles import DRY
from ..sim.errors import InputError
from ..sim.limits import Sums
from ..sim.prices import Price, Prices
from .exits import warn
from .naming.models import shown
from .naming.spec import Role, Spec, parse_spec, split_endpoint

if TYPE_CHECKING:
    from .jobs import Cast

MODEL_OPTIONS = frozenset({"model", "probe"})
"""Options by which a registered name is given a language model, of whatever form; any other option is one if it can be nothing else."""

_HOW = (
    "Say it under prices in the experiment file, or in a file given as --prices, by the model's name: {name}: {{input: 2.5, output: 10}} "
    "(for a million tokens) or {{call: 0.002}}; 0 for what costs nothing."
)


class Named(NamedTuple):
    """Something that a setting names and that may cost money."""

    field: str
    spec: Spec
    name: str  # under which its calls are counted


def prices_of(cast: Cast) -> Prices:
    """Return what everybody in a run costs, as far as that is known."""
    return priced(cast.config.prices or {}, named(cast))


def priced(told: Mapping[str, Price], everybody: Iterable[Named]) -> Prices:
    """Return what everybody costs, as far as that is known.

    Args:
        told: The price table of the settings.
        everybody: Who takes part.
    """
    table = dict(told)
    free = set()
    for _, spec, name in everybody:
        if not costs(spec):
            free.add(name)
        elif (price := _price(spec, told)) is not None:
            table[name] = price
    return Prices(table, frozenset(free))


def check_money(cast: Cast) -> Prices:
    """Return the prices of a run; refuse a ceiling on money that could not be kept, because somebody's price is not known.

    Raises:
        InputError: If there is one; it names the model.
    """
    prices = prices_of(cast)
    if (ceiling := _ceiling(cast)) is None:
        return prices
    for field, spec, name in named(cast):
        price = prices.of(name)
        if price is None:
            model = next(_names(spec))
            hint = f"The {field} may cost money, and nothing would stop it. {_HOW.format(name=model)}"
            raise InputError(ceiling[0], f"a known price of {model}", ceiling[1], hint)
        if field == "target" and price.by_tokens and not price.call and (what := _silent(cast, spec)):
            hint = f"{what} does not say how many tokens it used. Give what a call costs: {{call: 0.002}}."
            raise InputError(f"prices {name}", "the price of a call", "one by tokens", hint)
    return prices


def check_told(cast: Cast, dry: Sums) -> None:
    """Refuse a ceiling on money after a greeting that shows that it cannot be kept: the price is by tokens, and none were told.

    A ceiling on tokens still bounds the other models, so that is only said.

    Raises:
        InputError: If that is so.
    """
    if _ceiling(cast) is not None and any(dry.unpriced.values()):
        hint = "Its answer to the greeting told of no tokens. Give what a call costs: {call: 0.002}."
        raise InputError(f"prices {cast.target.name}", "the price of a call", "one by tokens", hint)
    if cast.config.max_tokens is not None and any(dry.calls.values()) and not any(dry.tokens.values()):
        warn(f"warning: {cast.target.name} told of no tokens when it was greeted, so --max-tokens does not count its own")


def _ceiling(cast: Cast) -> tuple[str, float] | None:
    """Return a setting that bounds money, and its value; None without one."""
    for name in ("max_cost", "max_episode_cost"):
        if (most := getattr(cast.config, name)) is not None:
            return name, most
    return None


def _silent(cast: Cast, spec: Spec) -> str:
    """Return what kind of target this is, if it is one that never tells of tokens."""
    from ..agents.callables import CallableTarget
    from ..agents.policies import PolicyTarget

    if isinstance(cast.target, CallableTarget | PolicyTarget):
        return "A Python function"
    return {"url": "A service", "command": "A program"}.get(spec.kind, "")


def money(cast: Cast, spent: Sums, prices: Prices) -> dict[str, float | None]:
    """Return what each role cost; None where a price, or what was used, is not known."""
    found: dict[str, float | None] = {}
    for role in {*spent.calls, *spent.tokens, *spent.money}:
        known = not spent.unpriced.get(role)
        if role in ("target", DRY) and known and spent.calls.get(role) and not spent.tokens.get(role):
            price = prices.of(cast.target.name)
            known = price is None or not price.by_tokens  # else its tokens were never told
        found[role] = spent.money.get(role, 0.0) if known else None
    return found


def named(cast: Cast) -> Iterator[Named]:
    """Yield everybody whose calls are counted, and the models that they are given."""
    config = cast.config
    everybody: list[tuple[str, Role, str, str]] = [("target", "target", config.target, cast.target.name)]
    everybody += [("controls", "target", spec, target.name) for spec, target in cast.controls.items()]
    everybody += [("player", "player", config.player, ""), ("respondent", "respondent", config.respondent, "")]
    everybody += [("judge", "judge", spec, "") for spec in config.judge]
    for field, role, text, name in everybody:
        spec = parse_spec(text, role)
        for model in _given(spec):
            yield Named(field, model, shown(model))
        yield Named(field, spec, name or shown(spec))


def _given(spec: Spec) -> Iterator[Spec]:
    """Yield the models that a registered name is given by its options."""
    for option, value in spec.options.items() if spec.kind == "name" else ():
        if not isinstance(value, str | Mapping):
            continue
        try:
            model = parse_spec(value, "model")
        except InputError:
            continue
        if option in MODEL_OPTIONS or model.kind in ("chat", "openai"):
            yield model


def costs(spec: Spec) -> bool:
    """Tell whether something may cost money: whatever is no part of Outskirts."""
    return spec.kind != "name"


def _price(spec: Spec, told: Mapping[str, Price]) -> Price | None:
    return next((told[name] for name in (*_names(spec), spec.text, shown(spec)) if name in told), None)


def _names(spec: Spec) -> Iterator[str]:
    """Yield what a model may be called in the table, the usual name first."""
    if spec.kind == "openai" and (place := split_endpoint(spec.name)) is not None:
        yield place[0]
    if spec.kind == "chat":
        yield spec.name.partition(":")[2]
        yield spec.name
    yield shown(spec).partition("?")[0] if spec.kind != "url" else shown(spec)
