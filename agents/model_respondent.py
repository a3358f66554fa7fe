"""A respondent that is a language model: every item alone, thought through, never guessed where the reply cannot be read."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from ..personas.questionnaire import Questionnaire
from ..sim.errors import InputError, OutskirtsError, UnreachableError
from ..sim.protocols import Question
from ..sim.seeds import Stream
from ..sim.text import said
from .chat_models import ModelSettings
from .likert import UnreadableReplyError, instructions, read_reply, request, scale, schema
from .model_calls import ModelUsage, Once, gathered
from .structured import StructuredModel, model_name

RE_ASKS: Final = 2
"""How often an item is asked again where the reply could not be read."""

GREETING: Final = Question(id="greeting", text="I like a cup of tea in the afternoon.")
"""What the dry call asks; it discloses nothing."""

_HEADS = 20  # unreadable replies that are kept


class Unreadable(NamedTuple):
    """A reply that held no answer, after every re-ask."""

    item: str
    reason: str
    head: str  # the beginning of the last reply


class ModelRespondent:
    """Asks a LangChain chat model (or any Runnable from messages to text) each item as the described person.

    Memory is reset for every item: a call is one system message (person, situation) and one human message (item,
    scale), and nothing of any other item. The model says what kind of situation this is, what kind of person it is,
    what such a person does, and then a number. It sees neither axis nor key.

    A reply that holds no answer on the scale is asked for again twice, with the reason; then the answer is None, and its
    head is kept in :attr:`unreadable_heads`. A reply that was cut off or held back counts as unreadable, and so does an
    item whose prompt the endpoint refuses (status 400, 413, 422) after it has answered others.

    **Repeated runs** are independent only with a temperature above 0: at 0 a model repeats itself and the reliability that
    is reported says nothing about people. A model with a ``seed`` gets one of its own for every person and run, drawn from the stream,
    in place of its own. A LangChain cache never answers one run from another: the human message carries
    the stream's path as metadata, which belongs to the cache's key and is not sent. The same seed does come from the cache.

    Structured output is used where a chat model has it, else (and for any other Runnable) the JSON form is asked for in the prompt.
    An endpoint that refuses structured output or a seed before it ever answered is asked without.

    Args:
        model: The chat model or Runnable.
        questionnaire: Its context is told to the model; nothing is told if None.
        settings: Time-out, calls at once, attempts; the defaults if None.
        name: Stands in records; the class and the model's name if empty.
        dry_call: Ask one harmless question first, so that a model that cannot answer costs nothing.
        secrets: Texts that are replaced in what errors and kept replies say.

    Raises:
        InputError: If ``model`` is no chat model or Runnable.
    """

    def __init__(
        self,
        model: Any,
        questionnaire: Questionnaire | None = None,
        settings: ModelSettings | None = None,
        *,
        name: str = "",
        dry_call: bool = False,
        secrets: Sequence[str] = (),
    ) -> None:
        self.name = name or model_name(model)
        self.unreadable_heads: deque[Unreadable] = deque(maxlen=_HEADS)
        self._calls = StructuredModel(model, self.name, "respondent", settings or ModelSettings(), secrets)
        self._context = questionnaire.context if questionnaire else ""
        self._greeted = Once() if dry_call else None

    @property
    def usage(self) -> ModelUsage:
        """Calls and tokens so far."""
        return self._calls.usage

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return an answer to each question, asked alone; None where none could be read.

        Raises:
            InputError: If a question has no scale, or the dry call brings no readable answer.
            UnreachableError: If the dry call fails.
            Exception: What the model raises, after its attempts; whoever measures says for whom.
        """
        for question in questions:
            scale(question.points, question.labels)
        if self._greeted is not None:
            await self._greeted.ensure(self._greet)
        seed = int(stream.generator.integers(2**31 - 1))
        path = "/".join(map(str, (stream.seed, *stream.path)))
        who = instructions(description, self._context)
        return await gathered(self._item(who, question, seed, path) for question in questions)

    async def _greet(self) -> None:
        """Ask the one harmless question of the dry call."""
        try:
            answer = await self._item(instructions("Somebody who likes tea."), GREETING, 0, "dry")
        except OutskirtsError:
            raise
        except Exception as error:
            raise UnreachableError(f"the model {self.name} failed to answer a first harmless question: {said(error)}") from None
        if answer is None:
            came = self.unreadable_heads.pop()
            hint = f"It was asked {RE_ASKS + 1} times; of the last reply, {came.reason}"
            raise InputError(f"respondent {self.name}", "an answer on the scale, to a first harmless question", came.head, hint)

    async def _item(self, who: str, question: Question, seed: int, path: str) -> int | None:
        """Ask one item, again where the reply cannot be read."""
        complaint, head = "", ""
        for _ in range(1 + RE_ASKS):
            try:
                return await self._ask(who, question, complaint, seed, path)
            except UnreadableReplyError as unreadable:
                complaint, head = unreadable.reason, unreadable.head
        redacted = self._calls.redacted
        self.unreadable_heads.append(Unreadable(question.id, redacted(complaint), redacted(head)))
        return None

    async def _ask(self, who: str, question: Question, complaint: str, seed: int, path: str) -> int:
        from langchain_core.messages import HumanMessage, SystemMessage

        text = request(question, complaint)
        messages = [SystemMessage(who), HumanMessage(text, response_metadata={"outskirts_run": path})]
        facts = {"run": path, "item": question.id}
        result = await self._calls.ask(messages, schema(question.points, question.labels), facts, seed)
        return read_reply(result, question.points, question.labels)
