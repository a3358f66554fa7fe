"""One harmless greeting to the target before any episode starts, so that a broken one costs nothing."""

from __future__ import annotations

import asyncio
import time

from ..personas.scenario import Scenario
from ..sim.actions import InvalidActionError, as_action, no_tools
from ..sim.errors import BudgetExceeded, InputError, UnreachableError
from ..sim.limits import reserve
from ..sim.place import place_of
from ..sim.protocols import Actor, Target
from ..sim.seeds import Stream
from ..sim.text import said
from ..sim.types import Brief, Message, Observation
from ..sim.waiting import ExpiredError, contained, within
from .roles import DRY
from .targets.faults import CallFault, CallKind

GREETING = "Hello."
"""What the target hears; it discloses nothing."""

ATTEMPTS = 4
"""Most greetings of a target that is called from here, where it fails for a reason that may pass: a greeting can be repeated."""

_LONGEST = 30.0  # seconds that are waited at most
_PAUSE = 0.25  # seconds before the second one; doubles with each


async def dry_call(target: Target, scenario: Scenario, timeout: float | None = 60.0) -> str:
    """Greet the target as the scenario's first person would, and return what it says; empty if it only calls tools.

    It is no episode. Each greeting is counted against open limits as a call of the role ``dry``.

    Args:
        target: The system under test.
        scenario: Whose agent names, context and tools it is told. A call of a tool is not run.
        timeout: Longest wait in seconds; None waits for ever.

    Raises:
        UnreachableError: If it raises or does not answer in time.
        InputError: If what it returns is no usable text, nor a call of a tool where the scenario has some.
        BudgetExceeded: If an open limit allows no call.
    """
    person, agent = scenario.agent("persona"), scenario.agent("target")
    brief = Brief(
        agent=agent,
        scenario=scenario.name,
        episode=DRY,
        turns=1,
        context=scenario.target_context,
        tools=scenario.tools,
        told=scenario.brief_target,
    )
    greeting = Message(index=0, turn=0, sender=person, text=GREETING)
    reply = await _greeted(target, brief, Observation(agent=agent, turn=0, messages=(greeting,)), timeout)
    try:
        action, _ = as_action(reply)
    except InvalidActionError as error:
        raise InputError(f"target {target.name}", "a reply that is text, to a greeting", reply, f"{error}.") from None
    if action.calls and not scenario.tools:
        raise InputError(f"target {target.name}", no_tools(scenario.name), action.calls[0].name)
    return action.text


async def _greeted(target: Target, brief: Brief, greeting: Observation, timeout: float | None) -> object:
    """Return what the target answers; one that fails for a reason that may pass is greeted again."""
    started = time.monotonic()
    for attempt in range(1, ATTEMPTS + 1):
        reserve(DRY, model=target.name)
        actor: Actor | None = None
        try:
            with contained:
                actor = target.begin(brief, Stream(0, DRY, 0, "target"))
                return await within(timeout, actor.act(greeting))
        except CallFault as fault:
            late = timeout is not None and time.monotonic() - started > timeout / 2
            if not fault.may_pass or attempt == ATTEMPTS or late:
                if fault.call is CallKind.INVALID_RESPONSE:
                    raise InputError(f"target {target.name}", "a reply, to a greeting", str(fault)) from None
                raise UnreachableError(f"the target {target.name} did not answer a greeting: {fault}") from None
            await asyncio.sleep(min(_LONGEST, max(fault.retry_after or 0.0, _PAUSE * 2.0 ** (attempt - 1))))
        except (InputError, BudgetExceeded, UnreachableError):
            raise
        except ExpiredError:
            raise UnreachableError(f"the target {target.name} did not answer a greeting within {timeout:g} s (--target-timeout)") from None
        except Exception as error:
            raise UnreachableError(f"the target {target.name} failed to answer a greeting: {said(error)}{_place(error)}") from error
        finally:
            close = getattr(actor, "close", None)
            if close is not None:
                close()
    raise AssertionError("the last attempt returns or raises")


def _place(error: BaseException) -> str:
    """Return where in the user's own code it was raised, and what that code is given; nothing if it was raised elsewhere."""
    place = place_of(error)
    if place is None:
        return ""
    return f" ({place.file}, line {place.line}; a plain function is given messages, a list of {{'role': ..., 'content': ...}})"
