"""LangChain's view of the cache of a run."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from langchain_core.caches import BaseCache
from langchain_core.messages import AIMessage, message_to_dict, messages_from_dict
from langchain_core.outputs import ChatGeneration, Generation

from .response_cache import HIT, PATH, current


class _RunCache(BaseCache):
    """What models see of the cache: the one of the running run."""

    def lookup(self, prompt: str, llm_string: str) -> list[Generation] | None:
        """Return what the model answered to this prompt for this draw."""
        cache = current()
        if cache is None or f'"{PATH}"' not in prompt:
            return None
        body = cache.get(_key(prompt, llm_string))
        if body is None:
            return None
        message = messages_from_dict([json.loads(body)])[0]
        message.response_metadata = {**message.response_metadata, HIT: True}
        return [ChatGeneration(message=message)]

    def update(self, prompt: str, llm_string: str, return_val: list[Generation]) -> None:  # type: ignore[override]
        """Keep what the model answered, if it is one message."""
        cache = current()
        message = getattr(return_val[0], "message", None) if len(return_val) == 1 else None
        if cache is None or f'"{PATH}"' not in prompt or not isinstance(message, AIMessage):
            return
        try:
            body = json.dumps(message_to_dict(message), ensure_ascii=False)
        except (TypeError, ValueError):  # it holds something that is no JSON
            return
        cache.put(_key(prompt, llm_string), body)

    async def alookup(self, prompt: str, llm_string: str) -> list[Generation] | None:
        """Do the same; it takes less than a switch to another thread."""
        return self.lookup(prompt, llm_string)

    async def aupdate(self, prompt: str, llm_string: str, return_val: list[Generation]) -> None:  # type: ignore[override]
        """Do the same."""
        self.update(prompt, llm_string, return_val)

    def clear(self, **kwargs: Any) -> None:
        """Do nothing: what was paid for is kept."""


def _key(prompt: str, llm_string: str) -> str:
    return hashlib.sha256(f"{prompt}\x1f{llm_string}".encode()).hexdigest()


KEPT = _RunCache()
"""The cache that models are given: a run says when it opens which file is behind it."""
