"""What the models inside a chain used, as each tells it when it has answered."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import BaseCallbackHandler


class ChainUsage(BaseCallbackHandler):
    """Sums what the models of one call of a chain report; hand it over as a callback of that call.

    Attributes:
        silent: How many answers told of no tokens.
        total, sent, received: Tokens that were told of.
    """

    run_inline = True  # LangChain would run it in a thread otherwise, and the chain might end before

    def __init__(self) -> None:
        self.silent = self.total = self.sent = self.received = 0

    @property
    def tokens(self) -> tuple[int, int | None, int | None]:
        """All tokens that were told of, those sent and those received; None where a model told of none."""
        return (self.total, None, None) if self.silent else (self.total, self.sent, self.received)

    def on_llm_end(self, response: Any, **kwargs: Any) -> None:
        """Take note of one answer."""
        told = [usage for generations in response.generations for one in generations if (usage := _usage(one))]
        if not told:
            self.silent += 1
        for usage in told:
            self.total += int(usage.get("total_tokens") or 0)
            self.sent += int(usage.get("input_tokens") or 0)
            self.received += int(usage.get("output_tokens") or 0)


def _usage(generation: Any) -> dict[str, Any] | None:
    usage = getattr(getattr(generation, "message", None), "usage_metadata", None)
    return usage if isinstance(usage, dict) else None
