"""Gaps between segments: by hand, and planted."""

import asyncio

import numpy as np
import pytest

from outskirts.personas.biases.contrast import Table, compare, contrast
from outskirts.personas.biases.reference import Reference, read_reference
from outskirts.personas.biases.segments import segments_of
from outskirts.personas.measurement import measure
from outskirts.sim.errors import InputError, UnknownNameError

from .biased_respondents import Planted, people, questionnaire

ASKED = questionnaire()


def planted(gap, within, gap_reference, n=60, rows=400, seed=0):
    """Return one measure with known gaps and a known spread within segments, people and reference apart."""
    rng = np.random.default_rng(seed)
    segment, other = np.arange(n) % 2, np.arange(rows) % 2
    simulated = 0.5 + gap * (segment - 0.5)[:, None] + rng.normal(0, within, (n, 1))
    real = 0.5 + gap_reference * (other - 0.5)[:, None] + rng.normal(0, 0.2, (rows, 1))
    return Table(("m",), simulated[:, None, :], segment, real, other)


def test_the_ratio_of_two_segments_is_gap_over_gap():
    table = Table(("m",), np.array([[[0.1]], [[0.3]], [[0.7]], [[0.9]]]), np.array([0, 0, 1, 1]), np.array([[0.4], [0.42], [0.6], [0.62]]))
    measures, pooled, within = compare(table, ["x", "y"])
    assert pooled.estimate == measures["m"].ratio.estimate == pytest.approx(0.6 / 0.2)
    assert (measures["m"].gap_simulated, measures["m"].gap_reference) == (pytest.approx(0.6), pytest.approx(0.2))
    assert measures["m"].simulated == {"x": pytest.approx(0.2), "y": pytest.approx(0.8)}
    assert within.estimate == pytest.approx(0.1 / 0.01)


def test_the_share_explained_is_eta_squared_less_what_chance_gives():
    table = Table(("m",), np.array([[[0.1]], [[0.3]], [[0.7]], [[0.9]]]), np.array([0, 0, 1, 1]), np.array([[0.0], [1.0], [0.0], [1.0]]))
    found = compare(table, ["x", "y"])[0]["m"]
    assert found.explained_simulated == pytest.approx((0.36 - 0.04 / 2) / 0.4)
    assert found.explained_reference == pytest.approx(-0.5)
    assert found.p_reference == 1


def test_the_f_test_agrees_with_scipys():
    from scipy.stats import f_oneway

    table = planted(0.3, 0.1, 0.05)
    theirs = f_oneway(table.reference[::2, 0], table.reference[1::2, 0]).pvalue
    assert compare(table, ["x", "y"])[0]["m"].p_reference == pytest.approx(theirs)


def test_planted_caricature_and_flattening_are_found():
    measures, pooled, within = compare(planted(0.45, 0.1, 0.15), ["x", "y"])
    assert pooled.low < 3 < pooled.high
    assert pooled.low > 1
    assert within.low < 0.5 < within.high < 1
    assert measures["m"].explained_difference.low > 0


def test_no_ratio_is_formed_where_the_references_segments_do_not_differ():
    measures, pooled, _ = compare(planted(0.4, 0.1, 0.0), ["x", "y"])
    assert pooled.reason == "the reference's segments differ on nothing that is measured"
    assert measures["m"].ratio.reason.startswith("the reference's segments do not differ (p = ")


def test_with_three_segments_the_ratio_is_the_slope_of_the_means():
    segment = np.repeat([0, 1, 2], 2)
    real = np.array([0.1, 0.1, 0.2, 0.2, 0.6, 0.6])[:, None]
    simulated = np.array([0.0, 0.1, 0.3, 0.4, 0.8, 0.9])[:, None, None]
    slope = np.polyfit([0.1, 0.2, 0.6], [0.05, 0.35, 0.85], 1)[0]
    assert compare(Table(("m",), simulated, segment, real), ["x", "y", "z"])[1].estimate == pytest.approx(slope)


def measured(respondent, who):
    return asyncio.run(measure(who, ASKED, respondent, runs=3))


def test_without_a_reference_the_assigned_positions_are_it():
    who = people(60)
    found = contrast(measured(Planted(gain=0.5, noise=0.5), who), ASKED, segments_of(who, ASKED.names))
    assert (found.reference, found.reference_rows, found.segmented_by) == ("assigned positions", None, "halves of a0")
    assert found.ratio.low < 0.5 < found.ratio.high
    assert sum(found.people.values()) == 60


def test_a_reference_of_items_is_compared_with_the_same_items_turned_alike():
    who = people(40, side=["left", "right"] * 20)
    real = Reference(("left", "right") * 30, ("a0_1",), np.array([6.0, 2.0, 5.0, 3.0] * 15)[:, None])  # reversed, of 7
    found = contrast(measured(Planted(), who), ASKED, segments_of(who, ASKED.names, "side"), reference=real)
    assert found.measures["a0_1"].reference == {"left": pytest.approx(1 - 4.5 / 6), "right": pytest.approx(1 - 1.5 / 6)}
    assert found.reference_rows == {"left": 30, "right": 30}


def test_segments_too_small_or_unknown_to_the_reference_are_left_out():
    who = people(20, side=["left"] * 9 + ["right"] * 9 + ["up", "down"])
    real = Reference(("left", "right", "down") * 5, ("a0",), np.linspace(0, 1, 15)[:, None])
    found = contrast(measured(Planted(), who), ASKED, segments_of(who, ASKED.names, "side"), reference=real)
    assert (dict(found.people), found.left_out) == ({"left": 9, "right": 9}, 2)
    alone = contrast(measured(Planted(), who[:9]), ASKED, segments_of(who[:9], ASKED.names, "side"))
    assert (alone.reason, alone.ratio.estimate) == ("fewer than two segments with 2 people or more", None)
    assert alone.measures == {}


def test_a_reference_of_other_segments_is_refused():
    who = people(4, side=["left", "right"] * 2)
    real = Reference(("west", "east"), ("a0",), np.zeros((2, 1)))
    with pytest.raises(InputError, match=r"^reference, segments: expected two or more of the people's segments \(left, right\), got 'east"):
        contrast(measured(Planted(), who), ASKED, segments_of(who, ASKED.names, "side"), reference=real)


def test_people_are_divided_by_axis_number_word_or_as_given():
    who = people(4, age=[20.0, 30.0, 40.0, 50.0], job=["cook", "nurse", "cook", "cook"])
    assert segments_of(who, ASKED.names, "age").names == ("low", "high")
    assert segments_of(who, ASKED.names, "age").of.tolist() == [0, 0, 1, 1]
    assert segments_of(who, ASKED.names, "job").of.tolist() == [0, 1, 0, 0]
    assert segments_of(who, ASKED.names, {"p0": "b", "p3": "a"}).of.tolist() == [1, -1, -1, 0]
    expected = [int(p.position["a1"] >= 0.5) for p in who]
    assert segments_of(who, ASKED.names, "a1").of.tolist() == expected


def test_an_unknown_field_and_a_field_of_too_many_values_are_refused():
    with pytest.raises(UnknownNameError, match=r"^segment: expected one of a0, a1, job, got 'jobs'\. Did you mean 'job'\?$"):
        segments_of(people(13, job=[f"job {i}" for i in range(13)]), ASKED.names, "jobs")
    with pytest.raises(InputError, match=r"^segment: expected a field with at most 12 different values, got '13 of job'\.$"):
        segments_of(people(13, job=[f"job {i}" for i in range(13)]), ASKED.names, "job")


def test_a_reference_is_read_with_blanks_and_blank_lines():
    real = read_reference("\ufeffa0_1, side ,a1\n7,x,0.25\n\n,y,\n", "f.csv", ASKED, "side")
    assert (real.segments, real.columns) == (("x", "y"), ("a0_1", "a1"))
    np.testing.assert_array_equal(real.values, [[7, 0.25], [np.nan, np.nan]])
    np.testing.assert_array_equal(real.answers(["a0_0", "a0_1"]), [[0, 7], [0, 0]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.csv, line 1: expected one column 'segment', got 'an empty file'."),
        ("a0\n1\n", "f.csv, line 1: expected one column 'segment', got 'a0'."),
        ("segment\nx\n", "f.csv, line 1: expected one column or more named after an item or an axis, got 'none'."),
        ("segment,a0,a0\n", "f.csv, line 1: expected each column once, got 'a0'."),
        ("segment,a0\n", "f.csv: expected at least one row of answers, got 'a header only'."),
        ("segment,a0\nx,.5\nx\n", "f.csv, line 3: expected 2 cells, got 1."),
        ("segment,a0\n ,.5\n", "f.csv, line 2, column 'segment': expected the name of a segment, got ' '."),
        ("segment,a0\nx,1.5\n", "f.csv, line 2, column 'a0': expected a position in [0, 1], or nothing, got '1.5'."),
        ("segment,a0_0\nx,8\n", "f.csv, line 2, column 'a0_0': expected a whole number from 1 to 7, or nothing, got '8'."),
        ("segment,a0_0\nx,nan\n", "f.csv, line 2, column 'a0_0': expected a whole number from 1 to 7, or nothing, got 'nan'."),
        ("segment,a0_0\nx,2.5\n", "f.csv, line 2, column 'a0_0': expected a whole number from 1 to 7, or nothing, got '2.5'."),
    ],
)
def test_a_bad_reference_names_file_line_and_column(text, message):
    with pytest.raises(InputError) as caught:
        read_reference(text, "f.csv", ASKED)
    assert str(caught.value) == message


def test_an_unknown_column_is_refused():
    with pytest.raises(UnknownNameError, match=r"^f\.csv, line 1: expected one of a0, a0_0, .*, got 'a0_9'\. Did you mean 'a0_\d'\?$"):
        read_reference("segment,a0_9\nx,1\n", "f.csv", ASKED)


@pytest.mark.slow
def test_intervals_of_the_ratio_hold_the_truth():
    found = [compare(planted(0.3, 0.1, 0.12, n=40, seed=s), ["x", "y"], s)[1] for s in range(150)]
    assert np.mean([f.low <= 2.5 <= f.high for f in found]) >= 0.9
