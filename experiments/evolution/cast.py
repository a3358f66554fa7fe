"""Whoever takes part in an evolution, made of its settings."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ...personas.evolution.mutator import Mutator
from ...personas.questionnaires.suite import suite
from ...personas.sandbox.box import Sandbox
from ...personas.sandbox.protocol import Limits
from ...sim.errors import InputError, UnknownNameError
from ...sim.prices import Prices
from ..naming.models import shown
from ..naming.registry import in_field, make_respondent
from ..naming.spec import Role, parse_spec
from ..population.where import batch_of
from ..pricing import Named, priced
from ..screen.wording import stand_ins
from . import workers as work
from .arms import EVOLVED, Kind
from .closed_loop import Loop
from .evaluator import Evaluator
from .pool import Pool
from .settings import STRUCTURAL, EvolutionConfig

_MODELS = ("chat:PROVIDER:MODEL", "openai:MODEL@BASE_URL", "python:path/file.py:attribute")
_POPULATIONS = 3  # that meet the target: one alone would be learnt by heart
_PROMPTS = 20_000  # of one program, to a language model


class Cast:
    """Whoever takes part, made before anything is written, so that what is wrong is said first."""

    def __init__(self, config: EvolutionConfig) -> None:
        self.config = config
        self.seeds = _seeds(config)
        self.mutators = _mutators(config)
        for spec in (*config.respondent, config.unseen):
            make_respondent(spec, suite("train")[0].questionnaire)
        self.llm = batch_of(config.model)
        self.runner = partial(Sandbox, Limits(model_prompts=_PROMPTS if self.llm else 0), unsafe=config.unsafe)
        with self.runner() as box:
            self.protection = "unsafe" if config.unsafe and box.layers.level == "none" else f"in the sandbox ({box.layers.level})"
        if config.target is not None and "failures" not in config.metrics:
            hint = f"Add it: --metrics {','.join((*config.metrics, 'failures'))}"
            raise InputError("metrics", "the metric failures, which a target is met for", ",".join(config.metrics), hint)
        if config.target is None and "failures" in config.metrics:
            raise InputError("target", "a target, for the metric failures", None)

    def workers(self) -> Pool:
        """Return the worker processes of the whole evolution, which start with the first work."""
        return work.pool(self.config.workers, self.runner)

    def evaluator(self, split: str, seed: int, pool: Pool | None = None) -> Evaluator:
        """Return what measures programs on a split, with these worker processes or else its own."""
        config = self.config
        loop = Loop(scenario=config.scenario, target=config.target, populations=_POPULATIONS, seed=seed) if config.target else None
        return Evaluator(
            suite(split),
            self.runner,
            config.respondent,
            people=config.personas,
            runs=config.runs,
            seed=seed,
            workers=config.workers,
            pool=pool,
            loop=loop,
            llm=self.llm,
        )

    @property
    def prices(self) -> Prices:
        """What the language models cost that take part."""
        config = self.config
        everybody: list[tuple[str, Role, str]] = [("mutator", "model", spec) for spec in config.mutator if spec != STRUCTURAL]
        everybody += [("respondent", "respondent", spec) for spec in (*config.respondent, config.unseen)]
        everybody += [("model", "model", config.model)] if config.model else []
        specs = [(field, parse_spec(text, role)) for field, role, text in everybody]
        return priced(config.prices or {}, [Named(field, spec, shown(spec)) for field, spec in specs])

    @property
    def synthetic(self) -> bool:
        """Whether a stand-in for a language model answers."""
        return any(stand_ins("", spec) for spec in self.config.respondent)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The arms, in the order of playing."""
        return (EVOLVED, *self.config.controls)


def _seeds(config: EvolutionConfig) -> tuple[tuple[str, str], ...]:
    """Return name and source of every seed program.

    Raises:
        InputError: If a file cannot be read, or does not look like a generator program.
    """
    from ...personas.evolution.contract import fault
    from ...personas.evolution.seed_programs import seed_programs
    from ..settings_file import read_text

    if not config.programs:
        return tuple(seed_programs().items())
    found = []
    for spec in config.programs:
        path = Path(spec).expanduser()
        source = read_text(path, "programs")
        wrong = fault(source)
        if wrong:
            raise InputError("programs", "a generator program", spec, f"{wrong}.")
        found.append((path.stem, source))
    return tuple(found)


def _mutators(config: EvolutionConfig) -> list[Mutator]:
    from ...personas.evolution.edits.structural import structural_mutators
    from ...personas.evolution.proposals.model import ModelMutator
    from ..naming.models import make_text_model

    out: list[Mutator] = []
    for spec in config.mutator:
        if spec == STRUCTURAL:
            out += structural_mutators().values()
        elif parse_spec(spec, "model").kind == "name":
            raise UnknownNameError("mutator", spec, (STRUCTURAL, *_MODELS))
        else:
            out.append(ModelMutator(in_field("mutator", partial(make_text_model, spec, config.seed)), name=spec))
    return out
