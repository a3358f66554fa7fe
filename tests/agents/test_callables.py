import asyncio
import functools
import subprocess
import sys
import threading

import pytest

from outskirts.agents.callables import CallableTarget
from outskirts.agents.daemon_pool import DaemonPool
from outskirts.sim.errors import InputError
from outskirts.sim.limits import Limit, settle
from outskirts.sim.seeds import Stream
from outskirts.sim.testing.conformance import TargetConformance
from outskirts.sim.types import Action, Brief, Message, Observation

BRIEF = Brief(agent="assistant_0", scenario="support", episode="k1", turns=4)
TALK = (
    Message(index=0, turn=0, sender="person_0", text="Hello."),
    Message(index=1, turn=0, sender="assistant_0", text="Hi."),
    Message(index=2, turn=1, sender="person_0", text="I am sad."),
)


def said(fn, talk=TALK, options=None, target=None):
    target = target or CallableTarget(fn, "mine", options)
    actor = target.begin(BRIEF, Stream(0, "f", 3, "target"))
    return asyncio.run(actor.act(Observation(agent="assistant_0", turn=talk[-1].turn, messages=talk)))


class TestSynchronousFunction(TargetConformance):
    def make(self):
        return CallableTarget(lambda messages: messages[-1]["content"], "echo")


class TestClassWithState(TargetConformance):
    def make(self):
        return CallableTarget(Counter, "counter")


def test_the_person_is_the_user_and_the_target_the_assistant():
    assert said(lambda messages: repr([(m["role"], m["content"]) for m in messages])) == repr(
        [("user", "Hello."), ("assistant", "Hi."), ("user", "I am sad.")]
    )


def test_several_people_are_told_apart_by_name():
    talk = (*TALK, Message(index=3, turn=1, sender="person_1", text="Me too."))
    assert said(lambda messages: [m.get("name") for m in messages], talk) == ["person_0", None, "person_0", "person_1"]


def test_the_episode_goes_along_where_the_signature_has_it():
    assert said(lambda messages, episode: episode) == {"key": "k1", "scenario": "support", "turn": 1, "replicate": 3}
    assert said(lambda messages, *, episode=None: episode["turn"]) == 1
    assert said(lambda *, messages, episode: episode["turn"]) == 1


def test_an_async_function_runs_in_the_loop():
    async def reply(messages):
        await asyncio.sleep(0)
        return threading.current_thread() is threading.main_thread()

    assert said(reply) is True


def test_a_synchronous_function_runs_in_a_daemon_thread():
    thread = said(lambda messages: threading.current_thread())
    assert thread is not threading.main_thread()
    assert thread.daemon


def test_generators_are_joined():
    def pieces(messages):
        yield "I am "
        yield "here."

    async def later(messages):
        yield "I am "
        yield "here."

    assert said(pieces) == said(later) == "I am here."


def test_an_endless_generator_ends_where_the_text_is_over_length():
    def babble(messages):
        while True:
            yield "la " * 1000

    assert 20_000 < len(said(babble)) < 30_000


def test_a_stream_of_nothing_that_never_ends_is_an_error():
    def silence(messages):
        while True:
            yield ""

    async def waiting(messages):
        while True:
            yield ""

    for endless in (silence, waiting):
        with pytest.raises(ValueError, match="expected a reply that ends, got 100,000 pieces and 0 characters so far"):
            said(endless)


@pytest.mark.parametrize("value", [None, b"bytes", 3, "", ["text"]])
def test_what_is_returned_passes_through_as_it_is(value):
    assert said(lambda messages: value) == value


def test_an_action_passes_from_functions_and_generators():
    def one(messages):
        yield Action(text="Bye.", leave=True)

    assert said(lambda messages: Action(text="Bye.", leave=True)) == said(one) == Action(text="Bye.", leave=True)


def test_a_piece_that_is_no_text_is_an_error():
    def mixed(messages):
        yield "I"
        yield 3

    with pytest.raises(TypeError, match="expected pieces of text, got int"):
        said(mixed)


class Counter:
    """Counts its replies."""

    def __init__(self, start: int = 0) -> None:
        self.n = start

    def __call__(self, messages):
        self.n += 1
        return str(self.n)


def test_a_class_has_fresh_state_in_each_episode():
    target = CallableTarget(Counter, "counter")
    assert [said(None, target=target), said(None, target=target)] == ["1", "1"]


def test_an_instance_is_shared_by_all_episodes():
    target = CallableTarget(Counter(), "counter")
    assert [said(None, target=target), said(None, target=target)] == ["1", "2"]


def test_a_function_without_parameters_makes_the_callable():
    target = CallableTarget(lambda: Counter(5), "counter")
    assert [said(None, target=target), said(None, target=target)] == ["6", "6"]


def test_options_become_arguments_of_the_class():
    assert said(Counter, options={"start": 7}) == "8"


def test_a_partial_and_an_async_method_are_called_as_they_are():
    class Bot:
        async def reply(self, mood, messages):
            return mood

    assert said(functools.partial(Bot().reply, "calm")) == "calm"


@pytest.mark.parametrize(
    ("fn", "options", "message"),
    [
        (3, None, "a callable that takes messages"),
        (lambda messages, temperature: "", None, r"got '\(messages, temperature\)'"),
        (lambda episode: "", None, "a callable that takes messages"),
        (lambda *, text: "", None, "a callable that takes messages"),
        (lambda messages: "", {"a": 1}, "no options, got 'a'"),
        (Counter, {"strat": 1}, "one of the options start, got 'strat'. Did you mean 'start'"),
        (lambda messages, *, mood: "", None, r"got '\(messages, \*, mood\)'"),
        (dict, None, "a class whose instances can be called"),
    ],
)
def test_a_wrong_signature_is_refused_before_the_first_episode(fn, options, message):
    with pytest.raises(InputError, match=message):
        CallableTarget(fn, "mine", options)


def test_what_the_callable_raises_comes_out():
    def broken(messages):
        raise KeyError("q")

    with pytest.raises(KeyError, match="q"):
        said(broken)


def test_tokens_settled_in_the_thread_count_against_the_limit():
    def reply(messages):
        settle("target", tokens=5)
        return "ok"

    with Limit("run") as limit:
        said(reply)
    assert limit.usage().tokens == {"target": 5}


def test_calls_that_hang_do_not_hold_up_the_next_ones():
    pool, release = DaemonPool(width=2), threading.Event()

    async def hang():
        async with asyncio.timeout(0.02):
            await pool.run(release.wait)

    async def work():
        ended = await asyncio.gather(*(hang() for _ in range(6)), return_exceptions=True)
        return ended, await asyncio.gather(*(pool.run(lambda i=i: i) for i in range(6)))

    ended, answers = asyncio.run(work())
    release.set()
    assert [type(e) for e in ended] == [TimeoutError] * 6
    assert answers == list(range(6))


def test_no_more_than_width_calls_run_at_once():
    pool, gate, lock = DaemonPool(width=3), threading.Event(), threading.Lock()
    running, most = set(), []

    def work(i):
        with lock:
            running.add(i)
            most.append(len(running))
            if len(running) == 3:
                gate.set()
        gate.wait()
        with lock:
            running.discard(i)

    async def go():
        await asyncio.gather(*(pool.run(lambda i=i: work(i)) for i in range(20)))

    asyncio.run(go())
    assert max(most) == 3


def test_past_the_bound_of_hanging_calls_new_ones_are_refused():
    pool, started, release = DaemonPool(width=4, lost=1), threading.Event(), threading.Event()

    async def go():
        hanging = asyncio.create_task(pool.run(lambda: (started.set(), release.wait())))
        while not started.is_set():
            await asyncio.sleep(0.001)
        hanging.cancel()
        await asyncio.wait([hanging])
        with pytest.raises(RuntimeError, match="1 calls that timed out are still running"):
            await pool.run(lambda: 1)

    asyncio.run(go())
    release.set()


def test_a_hanging_call_does_not_keep_the_interpreter_alive():
    code = (
        "import asyncio, threading\n"
        "from outskirts.agents.daemon_pool import shared_pool\n"
        "async def go():\n"
        "    try:\n"
        "        async with asyncio.timeout(0.05):\n"
        "            await shared_pool().run(threading.Event().wait)\n"
        "    except TimeoutError:\n"
        "        print('given up')\n"
        "asyncio.run(go())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("given up\n", 0)
