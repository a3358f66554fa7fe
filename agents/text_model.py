"""Text in, text out, by a LangChain model: what generators are given as ``llm``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..sim.errors import InputError, OutskirtsError, UnreachableError
from ..sim.secrets import starred
from ..sim.seeds import derive
from ..sim.text import clean, said
from .chat_models import ModelSettings
from .model_calls import ModelCalls, ModelUsage, Once, gathered, text_of
from .structured import model_name

GREETING: Final = "Reply with the one word: ready"
"""What the dry call asks; it discloses nothing."""

_HEAD = 60  # characters of a prompt that an error quotes


class LangChainTextModel:
    """Completes batches of prompts, each a conversation of its own with one human message.

    A model with a ``seed`` gets one of its own for every prompt. A LangChain cache never answers one prompt of a batch, or one batch,
    from another; the same batches in the same order do come from the cache, whatever process they are in.

    Args:
        model: A LangChain chat model, or any Runnable from messages to text.
        settings: Time-out, calls at once, attempts; the defaults if None.
        name: Stands in records; the class and the model's name if empty.
        seed: Where the prompts' seeds come from.
        dry_call: Send one harmless prompt first, so that a model that cannot answer costs nothing.
        secrets: Texts that are replaced in what errors say.

    Raises:
        InputError: If ``model`` is no chat model or Runnable.
    """

    def __init__(
        self,
        model: Any,
        settings: ModelSettings | None = None,
        *,
        name: str = "",
        seed: int = 0,
        dry_call: bool = False,
        secrets: Sequence[str] = (),
    ) -> None:
        self.name = name or model_name(model)
        self._calls = ModelCalls(model, self.name, "generator", settings or ModelSettings(), secrets)
        self._model = model
        self._seed = seed
        self._seeded = "seed" in getattr(type(model), "model_fields", {})
        self._batches = 0
        self._greeted = Once() if dry_call else None

    @property
    def usage(self) -> ModelUsage:
        """Calls and tokens so far."""
        return self._calls.usage

    async def complete(self, prompts: Sequence[str]) -> list[str]:
        """Return one text for each prompt, in order.

        Raises:
            InputError: If a prompt is no text.
            UnreachableError: If a prompt failed after its attempts, or brought no text; says which one.
        """
        wrong = next((p for p in prompts if not isinstance(p, str) or not p.strip()), None)
        if isinstance(prompts, str) or wrong is not None:
            raise InputError("prompts", "a list of texts", prompts if isinstance(prompts, str) else wrong)
        if not prompts:
            return []
        if self._greeted is not None:
            await self._greeted.ensure(self._greet)
        batch = self._batches
        self._batches += 1
        return await gathered(self._one(prompt, batch, i, len(prompts)) for i, prompt in enumerate(prompts))

    async def _greet(self) -> None:
        try:
            await self._call(GREETING, "dry", 0)
        except OutskirtsError:
            raise
        except Exception as error:
            raise UnreachableError(f"the model {self.name} failed to answer a first harmless prompt: {said(error)}") from None

    async def _one(self, prompt: str, batch: int, i: int, n: int) -> str:
        try:
            seed = int(derive(self._seed, "model", batch, i).integers(2**31 - 1))
            return await self._call(prompt, f"{self._seed}/{batch}/{i}", seed)
        except OutskirtsError:
            raise
        except Exception as error:
            line = " ".join(prompt.split())
            head = line if len(line) <= _HEAD else line[: _HEAD - 3] + "..."
            raise UnreachableError(f"the model {self.name} failed on prompt {i + 1} of {n} ({head!r}): {said(error)}") from None

    async def _call(self, prompt: str, path: str, seed: int) -> str:
        from langchain_core.messages import HumanMessage

        messages = [HumanMessage(clean(prompt)[0], response_metadata={"outskirts_run": path})]
        model = self._model.model_copy(update={"seed": seed}) if self._seeded else self._model
        return await self._calls.call(model, messages, {"run": path}, _text)


def _text(result: object) -> str:
    text = text_of(result)
    if text is None or not text.strip():
        raise ValueError(f"no text in the reply, but {type(result).__name__}" if text is None else "the reply was empty")
    return starred(clean(text)[0])
