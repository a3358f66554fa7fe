"""One structured reply of a language model: by its structured output where it has that, else by the JSON form in its prompt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from ..sim.errors import OutskirtsError
from ..sim.text import said
from .chat_models import ModelSettings
from .likert import UnreadableReplyError
from .model_calls import ModelCalls, ModelUsage, is_refused, is_unfinished, text_of

_PROBE: Mapping[str, Any] = {
    "title": "probe",
    "description": "Whether a model has structured output.",
    "type": "object",
    "properties": {"answer": {"type": "integer", "description": "A number."}},
    "required": ["answer"],
    "additionalProperties": False,
}


class _Way(NamedTuple):
    """How the model is asked."""

    structured: bool  # by its structured output
    seeded: bool  # with a seed of the run


class StructuredModel:
    """Asks a LangChain chat model (or any Runnable from messages to text) for replies of a declared form.

    Structured output is used where a chat model has it; any other must be asked for the JSON form in the prompt. An
    endpoint that refuses structured output or a seed before it ever answered is asked without.

    Args:
        model: The chat model or Runnable.
        name: For error messages.
        role: For which role calls and tokens count against open limits.
        settings: Time-out, calls at once, attempts.
        secrets: Texts that are replaced in what errors say.

    Raises:
        InputError: If ``model`` is no chat model or Runnable.
    """

    def __init__(self, model: Any, name: str, role: str, settings: ModelSettings, secrets: Sequence[str] = ()) -> None:
        self._calls = ModelCalls(model, name, role, settings, secrets)
        self._model = model
        self._ways = _ways(model)
        self._way = 0
        self._forms: dict[str, Any] = {}  # by JSON Schema, the model bound to it, if that can be had
        self.redacted = self._calls.redacted

    @property
    def usage(self) -> ModelUsage:
        """Calls and tokens so far."""
        return self._calls.usage

    async def ask(self, messages: list[Any], schema: Mapping[str, Any], facts: Mapping[str, Any], seed: int) -> object:
        """Return a mapping, or the text of a reply in which one may stand.

        Args:
            messages: What the model is sent.
            schema: JSON Schema of the reply, with a title.
            facts: Metadata of the call, for tracers.
            seed: For a model that takes one, below 2**31.

        Raises:
            UnreadableReplyError: If the reply was cut off or held back, or the prompt was refused by an endpoint that has answered others.
            Exception: What the model raises, after its attempts.
        """
        while True:
            way = self._way
            runnable = self._asked(self._ways[way], schema, seed)
            try:
                return await self._calls.call(runnable, messages, facts, _read_by(runnable))
            except OutskirtsError:
                raise
            except Exception as error:
                if is_unfinished(error):
                    raise UnreadableReplyError(f"the model did not finish it ({type(error).__name__}).", said(error)) from error
                if not is_refused(error):
                    raise
                if not self._other_way(way):
                    if not self._calls.answered:
                        raise
                    raise UnreadableReplyError("the endpoint refused to answer.", said(error)) from error

    def _asked(self, way: _Way, schema: Mapping[str, Any], seed: int) -> Any:
        """Return what to invoke."""
        if not way.structured:
            return _seeded(self._model, seed) if way.seeded else self._model
        key = json.dumps(schema)
        if key not in self._forms:
            self._forms[key] = _binding(self._model, schema)
        form = self._forms[key]
        if form is None:
            return _structured(_seeded(self._model, seed) if way.seeded else self._model, schema)
        return form.model_copy(update={"bound": _seeded(form.bound, seed)}) if way.seeded else form

    def _other_way(self, way: int) -> bool:
        """Tell whether there is another way to ask than ``way``, which was refused, and take it."""
        if way == self._way and not self._calls.answered and way + 1 < len(self._ways):
            self._way = way + 1
        return self._way != way


def model_name(model: object) -> str:
    """Return what to call a model: its class, and the model's name where it has one."""
    given = next((v for v in (getattr(model, key, None) for key in ("model_name", "model")) if isinstance(v, str) and v), None)
    return type(model).__name__ + (f":{given}" if given else "")


def _ways(model: object) -> tuple[_Way, ...]:
    """Return how a model can be asked, the best way first."""
    from langchain_core.language_models import BaseChatModel

    if not isinstance(model, BaseChatModel):
        return (_Way(structured=False, seeded=False),)
    seeded = "seed" in type(model).model_fields
    try:
        _structured(model, _PROBE)
        structured = True
    except (NotImplementedError, TypeError, ValueError):  # not there, or not in the form that langchain-core declares
        structured = False
    return tuple(dict.fromkeys((_Way(structured, seeded), _Way(structured, seeded=False), _Way(structured=False, seeded=False))))


def _seeded(model: Any, seed: int) -> Any:
    return model.model_copy(update={"seed": seed})


def _structured(model: Any, schema: Mapping[str, Any]) -> Any:
    return model.with_structured_output(dict(schema), include_raw=True)


def _binding(model: Any, schema: Mapping[str, Any]) -> Any:
    """Return the model bound to a form, None if LangChain's chain of model and parser does not show it.

    The chain costs as much as the harness does, and what it parses stands in the message: as a call of the tool that has the
    form, or as text.
    """
    from langchain_core.runnables.base import RunnableBindingBase

    steps = getattr(getattr(_structured(model, schema), "first", None), "steps__", None)
    raw = steps.get("raw") if isinstance(steps, Mapping) else None
    return raw if isinstance(raw, RunnableBindingBase) and isinstance(raw.bound, type(model)) else None  # else a seed would not reach it


def _read_by(runnable: Any) -> Callable[[object], object]:
    """Return what reads the replies of a runnable: arguments of a tool count only where the form is one."""
    return _called if (getattr(runnable, "kwargs", None) or {}).get("tools") else _heard


def _called(result: object) -> object:
    """Return the arguments of the tool that was called; else what :func:`_heard` makes of it."""
    calls = getattr(result, "tool_calls", None)
    if isinstance(calls, list) and calls and isinstance(calls[0].get("args"), dict):
        return calls[0]["args"]
    return _heard(result)


def _heard(result: object) -> object:
    """Return what a reply is read from: what structured output parsed, a mapping (or model) as it is, else its text."""
    if isinstance(result, dict) and result.keys() >= {"raw", "parsed"}:
        parsed = result["parsed"]
        return parsed if isinstance(parsed, dict) else text_of(result["raw"]) or ""
    if isinstance(result, dict):
        return result
    text = text_of(result)
    if text is None and isinstance(result, BaseModel):  # a chain of the user's own that parses
        return result.model_dump()
    return text or ""
