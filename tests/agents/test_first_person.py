"""A description in any grammatical person is read as said by the person; what is said of others is left out."""

from __future__ import annotations

import pytest

from benchmarks.contradictions import by_grammar, flagged, held_against_the_person, overlooked
from benchmarks.grammatical_person import AGAINST, BESIDE, GRAMMARS, PEOPLE, WRITTEN, Grammar
from outskirts.agents.first_person import first_person


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ada is 34 and works as a nurse. She doesn't drink.", "I am 34 and I work as a nurse. I do not drink."),
        ("You are 34 and rent a flat. Your mother died last year. Nobody lives with you.",
         "I am 34 and I rent a flat. My mother died last year. Nobody lives with me."),
        ("Sam is 29. They live in Leeds and work as a cook.", "I am 29. I live in Leeds and I work as a cook."),
        ("Ada, who is 34, has never married. Ada's husband left her.", "I am 34, I have never married. My husband left me."),
        ("Ada, 45, teaches at a school. Since her divorce she lives alone.", "I am 45, I teach at a school. Since my divorce I live alone."),
        ("A retired teacher from Leeds who drinks every evening.", "I am a retired teacher from Leeds and I drink every evening."),
        ("You are Ada, a 34-year-old nurse.", "I am a 34-year-old nurse."),
        ("Age: 34. Nurse. Married, two children. Lives in Leeds.",
         "I am 34. I am a nurse. I am married. I have two children. I live in Leeds."),
        ("This person is a cook. Although they are 38, they drink.", "I am a cook. Although I am 38, I drink."),
        ("Ada Lopez (45) cooks, and has been sober for years.", "I am 45 and I cook, I have been sober for years."),
        ("Ada and her husband have two children.", "My husband and I have two children."),
        ("There are no children in Ada's life.", "There are no children in my life."),
        ("I am 34. She is my sister. You are kind.", "I am 34. She is my sister. You are kind."),
        ('Ada would say: "I always lie awake".', 'Ada would say: "I always lie awake".'),
    ],
)  # fmt: skip
def test_who_is_described_says_i(text: str, told: str) -> None:
    assert first_person(text, "Sam" if "Sam" in text else "Ada") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ada lives with her mother. She is 60. Ada drinks.", "I live with my mother. I drink."),
        ("Ada has a sister who works as a nurse and lives in York.", "I have a sister."),
        ("Ada says her mother drinks and smokes.", ""),
        ("Ada told her sister that she was married.", "I told my sister."),
        ("Eve is 60. She drinks.", ""),
        ("Maria met Ada in Rome. She is divorced.", ""),
        ("Eve taught Ada chess. She is 60. Ada is 34.", "I am 34."),
        ("Ada is married. He works nights.", "I am married. I work nights."),
        ("Ada is married. He works nights. She lives in Leeds.", "I am married."),
        ("Sam has two cats and three sisters. They live in Leeds.", "I have two cats and three sisters."),
        ('Her mother would say: "I never smoke".', ""),
        ("Is Ada married?", ""),
        ("Ada is engaged to a cook. He is 50.", "I am engaged to a cook."),
        ("Ada thinks of Lena often. She was a nurse.", "I think of Lena often."),
        ("Ada knows a juggler who drinks. She smokes.", "I know a juggler."),
        ("Ada names her aunt: a single woman.", "I name my aunt."),
    ],
)
def test_a_clause_that_may_mean_somebody_else_is_left_out(text: str, told: str) -> None:
    assert first_person(text, "Sam" if "Sam" in text else "Ada") == told


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_contradictions_are_found_whatever_the_grammatical_person(grammar: Grammar) -> None:
    assert [line for line in AGAINST if not flagged(PEOPLE[grammar], line)] == []
    assert [line for line in BESIDE if flagged(PEOPLE[grammar], line)] == []


def test_nothing_that_a_description_says_of_others_is_held_against_the_person() -> None:
    assert held_against_the_person() == []


def test_most_contradictions_of_descriptions_as_users_write_them_are_found() -> None:
    every = sum(len(lines) for _, lines in WRITTEN)
    assert every >= 90
    assert len(overlooked()) <= 0.1 * every


@pytest.mark.slow
def test_the_grammatical_person_hardly_changes_what_is_found() -> None:
    for grammar, found in by_grammar("held_out", 100).items():
        assert float(str(found["precision"])) >= 0.9, grammar
        assert float(str(found["recall_prompt_to_line"])) >= 0.7, grammar
