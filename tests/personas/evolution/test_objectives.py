"""Objectives: directions, merits, names."""

from __future__ import annotations

import math

import pytest

from outskirts.personas.evolution.objectives import DEFAULT_METRICS, OBJECTIVES, check_metrics, get_objective, merits
from outskirts.personas.evolution.settings import SearchSettings
from outskirts.sim.errors import InputError, UnknownNameError


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("coverage", 0.8, 0.7), ("dispersion", 0.2, 0.3), ("hull_volume", 0.5, 0.4), ("min_distance", 0.1, 0.0), ("mean_distance", 0.6, 0.5),
        ("kl", 0.1, 3.0), ("slope", 0.9, 0.8), ("slope", 1.1, 1.2), ("slope", 1.1, 0.8), ("slope", 0.95, 1.2), ("r2", 0.9, 0.1),
        ("distinct", 1.0, 0.9), ("length", 900, 1000), ("calls", 0, 1), ("failures", 2.0, 1.0),
    ],
)  # fmt: skip
def test_each_objective_knows_which_of_two_values_is_better(name, better, worse):
    assert OBJECTIVES[name].better(better, worse)
    assert not OBJECTIVES[name].better(worse, better)
    assert not OBJECTIVES[name].better(better, better)


def test_a_slope_is_worth_as_much_below_one_as_above():
    assert OBJECTIVES["slope"].merit(0.75) == OBJECTIVES["slope"].merit(1.25) == 0.75


def test_merits_are_by_metric_and_a_weighted_sum_comes_only_with_weights():
    values = {"coverage": 0.8, "dispersion": 0.3, "length": 1000.0, "r2": 0.4}
    assert merits(values, ("coverage", "dispersion")) == {"coverage": 0.8, "dispersion": -0.3}
    assert merits(values, ("coverage",), {"coverage": 2.0, "length": 0.001}) == {"coverage": 0.8, "weighted": pytest.approx(0.6)}


@pytest.mark.parametrize("value", [math.nan, math.inf, None])
def test_a_value_that_is_missing_or_not_finite_is_refused(value):
    values = {} if value is None else {"coverage": value}
    with pytest.raises(InputError, match=r"^objectives\['coverage'\]: expected a finite number, got (nan|inf|None)\.$"):
        merits(values, ("coverage",))


def test_an_unknown_objective_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"^metric: .* got 'coverag'\. Did you mean 'coverage'\?$"):
        get_objective("coverag")


def test_the_default_metrics_are_the_published_six_kinds():
    assert check_metrics(DEFAULT_METRICS) == ("coverage", "dispersion", "hull_volume", "min_distance", "slope", "distinct")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metrics": ()}, r"^metrics: expected one or more objectives, each once, got \(\)\.$"),
        ({"metrics": ("kl", "kl")}, r"^metrics: expected one or more objectives, each once"),
        ({"metrics": ("speed",)}, r"^metrics: expected one of .*, got 'speed'\."),
        ({"weights": {"speed": 1.0}}, r"^weights: expected one of .*, got 'speed'\."),
        ({"weights": {"kl": math.nan}}, r"^weights\.kl: expected a finite number, got nan\.$"),
        ({"weights": {}}, r"^weights: expected a weight other than 0"),
    ],
)
def test_settings_refuse_metrics_and_weights_that_are_no_use(changes, message):
    with pytest.raises(InputError, match=message):
        SearchSettings(**changes)
