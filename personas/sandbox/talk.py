"""The parent's side of a call, from the first frame to the last: nothing that comes is believed, and nothing waited for without end."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..asking import Batch
from . import frames
from .frames import BrokenFrameError, Channel, strict_json
from .protocol import Limits

PROMPT = 64 * 1024
"""Longest prompt, in characters."""

_SMALL = 4096
_ASKED = 8 << 20  # bytes of a batch of prompts
_MIB = 1 << 20
_BUDGET = "the program's budget of {most} prompts to the language model is used up"


@dataclass
class Ending:
    """What the channel told of how a call ended."""

    kind: bytes | Literal["timeout", "gone", "broken"] = "gone"
    body: bytes = b""
    confined: bool = False
    prompts: int = 0


def converse(channel: Channel, order: Mapping[str, Any], llm: Batch | None, limits: Limits) -> Ending:
    """Hand over the work, serve the language model, and return the first frame that ends the call.

    Raises:
        ModelFailedError: Around what ``llm`` raises.
    """
    ending = Ending()
    try:
        kind, body = channel.receive(_SMALL)
        if kind != frames.READY:
            ending.kind, ending.body = kind, body
            return ending
        ending.confined = True
        channel.send(frames.WORK, json.dumps(order, ensure_ascii=True).encode())
        while True:
            kind, body = channel.receive(max(int(limits.result_mib * _MIB), _ASKED if llm is not None else _SMALL))
            if kind != frames.ASK or llm is None:
                ending.kind, ending.body = kind, body
                return ending
            _serve(channel, body, llm, limits, ending)
    except TimeoutError:
        ending.kind = "timeout"
    except (EOFError, OSError):
        ending.kind = "gone"
    except BrokenFrameError as error:
        ending.kind, ending.body = "broken", str(error).encode()
    return ending


def _serve(channel: Channel, body: bytes, llm: Batch, limits: Limits, ending: Ending) -> None:
    """Answer one batch of prompts, or refuse it."""
    refusal = ""
    try:
        prompts = strict_json(body, 1)
    except ValueError as error:
        prompts, refusal = [], str(error)
    if not isinstance(prompts, list) or not all(isinstance(p, str) and len(p) <= PROMPT for p in prompts):
        refusal = f"llm takes a list of texts of at most {PROMPT:,} characters"
    elif ending.prompts + len(prompts) > limits.model_prompts:
        refusal = _BUDGET.format(most=limits.model_prompts)
    if refusal:
        channel.send(frames.REFUSAL, json.dumps(refusal).encode())
        return
    ending.prompts += len(prompts)
    began = time.monotonic()
    try:
        answers = llm(prompts)
    except Exception as error:
        raise ModelFailedError(error) from error
    channel.pause(time.monotonic() - began)
    channel.send(frames.ANSWER, json.dumps([str(answer) for answer in answers]).encode())


class ModelFailedError(Exception):
    """Raised to carry an error of the language model past those of the channel."""

    def __init__(self, cause: BaseException) -> None:
        self.cause = cause
        super().__init__(str(cause))
