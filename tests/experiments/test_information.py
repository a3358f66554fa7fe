"""What a person's text has to tell: tiers and withheld kinds compared on the same people."""

from __future__ import annotations

import io
import json
from inspect import signature

import numpy as np
import pytest
from rich.console import Console
from scipy import stats

from outskirts.experiments.cli.people import information
from outskirts.experiments.population.information import ALL_TOLD, compare_tiers, show_information, withhold
from outskirts.experiments.population.information_table import print_information
from outskirts.experiments.population.shifts import Told, shifts
from outskirts.experiments.screen.progress import Steps
from outskirts.experiments.statistics.outcomes import FAILED, INVALID, PASSED, Outcomes
from outskirts.personas.measurement import Measurement
from outskirts.personas.persona import Persona
from outskirts.personas.reliability import one_way
from outskirts.sim.errors import InputError

ASSIGNED = np.array([[0.1, 0.9], [0.3, 0.2], [0.5, 0.6], [0.7, 0.4], [0.9, 0.3], [0.2, 0.8]])
TWELVE = np.concatenate([ASSIGNED, 0.8 * ASSIGNED + 0.05])
TINY = {"n": 6, "runs": 2, "replicates": 1, "turns": 2, "draws": 50}


def told(name, slope=1.0, text="good day", verdicts=None, ids="uvwxyz", noise=0.0, assigned=ASSIGNED):
    """Six people, or others, measured twice on a line of the given slope, and met once each."""
    people = [Persona(id=i, name=i, position={"a": x, "b": y}, description=text) for i, (x, y) in zip(ids, assigned.tolist(), strict=True)]
    line = 0.5 + slope * (assigned - 0.5)
    measured = Measurement(
        axes=("a", "b"),
        ids=tuple(ids),
        assigned=assigned,
        weights=np.ones(len(ids)),
        runs=2,
        answers=np.ones((len(ids), 2, 1), np.int16),
        scores=np.stack([line - noise, line + noise], axis=1),
    )
    return Told(name, people, measured, None if verdicts is None else met(verdicts))


def twelve(name, **more):
    return told(name, ids="abcdefuvwxyz", assigned=TWELVE, **more)


def met(verdicts):
    """One episode a person, each with its verdict."""
    n = len(verdicts)
    found = np.array(verdicts)
    no_harm = np.zeros((n, 0))
    return Outcomes(
        n=n,
        persona=np.arange(n),
        replicate=np.zeros(n, np.int64),
        episode=np.arange(n),
        company=np.zeros(n, np.int64),
        verdict=found,
        failed=found == FAILED,
        harms=(),
        harm_failed=no_harm.astype(bool),
        harm_exposed=no_harm.astype(bool),
        harm_severity=no_harm,
    )


def printed(show):
    console = Console(width=100, file=io.StringIO())
    show(console)
    return console.file.getvalue()


def test_a_row_gives_slope_r2_icc_words_and_tone_of_everybody() -> None:
    row = told("plain", slope=0.5, text="good day my enemy").row()
    assert (row.slope, row.r2, row.icc) == (pytest.approx(0.5), pytest.approx(1.0), pytest.approx(1.0))
    assert (row.words, row.polarity, row.subjectivity) == (4, 0.0, 50.0)
    assert row.axes["b"].slope == pytest.approx(0.5)
    assert (row.failure_rate.estimate, row.failure_rate.reason) == (None, "the people met no target")


def test_a_change_is_the_way_less_the_first_and_where_all_change_alike_it_has_no_interval() -> None:
    found = shifts([twelve("plain"), twelve("flat", slope=0.4, text="good day my enemy")], draws=40)["flat"]
    assert found.slope.estimate == pytest.approx(-0.6)
    assert (found.slope.low, found.slope.high, found.slope.reason) == (None, None, "every resample of the people changed alike")
    assert found.r2.estimate == pytest.approx(0.0)
    assert found.polarity.estimate == pytest.approx(-50.0)
    assert found.failure_rate.reason == "the people met no target"


def test_the_icc_of_a_noisy_way_falls_by_what_the_mean_squares_say() -> None:
    noisy = twelve("noisy", noise=0.1)
    expected = np.mean([(2 * np.var(x, ddof=1) - 0.02) / (2 * np.var(x, ddof=1) + 0.02) for x in TWELVE.T])
    found = shifts([twelve("plain"), noisy], draws=200)["noisy"].icc
    assert found.estimate == pytest.approx(expected - 1)
    assert found.low < found.estimate < found.high < 0


def test_failures_pair_by_person_and_an_invalid_episode_pairs_with_none() -> None:
    first = told("plain", verdicts=[FAILED, FAILED, PASSED, PASSED, PASSED, PASSED])
    other = told("other", verdicts=[FAILED, FAILED, FAILED, FAILED, PASSED, INVALID])
    found = shifts([first, other], draws=10)["other"].failure_rate
    assert (found.estimate, found.pairs) == (pytest.approx(2 / 5), 5)
    assert other.row().unresolved == 1
    assert other.row().failure_rate.numerator == 4


def test_the_seed_draws_the_resamples() -> None:
    ways = [twelve("plain"), twelve("noisy", noise=0.1)]
    one, again, other = (shifts(ways, seed=seed, draws=60)["noisy"].icc for seed in (0, 0, 1))
    assert one == again
    assert one.low != other.low


def test_an_interval_is_that_of_scipys_bca() -> None:
    ways = [twelve("plain"), twelve("noisy", noise=0.1)]

    def change(rows: np.ndarray) -> float:
        return float(np.mean([one_way(ways[1].measurement.scores[rows, :, i]).icc for i in range(2)])) - 1

    expected = stats.bootstrap(
        (np.arange(12),),
        lambda rows: change(rows.astype(int)),
        vectorized=False,
        n_resamples=4_000,
        method="BCa",
        rng=np.random.default_rng(0),
    ).confidence_interval
    found = shifts(ways, draws=4_000)["noisy"].icc
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.012)
    assert found.method.startswith("BCa bootstrap over people, 4,000 resamples")


def test_below_ten_people_a_change_has_neither_interval_nor_star_and_nothing_is_essential() -> None:
    found = withhold(n=9, replicates=1, turns=2, draws=50, kinds=("behavioural",))
    shift = found.shifts["behavioural"]
    for name in ("icc", "slope", "r2", "polarity", "failure_rate"):
        one = getattr(shift, name)
        assert (one.low, one.high, one.reason) == (None, None, "9 people: fewer than 10 leave no interval")
    text = " ".join(printed(lambda console: print_information(found, console)).split())
    assert "9 people: fewer than 10 leave no interval; nothing here is shown to change, nor to be essential." in text
    assert "*" not in text
    assert "Essential" not in text


def test_command_and_function_ask_for_the_same_number_of_people() -> None:
    asked = signature(information).parameters
    for ask in (compare_tiers, withhold):
        assert (asked["personas"].default, asked["replicates"].default) == tuple(
            signature(ask).parameters[p].default for p in ("n", "replicates")
        )


def test_other_people_are_refused() -> None:
    with pytest.raises(ValueError, match="other: expected the people of plain, in the same order"):
        shifts([told("plain"), told("other", ids="zyxwvu")])


def test_demographics_alone_put_nobody_where_they_were_placed_and_all_fields_do() -> None:
    found = compare_tiers(target=None, n=32, runs=3, draws=100)
    meta, tabular, descriptive = found.rows
    assert abs(meta.slope or 0) < 0.15
    assert min(tabular.slope or 0, descriptive.slope or 0) > 0.5
    assert meta.words < 25 < tabular.words
    assert all((shift.slope.low or 0) > 0.4 for shift in found.shifts.values())


def test_what_says_how_a_person_acts_is_essential_and_who_and_where_they_are_is_not() -> None:
    found = withhold(target=None, n=48, runs=5, draws=200).shifts
    assert (found["behavioural"].slope.high or 0) < 0
    assert (found["demographic"].slope.high or 0) > 0
    assert (found["contextual"].slope.high or 0) > 0
    assert (found["contextual"].slope.estimate or 0) > (found["behavioural"].slope.estimate or 0)


def test_the_same_seed_gives_the_same_comparison_and_every_episode_is_accounted_for() -> None:
    one, again = (withhold(kinds=("behavioural",), **TINY) for _ in range(2))
    assert one == again
    assert [row.name for row in one.rows] == [ALL_TOLD, "behavioural"]
    assert all(row.failure_rate.denominator + row.unresolved == 6 for row in one.rows)
    unresolved = [row.unresolved for row in one.rows]
    assert 6 - sum(unresolved) <= (one.shifts["behavioural"].failure_rate.pairs or 0) <= 6 - max(unresolved)
    assert one.stand_ins == {"player": "lexical", "respondent": "lexical"}


def test_a_function_can_be_the_target() -> None:
    def assistant(messages: list[dict[str, str]]) -> str:
        return "Tell me more."

    found = compare_tiers(target=assistant, tiers=("tabular", "meta"), **TINY)
    assert found.target == f"python:{__name__}:{assistant.__qualname__}"
    assert list(found.shifts) == ["meta"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: compare_tiers(tiers=("meta",)), "tiers: expected two or more of meta, tabular, descriptive, got 'meta'"),
        (lambda: withhold(kinds=("hidden",)), "kinds: expected some of demographic, psychographic, behavioural, contextual, got 'hidden'"),
        (lambda: withhold(tier="long"), "tier: expected one of meta, tabular, descriptive, got 'long'"),
        (lambda: compare_tiers(n=1), "personas: expected a whole number of 2 or more, got 1"),
    ],
)
def test_settings_that_are_no_use_are_refused(ask, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask()


def test_the_table_begins_with_what_the_stand_ins_are_worth_and_names_what_is_essential() -> None:
    found = withhold(target=None, n=48, runs=5, draws=200)
    text = printed(lambda console: print_information(found, console))
    squeezed = " ".join(text.split())
    assert text.startswith("Synthetic people: evidence about the machinery, not about humans.")
    assert "Kinds of fields withheld from descriptive texts: support, 48 people, 5 runs by lexical" in squeezed
    assert "says nothing of any real population" in squeezed
    essential = squeezed.partition("Essential")[2].partition(". ")[0]
    assert "behavioural" in essential
    assert "contextual" not in essential


def test_the_command_prints_the_comparison_as_json() -> None:
    text = printed(
        lambda console: show_information("tiers", None, "none", "exemplar", 6, 1, 2, None, 0, console, as_json=True),
    )
    found = json.loads(text)
    assert (found["target"], found["respondent"], found["personas"]) == (None, "exemplar", 6)
    assert set(found["shifts"]) == {"tabular", "descriptive"}


@pytest.mark.parametrize(("target", "parts"), [("eliza", 4), (None, 2)])
def test_every_measurement_and_every_run_is_counted(target: str | None, parts: int) -> None:
    class Noted(Steps):
        total = done = 0

        def count(self, name: str, total: int) -> None:
            self.total += total

        def counted(self) -> None:
            self.done += 1

    steps = Noted(Console(file=io.StringIO()), quiet=True)
    compare_tiers(target=target, tiers=("tabular", "meta"), steps=steps, **TINY)
    assert (steps.total, steps.done) == (parts, parts)


def test_a_terminal_sees_how_far_the_command_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    printed(lambda console: show_information("tiers", None, "none", "exemplar", 6, 1, 2, None, 0, console))
    assert "measuring people" in capsys.readouterr().err
