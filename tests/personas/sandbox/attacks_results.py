"""Attacks by what is returned, and by what is written in place of a result."""

from __future__ import annotations

from .attack import Attack

_BAD = ("invalid_result",)
_PLACE = """
def place(context, axes, n, seed, llm):
    return [{axis["name"]: 0.5 for axis in axes} for _ in range(n)]
"""
_PORTRAY = """
def portray(context, axes, people, seed, llm, feedback=None):
    return [{"name": "Ann", "description": "I trust."} for _ in people]
"""

# The number of the job stands in the frame that the child sent first; a program finds it in its frames.
_FORGE = """
import struct
def frame(body, kind=b"R", job=None):
    found, at = None, sys._getframe()
    while at:
        held = at.f_locals.get("self")
        found = getattr(held, "_job", found)
        at = at.f_back
    return struct.pack("!8scI", job or found, kind, len(body)) + body
def say(data):
    while data:
        data = data[os.write(3, data):]
"""


def _forged(name: str, text: str, ends: tuple[str, ...] = _BAD, **more: object) -> Attack:
    return Attack(name, f"{_FORGE}\n{text}\nos._exit(0)", ends, kind="result", **more)  # type: ignore[arg-type]


def _returned(name: str, expression: str, ends: tuple[str, ...] = _BAD) -> Attack:
    return Attack(name, f"return {expression}", ends, kind="result")


def _people(name: str, place: str = "", portray: str = "", ends: tuple[str, ...] = _BAD, check: bool = False) -> Attack:
    return Attack(name, (place or _PLACE) + (portray or _PORTRAY), ends, kind="result", job=True, whole=True, check=check)


def _positions(name: str, expression: str, ends: tuple[str, ...] = _BAD) -> Attack:
    return _people(name, place=f"\ndef place(context, axes, n, seed, llm):\n    return {expression}\n", ends=ends)


def _portraits(name: str, expression: str, ends: tuple[str, ...] = _BAD) -> Attack:
    return _people(name, portray=f"\ndef portray(context, axes, people, seed, llm, feedback=None):\n    return {expression}\n", ends=ends)


RESULTS = (
    _returned("NaN", "float('nan')"),
    _returned("infinity", "[1.0, float('inf')]"),
    _returned("a huge integer", "10 ** 4000"),
    _returned("a huger integer", "1 << 100_000"),
    Attack("a circle", "a = []\na.append(a)\nreturn a", _BAD, kind="result"),
    Attack("deep nesting", "a = []\nfor _ in range(900):\n    a = [a]\nreturn a", _BAD, kind="result"),
    Attack("deeper nesting", "a = []\nfor _ in range(100_000):\n    a = [a]\nreturn a", (*_BAD, "crashed"), kind="result"),
    _returned("a lone surrogate", "'\\ud800'"),
    _returned("bytes", "b'x'"),
    _returned("an object", "object()"),
    _returned("three hundred megabytes", "'x' * (300 << 20)", (*_BAD, "memory")),
    Attack(
        "an object that runs code when it is pickled",
        """
class Evil:
    def __reduce__(self):
        return os.system, ("touch " + arena["canary"],)
return Evil()
""",
        _BAD,
        kind="result",
    ),
    _forged(
        "a pickle in place of JSON", 'import pickle\nsay(frame(b"cos\\nsystem\\n(S\'touch " + arena["canary"].encode() + b"\'\\ntR."))'
    ),
    _forged("NaN past the encoder", 'say(frame(b"[NaN]"))'),
    _forged("1e999", 'say(frame(b"[1e999]"))'),
    _forged("a key twice", 'say(frame(b\'[{"a": 1, "a": 2}]\'))'),
    _forged("a surrogate escaped", "say(frame(b'[\"\\\\ud800\"]'))"),
    _forged("no UTF-8", "say(frame(b'[\"\\xff\"]'))"),
    _forged("brackets without end", 'say(frame(b"[" * 500_000))'),
    _forged("digits without end", 'say(frame(b"[" + b"9" * 500_000 + b"]"))'),
    _forged("a number too many of results", 'say(frame(b"[1, 2]"))'),
    _forged("a length of four gigabytes", 'say(frame(b"")[:-4] + bytes([255] * 4))'),
    _forged("a frame of another job", 'say(frame(b"[1]", job=b"12345678"))'),
    _forged("a frame of no kind", 'say(frame(b"[1]", kind=b"Z"))'),
    _forged("a prompt where there is no model", 'say(frame(b"[]", kind=b"Q"))'),
    _forged("an error that is no error", 'say(frame(b"[1]", kind=b"E"))'),
    _forged("it says it is not confined", 'say(frame(b"x", kind=b"U"))'),
    _forged("a second frame", 'say(frame(b"[1]") + frame(b"[2]") * 10)', ("ok",)),
    _forged("garbage", "say(bytes(range(256)) * 4000)"),
    _forged("half a frame, then the end", 'say(frame(b"[1]")[:-1])', ("error",)),
    Attack("SystemExit", "raise SystemExit(0)", ("error",), kind="result"),
    Attack("KeyboardInterrupt", "raise KeyboardInterrupt", ("error",), kind="result"),
    Attack("GeneratorExit", "raise GeneratorExit", ("error",), kind="result"),
    Attack(
        "an exception whose text raises",
        "class Bad(Exception):\n    def __str__(self): raise SystemExit\n    __repr__ = __str__\nraise Bad",
        ("error",),
        kind="result",
    ),
    Attack(
        "an exception that paints the terminal", "raise ValueError('\\x1b[2J\\x1b]0;x\\x07\\r\\n[bold]' * 1000)", ("error",), kind="result"
    ),
    Attack("an exception of a gigabyte", "raise ValueError('x' * (150 << 20))", ("error", "memory"), kind="result"),
    Attack(
        "a scorer replaced",
        """
import outskirts.personas.sandbox as mine, outskirts.personas.sandbox.frames as frames, json
frames.strict_json = frames.HEADER = None
json.loads = json.dumps = lambda *a, **k: 1
sys.modules["outskirts.personas.coverage"] = mine
return 1
""",
        ("ok", "error", "invalid_result"),
        kind="result",
    ),
    _positions("None for positions", "None"),
    _positions("positions of the wrong shape", "{'trust': 1}"),
    _positions("too many positions", "[{'trust': 0.5}] * (n + 1)"),
    _positions("a hundred thousand positions", "[{'trust': 0.5}] * 100_000"),
    _positions("positions of text", "[{'trust': '0.5'}] * n"),
    _positions("positions of booleans", "[{'trust': True}] * n"),
    _positions("positions that are NaN", "[{'trust': float('nan')}] * n"),
    _positions("positions without an axis", "[{}] * n"),
    _portraits("None for portraits", "None"),
    _portraits("too few portraits", "[]"),
    _portraits("a score in the result", "[{'name': 'Ann', 'description': 'I trust.', 'score': 1.0}] * len(people)"),
    _portraits("a portrait without text", "[{'name': 'Ann', 'description': ''}] * len(people)"),
    _portraits("a portrait too long", "[{'name': 'Ann', 'description': 'x' * 30_000}] * len(people)"),
    _portraits("a name that is a number", "[{'name': 1, 'description': 'x'}] * len(people)"),
    _portraits("facts without end", "[{'name': 'A', 'description': 'x', 'private_facts': [{}] * 1000}] * len(people)"),
    _people(
        "people who differ by the clock",
        portray="\nimport time\ndef portray(context, axes, people, seed, llm, feedback=None):\n"
        "    return [{'name': 'A', 'description': str(time.perf_counter_ns())} for p in people]\n",
        ends=("nondeterministic",),
        check=True,
    ),
    _people(
        "people who differ by unseeded numbers",
        place="\nimport random\ndef place(context, axes, n, seed, llm):\n    return [{'trust': random.random()} for _ in range(n)]\n",
        ends=("nondeterministic",),
        check=True,
    ),
    _people(
        "people who differ by entropy",
        place="\nimport numpy as np\nrng = np.random.default_rng()\ndef place(context, axes, n, seed, llm):\n"
        "    return [{'trust': x} for x in rng.random(n)]\n",
        ends=("nondeterministic",),
        check=True,
    ),
    _people(
        "people who differ by what came before",
        place="\nseen = []\ndef place(context, axes, n, seed, llm):\n    seen.append(1)\n    return [{'trust': len(seen) / 9} for _ in range(n)]\n",
        ends=("ok",),  # the program is loaded anew, so nothing came before
        check=True,
    ),
)
