"""Measuring people: answers, scores, shrinkage, and what is refused."""

import asyncio

import numpy as np
import pytest

from outskirts.personas.measurement import assigned_positions, bare, measure, measure_clones
from outskirts.sim.errors import BudgetExceeded, InputError, UnreachableError

from .respondents import Faithful, Fixed, Guessing, make_people, make_questionnaire

SQUARE = [[0.0, 0.0], [1.0, 0.25], [0.5, 1.0]]


def run(people, respondent, questionnaire=None, **options):
    return asyncio.run(measure(people, questionnaire or make_questionnaire(), respondent, **options))


def test_a_faithful_respondent_puts_people_where_they_were_assigned():
    found = run(make_people(SQUARE), Faithful(), runs=3)
    assert found.answers.shape == (3, 3, 8)
    assert found.scores.shape == (3, 3, 2)
    np.testing.assert_array_equal(found.run_means, SQUARE)
    assert (found.placement_error, found.rmse, found.unreadable) == (0, 0, 0)
    assert found.fidelity["a0"].slope == pytest.approx(1)


def test_people_who_all_answer_alike_are_shrunk_to_one_point():
    found = run(make_people(SQUARE), Fixed([5, 1] * 4), runs=2)
    np.testing.assert_array_equal(found.shrunk, np.ones((3, 2)))
    assert found.reliability["a0"].icc is None
    assert found.placement_error == pytest.approx(np.linalg.norm(1 - np.array(SQUARE), axis=1).mean())


def test_run_means_are_shrunk_by_the_root_of_their_reliability():
    found = run(make_people(np.random.default_rng(0).random((20, 2))), Faithful(2.0))
    for i, axis in enumerate(found.axes):
        x, r = found.run_means[:, i], found.reliability[axis]
        factor = ((r.msb - r.msw) / r.msb) ** 0.5
        assert 0 < factor < 1
        np.testing.assert_allclose(found.shrunk[:, i], x.mean() + factor * (x - x.mean()))


def test_one_run_leaves_reliability_unknown_and_shrinks_nothing():
    found = run(make_people(SQUARE), Guessing(), runs=1)
    assert found.reliability == {"a0": None, "a1": None}
    np.testing.assert_array_equal(found.shrunk, found.run_means)


def test_unreadable_answers_are_counted_and_left_out_of_the_score():
    found = run(make_people(SQUARE), Fixed([None, 1, 5, 1, 5, 3, None, 3]), runs=2)
    assert found.unreadable == 3 * 2 * 2
    np.testing.assert_allclose(found.run_means[0], [1.0, 2 / 3])
    assert found.measured.all()


def test_a_person_without_a_readable_answer_on_an_axis_is_unmeasured():
    found = run(make_people(SQUARE), Fixed([None] * 4 + [3] * 4), runs=2)
    assert not found.measured.any()
    assert found.placement_error is None
    assert np.isnan(found.run_means).tolist() == [[True, False]] * 3


@pytest.mark.parametrize(("answer", "shown"), [(6, "6"), (0, "0"), (2.5, "2.5"), (True, "True"), ("3", "'3'")])
def test_an_answer_off_the_scale_names_person_and_item(answer, shown):
    with pytest.raises(InputError) as caught:
        run(make_people(SQUARE), Fixed([3, answer] + [3] * 6))
    assert str(caught.value) == f"person 'p0', item 'a0_1': expected a whole number from 1 to 5, or None, got {shown}."


@pytest.mark.parametrize(("answers", "got"), [([3] * 7, "7"), ("33333333", "'str'"), (None, "'NoneType'")])
def test_a_wrong_number_of_answers_names_respondent_and_person(answers, got):
    with pytest.raises(InputError) as caught:
        run(make_people(SQUARE), Fixed(answers))
    assert str(caught.value) == f"respondent 'fixed', person 'p0': expected a list of 8 answers, got {got}."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 0}, "runs: expected a whole number of 1 or more, got 0."),
        ({"runs": 2.0}, "runs: expected a whole number of 1 or more, got 2.0."),
        ({"seed": -1}, "seed: expected a whole number from 0 to 2**63 - 1, got -1."),
        ({"concurrency": 0}, "concurrency: expected a whole number of 1 or more, got 0."),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(InputError) as caught:
        run(make_people(SQUARE), Guessing(), **options)
    assert str(caught.value) == message


def test_nobody_and_a_person_without_an_axis_are_refused():
    with pytest.raises(InputError, match=r"^people: expected at least one person, got 0\.$"):
        run([], Guessing())
    with pytest.raises(InputError, match=r"^person 'p0': expected a position on every axis: a0, a1, a2, got \['a0', 'a1'\]\.$"):
        run(make_people(SQUARE), Guessing(), make_questionnaire(3))


def test_neither_order_nor_concurrency_changes_an_answer():
    people = make_people(SQUARE)
    forward = run(people, Guessing(), concurrency=1)
    backward = run(people[::-1], Guessing(), concurrency=50)
    np.testing.assert_array_equal(forward.answers, backward.answers[::-1])


def test_the_seed_changes_answers():
    people = make_people(SQUARE)
    assert (run(people, Guessing(), seed=0).answers != run(people, Guessing(), seed=1).answers).any()


def test_runs_of_a_person_differ_and_more_runs_keep_the_first_ones():
    three, five = (run(make_people(SQUARE), Guessing(), runs=r).answers for r in (3, 5))
    np.testing.assert_array_equal(three, five[:, :3])
    assert (three[:, 0] != three[:, 1]).any()


def test_copies_of_one_person_are_answered_independently():
    one = make_people([[0.5, 0.5]])[0]
    found = run([one, one], Guessing(), runs=3)
    np.testing.assert_array_equal(found.answers.reshape(6, -1), run([one], Guessing(), runs=6).answers[0])


def test_clones_are_copies_of_the_most_central_person():
    people = make_people([[0.0, 0.0], [0.5, 0.5], [1.0, 0.9]])
    found = asyncio.run(measure_clones(people, make_questionnaire(), Faithful(), runs=2))
    assert found.ids == ("p1", "p1", "p1")
    np.testing.assert_array_equal(found.run_means, np.full((3, 2), 0.5))


def test_bare_positions_count_as_measured_without_noise():
    found = bare(SQUARE, ["a0", "a1"])
    assert (found.runs, found.respondent, found.placement_error, found.unreadable) == (0, None, 0, 0)
    assert found.reliability == {"a0": None, "a1": None}
    np.testing.assert_array_equal(found.shrunk, SQUARE)


def test_ids_weights_and_the_order_of_axes_are_kept():
    people = make_people(SQUARE, weights=[1.0, 2.0, 4.0])
    found = run(people, Faithful(), runs=1)
    assert (found.axes, found.ids, found.weights.tolist()) == (("a0", "a1"), ("p0", "p1", "p2"), [1, 2, 4])
    np.testing.assert_array_equal(assigned_positions(people, ["a1", "a0"]), np.array(SQUARE)[:, ::-1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ids": ["x"]}, "ids: expected 3 of them, got 1."),
        ({"weights": [1, 2, -1]}, "weights: expected 3 finite numbers of 0 or more, got [1, 2, -1]."),
    ],
)
def test_bare_positions_with_wrong_ids_or_weights_are_refused(options, message):
    with pytest.raises(InputError) as caught:
        bare(SQUARE, ["a0", "a1"], **options)
    assert str(caught.value) == message


class Failing(Guessing):
    """Answers as p0 and fails as anybody else."""

    def __init__(self, error):
        self.error = error

    async def answer(self, description, questions, stream):
        await asyncio.sleep(0)
        if description == make_people(SQUARE)[0].description:
            return await super().answer(description, questions, stream)
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionError("the model\nis gone"), "ConnectionError: the model is gone"),
        (SystemExit(3), "RuntimeError: SystemExit: 3"),
        (asyncio.CancelledError(), "RuntimeError: CancelledError: nobody had asked for it"),
    ],
)
def test_a_respondent_that_fails_is_unreachable_and_named_with_the_person(error, said):
    with pytest.raises(UnreachableError) as caught:
        run(make_people(SQUARE), Failing(error))
    assert str(caught.value) == f"the respondent guessing failed to answer as person p1: {said}"


def test_a_budget_that_ends_during_the_measurement_stays_a_budget():
    error = BudgetExceeded("calls", 7, "run")
    with pytest.raises(BudgetExceeded) as caught:
        run(make_people(SQUARE), Failing(error))
    assert caught.value is error


def test_a_measurement_that_is_cancelled_from_outside_is_cancelled():
    class Slow(Guessing):
        async def answer(self, description, questions, stream):
            await asyncio.sleep(60)

    async def main():
        async with asyncio.timeout(0.01):
            await measure(make_people(SQUARE), make_questionnaire(), Slow())

    with pytest.raises(TimeoutError):
        asyncio.run(main())


class Prompt:
    """Answers all runs of a person at once, with what it is told to give."""

    name = "prompt"

    def __init__(self, give):
        self.give = give

    async def answer(self, description, questions, stream):
        raise AssertionError("asked one by one")

    def answer_runs(self, description, questions, streams):
        return self.give(len(streams), len(questions))


@pytest.mark.parametrize(
    ("give", "message"),
    [
        (lambda runs, items: np.full((runs, items), 6), "person 'p0', item 'a0_0': expected a whole number from 1 to 5, or 0, got 6"),
        (lambda runs, items: np.full((runs, items), -1), "expected a whole number from 1 to 5, or 0, got -1"),
        (lambda runs, items: np.ones((runs, items + 1), int), r"person 'p0': expected whole numbers of shape \(3, 8\)"),
        (lambda runs, items: np.ones((runs, items)), r"expected whole numbers of shape \(3, 8\), got 'ndarray'"),
        (lambda runs, items: [[1] * items] * runs, "got 'list'"),
    ],
)
def test_answers_to_all_runs_that_do_not_fit_name_the_person(give, message):
    with pytest.raises(InputError, match=message):
        asyncio.run(measure(make_people([[0.5, 0.5]]), make_questionnaire(), Prompt(give), runs=3))


def test_a_respondent_that_fails_at_all_runs_is_unreachable():
    def fail(runs, items):
        raise OSError("gone")

    with pytest.raises(UnreachableError, match="prompt failed to answer as person p0: OSError: gone"):
        asyncio.run(measure(make_people([[0.5, 0.5]]), make_questionnaire(), Prompt(fail), runs=3))


def test_a_person_who_cannot_be_read_in_any_run_is_unmeasured():
    found = asyncio.run(measure(make_people([[0.5, 0.5]]), make_questionnaire(), Prompt(lambda r, i: np.zeros((r, i), int)), runs=3))
    assert found.unreadable == 24
    assert not found.measured.any()
