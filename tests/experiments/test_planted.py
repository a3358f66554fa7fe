import numpy as np
import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.experiments.naming.registry import make_target
from outskirts.experiments.planted import (
    HARM,
    Constant,
    Gradient,
    Planted,
    band,
    box,
    conjunction,
    corner,
    tail_region,
)
from outskirts.experiments.planted_truth import truth_of_density, truth_of_generator, truth_of_people
from outskirts.experiments.statistics.mass import tail_mass
from outskirts.experiments.statistics.outcomes import INVALID, Outcomes
from outskirts.personas.generators import get_generator
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import Stream
from tests.experiments.fakes_statistics import SCENARIO, spread_people

POINTS = np.array([[0.05, 0.5, 0.95], [0.5, 0.5, 0.5], [0.95, 0.05, 0.95], [0.95, 0.95, 0.05]])


@pytest.mark.parametrize(
    ("surface", "inside"),
    [
        (box([0.0, 0.0, 0.9], [0.1, 1.0, 1.0], 0.999, 0.001), [True, False, False, False]),
        (corner([1, 0, 1], 0.1, 0.999, 0.001), [False, False, True, False]),
        (band(1, 0.4, 0.6, 0.999, 0.001), [True, True, False, False]),
        (conjunction({0: (0.9, 1.0), 2: (0.9, 1.0)}, 0.999, 0.001), [False, False, True, False]),
        (conjunction({0: (0.9, 1.0), 1: (0.9, 1.0), 2: (0.0, 0.1)}, 0.999, 0.001), [False, False, False, True]),
    ],
)
def test_a_region_has_one_rate_inside_and_another_outside(surface, inside):
    assert surface(POINTS).tolist() == [0.999 if x else 0.001 for x in inside]
    cube = np.random.default_rng(0).random((200_000, 3))
    assert surface.contains(cube).mean() == pytest.approx(surface.volume, abs=0.004)


def test_a_gradient_is_logistic_in_the_positions():
    p = Gradient(-1.0, (2.0, 0.0, -1.0))(POINTS)
    assert np.log(p / (1 - p)) == pytest.approx(-1 + 2 * (POINTS[:, 0] - 0.5) - (POINTS[:, 2] - 0.5))


def everything() -> Planted:
    return Planted(
        band(0, 0.6, 1.0, 0.8, 0.05), icc=0.3, noise=0.05, exposure=band(1, 0.0, 0.5, 0.9, 0.4), invalid=band(2, 0.7, 1.0, 0.4, 0.02)
    )


def test_drawn_outcomes_are_those_read_from_the_records_of_the_same_study():
    people, target, stream = spread_people(60), everything(), Stream(3, "study")
    read = Outcomes.of(people, SCENARIO, target.records(people, SCENARIO, 4, stream))
    drawn = target.draw(SCENARIO.positions(people), 4, stream)
    for name in ("n", "persona", "replicate", "episode", "company", "verdict", "failed", "missing"):
        assert np.array_equal(getattr(read, name), getattr(drawn, name)), name
    harm = read.harms.index(HARM)
    for name in ("harm_failed", "harm_exposed", "harm_severity"):
        assert np.array_equal(getattr(read, name)[:, harm], getattr(drawn, name)[:, 0]), name
    assert not np.delete(read.harm_exposed, harm, axis=1).any()


def test_a_stream_gives_the_same_study_again_and_is_left_alone():
    x, stream = np.random.default_rng(1).random((30, 3)), Stream(3, "study")
    first, again = (everything().draw(x, 5, stream) for _ in range(2))
    assert np.array_equal(first.verdict, again.verdict)
    assert stream.state() is None
    assert not np.array_equal(first.verdict, everything().draw(x, 5, Stream(4, "study")).verdict)


def test_two_targets_meet_the_same_people_but_not_the_same_luck():
    x, stream = np.zeros((500, 1)), Stream(0, "pair")
    mild, harsh = Planted(Constant(0.2), icc=0.3, label="mild"), Planted(Constant(0.4), icc=0.3, label="harsh")
    assert (np.diff(harsh.rates(x, stream)[np.argsort(mild.rates(x, stream))]) >= 0).all()
    other = Planted(Constant(0.2), icc=0.3, label="other")
    assert np.array_equal(mild.rates(x, stream), other.rates(x, stream))
    assert not np.array_equal(mild.draw(x, 4, stream).failed, other.draw(x, 4, stream).failed)


def test_people_fail_at_the_rates_that_are_told_and_only_where_exposed():
    x, target, stream = np.random.default_rng(2).random((400, 3)), everything(), Stream(7, "many")
    out = target.draw(x, 500, stream)
    n = out.of_people(out.resolved)
    share, p = out.of_people(out.resolved & out.failed) / n, target.rates(x, stream)
    z = (share - p) / np.sqrt(p * (1 - p) / n)
    assert (z**2).sum() == pytest.approx(400, abs=5 * np.sqrt(800))
    assert not out.failed[~out.harm_exposed[:, 0]].any()
    invalid = out.of_people(out.verdict == INVALID) / 500
    assert (invalid[x[:, 2] < 0.7].mean(), invalid[x[:, 2] > 0.7].mean()) == pytest.approx((0.02, 0.4), abs=0.01)


@pytest.mark.parametrize("icc", [0.0, 0.1, 0.5, 1.0])
def test_moments_are_those_of_the_people_at_a_position(icc):
    target = Planted(Constant(0.2), icc=icc, noise=0.1, exposure=0.5)
    own = target.rates(np.zeros((200_000, 1)), Stream(0, "moments"))
    mean, square = target.moments(np.zeros((1, 1)))
    assert (own.mean(), (own**2).mean()) == pytest.approx((mean[0], square[0]), abs=2e-3)
    assert mean[0] == pytest.approx((0.2 * 0.8 + 0.1) * 0.5)


def test_the_truth_of_people_is_counted_from_their_rates():
    people, stream = spread_people(200, seed=5), Stream(1, "study")
    x, target = SCENARIO.positions(people), everything()
    found, own = truth_of_people(target, SCENARIO, x, stream), target.rates(x, stream)
    tail, core = SCENARIO.in_tail(SCENARIO.tails[0], x), SCENARIO.in_core(x)
    row = found.tails["distressed_distrustful"]
    assert (found.rate.value, row.rate.value) == pytest.approx((own.mean(), own[tail].mean()))
    assert row.difference.value == pytest.approx(own[tail].mean() - own[core].mean())
    assert row.ratio.value == pytest.approx(own[tail].mean() / own[core].mean())
    assert found.icc.value == pytest.approx(own.var() / (own.mean() * (1 - own.mean())))
    assert found.rate.error == 0
    assert len(found.tails) == len(SCENARIO.regions())


def test_the_truth_of_the_density_agrees_with_the_mass_of_the_region():
    tail = SCENARIO.tails[0]
    mass = tail_mass(SCENARIO.density, tail)
    found = truth_of_density(Planted(tail_region(SCENARIO, tail, 0.9, 0.1)), SCENARIO)
    assert found.rate.value == pytest.approx(0.1 + 0.8 * mass, abs=5 * found.rate.error + 1e-4)
    assert found.tails[tail.name].rate.value == pytest.approx(0.9)
    assert found.icc.value == pytest.approx(mass * (1 - mass) * 0.64 / (found.rate.value * (1 - found.rate.value)), rel=1e-2)


def test_a_generator_that_follows_the_density_has_its_truth():
    target = Planted(Gradient(-1.0, (3.0, -3.0)), icc=0.2)
    made = truth_of_generator(target, SUPPORT, get_generator("density"), 200, draws=30)
    wanted = truth_of_density(target, SUPPORT, draws=4)
    for a, b in ((made.rate, wanted.rate), (made.core, wanted.core), (made.icc, wanted.icc)):
        assert 0 < a.error < 0.02
        assert a.value == pytest.approx(b.value, abs=4 * a.error)


def test_nobody_in_a_region_has_no_rate():
    found = truth_of_people(Planted(Constant(0.5)), SCENARIO, np.full((3, 4), 0.5))
    row = found.tails["distress_high"]
    assert np.isnan([row.rate.value, row.difference.value, row.ratio.value]).all()


@pytest.mark.parametrize("spec", ["planted", "planted:box", "planted?icc=0.3", {"name": "planted:box"}])
def test_a_planted_target_is_no_system_under_test(spec):
    assert Planted.instrument
    with pytest.raises(InputError, match=r"target: expected a system that talks with people, got 'planted.*see `outskirts power`"):
        make_target(spec, SUPPORT)


@pytest.mark.parametrize("wrong", [{"icc": 1.2}, {"noise": 0.6}, {"exposure": -0.1}, {"invalid": 2.0}])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=r"expected a number in \[0, 1\]"):
        Planted(Constant(0.5), **wrong)
