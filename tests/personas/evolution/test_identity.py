"""Whether two programs are the same."""

from __future__ import annotations

import pytest

from outskirts.personas.evolution.founding import founders
from outskirts.personas.evolution.identity import fingerprint

PROGRAM = '"""Places."""\n\ndef place(n):\n    """Say where."""\n    return [0.5] * n  # all alike\n'


@pytest.mark.parametrize(
    "same",
    [
        PROGRAM.replace("  # all alike", ""),
        PROGRAM.replace('"""Places."""\n\n', ""),
        PROGRAM.replace('    """Say where."""\n', ""),
        PROGRAM.replace("[0.5] * n", "(([0.50]  *n))"),
        PROGRAM.replace("    ", "\t"),
    ],
)
def test_layout_comments_and_docstrings_make_no_other_program(same):
    assert fingerprint(same) == fingerprint(PROGRAM)


@pytest.mark.parametrize(
    "other", [PROGRAM.replace("0.5", "0.6"), PROGRAM.replace("n)", "n, m)"), PROGRAM + "x = 1\n", PROGRAM.replace("*", "+")]
)
def test_anything_else_does(other):
    assert fingerprint(other) != fingerprint(PROGRAM)


def test_a_function_of_a_docstring_alone_is_one_that_passes():
    assert fingerprint('def f():\n    """Nothing."""') == fingerprint("def f(): pass")


def test_a_program_that_would_warn_is_read_without_a_warning():
    assert fingerprint('x = "\\d"') == fingerprint('x = "\\\\d"')


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(:", r"^it does not parse: invalid syntax \(line 1\)$"),
        ("x = 1\0", r"^it does not parse: "),
        ("-" * 100_000 + "1", r"^it does not parse: "),
        ("x = " + "(" * 3_000 + ")" * 3_000, r"^it does not parse: "),
        ("#" * 200_001, r"^it has 200,001 characters, more than 200,000$"),
    ],
)
def test_what_cannot_be_read_says_why(source, message):
    with pytest.raises(ValueError, match=message):
        fingerprint(source)


def test_islands_are_founded_in_turn_and_the_place_of_a_useless_seed_is_taken_by_others():
    assert founders(2, ["a", "b", "c"], {"a", "b", "c"}) == [(0, "a"), (1, "b"), (0, "c")]
    assert founders(5, ["a", "b", "c"], {"b", "c"}) == [(0, "b"), (1, "b"), (2, "c"), (3, "c"), (4, "b")]
    assert founders(2, ["a", "b", "c"], {"a"}) == [(0, "a"), (1, "a")]
    assert founders(2, ["a"], set()) == []
