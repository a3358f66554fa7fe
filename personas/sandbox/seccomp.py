"""The system calls that a program in the sandbox may make, as a BPF filter for x86_64 and aarch64.

It is a list of what is allowed; everything else fails with EPERM, and numbers that this table does not know with ENOSYS, so that
libraries fall back. See seccomp(2). A call of another architecture ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000
_FIRST_UNKNOWN = 462  # numbers from here on came after Linux 6.9

_ARCHES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Machine to column of the table and audit number."""

# Name to number on x86_64 and aarch64; None where there is none.
_PLAIN: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "stat": (4, None),
    "lstat": (6, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "mincore": (27, 232),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "pause": (34, None),
    "alarm": (37, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "restart_syscall": (219, 128),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "dup": (32, 23),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrlimit": (97, 163),
    "getcpu": (309, 168),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""Allowed whatever the arguments."""

_ABSENT: dict[str, tuple[int, int]] = {"clone3": (435, 435), "openat2": (437, 437), "close_range": (436, 436)}
"""Answered with ENOSYS, so that libc falls back to a call whose arguments can be read here."""

# O_WRONLY, O_RDWR, O_CREAT and O_TRUNC have the same values on both machines; O_TMPFILE and O_APPEND need one of the first two.
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000
_OPEN: dict[str, tuple[tuple[int | None, int | None], int]] = {"open": ((2, None), 1), "openat": ((257, 56), 2)}
"""Numbers, and which argument holds the flags: reading alone."""

_ONE_OF: dict[str, tuple[tuple[int, int], int, tuple[int, ...]]] = {
    "fcntl": ((72, 25), 1, (0, 1, 2, 3, 1030)),  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
    "ioctl": ((16, 29), 1, (0x5401, 0x5450, 0x5451)),  # TCGETS, FIONCLEX, FIOCLEX
}
"""Numbers, which argument, and the values that it may have."""

_TO_ITSELF = {"kill": (62, 129), "tgkill": (234, 131)}
_LIMITS = (302, 261)  # prlimit64: looking only

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def supported() -> bool:
    """Tell whether there is a table for this machine; elsewhere nothing runs."""
    return platform.machine() in _ARCHES and struct.calcsize("P") == 8


def instructions(machine: str, pid: int) -> list[Instruction]:
    """Return the filter.

    Args:
        machine: ``x86_64`` or ``aarch64``.
        pid: The only process that may be signalled.
    """
    column, audit = _ARCHES[machine]
    out: list[Instruction] = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    if machine == "x86_64":
        out += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for numbers in _PLAIN.values():
        if (number := numbers[column]) is not None:
            out += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for both, argument in _OPEN.values():
        if (number := both[column]) is not None:
            out += _block(number, [_argument(argument), (_ANY_BIT, 0, 1, _WRITING), _refused(errno.EPERM), (_RETURN, 0, 0, _ALLOW)])
    for pair, argument, values in _ONE_OF.values():
        out += _block(pair[column], [_argument(argument), *_allowed(values), _refused(errno.EPERM)])
    for pair in _TO_ITSELF.values():
        out += _block(pair[column], [_argument(0), *_allowed([pid]), _refused(errno.EPERM)])
    out += _block(_LIMITS[column], _looking())
    for pair in _ABSENT.values():
        out += [(_EQUAL, 0, 1, pair[column]), _refused(errno.ENOSYS)]
    return [*out, (_AT_LEAST, 0, 1, _FIRST_UNKNOWN), _refused(errno.ENOSYS), _refused(errno.EPERM)]


def _block(number: int, body: Sequence[Instruction]) -> list[Instruction]:
    """Return instructions for one call; every way through the body returns."""
    return [(_EQUAL, 0, len(body), number), *body]


def _argument(index: int, high: bool = False) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index + (4 if high else 0))


def _allowed(values: Sequence[int]) -> list[Instruction]:
    return [step for value in values for step in ((_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW))]


def _refused(number: int) -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | number)


def _looking() -> list[Instruction]:
    """Let ``prlimit64`` through if it is about the caller and sets nothing."""
    refuse = _refused(errno.EPERM)
    checks = [_argument(0), _argument(2), _argument(2, high=True)]
    return [*(step for load in checks for step in (load, (_EQUAL, 1, 0, 0), refuse)), (_RETURN, 0, 0, _ALLOW)]


class Seccomp:
    """The filter, assembled once; :meth:`restrict` puts in who may be signalled and loads it for good.

    Raises:
        OSError: If there is no table for this machine.
    """

    def __init__(self) -> None:
        if not supported():
            raise OSError(errno.ENOSYS, f"no table of system calls for {platform.machine()}")
        marker = 0x7FFFFFF1
        program = instructions(platform.machine(), marker)
        self._code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
        self._pids = [8 * i + 4 for i, step in enumerate(program) if step[3] == marker]
        self._filter = _Filter(len(program), ctypes.addressof(self._code))

    def restrict(self, libc: ctypes.CDLL, pid: int) -> None:
        """Load the filter into this process, which has given up new privileges.

        Raises:
            OSError: If the kernel refuses.
        """
        for place in self._pids:
            struct.pack_into("=I", self._code, place, pid)
        if libc.prctl(22, 2, ctypes.byref(self._filter), 0, 0) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
            raise OSError(ctypes.get_errno(), "seccomp filter refused")
