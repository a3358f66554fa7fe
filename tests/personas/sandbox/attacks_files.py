"""Attacks on files, secrets, the network and other processes."""

from __future__ import annotations

from .attack import Attack

FILES = (
    Attack("read /etc/passwd", "return open('/etc/passwd').read()", kind="file", secret=True),
    Attack(
        "read a secret file in every way",
        """
path = arena["secret"]
attempt("open", lambda: open(path).read())
attempt("os.open", lambda: os.read(os.open(path, os.O_RDONLY), 100))
attempt("dir_fd", lambda: os.read(os.open(os.path.basename(path), os.O_RDONLY, dir_fd=os.open(os.path.dirname(path), os.O_PATH)), 100))
attempt("through /proc", lambda: open("/proc/self/root" + path).read())
attempt("reopened", lambda: open("/proc/self/fd/%d" % os.open(path, os.O_PATH)).read())
attempt("listed", lambda: os.listdir(os.path.dirname(path)))
attempt("linked", lambda: (os.symlink(path, "/tmp/outskirts-link"), open("/tmp/outskirts-link").read()))
import linecache
attempt("linecache", lambda: linecache.getlines(path))
return done
""",
        kind="file",
        secret=True,
    ),
    Attack(
        "read an environment secret",
        """
attempt("environ", lambda: dict(os.environ))
attempt("getenv", lambda: libc.getenv(b"OUTSKIRTS_TEST_SECRET"))
for process in (arena["parent"], arena["zygote"], os.getpid(), os.getppid(), 1):
    attempt("proc", lambda: open("/proc/%d/environ" % process, "rb").read())
    attempt("cmdline", lambda: open("/proc/%d/cmdline" % process, "rb").read())
return done
""",
        kind="file",
        secret=True,
    ),
    Attack(
        "read the memory of the parent and the zygote",
        """
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
buffer = ctypes.create_string_buffer(64)
mine, theirs = Vector(ctypes.addressof(buffer), 64), Vector(arena["address"], 64)
for process in (arena["parent"], arena["zygote"]):
    attempt("mem", lambda: os.pread(os.open("/proc/%d/mem" % process, os.O_RDONLY), 64, arena["address"]))
    call("ptrace", 16, process, 0, 0)
    call("vm_readv", process, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
    done.append(("memory", str(buffer.raw)))
    call("pidfd_getfd", call("pidfd_open", process, 0), 0, 0)
return done
""",
        kind="file",
        secret=True,
    ),
    Attack(
        "walk the objects for another candidate and for secrets",
        """
import gc
found = []
for thing in gc.get_objects():
    try:
        found += [value for value in (thing.values() if type(thing) is dict else thing if type(thing) in (list, tuple) else ())
                  if type(value) is str and value.startswith("ANOTHER-") and len(value) > 12]
    except Exception:
        pass
frame = sys._getframe()
while frame:
    found += [str(value) for value in frame.f_locals.values() if type(value) is str and value.startswith("ANOTHER-")]
    frame = frame.f_back
return found
""",
        kind="file",
        secret=True,
    ),
    Attack(
        "read held-out questionnaires",
        """
import outskirts
folder = os.path.dirname(outskirts.__file__) + "/personas/data"
text = []
for root, folders, files in os.walk(folder):
    for name in files:
        attempt("read", lambda: text.append(open(os.path.join(root, name)).read(200)))
return ["HELD-OUT-READ"] if text else done
""",
        kind="file",
        secret=True,
    ),
    Attack(
        "write anywhere",
        """
for folder in (arena["folder"], "/tmp", "/var/tmp", "/dev/shm", ".", "/", os.path.expanduser("~")):
    attempt("open", lambda: open(folder + "/" + arena["name"], "w").write("x"))
    attempt("append", lambda: open(folder + "/" + arena["name"], "a").write("x"))
    attempt("tmpfile", lambda: os.write(os.open(folder, os.O_TMPFILE | os.O_RDWR), b"x"))
    attempt("creat", lambda: libc.creat((folder + "/" + arena["name"]).encode(), 0o600))
    attempt("mkdir", lambda: os.mkdir(folder + "/" + arena["name"]))
    attempt("mkfifo", lambda: os.mkfifo(folder + "/" + arena["name"]))
    attempt("mknod", lambda: os.mknod(folder + "/" + arena["name"]))
    attempt("symlink", lambda: os.symlink("/", folder + "/" + arena["name"]))
    attempt("link", lambda: os.link(arena["secret"], folder + "/" + arena["name"]))
    attempt("rename", lambda: os.rename(arena["victim"], folder + "/" + arena["name"]))
    attempt("unix", lambda: socket.socket(socket.AF_UNIX).bind(folder + "/" + arena["name"]))
attempt("write", lambda: open(arena["victim"], "r+").write("y"))
attempt("unlink", lambda: os.unlink(arena["victim"]))
return done
""",
        kind="file",
    ),
    Attack(
        "truncate a file",
        """
attempt("truncate", lambda: os.truncate(arena["victim"], 0))
attempt("libc", lambda: libc.truncate(arena["victim"].encode(), 0))
attempt("O_TRUNC", lambda: os.open(arena["victim"], os.O_RDONLY | os.O_TRUNC))
return done
""",
        kind="file",
    ),
    Attack(
        "change mode, owner, times and attributes of a file",
        """
attempt("chmod", lambda: os.chmod(arena["victim"], 0o777))
attempt("fchmod", lambda: os.fchmod(os.open(arena["victim"], os.O_RDONLY), 0o777))
attempt("chown", lambda: os.chown(arena["victim"], 1, 1))
attempt("utime", lambda: os.utime(arena["victim"], (1, 1)))
attempt("xattr", lambda: os.setxattr(arena["victim"], "user.a", b"b"))
for name in ("chmod", "utime"):
    attempt(name, lambda: getattr(os, name)(arena["folder"], *((0o700,) if name == "chmod" else ((1, 1),))))
return done
""",
        kind="file",
    ),
    Attack(
        "poison site-packages",
        """
import sysconfig, outskirts
for folder in (sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), os.path.dirname(outskirts.__file__)):
    attempt("pth", lambda: open(folder + "/" + arena["name"] + ".pth", "w").write("import os"))
    attempt("pyc", lambda: os.mkdir(folder + "/" + arena["name"]))
    done.append(("there", str(os.path.exists(folder + "/" + arena["name"]))))
return done
""",
        kind="file",
    ),
    Attack(
        "leave the folder and change the root",
        """
attempt("chdir", lambda: os.chdir(arena["folder"]))
attempt("chroot", lambda: os.chroot(arena["folder"]))
return [done, call("mount", b"none", arena["folder"].encode(), b"tmpfs", 0, 0), call("pivot_root", b"/", b"/"), call("umount2", b"/", 2)]
""",
        kind="file",
    ),
)

NETWORK = (
    Attack(
        "connect by TCP",
        """
attempt("connect", lambda: socket.create_connection(("127.0.0.1", arena["tcp"]), 0.3).send(b"x"))
raw = call("socketpair", 1, 1, 0, ctypes.byref((ctypes.c_int * 2)()))
return [done, raw]
""",
        kind="network",
    ),
    Attack(
        "send by UDP",
        'attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", arena["udp"])))\nreturn done',
        kind="network",
    ),
    Attack(
        "connect to an abstract socket",
        """
def connect():
    made = socket.socket(socket.AF_UNIX)
    made.connect(chr(0) + arena["abstract"])
    made.send(b"x")
attempt("abstract", connect)
return done
""",
        kind="network",
    ),
    Attack(
        "use descriptors that were left open",
        """
for number in range(4, 200):
    attempt("fstat", lambda: (number, os.fstat(number)))
for number in range(200):
    attempt("listen", lambda: socket.socket(fileno=os.dup(number)).listen())
    attempt("send", lambda: socket.socket(fileno=os.dup(number)).send(b"{}"))
return ["DESCRIPTOR-LEFT-OPEN"] if any(name != "x" for name, _ in done) else []
""",
        kind="network",
        secret=True,
    ),
)

SIGNALS = (
    Attack(
        "signal the parent and the zygote",
        """
attempt("group", lambda: os.killpg(arena["zygote"], signal.SIGUSR1))
for process in (arena["parent"], arena["zygote"]):
    attempt("kill", lambda: os.kill(process, signal.SIGUSR1))
    information = ctypes.create_string_buffer(128)
    for name, arguments in (("tkill", (process, 10)), ("rt_sigqueueinfo", (process, 10, information)),
                            ("rt_tgsigqueueinfo", (process, process, 10, information))):
        done.append((name, call(name, *arguments)))
    done.append(("pidfd", call("pidfd_send_signal", call("pidfd_open", process, 0), 10, None, 0)))
return done
""",
        kind="signal",
    ),
    Attack(
        "have the kernel signal the parent by SIGIO",
        """
import fcntl
made = []
attempt("pair", lambda: made.extend(socket.socketpair()))
for number in [0, 1, 2, 3, *(end.fileno() for end in made)]:
    attempt("owner", lambda: fcntl.fcntl(number, 8, arena["parent"]))
    attempt("signal", lambda: fcntl.fcntl(number, 10, signal.SIGUSR1))
    attempt("async", lambda: fcntl.fcntl(number, fcntl.F_SETFL, 0o20000))
    attempt("type", lambda: fcntl.ioctl(number, 0x5412, b"x"))
    attempt("owner by ioctl", lambda: fcntl.ioctl(number, 0x8901, arena["parent"].to_bytes(4, sys.byteorder)))
attempt("send", lambda: made[0].send(b"x"))
return done
""",
        kind="signal",
    ),
)
