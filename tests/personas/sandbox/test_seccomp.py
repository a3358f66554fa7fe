"""The tables of system calls are those of the kernel's headers, for both machines, and the filter is well formed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outskirts.personas.sandbox import seccomp

HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"#define __NR_(\w+)\s+(\d+)"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), r"#define __NR(?:3264)?_(\w+)\s+(\d+)"),
}


def _numbers(column):
    tables = (seccomp._PLAIN, seccomp._TO_ITSELF, seccomp._ABSENT)
    out = {name: pair[column] for table in tables for name, pair in table.items()}
    out |= {name: pair[column] for table in (seccomp._OPEN, seccomp._ONE_OF) for name, (pair, *_) in table.items()}
    return out | {"prlimit64": seccomp._LIMITS[column]}


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_the_headers(machine):
    header, pattern = HEADERS[machine]
    if not header.is_file():
        pytest.skip(f"{header} is not installed; the numbers are checked where it is")
    known = {name: int(number) for name, number in re.findall(pattern, header.read_text())}
    known.setdefault("newfstatat", known.get("fstatat", -1))
    for name, number in _numbers(list(HEADERS).index(machine)).items():
        assert known.get(name, number) == number, name
        assert (number is None) == (name not in known) or name in ("faccessat2", "openat2", "close_range"), name


@pytest.mark.parametrize("machine", HEADERS)
def test_every_way_through_the_filter_ends_in_a_return(machine):
    program = seccomp.instructions(machine, 1234)
    for at, (code, yes, no, _) in enumerate(program):
        if code != seccomp._RETURN:
            steps = (yes, no) if code in (seccomp._EQUAL, seccomp._AT_LEAST, seccomp._ANY_BIT) else (0,)
            assert all(at + 1 + step < len(program) for step in steps)
    assert len(program) < 4096


def _verdict(machine, number, arguments=(), arch=None):
    """Run the filter as the kernel would."""
    audit = seccomp._ARCHES[machine][1]
    data = {0: number, 4: audit if arch is None else arch}
    for index, argument in enumerate(arguments):
        data |= {16 + 8 * index: argument & 0xFFFFFFFF, 20 + 8 * index: argument >> 32}
    program, at, held = seccomp.instructions(machine, 1234), 0, 0
    while True:
        code, yes, no, constant = program[at]
        if code == seccomp._RETURN:
            return constant
        if code == seccomp._LOAD:
            held, step = data.get(constant, 0), 0
        else:
            met = {
                seccomp._EQUAL: held == constant,
                seccomp._AT_LEAST: held >= constant,
                seccomp._ANY_BIT: bool(held & constant),
            }[code]
            step = yes if met else no
        at += 1 + step


ALLOW, KILL, EPERM, ENOSYS = seccomp._ALLOW, seccomp._KILL, seccomp._ERRNO | 1, seccomp._ERRNO | 38


@pytest.mark.parametrize(
    ("machine", "number", "arguments", "verdict"),
    [
        (m, numbers[at], arguments, verdict)
        for at, m in enumerate(HEADERS)
        for numbers, arguments, verdict in [
            ((0, 63), (), ALLOW),  # read
            ((257, 56), (0, 0, 0o2000000), ALLOW),  # openat, O_CLOEXEC
            ((257, 56), (0, 0, 1), EPERM),  # O_WRONLY
            ((257, 56), (0, 0, 0o1000), EPERM),  # O_TRUNC
            ((257, 56), (0, 0, 0o100), EPERM),  # O_CREAT
            ((62, 129), (1234, 9), ALLOW),  # kill
            ((62, 129), (1, 9), EPERM),
            ((62, 129), (0xFFFFFFFF, 9), EPERM),  # everybody
            ((62, 129), (0, 9), EPERM),
            ((72, 25), (3, 1), ALLOW),  # F_GETFD
            ((72, 25), (3, 8), EPERM),  # F_SETOWN
            ((72, 25), (3, 10), EPERM),  # F_SETSIG
            ((72, 25), (3, 4), EPERM),  # F_SETFL
            ((16, 29), (3, 0x5412), EPERM),  # TIOCSTI
            ((302, 261), (0, 7, 0), ALLOW),  # prlimit64, looking
            ((302, 261), (0, 7, 1 << 40), EPERM),  # setting
            ((302, 261), (1, 7, 0), EPERM),  # another's
            ((41, 198), (2, 1, 0), EPERM),  # socket
            ((56, 220), (0x00010F00,), EPERM),  # clone, a thread
            ((59, 221), (), EPERM),  # execve
            ((90, 52), (), EPERM),  # chmod, fchmod
            ((157, 167), (1, 0), EPERM),  # prctl
            ((435, 435), (), ENOSYS),  # clone3
            ((425, 425), (), EPERM),  # io_uring_setup
            ((500, 500), (), ENOSYS),  # not known yet
        ]
    ],
)
def test_the_filter_decides_by_number_and_arguments(machine, number, arguments, verdict):
    assert _verdict(machine, number, arguments) == verdict


@pytest.mark.parametrize("machine", HEADERS)
def test_calls_of_another_architecture_end_the_process(machine):
    assert _verdict(machine, 0, arch=0x40000003) == KILL


def test_x32_calls_end_the_process():
    assert _verdict("x86_64", 0x40000000) == KILL
