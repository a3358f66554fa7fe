"""``outskirts power``: what a budget finds, told before it is spent."""

from __future__ import annotations

import json

import pytest

from tests.integration.conftest import Cli

SMALL = ("--studies", 20, "--personas", 12, "--generator", "density")


def test_it_says_first_that_nobody_was_met_and_last_what_to_do(cli: Cli) -> None:
    done = cli("power", *SMALL, "--width", 40, "--difference", 0.5)
    assert done.status == 0
    assert done.out.startswith("Planted targets stand in: no chatbot was met")
    assert "12 people x 4 replicates = 48 episodes" in done.out
    assert "For an interval 40 points wide send" in done.out
    assert "to show +50 points between two versions send" in done.out


def test_without_a_wish_the_last_line_says_what_so_few_people_overlook(cli: Cli) -> None:
    assert (
        "in some declared tail even a rate of 100 % is overlooked in more than 20 % of studies; to see more, send"
        in cli("power", *SMALL).out
    )


def test_without_a_wish_the_widths_of_many_sizes_are_shown_as_json_too(cli: Cli) -> None:
    done = cli("power", *SMALL, "--json")
    found = json.loads(done.out)
    assert [row["personas"] for row in found["widths"]][::3] == [16, 32, 64, 128, 256, 512, 1024]
    assert {"constant", "tail", "conjunction", "gradient", "rare"} == {row["kind"] for row in found["surfaces"]}
    assert (found["width"], found["difference"]) == (None, None)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--rate", "0", "rate: expected a number between 0 and 1, got 0.0."),
        ("--icc", "1.2", "icc: expected a number from 0 to 1, got 1.2."),
        ("--width", "0", "width: expected a share between 0 and 1, or 1 to 99 percentage points, got 0.0."),
        ("--difference", "90", "difference: expected at most 0.8, because the rate is 0.2, got 90.0."),
        ("--generator", "densty", "Did you mean 'density'?"),
        ("--personas", "2.5", "personas: expected a whole number of 1 or more, got '2.5'."),
    ],
)
def test_what_is_wrong_is_named_in_one_line(option: str, value: str, message: str, cli: Cli) -> None:
    assert message in cli("power", option, value).refused()
