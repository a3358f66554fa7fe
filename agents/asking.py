"""How a model is asked for a reply of a form: by structured output and with a seed where it has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from ..sim.errors import OutskirtsError
from ..sim.text import said
from .likert import UnreadableReplyError
from .model_calls import ModelCalls, is_refused, is_unfinished, text_of

Schema = Mapping[str, Any]
"""JSON Schema of a reply, in the form that strict providers accept."""


class _Way(NamedTuple):
    """How the model is asked."""

    structured: bool  # by its structured output
    seeded: bool  # with a seed of the run


class Asking:
    """Asks one model in the best way that it and its endpoint take.

    Structured output is used where a chat model has it, and a seed where it has that field. An endpoint that refuses one of them before
    it ever answered is asked without.

    Args:
        model: A LangChain chat model or Runnable.
        calls: Its calls.
        form: Schema of some reply, to try whether it has structured output.
    """

    def __init__(self, model: Any, calls: ModelCalls, form: Schema) -> None:
        self._model = model
        self._calls = calls
        self._ways = _ways(model, form)
        self._way = 0

    async def ask(self, messages: list[Any], facts: Mapping[str, Any], form: Schema, seed: int) -> object:
        """Return a reply to be read: a mapping, or text.

        Args:
            messages: What the model is given.
            facts: Metadata of the call, for tracers.
            form: Schema of the reply.
            seed: For a model that takes one.

        Raises:
            UnreadableReplyError: If the model did not finish its reply, or its endpoint refuses the messages though it answered others.
            BudgetExceeded: If an open limit allows no further call.
            Exception: What the model raises, after its attempts.
        """
        while True:
            way = self._way
            runnable = _asked(self._model, self._ways[way], form, seed)
            try:
                return await self._calls.call(runnable, messages, facts, _heard)
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

    def _other_way(self, way: int) -> bool:
        """Tell whether there is another way to ask than ``way``, which was refused, and take it."""
        if way == self._way and not self._calls.answered and way + 1 < len(self._ways):
            self._way = way + 1
        return self._way != way


def _ways(model: object, form: Schema) -> tuple[_Way, ...]:
    """Return how a model can be asked, the best way first."""
    from langchain_core.language_models import BaseChatModel

    if not isinstance(model, BaseChatModel):
        return (_Way(structured=False, seeded=False),)
    seeded = "seed" in type(model).model_fields
    try:
        model.with_structured_output(dict(form), include_raw=True)
        structured = True
    except (NotImplementedError, TypeError, ValueError):  # not there, or not in the form that langchain-core declares
        structured = False
    return tuple(dict.fromkeys((_Way(structured, seeded), _Way(structured, seeded=False), _Way(structured=False, seeded=False))))


def _asked(model: Any, way: _Way, form: Schema, seed: int) -> Any:
    """Return what to invoke."""
    if way.seeded:
        model = model.model_copy(update={"seed": seed})
    return model.with_structured_output(dict(form), include_raw=True) if way.structured else model


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
