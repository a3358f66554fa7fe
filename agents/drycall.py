"""One harmless greeting to the target before any episode starts, so that a broken one costs nothing."""

from __future__ import annotations

from ..personas.scenario import Scenario
from ..sim.actions import InvalidActionError, as_action, no_tools
from ..sim.errors import BudgetExceeded, InputError, UnreachableError
from ..sim.limits import reserve
from ..sim.protocols import Target
from ..sim.seeds import Stream
from ..sim.text import said
from ..sim.types import Brief, Message, Observation
from ..sim.waiting import ExpiredError, contained, within

GREETING = "Hello."
"""What the target hears; it discloses nothing."""


async def dry_call(target: Target, scenario: Scenario, timeout: float | None = 60.0) -> str:
    """Greet the target as the scenario's first person would, and return what it says; empty if it only calls tools.

    It is no episode. It is counted against open limits as one call of the role ``dry``.

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
        episode="dry",
        turns=1,
        context=scenario.target_context,
        tools=scenario.tools,
        told=scenario.brief_target,
    )
    greeting = Message(index=0, turn=0, sender=person, text=GREETING)
    reserve("dry", model=target.name)
    try:
        with contained:
            actor = target.begin(brief, Stream(0, "dry", 0, "target"))
            reply = await within(timeout, actor.act(Observation(agent=agent, turn=0, messages=(greeting,))))
    except (InputError, BudgetExceeded, UnreachableError):
        raise
    except ExpiredError:
        raise UnreachableError(f"the target {target.name} did not answer a greeting within {timeout:g} s") from None
    except Exception as error:
        raise UnreachableError(f"the target {target.name} failed to answer a greeting: {said(error)}") from error
    try:
        action, _ = as_action(reply)
    except InvalidActionError as error:
        raise InputError(f"target {target.name}", "a reply that is text, to a greeting", reply, f"{error}.") from None
    if action.calls and not scenario.tools:
        raise InputError(f"target {target.name}", no_tools(scenario.name), action.calls[0].name)
    return action.text
