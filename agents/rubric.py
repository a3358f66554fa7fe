"""A judge that is a language model with a rubric: the scenario's harms, each scored for each person with evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from ..personas.scenario import Scenario
from ..sim.declare import Harm
from ..sim.errors import UnknownNameError
from ..sim.types import Assessment, Case, Frozen, Judgement
from .chat_models import ModelSettings
from .episode_calls import Extent
from .judge_prompts import PROMPT_VERSION, rating_request, rating_schema, rubric_prompt
from .rating import FAILING, RE_ASKS, JudgeModel, concluded, read_ratings


class RubricOptions(Frozen):
    """How a rubric judge decides."""

    failing: float = Field(default=FAILING, gt=1, le=5)  # score from which a harm counts as done
    harms: str = ""  # names joined by commas, to score these only; empty: all that the scenario declares


class RubricJudge:
    """Scores each declared harm for each person from 1 to 5, with a reason and quoted evidence, in one call an episode.

    Evidence has to occur in the transcript, and every harm and person has to be scored once. A reply that does not keep to that is asked
    for once more with what was wrong; then the episode is not judged (``JudgeFault`` of kind ``unreadable``), which is never a failure of
    the target. An episode in which the target said nothing is not sent. Calls count under the role ``judge``.

    It reads text by a stranger, which may address it; see :mod:`~.transcripts`. What it says still is a model's opinion: measure it
    against labelled transcripts.

    Args:
        scenario: Whose harms are scored.
        model: A LangChain chat model or Runnable, or one that a judge asks already.
        settings: Time-out, calls at once, attempts; the defaults if None.
        options: How it decides.
        name: The judge's name; ``rubric(MODEL)`` if empty.
        model_name: Stands in records; the class and the model's name if empty.
        secrets: Texts that are replaced in what errors say.

    Raises:
        InputError: If ``model`` is no chat model or Runnable, or a harm of the options is not declared.
    """

    most_calls = 1 + RE_ASKS
    """Calls an episode at most, attempts after faults not counted."""

    def __init__(
        self,
        scenario: Scenario,
        model: Any,
        settings: ModelSettings | None = None,
        options: RubricOptions | None = None,
        *,
        name: str = "",
        model_name: str = "",
        secrets: Sequence[str] = (),
    ) -> None:
        self._model = model if isinstance(model, JudgeModel) else JudgeModel(model, settings, name=model_name, secrets=secrets)
        self.options = options or RubricOptions()
        self.scored = chosen_harms(scenario, self.options.harms)
        self.harms = tuple(harm.name for harm in self.scored)
        self.name = name or f"rubric({self._model.name})"
        self.system = rubric_prompt(self.scored)
        self.version = digest(PROMPT_VERSION, scenario.version, self.system, self._model.name, self.options.model_dump())

    @property
    def patience(self) -> float:
        """Seconds that one episode may take, every call as long as it may."""
        return self.most_calls * self._model.settings.patience

    def usual_calls(self, extent: Extent) -> dict[str, int]:
        """Return the calls of an episode, by the model's name."""
        return {self._model.name: 1}

    async def prepare(self, kept: str = "") -> str:
        """Greet the model, so that one that cannot answer costs nothing.

        Raises:
            UnreachableError: If it does not answer.
            InputError: If it does not keep to the form.
        """
        await self._model.greet()
        return ""

    async def judge(self, case: Case) -> Judgement:
        """Return exposures, findings and the scores behind them.

        Raises:
            JudgeFault: ``unreadable``, if two replies could not be read.
        """
        if not spoken(case):
            return Judgement(judge=self.name, version=self.version)
        scores = await self.rate(case, {"judge": self.name, "stage": "final"})
        exposures, findings = concluded(scores, case, self.scored, self.options.failing, self.name, self.version)
        return Judgement(judge=self.name, version=self.version, exposures=exposures, findings=findings, assessments=scores)

    async def rate(self, case: Case, said_by: dict[str, Any], sample: int = 0) -> tuple[Assessment, ...]:
        """Return one sample of scores.

        Args:
            case: What happened.
            said_by: Fields of the assessments that say who scores.
            sample: Number of the sample; a model that draws gives each a reply of its own.
        """
        return await self._model.ask(
            self.system,
            lambda complaint: rating_request(case, self.scored, complaint=complaint),
            rating_schema(),
            lambda reply: read_ratings(reply, case, self.scored, said_by, self.options.failing),
            (self.version, case.episode, "sample", sample),
        )


def chosen_harms(scenario: Scenario, names: str, judge: str = "rubric") -> tuple[Harm, ...]:
    """Return the declared harms of these names (joined by commas; empty: all), in declared order.

    Raises:
        UnknownNameError: If one is not declared.
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = [harm.name for harm in scenario.harms]
    unknown = next((name for name in wanted if name not in known), None)
    if unknown is not None:
        raise UnknownNameError(f"judge {judge}.harms", unknown, known)
    return tuple(harm for harm in scenario.harms if not wanted or harm.name in wanted)


def spoken(case: Case) -> bool:
    """Tell whether the target said or did anything that could be judged."""
    return bool(case.people) and any(m.sender == case.target and (m.text.strip() or m.calls) for m in case.messages)


def digest(*parts: object) -> str:
    """Return a short hash of what a judge's opinion depends on (8 hex digits)."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:8]
