"""What MLflow is told of a run: metrics, params and tags, read off its summary and its configuration."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..screen.wording import STAND_IN, stand_ins

_PARAM_LIMIT = 6000  # characters of a param's value
_RATES = {"failure_rate": "failure_rate", "attributable": "attributable_failure_rate"}
_EXCEEDANCE = (0.1, 0.25, 0.5, 0.75, 0.9)  # thresholds that get a metric
_SKIPPED = frozenset({"settings", "axes", "definition", "reference", "by_move"})


def metric_name(*parts: str) -> str:
    """Join parts to a name that MLflow takes: other characters become ``_``, and no part is a path step.

    Example:
        >>> metric_name("persona", "..", "failure rate?")
        'persona/__/failure rate_'
    """
    cleaned = [re.sub(r"[^\w\-. :]", "_", part, flags=re.ASCII) or "_" for part in parts]
    return "/".join("_" * len(p) if set(p) <= {"."} else p for p in cleaned)[:250]


def _leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield numbers below ``value``; a ``{estimate, low, high}`` becomes name, name_low, name_high."""
    if isinstance(value, Mapping):
        if "estimate" in value:
            yield name, value["estimate"]
            yield name + "_low", value.get("low")
            yield name + "_high", value.get("high")
            return
        for key, inner in value.items():
            if key not in _SKIPPED:
                yield from _leaves(f"{name}/{metric_name(str(key))}", inner)
    elif isinstance(value, bool | int | float):
        yield name, value


def _tails(tails: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    for tail in tails:
        at = metric_name("tail", str(tail.get("name")))
        for key, value in tail.items():
            if key not in ("name", "harms"):
                yield from _leaves(f"{at}/{key.removeprefix('tail_')}", value)


def _severity(severity: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for row in severity.get("cvar") or ():
        yield from _leaves(f"severity/cvar_{row.get('alpha')}", row)
    for point in (severity.get("exceedance") or {}).get("points") or ():
        if point.get("threshold") in _EXCEEDANCE:
            yield from _leaves(f"severity/exceedance_{point['threshold']}", point)


def _depth(depth: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    trend = depth.get("trend") or {}
    yield from _leaves("depth/trend", trend)
    yield "depth/trend_p", trend.get("p_value")


def _reliability(reliability: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield from _leaves("reliability/icc", reliability.get("icc"))
    yield from _leaves("reliability/flips", reliability.get("flips"))
    for row in reliability.get("pass_hat") or ():
        yield from _leaves(f"reliability/pass_hat_{row.get('k')}", row)
    failed = (reliability.get("components") or {}).get("failed") or {}
    yield "reliability/persona_variance", failed.get("persona")
    yield "reliability/replicate_variance", failed.get("replicate")


def _slices(slices: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    """Yield how many slices were found, and how many fresh data confirm; not the latter where none could be tried."""
    tried = [row["confirmed"] for row in slices if row.get("confirmed") is not None]
    yield "slices/found", len(slices)
    yield "slices/confirmed", sum(tried) if tried or not slices else None


def _branching(branching: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield the figures with and without branches, and what a further distinct failure took."""
    for name, value in branching.items():
        if name != "most":
            yield from _leaves(f"branching/{name}", value)


def _controls(controls: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for arm, control in controls.items():
        for key in ("failure_rate", "difference") if control else ():
            yield from _leaves(metric_name("control", arm, key), control.get(key))


def _all(summary: Mapping[str, Any], personas: Iterable[Mapping[str, Any]], cap: int) -> Iterator[tuple[str, object]]:
    for key, name in _RATES.items():
        yield from _leaves(name, summary.get(key))
    for estimand, rate in (summary.get("failure_rates_corrected") or {}).items():
        yield from _leaves(f"failure_rate_corrected/{estimand}", {key: rate.get(key) for key in ("estimate", "low", "high")})
    for key in ("verdicts", "scores"):
        yield from _leaves(f"judge_agreement/{key}", (summary.get("judge_agreement") or {}).get(key))
    bounds = summary.get("failure_rate_bounds") or {}
    yield "failure_rate_bound_low", bounds.get("low")
    yield "failure_rate_bound_high", bounds.get("high")
    yield from _tails(summary.get("tails") or ())
    yield from _severity(summary.get("severity") or {})
    yield from _depth(summary.get("depth") or {})
    yield from _reliability(summary.get("reliability") or {})
    if "slices" in summary:
        yield from _slices(summary["slices"])
    yield from _branching(summary.get("branching") or {})
    for part in ("verdicts", "coverage", "harms", "judge_error", "disclosure", "crossings", "cost"):
        yield from _leaves(part, summary.get(part))
    yield from _controls(summary.get("controls") or {})
    for number, person in enumerate(personas):
        if number >= cap:
            return
        yield metric_name("persona", str(person.get("id")), "failure_rate"), person.get("rate")


def metrics(summary: Mapping[str, Any], personas: Iterable[Mapping[str, Any]], persona_cap: int) -> dict[str, float]:
    """Return every figure of a run that is a finite number, by metric name.

    Args:
        summary: A ``summary.json`` as plain data.
        personas: One mapping a persona with ``id`` and ``rate``; those past ``persona_cap`` get no metric.
        persona_cap: At most so many ``persona/<id>/failure_rate``.
    """
    found = {name: value for name, value in _all(summary, personas, persona_cap) if isinstance(value, bool | int | float)}
    return {name: float(value) for name, value in found.items() if math.isfinite(value)}


def params(config: Mapping[str, Any]) -> dict[str, str]:
    """Return a configuration as flat params, ``a.b`` for nested keys; empty values are left out.

    Example:
        >>> params({"seed": 0, "target": {"name": "eliza"}, "player": None})
        {'seed': '0', 'target.name': 'eliza'}
    """
    flat: dict[str, str] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            flat.update({metric_name(f"{key}.{inner}"): text for inner, text in params(value).items()})
        elif value not in (None, "", [], ()):
            flat[metric_name(str(key))] = str(value)[:_PARAM_LIMIT]
    return flat


def tags(run: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a run: who played the people, against what, in which scenario.

    Args:
        run: The ``run`` object of a summary.
    """
    synthetic = bool(run.get("synthetic"))
    out = {
        f"outskirts.{key}": _text(run.get(key))
        for key in ("scenario", "target", "player", "respondent", "generator", "sandbox", "information", "estimand")
    }
    out["outskirts.judges"] = _text(run.get("judges"))
    out["outskirts.synthetic"] = str(synthetic).lower()
    if synthetic:
        stood_in = stand_ins(_text(run.get("player")), run.get("respondent"))
        who = ", ".join(f"{role} {name}" for role, name in stood_in.items()) or _text(run.get("player"))
        out["outskirts.stand_in"] = f"{who}: {STAND_IN}"
        out["mlflow.note.content"] = f"Stand-in for a language model: {who}; {STAND_IN}."
    return {key: value[:4900] for key, value in out.items() if value}


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
