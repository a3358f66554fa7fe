"""Every way out of the sandbox that is known is tried, as whoever runs the tests and as an ordinary user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from outskirts.personas.sandbox.launch import PACKAGE

from .campaign import ATTACKS, Campaign, Report, campaign, table

ROOT = Path(__file__).parents[3]
AS_NOBODY = Path(__file__).with_name("as_nobody.py")


@pytest.fixture(scope="module")
def attacked():
    with campaign() as made:
        yield _Remembered(made)


class _Remembered:
    """Runs each attack once."""

    def __init__(self, made: Campaign) -> None:
        self.made = made
        self.report = cache(lambda name: made.run(ATTACKS[name]))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_comes_to_nothing(name, attacked):
    report = attacked.report(name)
    assert report.ran, report.problems  # a machine without a layer fails here, by name: what was not run was not held
    assert not report.problems


def test_every_attack_ran_and_no_layer_was_absent(attacked, capsys):
    reports = [attacked.report(name) for name in ATTACKS]
    with capsys.disabled():
        told = table(reports, attacked.made.layers)
        sys.stdout.write(f"\n{told}\n" if any(not report.held for report in reports) else f"\n{told.splitlines()[0]}: all held\n")
    assert [report.name for report in reports if not report.ran] == []
    assert len(reports) >= 100
    assert "absent: none" in attacked.made.layers


@pytest.fixture(scope="module")
def as_nobody():
    """Reports of an ordinary user, by attack; None where the tests are an ordinary user's anyway."""
    if os.geteuid() != 0:
        return None
    paths = os.pathsep.join((str(PACKAGE.parent), str(ROOT)))
    done = subprocess.run(
        [sys.executable, str(AS_NOBODY), str(ROOT), "tests.personas.sandbox.campaign", "--json"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["uid"] != 0
    return {report["name"]: Report(**report) for report in told["reports"]}


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_comes_to_nothing_for_an_ordinary_user(name, as_nobody, attacked):
    report = attacked.report(name) if as_nobody is None else as_nobody[name]
    assert report.ran, report.problems
    assert not report.problems


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("landlock", "read /etc/passwd"),
        ("landlock", "read a secret file in every way"),
        ("landlock", "read held-out questionnaires"),
        ("seccomp", "change mode, owner, times and attributes of a file"),
        ("seccomp", "send by UDP"),
        ("landlock,seccomp", "have the kernel signal the parent by SIGIO"),
        ("landlock,seccomp", "truncate a file"),
        ("landlock,seccomp", "connect by TCP"),
        ("landlock,seccomp", "connect to an abstract socket"),
        ("landlock,seccomp", "signal the parent and the zygote"),
        ("limits", "a bomb of memory through mmap"),
    ],
)
def test_the_arena_sees_what_an_attack_does_where_a_layer_is_left_out(layer, name):
    with campaign(*layer.split(",")) as made:
        report = made.run(ATTACKS[name])
    assert report.ran
    assert report.problems


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's limits hold forks without the filter")
def test_the_arena_sees_forks_where_the_filter_is_left_out():
    with campaign("seccomp") as made:
        report = made.run(ATTACKS["fork in every way, fifty times"])
    assert any("is left" in problem for problem in report.problems)
