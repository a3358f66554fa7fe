"""The policy tells an honest author early, by line, what would not work; hostile text neither passes by size nor hurts the parser."""

from __future__ import annotations

import pytest

from outskirts.personas.sandbox.policy import LONGEST, look

PLACE = "def place(context, axes, n, seed, llm): ...\n"
PORTRAY = "def portray(context, axes, people, seed, llm, feedback=None): ...\n"
BOTH = PLACE + PORTRAY


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (BOTH + "import os", "line 3: import of os; programs compute with"),
        (BOTH + "from os import path", "line 3: import of os;"),
        (BOTH + "import numpy.f2py", "line 3: import of numpy.f2py;"),
        (BOTH + "from outskirts import run", "line 3: import of outskirts;"),
        (BOTH + "from . import kit", "line 3: a relative import; write from outskirts.personas.programs.kit import ..."),
        (BOTH + "x = open('a')", "line 3: the name open; a program returns data"),
        (BOTH + "x = ().__class__", "line 3: the attribute __class__;"),
        (BOTH + "async def f(): ...", "line 3: asynchronous code; llm is a plain function"),
        (PLACE, "no function portray; define portray(context, axes, people, seed, llm, feedback=None)"),
        (PORTRAY, "no function place; define place(context, axes, n, seed, llm)"),
        ("def place(n): ...\n" + PORTRAY, "line 1: place takes 1 arguments; define place(context, axes, n, seed, llm)"),
        (BOTH + "def f(:", "line 3: syntax: "),
        (BOTH + "x = '\0'", "syntax: source code string cannot contain null bytes"),
        (BOTH + "x = '\ud800'", "text that is not UTF-8"),
        (BOTH + "#" * LONGEST, "bytes; a program has at most 65,536"),
        ("(" * 60_000, "brackets nested too deeply; at most 80"),
        ("-" * 60_000 + "1", "it does not parse"),
        ("a" + ".a" * 30_000, "it does not parse"),
        ("1" + "+1" * 300, "nested too deeply; at most 200"),
        ("not " * 15_000 + "1", "it does not parse"),
    ],
)
def test_what_a_program_may_not_have_is_told(source, said):
    assert said in str(look(source).complaint)


@pytest.mark.parametrize(
    "more",
    [
        "import numpy as np",
        "from numpy import random",
        "from scipy.stats import qmc",
        "from scipy import stats",
        "import outskirts.personas.programs.kit as kit",
        "from outskirts.personas.programs.kit import sobol",
        "from outskirts.personas.programs import kit",
        "from collections.abc import Mapping",
        "from __future__ import annotations",
        "x = '\\d'",
        "place = place",
    ],
)
def test_an_honest_program_passes(more):
    assert look(more + "\n" + BOTH if "__future__" in more else BOTH + more).complaint is None


def test_functions_and_modules_are_seen():
    seen = look(BOTH + "import numpy as np\nfrom scipy.stats import qmc\ndef density(axes, points): ...\n")
    assert seen.functions == {"place", "portray", "density"}
    assert seen.modules == ("numpy", "scipy.stats.qmc")
