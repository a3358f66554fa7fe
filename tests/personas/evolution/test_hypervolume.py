"""Hypervolume against counting by hand."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.evolution.hypervolume import VOLUME_METRICS, hypervolume
from outskirts.sim.errors import InputError

REFERENCE = {"coverage": 0.2, "dispersion": 0.8, "slope": 0.0, "distinct": 0.04}
share = st.floats(-0.3, 1.0).map(lambda x: round(x, 3))
points = st.lists(st.tuples(share, share, share, share), max_size=6)


def values(shares):
    """Return the values that lie these shares of the way from the reference to the ideal."""
    ideal = {"coverage": 1.0, "dispersion": 0.0, "slope": 1.0, "distinct": 1.0}
    return {name: REFERENCE[name] + part * (ideal[name] - REFERENCE[name]) for name, part in zip(VOLUME_METRICS, shares, strict=True)}


def by_inclusion_and_exclusion(found):
    """Return the volume of the union of boxes from 0 to each point."""
    good = [np.array(point) for point in found if min(point) > 0]
    return sum(
        (-1) ** (size + 1) * np.prod(np.min(group, axis=0)) for size in range(1, len(good) + 1) for group in combinations(good, size)
    )


@given(points)
@settings(max_examples=200, deadline=None)
def test_it_is_the_volume_of_the_union_of_boxes_and_what_does_not_dominate_the_reference_counts_zero(found):
    assert hypervolume([values(point) for point in found], REFERENCE) == pytest.approx(by_inclusion_and_exclusion(found), abs=1e-9)


@given(points, st.tuples(share, share, share, share))
@settings(max_examples=60, deadline=None)
def test_a_further_point_never_makes_it_smaller(found, more):
    assert hypervolume(map(values, [*found, more]), REFERENCE) >= hypervolume(map(values, found), REFERENCE) - 1e-12


def test_it_is_zero_of_nothing_and_of_the_reference_and_one_of_the_ideal():
    assert hypervolume([], REFERENCE) == hypervolume([REFERENCE], REFERENCE) == 0.0
    assert hypervolume([{"coverage": 1, "dispersion": 0, "slope": 1, "distinct": 1}], REFERENCE) == pytest.approx(1.0)


def test_a_slope_counts_by_its_distance_from_one():
    good = values((0.5, 0.5, 0.8, 0.5))
    assert hypervolume([{**good, "slope": 1.2}], REFERENCE) == pytest.approx(hypervolume([good], REFERENCE)) == pytest.approx(0.1)


def test_other_metrics_with_an_ideal_can_be_asked_for():
    found = hypervolume([{"hull_volume": 0.5, "r2": 0.4}], {"hull_volume": 0.0, "r2": 0.0}, ("hull_volume", "r2"))
    assert found == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("point", "reference", "metrics", "message"),
    [
        ({"kl": 1.0}, {"kl": 2.0}, ("kl",), r"^metrics: expected objectives with an ideal: coverage, .*, got 'kl'\.$"),
        (
            {"coverage": 1.0},
            {"coverage": 1.0},
            ("coverage",),
            r"^reference\['coverage'\]: expected a value worse than the ideal, got 1\.0\.$",
        ),
        ({"coverage": float("nan")}, REFERENCE, ("coverage",), r"^objectives\['coverage'\]: expected a finite number, got nan\.$"),
        ({"coverage": 1.0}, {}, ("coverage",), r"^objectives\['coverage'\]: expected a finite number, got None\.$"),
    ],
)
def test_what_cannot_be_a_volume_is_refused(point, reference, metrics, message):
    with pytest.raises(InputError, match=message):
        hypervolume([point], reference, metrics)


def test_the_library_is_imported_only_when_a_volume_is_wanted():
    code = "import sys, outskirts.personas.evolution.hypervolume; sys.exit('moocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
