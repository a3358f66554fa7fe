"""What an attack is: a program, how its call may end, and how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

ANY = ("ok", "error", "timeout", "cpu_limit", "memory", "crashed", "output_flood", "invalid_result")
ENDED = ("ok", "error")
"""The program was told no, and returned or raised."""

LIFE = {"seconds": 5.0, "cpu_seconds": 5.0, "memory_mib": 256, "result_mib": 1.0, "output_kib": 64}


@dataclass(frozen=True)
class Attack:
    """A program that tries to get out.

    ``body`` is the text of ``attack(arena)``, or a whole program where ``whole``. It may lie in what it returns: what counts is what
    the arena sees, the end of the call, and what it cost.
    """

    name: str
    body: str
    ends: tuple[str, ...] = ENDED  # statuses that are right
    limits: tuple[tuple[str, float], ...] = ()  # over LIFE
    job: bool = False  # run as a population, not as a function
    check: bool = False  # run twice
    whole: bool = False
    secret: bool = False  # the result must not hold a secret
    kind: str = "process"  # file, network, signal, process, resource, result

    @property
    def source(self) -> str:
        """The program."""
        if self.whole:
            return self.body
        lines = "\n".join("    " + line for line in self.body.strip("\n").splitlines())
        return f"{PRELUDE}\ndef attack(arena):\n{lines}\n"


PRELUDE = '''
import ctypes, os, signal, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "x86_64": dict(ptrace=101, vm_readv=310, vm_writev=311, unshare=272, setns=308, mount=165, chroot=161, pivot_root=155, bpf=321,
        perf_event_open=298, userfaultfd=323, io_uring_setup=425, keyctl=250, add_key=248, memfd_create=319, shmget=29, mq_open=240,
        inotify_init1=294, pidfd_open=434, init_module=175, clock_settime=227, clone=56, clone3=435, vfork=58, execve=59, execveat=322,
        tkill=200, rt_sigqueueinfo=129, rt_tgsigqueueinfo=297, pidfd_send_signal=424, pidfd_getfd=438, setpriority=141,
        sched_setaffinity=203, prctl=157, seccomp=317, personality=135, setuid=105, capset=126, open_by_handle_at=304,
        name_to_handle_at=303, splice=275, vmsplice=278, sendfile=40, kcmp=312, process_madvise=440, setrlimit=160, prlimit64=302,
        landlock_restrict_self=446, mknodat=259, fanotify_init=300, timer_create=222, signalfd4=289, eventfd2=290, socketpair=53,
        futex_wait=455, chdir=80, swapoff=168, umount2=166, sethostname=170, iopl=172, acct=163, syslog=103, modify_ldt=154),
    "aarch64": dict(ptrace=117, vm_readv=270, vm_writev=271, unshare=97, setns=268, mount=40, chroot=51, pivot_root=41, bpf=280,
        perf_event_open=241, userfaultfd=282, io_uring_setup=425, keyctl=219, add_key=217, memfd_create=279, shmget=194, mq_open=180,
        inotify_init1=26, pidfd_open=434, init_module=105, clock_settime=112, clone=220, clone3=435, execve=221, execveat=281,
        tkill=130, rt_sigqueueinfo=138, rt_tgsigqueueinfo=240, pidfd_send_signal=424, pidfd_getfd=438, setpriority=140,
        sched_setaffinity=122, prctl=167, seccomp=277, personality=92, setuid=146, capset=91, open_by_handle_at=265,
        name_to_handle_at=264, splice=76, vmsplice=75, sendfile=71, kcmp=272, process_madvise=440, setrlimit=164, prlimit64=261,
        landlock_restrict_self=446, mknodat=33, fanotify_init=262, timer_create=107, signalfd4=74, eventfd2=19, socketpair=199,
        futex_wait=455, chdir=49, swapoff=225, umount2=39, sethostname=161, acct=89, syslog=116),
}[os.uname().machine]
def call(name, *arguments):
    """Make a system call that libc may not offer; its result, or minus the error number."""
    if name not in NUMBERS:
        return -38
    result = libc.syscall(NUMBERS[name], *arguments)
    return result if result >= 0 else -ctypes.get_errno()
done = []
def attempt(name, what):
    try:
        done.append((name, str(what())))
    except Exception:
        pass
'''
