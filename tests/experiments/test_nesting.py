from outskirts.experiments.statistics.conditions import Condition
from outskirts.experiments.statistics.confirmation import SliceSummary
from outskirts.experiments.statistics.estimates import Difference, Rate
from outskirts.experiments.statistics.nesting import nested


def axis(field, low, high):
    return Condition(kind="axis", field=field, low=low, high=high, words=f"{field} {low} to {high}")


def fact(held):
    return Condition(kind="fact", field="risk", held=held, words="risk" if held else "no risk")


def group(*conditions, found=0.8, fresh=None):
    return SliceSummary(
        name="x",
        definition=" and ".join(c.words for c in conditions),
        conditions=conditions,
        personas=5,
        found=Rate(estimate=found),
        rest=Rate(estimate=0.1),
        difference=Difference(),
        p=0.01,
        q=0.01,
        looked=9,
        method="made",
        fresh=None if fresh is None else Rate(estimate=fresh),
    )


def told(*groups):
    return [(one.words, one.inside and one.inside.definition) for one in nested(groups)]


TOP, TIP, BOTTOM = axis("distress", 0.7, 1.0), axis("distress", 0.8, None), axis("distress", None, 0.3)
LOW = axis("trust", 0.0, 0.3)


def test_a_group_with_a_further_condition_stands_behind_the_one_that_it_lies_in():
    assert told(group(TOP), group(fact(True)), group(TOP, LOW)) == [
        ("distress 0.7 to 1.0", None),
        ("trust 0.0 to 0.3", "distress 0.7 to 1.0"),
        ("risk", None),
    ]


def test_a_narrower_part_of_an_axis_lies_in_a_wider_one_also_where_that_was_found_later():
    assert told(group(TIP, LOW), group(TOP)) == [
        ("distress 0.7 to 1.0", None),
        ("distress 0.8 to None and trust 0.0 to 0.3", "distress 0.7 to 1.0"),
    ]


def test_groups_that_only_overlap_or_are_told_of_opposites_stand_apart():
    groups = (group(TOP), group(BOTTOM, LOW), group(fact(True), axis("trust", 0.5, 1.0)), group(fact(False)))
    assert [inside for _, inside in told(*groups)] == [None] * 4


def test_a_group_in_a_group_in_a_group_stands_behind_the_outermost_and_each_once():
    rows = told(group(TIP, LOW, fact(True)), group(TIP, LOW), group(TOP))
    assert [inside for _, inside in rows] == [None, "distress 0.7 to 1.0", "distress 0.7 to 1.0"]


def test_a_group_adds_something_if_it_fails_more_than_the_one_around_it_on_fresh_data_where_there_are_such():
    outer, inner = group(TOP, found=0.6, fresh=0.7), group(TOP, LOW, found=0.9, fresh=0.7)
    assert [one.adds for one in nested([outer, inner])] == [True, False]
    assert [one.adds for one in nested([outer, group(TOP, LOW, found=0.5, fresh=0.71)])] == [True, True]
    assert [one.adds for one in nested([outer, group(TOP, LOW, found=0.61)])] == [True, True]
    assert [one.adds for one in nested([outer, group(TOP, LOW, found=0.59)])] == [True, False]
