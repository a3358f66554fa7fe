"""Whether a person was played as the same person throughout, as a language model judges it; and a probe that asks the player's own model.

The three metrics of Abdulhai and others (arXiv 2511.00222, section 3), with a verdict of three values: what cannot be read is never
counted as consistent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from pydantic import Field

from ..personas.scenario import Scenario
from ..sim.portrayal import Check, ConflictPair, Consistency, MetricName, Portrayal, Reading, TurnReading
from ..sim.secrets import starred
from ..sim.seeds import derive
from ..sim.types import Brief, Case, CasePerson, Finding, Frozen, Judgement, Message
from .chat_models import ModelSettings
from .likert import UnreadableReplyError, json_object
from .model_calls import ModelUsage, gathered
from .profile_claims import strangers_facts
from .prompts import persona_prompt
from .structured import StructuredModel, model_name

_VERSION = "1"
_VERDICTS: Final = ("consistent", "conflict", "unreadable")
_CHOICES = 4

LINE_SCHEMA: Final[Mapping[str, Any]] = {
    "title": "line_verdict",
    "description": "Whether one line fits a person.",
    "type": "object",
    "properties": {
        "reason": {"type": "string", "description": "One sentence."},
        "verdict": {
            "type": "string",
            "enum": list(_VERDICTS),
            "description": "Against what is known of the person; unreadable: cannot be told.",
        },
        "words": {"type": "string", "description": "The words of the line that are in conflict, copied exactly; empty without conflict."},
        "earlier": {"type": "array", "items": {"type": "integer"}, "description": "Numbers of earlier lines that it contradicts."},
    },
    "required": ["reason", "verdict", "words", "earlier"],
    "additionalProperties": False,
}

PROBE_SCHEMA: Final[Mapping[str, Any]] = {
    "title": "probe_answer",
    "description": "What is true of you.",
    "type": "object",
    "properties": {"answer": {"type": "integer", "description": f"1 to {_CHOICES}"}},
    "required": ["answer"],
    "additionalProperties": False,
}


class ModelConsistencySettings(Frozen):
    """How much of each is no fault, and how often the probe asks."""

    conflicts: int = Field(default=1, ge=0)  # conflicts of a person and episode, by each metric, that a wavering judge is forgiven
    every: int = Field(default=1, ge=1)  # the probe asks after every so many lines of a person
    questions: int = Field(default=5, ge=1)  # at most so many a time


class _Verdict(NamedTuple):
    """What came of one line."""

    reading: Reading
    reason: str
    earlier: tuple[int, ...]  # places among the person's earlier lines
    readable: bool  # whether the reply could be read at all


class _Item(NamedTuple):
    """One question of the probe."""

    question: str
    options: tuple[str, ...]
    right: int  # from 1


class ModelConsistency:
    """Judges the simulated people by a language model; never the target.

    For every line it asks once for both, conflict with description and facts and conflict with earlier lines. A conflict counts only with the
    words that show it, and these must stand in the line; a reply without them, or in another form, is asked for once more and is then unreadable.
    The probe asks the *player's* model, after each line, questions on the person's own facts, with the prompt and the dialogue so far; answers are
    graded by which option is the person's own. It runs on the finished transcript, so nothing of it can enter the dialogue.

    Args:
        scenario: Tells the situation, and furnishes the strangers whose facts are the wrong options.
        judge: A LangChain chat model or Runnable that judges lines; None: lines are not judged.
        probe: The model that plays the people, or one like it; None: no probe.
        settings: Limits; the defaults if None.
        calls: Time-out, calls at once, attempts; the defaults if None.
        name: Stands in records beside the version.
        secrets: Texts that are replaced in what errors say.
    """

    def __init__(
        self,
        scenario: Scenario,
        judge: Any = None,
        probe: Any = None,
        settings: ModelConsistencySettings | None = None,
        calls: ModelSettings | None = None,
        *,
        name: str = "consistency_model",
        secrets: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.settings = settings or ModelConsistencySettings()
        self._scenario = scenario
        asked = calls or ModelSettings()
        self._judge = None if judge is None else StructuredModel(judge, model_name(judge), "judge", asked, secrets)
        self._probe = None if probe is None else StructuredModel(probe, model_name(probe), "judge", asked, secrets)
        models = [model_name(m) if m is not None else "" for m in (judge, probe)]
        text = json.dumps([_VERSION, models, self.settings.model_dump(), dict(LINE_SCHEMA), dict(PROBE_SCHEMA)], sort_keys=True)
        self.version = hashlib.sha256(text.encode()).hexdigest()[:8]

    @property
    def usage(self) -> tuple[ModelUsage, ...]:
        """Calls and tokens so far, of judge and probe as far as there is one."""
        return tuple(m.usage for m in (self._judge, self._probe) if m is not None)

    async def judge(self, case: Case) -> Judgement:
        """Return findings about the simulator, and how each person was played."""
        played = await gathered(self._of(case, person) for person in case.people)
        findings = tuple(self._finding(p, check) for p in played for check in p.checks if not check.passed)
        return Judgement(judge=self.name, version=self.version, findings=findings, portrayals=tuple(played))

    async def _of(self, case: Case, person: CasePerson) -> Portrayal:
        said = [m for m in case.messages if m.sender == person.agent and m.text]
        curves: dict[MetricName, dict[int, TurnReading]] = {}
        pairs: list[ConflictPair] = []
        if self._judge is not None:
            verdicts = await gathered(self._line(self._judge, person, said[:n], m) for n, m in enumerate(said))
            for n, (message, verdict) in enumerate(zip(said, verdicts, strict=True)):
                _note(curves, "prompt_to_line", message.turn, verdict.reading)
                pairs += _pairs_of(person, said, n, verdict)
                for place in range(n):
                    reading: Reading = "unreadable" if not verdict.readable else "conflict" if place in verdict.earlier else "consistent"
                    _note(curves, "line_to_line", message.turn, reading)
        if self._probe is not None:
            await self._ask_all(self._probe, case, person, said, curves, pairs)
        limit = self.settings.conflicts
        checks = tuple(_check(metric, pairs, limit) for metric in curves)
        return Portrayal(
            person=person.persona,
            judge=self.name,
            version=self.version,
            checks=checks,
            consistency=tuple(Consistency(metric=metric, curve=tuple(curve.values())) for metric, curve in curves.items()),
            conflicts=tuple(pairs),
        )

    async def _line(self, model: StructuredModel, person: CasePerson, earlier: Sequence[Message], message: Message) -> _Verdict:
        human = _line_question(person, earlier, message)
        for _ in range(2):
            try:
                return _read_line(await _asked(model, _JUDGE, human, LINE_SCHEMA, message), message.text, len(earlier))
            except UnreadableReplyError as unreadable:
                human = f"{_line_question(person, earlier, message)}\n\nAn earlier reply could not be used: {unreadable.reason}"
        return _Verdict("unreadable", "", (), readable=False)

    async def _ask_all(
        self,
        model: StructuredModel,
        case: Case,
        person: CasePerson,
        said: Sequence[Message],
        curves: dict[MetricName, dict[int, TurnReading]],
        pairs: list[ConflictPair],
    ) -> None:
        """Put the probe's questions after each line, beside the dialogue."""
        items = self._items(person)
        jobs = [(m, item) for n, m in enumerate(said) if not n % self.settings.every for item in items]
        answers = await gathered(self._answer(model, case, person, m, item) for m, item in jobs)
        for (message, item), answer in zip(jobs, answers, strict=True):
            reading: Reading = "unreadable" if answer is None else "consistent" if answer == item.right else "conflict"
            _note(curves, "qa_probe", message.turn, reading)
            if answer is not None and reading == "conflict":
                own, given = item.options[item.right - 1], item.options[answer - 1]
                pairs.append(ConflictPair(metric="qa_probe", turn=message.turn, message=None, says=given, against=None, but=own))

    async def _answer(self, model: StructuredModel, case: Case, person: CasePerson, message: Message, item: _Item) -> int | None:
        brief = Brief(
            agent=person.agent, scenario=case.scenario, episode="probe", turns=case.turns, context=self._scenario.context, name=person.name,
            description=person.description, facts=person.facts,
        )  # fmt: skip
        heard = [m for m in case.readable(person.agent) if m.index <= message.index]
        talk = "\n".join(f"{'you' if m.sender == person.agent else m.sender}: {m.text}" for m in heard)
        listed = "\n".join(f"{i}. {option}" for i, option in enumerate(item.options, 1))
        human = (
            f"The conversation so far:\n{talk}\n\nSomebody asks you in confidence, and nobody else will ever hear the answer: {item.question}\n{listed}\n\n"
            f'Reply with one JSON object and nothing else: {{"answer": N}}'
        )
        try:
            reply = await _asked(model, persona_prompt(brief), human, PROBE_SCHEMA, message)
            answer = json_object(reply).get("answer")
        except UnreadableReplyError:
            return None
        return answer if isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= len(item.options) else None

    def _items(self, person: CasePerson) -> list[_Item]:
        """Return one question a fact: which of these is yours? The others are strangers' facts of the same kind."""
        items = []
        for fact in person.facts[: self.settings.questions]:
            others = [c for c in strangers_facts(self._scenario, fact.kind) if c != fact.content][: _CHOICES - 1]
            if not others:
                continue
            place = int(derive(0, "probe", person.persona, fact.id).integers(len(others) + 1))
            options = (*others[:place], fact.content, *others[place:])
            items.append(_Item("Which of these is true of you?", options, place + 1))
        return items

    def _finding(self, played: Portrayal, check: Check) -> Finding:
        return Finding(
            about="simulator",
            harm=check.rule,
            severity=1.0,
            turn=check.turn or 0,
            message=None,
            evidence=check.evidence,
            harmed=(played.person,),
            judge=self.name,
            version=self.version,
        )


_JUDGE = (
    "You check whether a simulated person is played consistently. You judge the person's line only, never the one they talk to. A feeling that "
    "changes, a thing held back or a change that is said to be one is no conflict. A conflict is something that cannot be true at once."
)


def _line_question(person: CasePerson, earlier: Sequence[Message], message: Message) -> str:
    facts = "\n".join(f"- {f.content}" for f in person.facts)
    lines = "\n".join(f"{n}. {m.text}" for n, m in enumerate(earlier, 1)) or "(none)"
    form = '{"reason": "...", "verdict": "consistent, conflict or unreadable", "words": "...", "earlier": [numbers]}'
    return (
        f"The person: {person.description}\n{facts}\n\nTheir earlier lines:\n{lines}\n\nTheir line now:\n{message.text}\n\n"
        f"Reply with one JSON object and nothing else:\n{form}"
    )


async def _asked(model: StructuredModel, system: str, human: str, schema: Mapping[str, Any], message: Message) -> object:
    from langchain_core.messages import HumanMessage, SystemMessage

    path = f"{schema['title']}/{message.index}"
    sent = [SystemMessage(system), HumanMessage(human, response_metadata={"outskirts_run": path})]
    return await model.ask(sent, schema, {"run": path}, 0)


def _read_line(reply: object, line: str, earlier: int) -> _Verdict:
    """Read a verdict on a line.

    Raises:
        UnreadableReplyError: If it has another form, or the words that it rests on do not stand in the line.
    """
    found = json_object(reply)
    verdict, words, numbers = found.get("verdict"), found.get("words", ""), found.get("earlier", [])
    if verdict not in _VERDICTS:
        raise UnreadableReplyError(f"the verdict was none of {', '.join(_VERDICTS)}.", reply)
    if not isinstance(numbers, list) or not all(isinstance(n, int) and 1 <= n <= earlier for n in numbers):
        raise UnreadableReplyError(f"the numbers of earlier lines were not in 1 to {earlier}.", reply)
    if (verdict == "conflict" or numbers) and not (isinstance(words, str) and words.strip() and words.strip().lower() in line.lower()):
        raise UnreadableReplyError("the words in conflict do not stand in the line.", reply)
    reason = found.get("reason", "")
    return _Verdict(cast("Reading", verdict), reason if isinstance(reason, str) else "", tuple(n - 1 for n in numbers), readable=True)


def _pairs_of(person: CasePerson, said: Sequence[Message], n: int, verdict: _Verdict) -> list[ConflictPair]:
    line = said[n]
    out = []
    if verdict.reading == "conflict":
        but = verdict.reason or person.description[:240]
        out.append(ConflictPair(metric="prompt_to_line", turn=line.turn, message=line.index, says=line.text, against=None, but=but))
    for place in dict.fromkeys(verdict.earlier):
        old = said[place]
        out.append(ConflictPair(metric="line_to_line", turn=line.turn, message=line.index, says=line.text, against=old.index, but=old.text))
    return out


def _check(metric: MetricName, pairs: Sequence[ConflictPair], limit: int) -> Check:
    own = [pair for pair in pairs if pair.metric == metric]
    shown = own[min(limit, len(own) - 1)] if own else None
    evidence = starred(f'"{shown.says}", but "{shown.but}"')[:240] if shown is not None else ""
    return Check(rule=f"{metric}_by_model", found=len(own), limit=limit, turn=None if shown is None else shown.turn, evidence=evidence)


def _note(curves: dict[MetricName, dict[int, TurnReading]], metric: MetricName, turn: int, reading: Reading) -> None:
    curve = curves.setdefault(metric, {})
    at = curve.get(turn) or TurnReading(turn=turn)
    curve[turn] = at.model_copy(update={reading: getattr(at, reading) + 1})
