"""Puts the page together: what the template is given, and what the browser is allowed to do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...personas.persona import Persona
from ..screen.judging import corrected_words, judging_lines
from ..screen.noise import MEANS
from ..screen.records import crossing_words, disclosure_words
from ..screen.summary import against_words, branching_words, rows_beside
from ..screen.wording import STAND_IN, protection_words, sentence, stand_ins, units
from ..statistics.branches import Branching
from ..summary import Held, Summary
from . import coverage, judges, pictures, words
from .parts import embedded, plotly, policy, template, text_of
from .transcripts import Chosen, view

if TYPE_CHECKING:
    from ...personas.scenario import Scenario


def render(
    summary: Mapping[str, Any],
    people: Mapping[str, Persona],
    chosen: Chosen,
    scenario: Scenario | None = None,
    tracking: Mapping[str, Any] | None = None,
    beside: Summary | None = None,
) -> str:
    """Return the whole page.

    Args:
        summary: ``summary.json`` as plain data.
        people: The personas by id; may lack some.
        chosen: The failing episodes to show.
        scenario: Gives harms and axes their descriptions.
        tracking: ``tracking.json``, if the run was sent to MLflow before.
        beside: Summary of the people of a second generator, if there were any.
    """
    rows = coverage.rows(summary["coverage"])
    names = {key: person.name for key, person in people.items()}
    shapes = {
        "tails": pictures.tails(summary["tails"]),
        "depth": pictures.depth(summary["depth"]),
        "exceedance": pictures.exceedance(summary["severity"]["exceedance"]),
        "space": pictures.space(summary["personas"], names),
        "coverage": pictures.coverage(rows),
    }
    scripts = [plotly(), text_of("plots.js"), text_of("page.js")] if any(shapes.values()) else [text_of("plots.js"), text_of("page.js")]
    return template("page.html").render(
        s=summary,
        run=summary["run"],
        stand_in=sentence(STAND_IN),
        stand_ins=stand_ins(str(summary["run"]["player"]), summary["run"]["respondent"]),
        protection=protection_words(summary["run"].get("sandbox")),
        policy=policy(scripts),
        scripts=scripts,
        style=text_of("style.css"),
        shapes={name: shape is not None for name, shape in shapes.items()},
        data=embedded(shapes),
        headline=headline(summary),
        beside=beside and beside.run.generator,
        beside_rows=rows_beside(Summary.model_validate(summary), beside) if beside else [],
        against_words=against_words(Held.model_validate(summary["against"]), str(summary["run"]["target"])) if summary["against"] else "",
        branching=branching_words(Branching.model_validate(summary["branching"]), str(summary["run"]["target"]))
        if summary.get("branching")
        else "",
        ranked=_ranked(summary["personas"]),
        tails=_ordered(summary["tails"]),
        sensitivity=_like(_ordered(summary["tails"]), summary["tail_sensitivity"]),
        fresh=next((row["fresh"]["estimand"] for row in summary["slices"] if row["fresh"]), None),
        means=MEANS,
        coverage_rows=rows,
        coverage_axes=coverage.axes(summary["coverage"]),
        pairs=coverage.many_axes(summary["coverage"] or {}),
        axes=_axes(summary, scenario),
        detection=[row for row in summary["detection"] if any(row["found"][cell] for cell in ("tp", "fp", "fn"))],
        crossing_words=crossing_words(Summary.model_validate(summary)),
        disclosure_words=disclosure_words(Summary.model_validate(summary)) if summary["run"]["people_an_episode"] > 1 else "",
        corrected=corrected_words(Summary.model_validate(summary)),
        judging=list(judging_lines(Summary.model_validate(summary))),
        panels=summary.get("panels") or {},
        judge_errors=list(judges.confusions(summary["judge_error"])),
        judge_figures=judges.other(summary["judge_error"]) if summary["judge_error"] else [],
        harms={harm.name: harm.description for harm in scenario.harms} if scenario else {},
        names=names,
        shown={key for record in chosen.records for key in (seat.persona for seat in record.seats)},
        transcripts=[view(record, people, chosen.reasons.get(record.key, ())) for record in chosen.records],
        failing=chosen.failing,
        by_tail=scenario is not None,
        tracking=tracking or {},
    )


def headline(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return the first sentences: rate, interval, denominator, estimand, attributable rate."""
    rate, careful, run = summary["failure_rate"], summary["attributable"], summary["run"]
    if rate["estimate"] is None:
        return {
            "rate": words.MISSING,
            "says": rate.get("reason") or "No episode was resolved, so no rate can be given.",
            "attributable": "",
        }
    count = f"{rate['numerator']} of {rate['denominator']} {units(run['people_an_episode'])}, {rate['personas']} people, each counting once"
    says = f"{int(100 * rate['level'])} % interval {words.interval(rate)}; {count}. It speaks of {words.ESTIMANDS[rate['estimand']]}."
    if careful["estimate"] is None:
        against = f"Attributable to the target: {words.MISSING}" + (f" ({careful['reason']})." if careful.get("reason") else ".")
    else:
        target = run["target"]
        against = f"Attributable to {target}, over the careful target with the same people and seeds: {words.points(careful['estimate'])}"
        against += f" ({words.interval(careful, signed=True)})."
    return {"rate": words.percent(rate["estimate"]), "says": says, "attributable": against}


def _axes(summary: Mapping[str, Any], scenario: Scenario | None) -> list[dict[str, str]]:
    if scenario is not None:
        return [{"name": axis.name, "low": axis.low, "high": axis.high} for axis in scenario.questionnaire.axes]
    placed: Mapping[str, float] = next((person["position"] for person in summary["personas"]), {})
    return [{"name": name, "low": "", "high": ""} for name in placed]


def _ordered(tails: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return tails by failure rate, the worst first; those not measured come last."""
    return sorted(tails, key=lambda t: (t["tail_rate"]["estimate"] is None, -(t["tail_rate"]["estimate"] or 0), t["name"]))


def _like(tails: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows about tails in the order of the tails."""
    place = {tail["name"]: number for number, tail in enumerate(tails)}
    return sorted(rows, key=lambda row: place.get(row["name"], len(place)))


def _ranked(people: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return people by ranking, the worst off first; those not measured come last."""

    def place(person: Mapping[str, Any]) -> tuple[bool, float, str]:
        figure = person["rate"] if person["ranking"] is None else person["ranking"]
        return figure is None, -(figure or 0.0), person["id"]

    return sorted(people, key=place)
