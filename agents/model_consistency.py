"""Whether a person was played as the same person throughout, as a language model judges it; and a probe that asks the player's own model.

The three metrics of Abdulhai and others (arXiv 2511.00222, section 3), with a verdict of three values: what cannot be read is never
counted as consistent.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from pydantic import Field

from ..personas.scenario import Scenario
from ..sim.portrayal import Check, ConflictPair, Consistency, MetricName, Portrayal, Reading, TurnReading
from ..sim.secrets import starred
from ..sim.seeds import derive
from ..sim.types import Brief, Case, CasePerson, Finding, Frozen, Judgement, Message
from .chat_models import ModelSettings
from .consistency_questions import (
    CHOICES,
    JUDGE,
    JUDGE_GREETING,
    LINE_SCHEMA,
    PROBE_GREETING,
    PROBE_SCHEMA,
    Item,
    Verdict,
    line_question,
    probe_question,
    read_answer,
    read_line,
)
from .episode_calls import Extent
from .likert import UnreadableReplyError
from .model_calls import ModelUsage, gathered
from .profile_claims import n_facts, strangers_facts
from .prompts import persona_prompt
from .rating import RE_ASKS, JudgeModel

_VERSION = "1"


class ModelConsistencySettings(Frozen):
    """How much of each is no fault, and how often the probe asks."""

    conflicts: int = Field(default=1, ge=0)  # conflicts of a person and episode, by each metric, that a wavering judge is forgiven
    every: int = Field(default=1, ge=1)  # the probe asks after every so many lines of a person
    questions: int = Field(default=5, ge=1)  # at most so many a time


class ModelConsistency:
    """Judges the simulated people by a language model; never the target.

    For every line it asks once for both, conflict with description and facts and conflict with earlier lines. A conflict counts only with the
    words that show it, and these must stand in the line; a reply without them, or in another form, is asked for once more and is then unreadable.
    The probe asks the *player's* model, after each line, questions on the person's own facts, with the prompt and the dialogue so far; answers are
    graded by which option is the person's own. It runs on the finished transcript, so nothing of it can enter the dialogue.

    Every question has a path of its own in the random numbers (episode, person, line, attempt), so that a cache never answers a repeat.

    Args:
        scenario: Tells the situation, and furnishes the strangers whose facts are the wrong options.
        judge: A LangChain chat model or Runnable that judges lines, or how judges ask one; None: lines are not judged.
        probe: The model that plays the people, or one like it, in the same way; None: no probe.
        settings: Limits; the defaults if None.
        calls: Time-out, calls at once, attempts, of a model that does not bring its own; the defaults if None.
        name: Stands in records beside the version.
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
    ) -> None:
        self.name = name
        self.settings = settings or ModelConsistencySettings()
        self._scenario = scenario
        self._judge = None if judge is None else _asked_by(judge, calls)
        self._probe = None if probe is None else _asked_by(probe, calls)
        models = ["" if m is None else m.name for m in (self._judge, self._probe)]
        text = json.dumps([_VERSION, models, self.settings.model_dump(), dict(LINE_SCHEMA), dict(PROBE_SCHEMA)], sort_keys=True)
        self.version = hashlib.sha256(text.encode()).hexdigest()[:8]

    @property
    def usage(self) -> tuple[ModelUsage, ...]:
        """Calls and tokens so far, of judge and probe as far as there is one."""
        return tuple(m.usage for m in (self._judge, self._probe) if m is not None)

    @property
    def patience(self) -> float:
        """Seconds that one episode may take: all lines are judged at once, then all questions of the probe are asked at once."""
        judging = 0.0 if self._judge is None else (1 + RE_ASKS) * self._judge.settings.patience
        return judging + (0.0 if self._probe is None else self._probe.settings.patience)

    def most_calls(self, extent: Extent) -> int:
        """Return the calls of an episode at most, attempts after faults not counted."""
        judging = 0 if self._judge is None else extent.lines * (1 + RE_ASKS)
        return judging + (0 if self._probe is None else self._probed(extent) * self.settings.questions)

    def usual_calls(self, extent: Extent) -> dict[str, int]:
        """Return the calls of an episode in which every reply can be used, by the model's name."""
        calls: Counter[str] = Counter()
        if self._judge is not None:
            calls[self._judge.name] += extent.lines
        if self._probe is not None:
            calls[self._probe.name] += self._probed(extent) * self._usual_questions
        return dict(calls)

    def _probed(self, extent: Extent) -> int:
        """Return after how many lines the probe asks, at most."""
        return min(extent.lines, extent.people * -(-extent.turns // self.settings.every))

    @cached_property
    def _usual_questions(self) -> int:
        """Questions after a line that can be asked about somebody whom the scenario furnishes."""
        return min(self.settings.questions, n_facts(self._scenario))

    async def prepare(self, kept: str = "") -> str:
        """Greet the models, so that one that cannot answer costs nothing.

        Raises:
            UnreachableError: If one does not answer.
            InputError: If one does not keep to the form.
        """
        for model, greeting in ((self._judge, JUDGE_GREETING), (self._probe, PROBE_GREETING)):
            if model is not None:
                await model.greet(greeting)
        return ""

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
            verdicts = await gathered(self._line(self._judge, case, person, said[:n], m) for n, m in enumerate(said))
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

    async def _line(self, model: JudgeModel, case: Case, person: CasePerson, earlier: Sequence[Message], message: Message) -> Verdict:
        human = question = line_question(person, earlier, message)
        path = self._path(case, person, message, "line")
        for attempt in range(1 + RE_ASKS):
            try:
                return read_line(await model.once(JUDGE, human, LINE_SCHEMA, (*path, attempt)), message.text, len(earlier))
            except UnreadableReplyError as unreadable:
                human = f"{question}\n\nAn earlier reply could not be used: {unreadable.reason}"
        return Verdict("unreadable", "", (), readable=False)

    def _path(self, case: Case, person: CasePerson, message: Message, asked: str) -> tuple[str | int, ...]:
        return (self.version, case.episode, person.persona, asked, message.index)

    async def _ask_all(
        self,
        model: JudgeModel,
        case: Case,
        person: CasePerson,
        said: Sequence[Message],
        curves: dict[MetricName, dict[int, TurnReading]],
        pairs: list[ConflictPair],
    ) -> None:
        """Put the probe's questions after each line, beside the dialogue."""
        items = self._items(person)
        jobs = [(m, i, item) for n, m in enumerate(said) if not n % self.settings.every for i, item in enumerate(items)]
        answers = await gathered(self._answer(model, case, person, m, i, item) for m, i, item in jobs)
        for (message, _, item), answer in zip(jobs, answers, strict=True):
            reading: Reading = "unreadable" if answer is None else "consistent" if answer == item.right else "conflict"
            _note(curves, "qa_probe", message.turn, reading)
            if answer is not None and reading == "conflict":
                own, given = item.options[item.right - 1], item.options[answer - 1]
                pairs.append(ConflictPair(metric="qa_probe", turn=message.turn, message=None, says=given, against=None, but=own))

    async def _answer(self, model: JudgeModel, case: Case, person: CasePerson, message: Message, number: int, item: Item) -> int | None:
        brief = Brief(
            agent=person.agent, scenario=case.scenario, episode="probe", turns=case.turns, context=self._scenario.context, name=person.name,
            description=person.description, facts=person.facts,
        )  # fmt: skip
        heard = [m for m in case.readable(person.agent) if m.index <= message.index]
        talk = "\n".join(f"{'you' if m.sender == person.agent else m.sender}: {m.text}" for m in heard)
        path = (*self._path(case, person, message, "probe"), number)
        try:
            return read_answer(await model.once(persona_prompt(brief), probe_question(item, talk), PROBE_SCHEMA, path), item)
        except UnreadableReplyError:
            return None

    def _items(self, person: CasePerson) -> list[Item]:
        """Return one question a fact: which of these is yours? The others are strangers' facts of the same kind."""
        items = []
        for fact in person.facts[: self.settings.questions]:
            others = [c for c in strangers_facts(self._scenario, fact.kind) if c != fact.content][: CHOICES - 1]
            if not others:
                continue
            place = int(derive(0, "probe", person.persona, fact.id).integers(len(others) + 1))
            options = (*others[:place], fact.content, *others[place:])
            items.append(Item("Which of these is true of you?", options, place + 1))
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


def _asked_by(model: Any, calls: ModelSettings | None = None) -> JudgeModel:
    """Return how a judge asks a model."""
    return model if isinstance(model, JudgeModel) else JudgeModel(model, calls)


def _pairs_of(person: CasePerson, said: Sequence[Message], n: int, verdict: Verdict) -> list[ConflictPair]:
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
