"""What people say of themselves is read as claims, and what does not go together is told apart from what only sounds so."""

from __future__ import annotations

import pytest

from outskirts.agents.claims import claims, comparable, conflict


def clash(one: str, other: str) -> bool:
    return any(conflict(a, b) for a in claims(one) for b in claims(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I don't drink.", "I drink every evening."),
        ("I have no kids.", "My son won't talk to me."),
        ("I live alone.", "My flatmate hears me at night."),
        ("I'm unemployed.", "My boss wants me in early."),
        ("I am 34.", "I'm 58 years old."),
        ("I work as a nurse.", "I'm a plumber by trade."),
        ("I live in Leeds.", "My flat is in Cardiff."),
        ("My mum died last year.", "My mum rang me this morning."),
        ("I hate my neighbours.", "I really like my neighbours."),
        ("I never wash the windows at home.", "I wash the windows at home."),
    ],
)
def test_what_cannot_both_hold_is_a_conflict_either_way_round(one: str, other: str) -> None:
    assert clash(one, other)
    assert clash(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I don't drink.", "My brother drinks every evening."),
        ("I don't drink.", "I used to drink."),
        ("I don't drink.", "Do you think I drink?"),
        ("I don't drink.", "If I drank it would be worse."),
        ("I don't drink.", "I drink a lot of water."),
        ("I don't drink.", "Alcohol is not something I go near."),
        ("I have no kids.", "When I was a child we had a garden."),
        ("I am 34.", "I waited 50 minutes."),
        ("I am 34.", "I just had my 35th birthday."),
        ("I live in Leeds.", "My sister lives in Vienna."),
        ("I can't sleep.", "I lie awake for hours."),
        ("I feel awful today.", "I feel a bit better."),
    ],
)
def test_what_only_sounds_like_it_is_none(one: str, other: str) -> None:
    assert not clash(one, other)
    assert not clash(other, one)


def test_a_text_without_a_claim_gives_none() -> None:
    assert claims("Hm. What would you do? Maybe.") == ()


def test_a_change_that_is_said_to_be_one_is_marked() -> None:
    assert [c.amended for c in claims("I no longer smoke.")] == [True]
    assert [c.amended for c in claims("I never smoke.")] == [False]


def test_claims_on_different_things_cannot_be_compared() -> None:
    drink, smoke = claims("I don't drink.")[0], claims("I smoke a pack a day.")[0]
    assert not comparable(drink, smoke)
    assert comparable(drink, claims("I am sober.")[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I am 34.", "I'm only nineteen."),
        ("I turned sixty.", "I am forty-five."),
        ("I work as a nurse.", "I teach maths at a school here."),
        ("We have two children.", "My three kids keep me up."),
    ],
)
def test_numbers_in_words_teaching_and_how_many_children_are_read(one: str, other: str) -> None:
    assert clash(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I am 34.", "I feel like I'm ninety some days."),
        ("I am 34.", "I am twenty minutes late."),
        ("I am 34.", "I am ninety percent sure."),
        ("I have three children.", "I have two children still at home."),
        ("I have three children.", "I have two sons."),
        ("I live in Leeds.", "When I was nineteen I lived in Texas."),
        ("I'm an atheist.", "My mother goes to church."),
        ("I have no debts.", "My son is in debt."),
    ],
)
def test_other_numbers_and_other_people_are_no_claim(one: str, other: str) -> None:
    assert not clash(one, other)
