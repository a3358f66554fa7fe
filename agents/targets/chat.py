"""A target that is a chat model of LangChain: as a Runnable is met, with faults in the one enumeration."""

from __future__ import annotations

from typing import Any

from ...sim.errors import OutskirtsError
from ...sim.protocols import Actor
from ...sim.seeds import Stream
from ...sim.text import said
from ...sim.types import Action, Brief, Observation
from ..limiter import limiter_of, model_key
from ..model_calls import is_unfinished, retry_after, status
from ..roles import target_role
from ..runnables import RunnableTarget
from .faults import CallFault, CallKind, invalid, kind_of_status
from .repeating import repeated
from .settings import ChatTargetSettings


class ChatTarget:
    """A chat model that ``init_chat_model`` made.

    Args:
        model: The model; its own retries are off.
        settings: How it is called.
        name: Stands in records and reports.
        keyed: Where its key comes from, for the message if it is refused.
    """

    def __init__(self, model: Any, settings: ChatTargetSettings, name: str, keyed: str = "") -> None:
        self.name = name
        self.settings = settings
        self.stateless = True
        self.shared_state = settings.shared_state
        self.keyed = keyed
        self._inner = RunnableTarget(model, name, system=settings.system)
        limiter_of(model_key(model, name)).join(self, settings.pace)  # the inner one holds the line

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode."""
        return _ChatActor(self, self._inner.begin(brief, stream), target_role(brief))


class _ChatActor:
    """One episode with the model."""

    def __init__(self, target: ChatTarget, inner: Actor, role: str) -> None:
        self._target = target
        self._inner = inner
        self._role = role

    async def act(self, observation: Observation) -> Action | str:
        """Return what the model answers."""
        settings = self._target.settings
        return await repeated(
            lambda: self._call(observation), timeout=settings.timeout, retries=settings.retries, role=self._role, model=self._target.name
        )

    async def _call(self, observation: Observation) -> Action | str:
        try:
            reply = await self._inner.act(observation)
        except (OutskirtsError, TimeoutError):
            raise
        except Exception as error:
            raise fault_of(error, self._target.keyed) from None
        if isinstance(reply, str) and not reply.strip():
            raise invalid("the reply is empty")
        return reply


def fault_of(error: Exception, keyed: str = "") -> CallFault:
    """Return which fault an exception of a provider's package is."""
    code = status(error)
    if code is not None:
        kind = kind_of_status(code)
        about = f" (look at {keyed})" if keyed and kind is CallKind.AUTH else ""
        return CallFault(kind, said(error) + about, retry_after(error), code)
    name = type(error).__name__
    if "Timeout" in name:
        return CallFault(CallKind.TIMEOUT, said(error))
    if isinstance(error, OSError) or "Connect" in name:
        return CallFault(CallKind.TRANSIENT, said(error))
    if is_unfinished(error) or isinstance(error, ValueError | LookupError | TypeError):  # no JSON, no choices, HTML
        return invalid(said(error))
    return CallFault(CallKind.TRANSIENT, said(error))
