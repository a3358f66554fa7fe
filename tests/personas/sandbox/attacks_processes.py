"""Attacks by processes, threads, privileges and the kernel's odder calls, and on time and memory."""

from __future__ import annotations

from .attack import ANY, Attack

_SHORT = (("seconds", 0.7),)

PROCESSES = (
    Attack(
        "fork in every way, fifty times",
        """
def stay():
    time.sleep(30)
    os._exit(0)
def child(result):
    if result == 0:
        stay()
for _ in range(50):
    attempt("fork", lambda: child(os.fork()))
    attempt("libc", lambda: child(libc.fork()))
    attempt("clone", lambda: child(call("clone", 17, 0, 0, 0, 0)))
    attempt("clone3", lambda: child(call("clone3", ctypes.create_string_buffer((17).to_bytes(40, "little")[::-1], 88), 88)))
attempt("spawn", lambda: os.posix_spawn("/bin/sleep", ["sleep", "30"], {}))
import subprocess
attempt("subprocess", lambda: subprocess.Popen(["/bin/sleep", "30"]))
return len(done)
""",
    ),
    Attack(
        "a bomb of threads",
        """
import threading
started = 0
for _ in range(300):
    try:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        started += 1
    except RuntimeError:
        break
return "GOT-THREADS" if started > 64 else started
""",
        secret=True,
    ),
    Attack(
        "run a shell",
        """
for path in ("/bin/sh", "/usr/bin/env", sys.executable):
    attempt("execv", lambda: os.execv(path, [path, "-c", "touch " + arena["canary"]]))
attempt("execveat", lambda: call("execveat", -100, b"/bin/sh", None, None, 0))
os.system("touch " + arena["canary"])
libc.system(("touch " + arena["canary"]).encode())
attempt("popen", lambda: os.popen("touch " + arena["canary"]).read())
return done
""",
    ),
    Attack(
        "reach a shell through the graph of objects",
        """
def attack(arena):
    for cls in ().__class__.__base__.__subclasses__():
        if cls.__name__ == "_wrap_close":
            cls.__init__.__globals__["system"]("touch " + arena["canary"])
    (lambda: 0).__globals__["__builtins__"]["__import__"]("os").system("touch " + arena["canary"])
    import dataclasses
    dataclasses.sys.modules["os"].system("touch " + arena["canary"])
""",
        whole=True,
    ),
    Attack(
        "daemonise",
        """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(30)
    os._exit(0)
return 0
""",
    ),
    Attack(
        "outlive the zygote and gain privileges",
        """
return [call("prctl", 1, 0, 0, 0, 0), call("prctl", 4, 1, 0, 0, 0), call("setuid", 0), call("capset", None, None), call("setpriority", 0,
    arena["parent"], 19), call("sched_setaffinity", arena["parent"], 8, ctypes.byref(ctypes.c_uint64(1))), call("personality", 0x0040000),
    call("prlimit64", arena["parent"], 7, ctypes.byref((ctypes.c_uint64 * 2)(8, 8)), None),
    call("setrlimit", 0, ctypes.byref((ctypes.c_uint64 * 2)(99, 99)))]
""",
    ),
    Attack(
        "the kernel's odder calls",
        """
parameters = ctypes.create_string_buffer(256)
tried = [("unshare", 0x10000000), ("unshare", 0x20000), ("setns", 3, 0), ("bpf", 0, parameters, 100), ("perf_event_open", parameters, 0, -1, -1, 0),
    ("userfaultfd", 0), ("userfaultfd", 1), ("io_uring_setup", 8, parameters), ("keyctl", 0, -3, 1), ("add_key", b"user", b"a", b"b", 1, -3),
    ("memfd_create", b"x", 0), ("shmget", 0, 4096, 0o1666), ("mq_open", b"x", 0o102, 0o600, None), ("inotify_init1", 0),
    ("pidfd_open", arena["parent"], 0), ("init_module", None, 0, b""), ("seccomp", 2, 0, 0), ("name_to_handle_at", -100, b"/", parameters, parameters, 0),
    ("splice", 3, None, 1, None, 1, 0), ("sendfile", 1, 3, None, 1), ("kcmp", arena["parent"], arena["parent"], 0, 0, 0), ("fanotify_init", 0, 0),
    ("timer_create", 1, None, parameters), ("signalfd4", -1, parameters, 8, 0), ("eventfd2", 0, 0), ("mknodat", -100, b"/tmp/x", 0o20666, 0x103),
    ("chroot", b"/"), ("sethostname", b"x", 1), ("acct", None), ("syslog", 10, None, 0), ("iopl", 3), ("swapoff", b"/nowhere"),
    ("landlock_restrict_self", 3, 0), ("clock_settime", 99, None), ("futex_wait", None, 0, 0, 0, None, 0)]
got = [name for name, *arguments in tried if call(name, *arguments) >= 0]
return ["KERNEL-CALL"] + got if got else []
""",
        secret=True,
    ),
    Attack(
        "calls of another architecture",
        """
import mmap
libc.mmap.restype = ctypes.c_void_p
if os.uname().machine != "x86_64":
    os.kill(os.getpid(), 31)
page = libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_size_t(0))
ctypes.memmove(page, bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]), 8)
return ["32-BIT-CALL", ctypes.CFUNCTYPE(ctypes.c_int)(page)()]
""",
        ends=("crashed",),
        secret=True,
    ),
    Attack("x32 calls", 'libc.syscall(0x40000000 + 57)\nreturn "X32"', ends=("crashed", "ok"), secret=False),
)

RESOURCES = (
    Attack("a bomb of memory", "hoard = []\nwhile True:\n    hoard.append(bytearray(16 << 20))", ends=("memory", "crashed")),
    Attack(
        "a bomb of memory through mmap",
        """
import mmap
hoard = []
try:
    while len(hoard) < 40:
        hoard.append(mmap.mmap(-1, 16 << 20))
        hoard[-1].write(b"x" * (16 << 20))
except Exception:
    pass
return "GOT-MEMORY" if len(hoard) > 16 else len(hoard)
""",
        secret=True,
        ends=("ok", "memory", "crashed", "error"),
    ),
    Attack(
        "a bomb on the disk",
        """
written = 0
for folder in ("/tmp", "/dev/shm", "/var/tmp", arena["folder"]):
    for number in range(4):
        try:
            with open("%s/%s-%d" % (folder, arena["name"], number), "wb") as file:
                written += file.write(bytes(1 << 20))
        except OSError:
            pass
return "GOT-WRITTEN" if written else 0
""",
        secret=True,
    ),
    Attack("an endless loop", "while True: pass", ends=("timeout",), limits=_SHORT),
    Attack(
        "a loop that ignores signals",
        "for number in range(1, 65):\n    attempt(number, lambda: signal.signal(number, signal.SIG_IGN))\nwhile True: pass",
        ends=("timeout",),
        limits=_SHORT,
    ),
    Attack("too much processor time", "while True: pass", ends=("cpu_limit",), limits=(("cpu_seconds", 1.0), ("seconds", 20.0))),
    Attack("stop itself", "os.kill(os.getpid(), signal.SIGSTOP)\nreturn 1", ends=("timeout",), limits=_SHORT),
    Attack("sleep", "time.sleep(30)", ends=("timeout",), limits=_SHORT),
    Attack("stuck in a regular expression", 'import re\nre.match(r"(a+)+$", "a" * 60 + "b")', ends=("timeout",), limits=_SHORT),
    Attack("stuck in a power", "return 9 ** 9 ** 9 % 10", ends=("timeout", "memory"), limits=_SHORT),
    Attack("deep recursion", "def f(n): return f(n + 1)\nreturn f(0)", ends=("error",)),
    Attack(
        "deep recursion in C",
        "sys.setrecursionlimit(10 ** 9)\ndef f(n): return f(n + 1)\nreturn f(0)",
        ends=("crashed", "memory", "timeout"),
        limits=(("seconds", 2.0),),
    ),
    Attack("a segmentation fault", "ctypes.string_at(1)", ends=("crashed",)),
    Attack("an abort", "os.abort()", ends=("crashed",)),
    Attack("hang at import", "while True: pass\ndef attack(arena): return 1", ends=("timeout",), limits=_SHORT, whole=True),
    Attack("hang at exit", "import atexit\natexit.register(time.sleep, 30)\nreturn 1", ends=("ok",)),
    Attack(
        "a slow drip",
        "while True:\n    os.write(3, b'x')\n    time.sleep(0.2)",
        ends=("timeout", "invalid_result"),
        limits=_SHORT,
    ),
    Attack(
        "a gigabyte of output",
        "text = 'x' * (1 << 20)\nfor _ in range(1024):\n    print(text)\nreturn 1",
        ends=("output_flood",),
    ),
    Attack(
        "a gigabyte of output past Python",
        "text = b'x' * (1 << 20)\nfor _ in range(1024):\n    os.write(1, text)\n    os.write(2, text)\nreturn 1",
        ends=("ok", "timeout"),
    ),
    Attack("a bomb of descriptors", "import sysconfig\nreturn len([open(os.__file__) for _ in range(10000)])", ends=("error",)),
    Attack("end the process", "os._exit(0)", ends=("error",)),
    Attack("close the channel and go on", "os.close(3)\nwhile True: pass", ends=("crashed", "timeout"), limits=_SHORT),
    Attack("kill itself", "os.kill(os.getpid(), 9)", ends=("crashed",)),
    Attack("a bomb of alarms", "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\nwhile True: pass", ends=ANY, limits=_SHORT),
)
