"""The archive: an elite is beaten only in its own place, extinction and migration."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.evolution.archive import Archive
from outskirts.sim.seeds import derive

PLACES = ("coverage", "slope")
merit = st.integers(-3, 3).map(float)
offers = st.lists(st.tuples(st.integers(0, 3), merit, merit), max_size=30)


def filled(*rows):
    """Return an archive with one program an island, of these merits."""
    archive = Archive(len(rows), PLACES)
    for island, row in enumerate(rows):
        archive.offer(island, f"p{island}", dict(zip(PLACES, row, strict=True)))
    return archive


def who(archive):
    return {where: elite.candidate for where, elite in archive.held().items()}


@given(offers)
@settings(max_examples=200, deadline=None)
def test_an_elite_is_beaten_only_in_its_own_place_by_something_strictly_better(made):
    archive = Archive(4, PLACES)
    for number, (island, coverage, slope) in enumerate(made):
        before, merits = archive.held(), {"coverage": coverage, "slope": slope}
        taken = archive.offer(island, f"p{number}", merits)
        after = archive.held()
        for where, elite in after.items():
            if where not in before:
                assert where[0] == island
            elif elite != before[where]:
                assert where[0] == island
                assert merits[where[1]] > before[where].merits[where[1]]
        assert set(before) <= set(after)
        assert taken == tuple(place for place in PLACES if after[island, place].candidate == f"p{number}")


@given(offers)
@settings(max_examples=200, deadline=None)
def test_each_place_holds_the_best_that_was_offered_to_its_island_and_the_oldest_of_equals(made):
    archive = Archive(4, PLACES)
    for number, (island, *merits) in enumerate(made):
        archive.offer(island, f"p{number}", dict(zip(PLACES, merits, strict=True)))
    expected = {}
    for island in range(4):
        for column, place in enumerate(PLACES, start=1):
            here = [(one[column], -number) for number, one in enumerate(made) if one[0] == island]
            if here:
                expected[island, place] = f"p{-max(here)[1]}"
    assert who(archive) == expected


@given(offers, st.floats(0, 0.99), st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_extinction_loses_no_best_of_any_place_and_leaves_no_wiped_island_empty(made, share, seed):
    archive = Archive(4, PLACES)
    for number, (island, *merits) in enumerate(made):
        archive.offer(island, f"p{number}", dict(zip(PLACES, merits, strict=True)))
    before, best = archive.held(), {place: archive.best(place) for place in PLACES}
    found = archive.extinction(share, derive(seed, "x"))
    after = archive.held()
    for place, had in best.items():
        has = archive.best(place)
        assert (had is None) == (has is None)
        if had is not None:
            assert has[1].merits[place] == had[1].merits[place]
    for island in found.wiped:
        assert {place for where, place in after if where == island} == set(PLACES)
    gained = {move.island for move in found.rescued}
    for where, elite in before.items():
        if where[0] not in gained and where[0] not in found.wiped:
            assert after[where] == elite


def test_the_worst_islands_are_wiped_and_refilled_from_the_best_with_one_program_each():
    archive = filled((0.9, 0.9), (0.1, 0.1), (0.8, 0.8), (0.2, 0.2), (0.5, 0.5))
    found = archive.extinction(0.4, derive(0, "x"))
    assert found.wiped == (1, 3)
    assert not found.rescued
    assert who(archive) == {(i, place): f"p{p}" for i, p in ((0, 0), (1, 0), (2, 2), (3, 2), (4, 4)) for place in PLACES}


def test_a_program_that_is_best_in_one_place_is_rescued_when_its_island_is_wiped():
    archive = filled((0.5, 0.6), (0.9, 0.1))
    found = archive.extinction(0.5, derive(0, "x"))
    assert found.wiped == (1,)
    assert [(move.candidate, move.source, move.island, move.places) for move in found.rescued] == [("p1", 1, 0, ("coverage",))]
    assert {place: elite.candidate for place, elite in archive.elites(0).items()} == {"coverage": "p1", "slope": "p0"}


def test_islands_rank_by_mean_rank_and_an_empty_one_is_last():
    archive = Archive(4, PLACES)
    archive.offer(3, "a", {"coverage": 100.0, "slope": 0.0})
    archive.offer(1, "b", {"coverage": 1.0, "slope": 0.2})
    archive.offer(2, "c", {"coverage": 0.0, "slope": 0.1})
    assert archive.ranking() == [1, 3, 2, 0]  # mean ranks 1.5, 2, 2.5, 4: how far apart values lie does not count


def test_equal_islands_rank_by_number():
    assert filled((1, 1), (1, 1), (1, 1)).ranking() == [0, 1, 2]


def test_nothing_is_wiped_without_a_share_and_never_the_only_island():
    for archive, share in ((filled((1, 1), (2, 2)), 0.0), (filled((1, 1)), 0.9), (Archive(3, PLACES), 0.9)):
        before = who(archive)
        assert archive.extinction(share, derive(0, "x")).wiped == ()
        assert who(archive) == before


def test_migrants_go_to_the_next_island_as_everybody_was_before_and_stay_at_home_too():
    archive = filled((3, 3), (1, 1), (2, 2))
    moves = archive.migrate(1, derive(0, "x"))
    assert [(move.candidate, move.source, move.island, move.places) for move in moves] == [
        ("p0", 0, 1, PLACES), ("p1", 1, 2, ()), ("p2", 2, 0, ()),
    ]  # fmt: skip
    assert who(archive) == {
        (0, "coverage"): "p0",
        (0, "slope"): "p0",
        (1, "coverage"): "p0",
        (1, "slope"): "p0",
        (2, "coverage"): "p2",
        (2, "slope"): "p2",
    }


def test_as_many_migrants_go_as_are_asked_for_and_there():
    archive = filled((1, 1), (0, 0))
    archive.offer(0, "q", {"coverage": 2.0, "slope": 0.0})
    assert sorted(move.candidate for move in archive.migrate(5, derive(0, "x"))) == ["p0", "p1", "q"]


def test_migrants_are_drawn_among_the_elites_of_an_island():
    gone = set()
    for seed in range(20):
        archive = filled((1, 1), (0, 0))
        archive.offer(0, "q", {"coverage": 2.0, "slope": 0.0})
        gone |= {move.candidate for move in archive.migrate(1, derive(seed, "x")) if move.source == 0}
    assert gone == {"p0", "q"}


def test_what_is_held_can_be_put_back():
    archive = filled((0.5, 0.5), (0.6, 0.1))
    other = Archive(2, PLACES)
    other.restore(archive.held())
    assert other.held() == archive.held()
    assert other.ranking() == archive.ranking()


def test_empty_islands_are_settled_from_the_best():
    archive = Archive(4, PLACES)
    assert archive.settle_empty(derive(0, "x")) == ()
    archive.offer(1, "good", {"coverage": 2.0, "slope": 2.0})
    archive.offer(3, "poor", {"coverage": 1.0, "slope": 1.0})
    moves = archive.settle_empty(derive(0, "x"))
    assert [(move.candidate, move.source, move.island, move.places) for move in moves] == [("good", 1, 0, PLACES), ("poor", 3, 2, PLACES)]
    assert archive.settle_empty(derive(0, "x")) == ()
    assert who(archive)[1, "slope"] == "good"
