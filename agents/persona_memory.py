"""What a model that plays people remembers of a conversation: as much as fits into so many tokens."""

from __future__ import annotations

from collections.abc import Sequence

MARK = "(... earlier words are left out here ...)"
"""Stands where something was left out."""


def recent(lines: Sequence[str], tokens: int) -> list[str]:
    """Return the newest lines that fit into ``tokens``, and a mark where older ones were left out.

    The newest line is always kept, cut at its beginning if it alone is too long. Tokens are counted as langchain-core
    estimates them (four characters each and some for every message), for any model.

    Args:
        lines: Of a transcript, oldest first.
        tokens: At most so many, 1 or more.

    Example:
        >>> recent(["a" * 400, "short", "last"], 20)
        ['(... earlier words are left out here ...)', 'short', 'last']
    """
    from langchain_core.messages import HumanMessage, trim_messages
    from langchain_core.messages.utils import count_tokens_approximately

    said = [HumanMessage(line) for line in lines]
    kept = trim_messages(said, max_tokens=tokens, strategy="last", token_counter=count_tokens_approximately)
    if len(kept) == len(said):
        return list(lines)
    if not kept:
        return [MARK, lines[-1][-4 * tokens :]]
    return [MARK, *lines[len(lines) - len(kept) :]]
