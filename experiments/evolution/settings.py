"""Settings of one search, from YAML and the command line."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict

from ...personas.evolution.objectives import DEFAULT_METRICS, check_metrics
from ...sim.errors import InputError
from ...sim.prices import Price
from ...sim.seeds import check_seed
from ...sim.types import Frozen
from ..config import RECORDED, Count, Positive, Switch, Text, versions
from ..naming.spec import Role, parse_spec
from ..price_table import read_prices
from ..settings_file import read_yaml, validated

KIND = "evolution"
"""What ``config.yaml`` says of itself, so that ``outskirts resume`` knows what it goes on with."""

Control = Literal["random", "shuffled"]
STRUCTURAL = "structural"
NO_RESULTS = frozenset({"out", "workers", "quiet", "mlflow", "max_seconds", "max_calls", "max_cost", "prices"})
"""Settings that decide where, when and how far, never what a program scores."""


def _list(role: Role | None, field: str) -> BeforeValidator:
    """Read one text, a comma-joined text or a list; SPECs come back in canonical text."""

    def read(value: object) -> object:
        if value is None or value == "none":
            return ()
        given: list[object] = list(value) if isinstance(value, list | tuple) else [value]
        if role is None:
            given = [
                part.strip() if isinstance(part, str) else part
                for one in given
                for part in (one.split(",") if isinstance(one, str) else [one])
            ]
        texts = tuple(one if role is None or one == STRUCTURAL else parse_spec(one, role, field).text for one in given)
        if len(set(texts)) < len(texts):
            raise InputError(field, "each once", value)
        return texts

    return BeforeValidator(read)


class EvolutionConfig(Frozen):
    """All settings of a search; keys are the long option names with underscores.

    Raises:
        pydantic.ValidationError: If a value has the wrong type or range; :func:`load_settings` turns it into one line.
        InputError: If a SPEC, a metric or the seed is wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    respondent: Annotated[tuple[Text, ...], _list("respondent", "respondent")] = ("lexical",)  # all must be pleased
    unseen: Annotated[Text, BeforeValidator(lambda v: parse_spec(v, "respondent", "unseen").text)] = "exemplar"
    programs: Annotated[tuple[Text, ...], _list("generator", "programs")] = ()  # seed programs; none: the shipped ones
    mutator: Annotated[tuple[Text, ...], _list("model", "mutator")] = (STRUCTURAL,)
    generations: Count = 5
    islands: Count = 4
    children: Count = 6  # a generation
    metrics: Annotated[tuple[Text, ...], AfterValidator(check_metrics), _list(None, "metrics")] = DEFAULT_METRICS
    extinction: Count = 5  # generations from one extinction to the next
    personas: Count = 25  # a population
    runs: Count = 3  # questionnaire runs a person
    model: Annotated[Text | None, BeforeValidator(lambda v: v if v is None else parse_spec(v, "model").text)] = None
    target: Annotated[Text | None, BeforeValidator(lambda v: v if v is None else parse_spec(v, "target").text)] = None
    scenario: Annotated[Text, BeforeValidator(lambda v: parse_spec(v, "scenario").text)] = "support"
    controls: Annotated[tuple[Control, ...], _list(None, "controls")] = ("random", "shuffled")
    held_out: Switch = True  # look at the held-out contexts at the end; looks are counted
    seed: Annotated[int, BeforeValidator(check_seed)] = 0
    out: Text | None = None  # None: runs/<time>-evolution
    workers: Count = 2  # processes that measure
    max_seconds: Positive | None = None
    max_calls: Count | None = None  # of language models, by programs and mutators together
    max_cost: Positive | None = None  # money
    prices: Annotated[dict[Text, Price] | None, BeforeValidator(read_prices)] = None  # of models, by name
    unsafe: Switch = False  # run programs where this machine lacks layers of the sandbox
    quiet: Switch = False
    mlflow: Switch = True

    def resolved(self) -> dict[str, object]:
        """Return every setting and the versions behind it, as ``config.yaml`` holds them."""
        return {"kind": KIND, **self.model_dump(mode="json"), "versions": versions()}

    def result_hash(self) -> str:
        """Return the hash of the settings that can change a result (16 hex digits)."""
        body = self.model_dump(mode="json", exclude=set(NO_RESULTS))
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def load_settings(path: str | Path | None = None, overrides: Mapping[str, object] | None = None) -> EvolutionConfig:
    """Read a YAML file of settings and lay what was given on the command line over it.

    Args:
        path: The file; None for the defaults. What a resolved ``config.yaml`` records beside the settings is skipped.
        overrides: Settings that win; None values count as not given.

    Raises:
        InputError: One line that names the key (with the line it stands on), what was expected and what came.
    """
    settings: dict[str, object] = {}
    lines: dict[str, int] = {}
    if path is not None:
        settings, lines = read_yaml(Path(path))
        for recorded in (*RECORDED, "kind"):
            settings.pop(recorded, None)
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    return validated(EvolutionConfig, settings, given, lines, path)


def command_of(config: EvolutionConfig) -> str:
    """Return what to type to get the same result: every setting that is not the default and can change it."""
    plain = EvolutionConfig()
    words = ["outskirts", "evolve"]
    for name in EvolutionConfig.model_fields:
        value = getattr(config, name)
        if name in NO_RESULTS or (value == getattr(plain, name) and name != "seed"):
            continue
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            words.append(option if value else f"--no-{name.replace('_', '-')}")
        elif name in ("respondent", "mutator", "programs"):
            words += [part for one in value for part in (option, str(one))]
        else:
            words += [option, ",".join(value) or "none" if isinstance(value, tuple) else str(value)]
    return shlex.join(words)
