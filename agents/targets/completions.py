"""What an OpenAI-compatible endpoint answers, whole or in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal, NamedTuple

from ...sim.actions import MAX_CHARS
from ...sim.types import Action
from ..tool_calls import MAX_CALLS, calls_of, text_of
from .faults import CallFault, CallKind, invalid, quoted
from .posting import read_json

Refusal = Literal["fault", "said"]
_DONE = b"[DONE]"
_Tokens = tuple[int, int | None, int | None]
_UNTOLD: _Tokens = (0, None, None)


class Completion(NamedTuple):
    """What a model answered."""

    message: Mapping[str, Any]  # the assistant's, as OpenAI has it
    finish: str  # why it ended; "" if that is not said
    tokens: int = 0  # used in all, as far as reported
    sent: int | None = None  # of these in the request; None: not reported
    received: int | None = None  # of these in the reply


def read_completion(found: object) -> Completion:
    """Read a whole chat completion.

    Raises:
        CallFault: If it is none.
    """
    if not isinstance(found, Mapping):
        raise invalid(f"expected a chat completion, got {quoted(str(found))}")
    if "choices" not in found:
        _raise_error(found)
        raise invalid(f"expected a chat completion with choices, got the keys {', '.join(sorted(map(str, found))[:8]) or '(none)'}")
    choice = _first(found["choices"])
    message = choice.get("message") if choice is not None else None
    if not isinstance(message, Mapping):
        raise invalid("expected a chat completion with a message in choices, got none")
    return Completion(message, str(choice.get("finish_reason") or "") if choice else "", *_tokens(found))


async def read_stream(lines: AsyncIterator[bytes]) -> Completion:
    """Put the pieces of a streamed chat completion together.

    Args:
        lines: The server-sent events, line by line.

    Raises:
        CallFault: If one is no piece, the endpoint reports an error, the stream ends before the reply is complete, or there is
            more text than anybody may say.
    """
    pieces, done, some, other = _Pieces(), False, False, b""
    async for line in lines:
        if not line.startswith(b"data:"):
            other = other or line
            continue  # comments that keep the connection alive, names of events, blank lines
        some = True
        data = line[5:].strip()
        if data == _DONE:
            done = True
            break
        pieces.add(read_json(data, "stream's event"))
    if not some:
        raise invalid(f"expected server-sent events, got {quoted(other.decode('utf-8', 'replace')) if other else 'nothing'}")
    if not (done or pieces.finish):
        raise CallFault(CallKind.TRANSIENT, "the stream ended before the reply was complete")
    return pieces.whole()


class _Pieces:
    """What has come of a streamed reply."""

    def __init__(self) -> None:
        self.finish = ""
        self._role = "assistant"
        self._texts: dict[str, list[str]] = {"content": [], "refusal": []}
        self._calls: dict[int, dict[str, Any]] = {}
        self._tokens = _UNTOLD
        self._chars = 0

    def add(self, piece: object) -> None:
        """Take a piece."""
        if not isinstance(piece, Mapping):
            raise invalid(f"expected a piece of a chat completion, got {quoted(str(piece))}")
        _raise_error(piece)
        if piece.get("usage"):
            self._tokens = _tokens(piece)
        choice = _first(piece.get("choices"))
        if choice is None:
            return  # the last one may hold nothing but the usage
        self.finish = str(choice.get("finish_reason") or self.finish)
        delta = choice.get("delta")
        if not isinstance(delta, Mapping):
            return
        self._role = str(delta.get("role") or self._role)
        for field, parts in self._texts.items():
            given = text_of(delta.get(field))
            if isinstance(given, str) and given:
                parts.append(given)
                self._chars += len(given)
        _gather(self._calls, delta.get("tool_calls"))
        if self._chars > MAX_CHARS:
            raise invalid(f"the stream goes on past {MAX_CHARS:,} characters")

    def whole(self) -> Completion:
        """Return what they amount to."""
        message: dict[str, Any] = {"role": self._role} | {field: "".join(parts) for field, parts in self._texts.items()}
        if self._calls:
            message["tool_calls"] = [self._calls[index] for index in sorted(self._calls)]
        return Completion(message, self.finish, *self._tokens)


def said_by(completion: Completion, refusal: Refusal, tools: bool = False) -> Action | str:
    """Return what a model says, and calls where there are tools.

    Args:
        completion: What it answered.
        refusal: Whether a refusal in the field of that name is a fault or what the person hears.
        tools: Whether there are tools to call.

    Raises:
        CallFault: If it says nothing, or speaks as somebody else.
    """
    message = completion.message
    role = message.get("role", "assistant")
    if role not in ("assistant", None):
        raise invalid(f"expected a message of the assistant, got one of the role {quoted(str(role))}")
    text = text_of(message.get("content"))
    if not isinstance(text, str):
        raise invalid(f"expected a message whose content is text, got {quoted(str(text))}")
    calls = calls_of(message) if tools else ()
    if not text.strip() and not calls:
        refused = message.get("refusal")
        if isinstance(refused, str) and refused.strip():
            if refusal == "fault":
                raise invalid(f"the model refused: {quoted(refused)} (refusal=said counts that as its reply)")
            return refused
        raise invalid(
            "the reply is empty" + (f" (finish_reason {quoted(completion.finish)})" if completion.finish not in ("", "stop") else "")
        )
    return Action(text=text, calls=calls) if calls else text


def _first(choices: object) -> Mapping[str, Any] | None:
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        return None
    return choices[0]


def _raise_error(found: Mapping[str, Any]) -> None:
    """Raise the error that an endpoint reports with status 200."""
    error = found.get("error")
    if error:
        told = error.get("message") if isinstance(error, Mapping) else error
        raise CallFault(CallKind.TRANSIENT, f"the endpoint reports an error: {quoted(str(told))}")


def _tokens(found: Mapping[str, Any]) -> _Tokens:
    """Return the tokens that an endpoint reports: all of them, those sent and those received."""
    usage = found.get("usage")
    if not isinstance(usage, Mapping):
        return _UNTOLD
    total, sent, received = (_count(usage.get(name)) for name in ("total_tokens", "prompt_tokens", "completion_tokens"))
    return (sent or 0) + (received or 0) if total is None else total, sent, received


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _gather(calls: dict[int, dict[str, Any]], pieces: object) -> None:
    """Add pieces of tool calls to those that came before, by index."""
    for piece in pieces if isinstance(pieces, list) else ():
        index = piece.get("index", 0) if isinstance(piece, Mapping) else None
        if not isinstance(index, int) or (index not in calls and len(calls) >= MAX_CALLS):
            continue
        call = calls.setdefault(index, {"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
        function = piece.get("function")
        call["id"] = call["id"] or str(piece.get("id") or "")
        if isinstance(function, Mapping):
            call["function"]["name"] += str(function.get("name") or "")
            call["function"]["arguments"] += str(function.get("arguments") or "")
