"""Puts the page together: what the template is given, and what the browser is allowed to do with it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ...personas.persona import Persona
from ...sim.types import Regime
from ..screen.counts import PEOPLE_COUNTED, core_people, meeting_words, of_all, verdict_name
from ..screen.judging import corrected_words, judging_lines
from ..screen.noise import INSIDE, MEANS, NO_MORE, rest_words
from ..screen.records import DETECTED_IN, crossing_words, disclosure_words
from ..screen.summary import against_words, branching_words, few_resolved, rows_beside
from ..screen.wording import STAND_IN, in_money, protection_words, sentence, stand_ins, units
from ..statistics.branches import Branching
from ..statistics.nesting import nested
from ..summary import Held, Summary
from . import coverage, judges, pictures, words
from . import people as people_table
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
    rows: Sequence[Mapping[str, Any]] | None = None,
    faults: Sequence[str] = (),
) -> str:
    """Return the whole page.

    Args:
        summary: ``summary.json`` as plain data.
        people: The personas by id; may lack some.
        chosen: The failing episodes to show.
        scenario: Gives harms and axes their descriptions.
        tracking: ``tracking.json``, if the run was sent to MLflow before.
        beside: Summary of the people of a second generator, if there were any.
        rows: Every person's results; None: those that the summary lists.
        faults: What left episodes unresolved without being the target's failure, a line each.
    """
    covered = coverage.rows(summary["coverage"])
    whole = Summary.model_validate(summary)
    told = stand_ins(str(summary["run"]["player"]), summary["run"]["respondent"])
    axes = _axes(summary, scenario)
    table = people_table.ranked(summary["personas"] if rows is None else rows)
    shown = {seat.persona for record in chosen.records for seat in record.seats}
    names = {key: person.name for key, person in people.items()}
    shapes = {
        "tails": pictures.tails(summary["tails"]),
        "depth": pictures.depth(summary["depth"]),
        "exceedance": pictures.exceedance(summary["severity"]["exceedance"]),
        "coverage": pictures.coverage(covered),
    }
    columns = people_table.columns(table, names, [axis["name"] for axis in axes], shown)
    own = [text_of(f"{name}.js") for name in ("plots", "tables", "page", "people")]
    scripts = [plotly(), *own] if any(shapes.values()) or columns["radius"] is not None else own
    return template("page.html").render(
        s=summary,
        run=summary["run"],
        stand_in=sentence(STAND_IN),
        stand_ins=told,
        protection=protection_words(summary["run"].get("sandbox")),
        policy=policy(scripts),
        scripts=scripts,
        style=text_of("style.css"),
        shapes={name: shape is not None for name, shape in shapes.items()},
        data=embedded(shapes | {"people": columns, "run": {"name": summary["run"]["name"] or "DIR"}}),
        headline=headline(summary),
        few=few_resolved(whole),
        beside=beside and beside.run.generator,
        beside_rows=rows_beside(whole, beside) if beside else [],
        **_sentences(summary, whole),
        **_counts(whole),
        detected_in=DETECTED_IN,
        **_people(table, columns, shown, summary["run"]["name"] or "DIR"),
        names=names,
        in_money=in_money,
        card=_card(summary["run"]["information"], scenario, bool(told)),
        tails=_ordered(summary["tails"]),
        sensitivity=_like(_ordered(summary["tails"]), summary["tail_sensitivity"]),
        **_groups(summary, whole),
        means=MEANS,
        coverage_rows=covered,
        coverage_axes=coverage.axes(summary["coverage"]),
        pairs=coverage.many_axes(summary["coverage"] or {}),
        axes=axes,
        **_judges(summary, whole),
        detection=[row for row in summary["detection"] if any(row["found"][cell] for cell in ("tp", "fp", "fn"))],
        faults=faults,
        harms={harm.name: harm.description for harm in scenario.harms} if scenario else {},
        transcripts=[view(record, people, chosen.reasons.get(record.key, ())) for record in chosen.records],
        failing=chosen.failing,
        worst=len(chosen.reasons),
        by_tail=scenario is not None,
        tracking=tracking or {},
    )


def _sentences(summary: Mapping[str, Any], whole: Summary) -> dict[str, Any]:
    """Return what the page says in whole sentences, as the terminal does."""
    target, disclosed = str(summary["run"]["target"]), disclosure_words(whole)
    return {
        "against_words": against_words(Held.model_validate(summary["against"]), target) if summary["against"] else "",
        "branching": branching_words(Branching.model_validate(summary["branching"]), target) if summary.get("branching") else "",
        "rest": rest_words(whole.reliability.icc),
        "crossing_words": crossing_words(whole),
        "disclosed": disclosed.partition(": ")[2],
        "disclosure_words": disclosed if summary["run"]["people_an_episode"] > 1 else "",
    }


def _groups(summary: Mapping[str, Any], whole: Summary) -> dict[str, Any]:
    """Return the groups that were found, those inside another one behind it."""
    found = [
        {"group": one.group.model_dump(mode="json"), "words": one.words, "inside": one.inside is not None, "adds": one.adds}
        for one in nested(whole.slices)
    ]
    fresh = next((row["fresh"]["estimand"] for row in summary["slices"] if row["fresh"]), None)
    return {"slices": found, "inside": INSIDE, "no_more": NO_MORE, "fresh": fresh}


def headline(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return the first sentences: rate, interval, denominator, estimand, attributable rate."""
    rate, careful, run = summary["failure_rate"], summary["attributable"], summary["run"]
    if rate["estimate"] is None:
        return {
            "rate": words.MISSING,
            "says": rate.get("reason") or "No episode was resolved, so no rate can be given.",
            "attributable": "",
        }
    planned = run["personas"] * run["replicates"]
    missing = f" ({planned} planned)" if rate["denominator"] < planned else ""
    people = of_all(rate["personas"], run["personas"]) if missing else rate["personas"]
    count = f"{rate['numerator']} of {rate['denominator']} {units(run['people_an_episode'])}{missing}, {people} people, each counting once"
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


def _counts(whole: Summary) -> dict[str, Any]:
    """Return what the page counts, in words, and the functions that say it."""
    unit = "meeting" if whole.run.people_an_episode > 1 else "episode"
    return {
        "unit": unit,
        "units": f"{unit}s",
        "of_all": of_all,
        "core_people": core_people(whole),
        "people_counted": PEOPLE_COUNTED,
        "verdict_name": verdict_name,
        "meeting_words": meeting_words(whole.run),
    }


def _people(table: Sequence[Mapping[str, Any]], columns: Mapping[str, Any], shown: Collection[str], folder: str) -> dict[str, Any]:
    """Return what the sections on persona space and on people are given."""
    return {
        "people_data": columns,
        "placed": sum(bool(person["position"]) for person in table),
        "ranked": table[: people_table.STATIC],
        "shown": shown,
        "unresolved": people_table.unresolved,
        "replay": partial(_replay, folder),
    }


def _judges(summary: Mapping[str, Any], whole: Summary) -> dict[str, Any]:
    """Return what is said of the judges and of their error."""
    return {
        "corrected": corrected_words(whole),
        "judging": list(judging_lines(whole)),
        "panels": summary.get("panels") or {},
        "judge_errors": list(judges.confusions(summary["judge_error"])),
        "judge_figures": judges.other(summary["judge_error"]) if summary["judge_error"] else [],
    }


def _replay(folder: str, person: Mapping[str, Any]) -> str:
    """Return the command that shows an episode of a person: the first that failed, or else the first."""
    return shlex.join(["outskirts", "replay", folder, person["id"] + ("" if person["failures"] else "#0")])


def _card(information: Regime, scenario: Scenario | None, stand_in: bool) -> dict[str, Any]:
    """Return what a run's figures rest on: who knew what, what is planted in a stand-in, what is known to go wrong."""
    from ..omniscience import ARTEFACTS, KNOWN, planted_parameters, target_knows

    return {
        "knew": KNOWN[information],
        "target": target_knows(scenario),
        "planted": planted_parameters(scenario, information) if scenario is not None and stand_in else (),
        "artefacts": ARTEFACTS[information],
    }
