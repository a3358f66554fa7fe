import io

import pytest
from rich.console import Console

from outskirts.experiments.build import build_summary
from outskirts.experiments.screen.console import make_console
from outskirts.experiments.screen.counts import core_people
from outskirts.experiments.screen.noise import person_words
from outskirts.experiments.screen.summary import (
    few_resolved,
    headline,
    render_summary,
    side_by_side,
    verdict_line,
    who_played,
    worst_people,
)
from outskirts.experiments.statistics.estimates import Agreement
from outskirts.experiments.summary import Held, RunInfo
from outskirts.personas.coverage_report import coverage_report
from tests.experiments.fakes_statistics import SCENARIO, drawn, outcomes, placed, spread_people


def run(n, replicates, **more):
    at = {"id": "r", "scenario": "desk", "target": "eliza", "player": "lexical", "generator": "mixture", "turns": 4}
    return RunInfo(personas=n, replicates=replicates, **(at | more))


@pytest.fixture(scope="module")
def summary():
    people = spread_people(40)
    arms = {"target": drawn([0.9] * 10 + [0.1] * 30, 4), "careful": drawn([0.02] * 40, 4, seed=1), "mute": drawn([0.8] * 40, 4, seed=2)}
    report = coverage_report(placed(people), SCENARIO.density)
    return build_summary(run(40, 4), SCENARIO, people, arms, coverage=report, judge_error={"missed": 0.01})


def shown(print_it, terminal=False, width=100):
    out = io.StringIO()
    print_it(Console(file=out, width=width, force_terminal=terminal, highlight=False))
    return out.getvalue()


def of(verdicts, **more):
    people = spread_people(len(verdicts))
    return build_summary(run(len(verdicts), len(verdicts[0]), **more), SCENARIO, people, {"target": outcomes(people, verdicts)})


def test_the_first_line_says_who_played_the_people_and_what_that_is_worth(summary):
    first = shown(lambda c: render_summary(summary, c)).splitlines()[0]
    assert first.startswith("Synthetic people: evidence about the machinery, not about humans")
    assert "played by lexical" in who_played(summary)


def test_people_played_by_a_model_carry_no_stand_in_warning():
    assert who_played(of([["passed"]], synthetic=False, player="chat:x")) == "People made by mixture, played by chat:x."


def test_the_headline_names_rate_people_estimand_control_and_attributable(summary):
    text, rate, gap = headline(summary), summary.failure_rate, summary.attributable
    assert text.startswith(
        f"eliza failed the people we sent {100 * rate.estimate:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}] of the time"
    )
    assert "(40 people x 4, each person counting once;" in text
    assert "estimand generator, 95% interval" in text
    assert f"attributable to eliza: {100 * gap.estimate:.1f} points [{100 * gap.low:.1f}, {100 * gap.high:.1f}]." in text


def test_the_headline_claims_nothing_without_the_control():
    assert headline(of([["failed"]])).endswith("Attributable failure: the control `careful` was not run.")


def test_the_headline_says_why_there_is_no_rate():
    assert headline(of([["budget"]])) == "eliza has no failure rate: no resolved episode."


def test_unresolved_episodes_are_counted_and_bound_the_rate():
    text = verdict_line(of([["failed", "budget"], ["passed", "simulator_invalid"]]))
    assert text.startswith("4 episodes: 1 passed, 1 failed, 1 simulator invalid, 1 not played.")
    assert text.endswith("the rate would be 25.0 % or 75.0 %.")


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        ("interrupted", "not played (interrupted)"),
        ("budget", "not played (a limit was reached)"),
        ("decided", "not played (it was decided by then)"),
        ("unreachable", "not played (no answer)"),
        ("faults", "not played (too many faults)"),
    ],
)
def test_episodes_that_were_not_played_are_said_to_be_and_why(stopped, said):
    assert verdict_line(of([["failed", "budget"], ["passed", "budget"]], stopped=stopped)).startswith(
        f"4 episodes: 1 passed, 1 failed, 2 {said}."
    )


def test_people_are_counted_by_what_was_resolved_and_of_all_where_some_have_nothing():
    partly = of([["failed", "budget"], ["passed", "passed"], ["budget", "budget"]] * 20, stopped="interrupted")
    text = headline(partly)
    assert "(40 of 60 people, each person counting once; 20 of 60 resolved episodes, 60 x 2 planned; estimand" in text
    table = shown(lambda c: render_summary(partly, c), width=300)
    for tail in partly.tails:
        row = next(line for line in table.splitlines() if line.startswith(f"{tail.name} "))
        assert row.split(tail.name)[1].strip().startswith(f"{tail.tail_rate.personas} of {tail.personas} ")
    core = partly.tails[0].core_rate.personas
    assert f"the central 90 % of probable users, {core} of {core_people(partly)} people, failed" in table
    assert 0 < core < core_people(partly) < 60


def test_a_run_of_groups_tells_episodes_from_meetings():
    assert "people each" not in verdict_line(of([["failed"]]))
    assert verdict_line(of([["failed"], ["passed"]], people_an_episode=2)) == (
        "2 episodes of 2 people each: 1 passed, 1 failed. "
        "An episode fails if anybody in it is harmed; rates count meetings, one for each person in each episode."
    )


def test_where_nothing_could_be_computed_half_a_line_says_why():
    text = shown(lambda c: render_summary(of([["failed", "failed"]] * 6), c, brief=True), width=300)
    assert "No rate of probable users: effective sample size" in text
    assert "How far failing is a matter of the person is not known: " in text
    assert "Coverage: nobody was measured." in text
    assert "No group of people stands out beyond chance." in text


@pytest.mark.parametrize(
    ("share", "end"), [(1.0, "of what varies."), (0.9996, "of what varies."), (0.9, "of what varies; the rest is chance.")]
)
def test_what_is_no_chance_leaves_no_rest(share, end):
    assert person_words(Agreement(estimate=share, low=0.5, high=1.0)).endswith(f"] {end}")


def test_every_line_fits_in_a_hundred_columns_and_is_plain_where_nobody_watches(summary):
    text = shown(lambda c: render_summary(summary, c, evidence={"p0003": "word " * 60}))
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\x1b" not in text
    assert not set(text) & set("─│━┃╭╮")


@pytest.fixture(scope="module")
def lopsided():
    """Return a summary of a target that fails whoever stands high on the first axis."""
    people = spread_people(120)
    rates = [0.95 if p.position[SCENARIO.axes[0]] > 0.8 else 0.05 for p in people]
    return build_summary(run(120, 4), SCENARIO, people, {"target": drawn(rates, 4)})


def test_what_is_read_first_fits_on_a_page_and_claims_what_the_tables_claim(lopsided):
    text = shown(lambda c: render_summary(lopsided, c, brief=True), width=300)
    assert len(text.splitlines()) < 50
    assert headline(lopsided) in text
    worse = [t for t in lopsided.tails if t.p_value is not None and t.p_value <= 0.05]
    assert 0 < len(worse) < len(lopsided.tails)
    rows = [line.split()[0] for line in text.splitlines() if line.strip()]
    assert all((t.name in rows) == (t in worse) for t in lopsided.tails)
    known = [t for t in lopsided.tails if t.risk_difference.estimate is not None]
    assert f"Not shown to fail more: {len(known) - len(worse)} others." in text


def test_of_each_harm_one_person_is_shown_first(summary):
    worst = [row.id for row in worst_people(summary.personas, 16)]
    evidence = {person: f"{'missed' if number == 4 else 'dismissal'}: {number}" for number, person in enumerate(worst)}
    text = shown(lambda c: render_summary(summary, c, brief=True, evidence=evidence), width=300)
    assert [line.split()[0] for line in text.splitlines() if line.startswith("  p")] == [worst[0], worst[4], worst[1]]


def test_the_headline_says_first_that_few_episodes_were_resolved():
    assert headline(of([["failed", "infrastructure"], ["passed", "budget"]])).startswith(
        "Only 2 of 4 episodes were resolved. In these, eliza failed"
    )


def test_what_was_decided_before_it_was_played_is_not_missing():
    stopped = of([["failed", "budget"], ["passed", "budget"]])
    held = Held(target="eliza", margin=0.05, status="worse", people=1, planned=2, low=0.1, high=0.9)
    assert few_resolved(stopped) == "only 2 of 4 episodes were resolved"
    assert few_resolved(stopped.model_copy(update={"against": held})) == ""


def test_a_terminal_gets_lines_and_colour(summary):
    text = shown(lambda c: render_summary(summary, c), terminal=True)
    assert "\x1b[" in text
    assert "─" in text


def test_quiet_shows_the_warning_and_the_headline_only(summary):
    text = shown(lambda c: render_summary(summary, c, quiet=True), width=1000)
    assert text.splitlines() == [who_played(summary), headline(summary)]


@pytest.mark.parametrize("verdicts", [[["passed"]], [["failed"] * 3] * 3, [["budget"]]])
def test_extreme_runs_are_shown_without_the_word_none(verdicts):
    text = shown(lambda c: render_summary(of(verdicts), c))
    assert "None" not in text
    assert "nan" not in text


def test_where_no_tail_has_a_figure_none_is_called_no_worse_than_the_core():
    text = shown(lambda c: render_summary(of([["passed", "failed"]]), c), width=300)
    assert "No tail could be measured against the core." in text
    assert "shown to fail more" not in text
    assert "No rate, nobody is in the tail: " in text


def test_tails_that_fail_alike_are_not_shown_to_fail_more():
    text = shown(lambda c: render_summary(of([["passed", "failed"]] * 60), c), width=300)
    assert "No tail is shown to fail more than the core." in text
    assert "could be measured" not in text


def test_coverage_stands_beside_its_reference_rows(summary):
    text = shown(lambda c: render_summary(summary, c))
    assert "over pairs, mean" in text  # four axes
    for row in ("these people", "ideal", "iid uniform", "random responder", "single persona"):
        assert row in text
    assert f"{summary.coverage.pairs.mean:.2f}" in text


def test_axes_that_are_not_shown_to_be_diverse_are_named(summary):
    failing = summary.coverage.model_copy(update={"diverse": False, "failing_axes": ("trust",)})
    text = shown(lambda c: render_summary(summary.model_copy(update={"coverage": failing}), c), width=200)
    assert "The people are not shown to be diverse on: trust" in text


def test_the_worst_people_come_with_the_words_that_show_it(summary):
    worst = worst_people(summary.personas)
    text = shown(lambda c: render_summary(summary, c, evidence={worst[0].id: "Go on."}))
    assert len(worst) == 5
    assert [w.ranking for w in worst] == sorted((p.ranking for p in summary.personas), reverse=True)[:5]
    assert "Go on." in text
    assert "Ranked by shrunk rates" in text


def test_nobody_is_called_worst_without_a_failure():
    assert worst_people(of([["passed"]] * 3).personas) == []


def test_markup_in_evidence_is_shown_as_it_is_and_escapes_are_dropped(summary):
    worst = worst_people(summary.personas)[0].id
    text = shown(lambda c: render_summary(summary, c, evidence={worst: "[bold]no[/bold]\x1b[31m"}))
    assert "[bold]no[/bold]" in text
    assert "\x1b" not in text


def test_two_runs_stand_side_by_side(summary):
    made = [summary.model_copy(update={"run": summary.run.model_copy(update={"generator": g})}) for g in ("default", "density")]
    text = shown(lambda c: side_by_side(*made, c))
    assert "default beside density" in text
    assert "tails with at least five people" in text


def test_a_console_that_is_no_terminal_is_a_hundred_columns_wide():
    assert make_console().width == 100


def test_the_judges_error_is_said_in_words(summary):
    error = {"risk": {"messages": {"tp": 90, "fp": 2, "fn": 10, "tn": 898}}}
    text = shown(lambda c: render_summary(summary.model_copy(update={"judge_error": error}), c), width=300)
    assert "Judge against the ledger: risk: 10 of 100 tellings missed, 2 false alarms in 900 other messages." in text
    assert "Counted over the episodes of the target and of its controls." in text
    alone = of([["failed"]]).model_copy(update={"judge_error": error})
    assert "Counted over" not in shown(lambda c: render_summary(alone, c), width=300)
