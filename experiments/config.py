"""What one experiment is: the resolved settings behind ``outskirts run``, from YAML and the command line."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from ..sim.errors import InputError
from ..sim.prices import Price
from ..sim.seeds import check_seed
from ..sim.types import Frozen, Regime
from .naming.secrets import public
from .naming.spec import Role, parse_spec
from .price_table import read_prices
from .settings_file import read_yaml, validated

Count = Annotated[int, Field(strict=True, ge=1)]
Cap = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(strict=True, gt=0, lt=1)]
Text = Annotated[str, StringConstraints(min_length=1, strict=True)]
Switch = Annotated[bool, Field(strict=True)]

RECORDED = ("versions", "code")
"""Keys of a resolved ``config.yaml`` that are no settings: library versions, hashes of the user's own code."""

PROCESSES = 2
"""Worker processes of the executor of that name where nobody says how many."""

MARGIN = 0.05
"""Largest rise of the failure rate that is accepted where nothing else is said."""

_NOT_RESULTS = frozenset(
    {"out", "executor", "workers", "concurrency", "max_calls", "max_tokens", "max_cost", "max_seconds", "target_timeout"}
    | {"max_episode_calls", "max_episode_tokens", "max_episode_cost", "episode_timeout", "prices", "cache"}
    | {
        "quiet",
        "full",
        "mlflow",
        "persona_metrics",
        "traces",
        "people",
        "skip_bad",
        "against",
        "fail_if_worse",
        "confirm",
        "unsafe",
        "judge_labels",
    }
)
"""Settings that decide when, where and for how long things run or what is shown, never what an episode says."""


def _one(role: Role, field: str = "") -> BeforeValidator:
    """Bring one SPEC to its canonical text."""
    return BeforeValidator(lambda value: value if value is None else parse_spec(value, role, field).text)


def _judges(value: object) -> object:
    given = [value] if isinstance(value, str | Mapping) else value
    if not isinstance(given, list | tuple) or not given:
        raise InputError("judge", "one SPEC or a list of them", value)
    return tuple(parse_spec(one, "judge").text for one in given)


def _controls(value: object) -> object:
    """Read ``careful,mute`` or a list; ``none`` (or nothing) stands for no controls."""
    if value is None or value == "none":
        return ()
    given = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise InputError("controls", "names of targets joined by commas, or none", value)
    names = tuple(parse_spec(one, "target", "controls").text for one in given)
    if len(set(names)) < len(names):
        raise InputError("controls", "each control once", value)
    return names


class ExperimentConfig(Frozen):
    """All settings of a run; keys are the long option names with underscores.

    Every SPEC stands in its canonical text. ``people`` replaces the generator: the same file sends the same people to
    another target.

    Raises:
        pydantic.ValidationError: If a value has the wrong type or range; :func:`load_config` turns it into one line.
        InputError: If a SPEC or the seed is wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    scenario: Annotated[Text, _one("scenario")] = "support"
    target: Annotated[Text, _one("target")] = "eliza"
    generator: Annotated[Text, _one("generator")] = "default"
    people: Text | None = None  # JSON lines of personas; as many people as it holds
    skip_bad: Switch = False  # leave out lines of that file which are no persona
    beside: Annotated[Text | None, _one("generator", "beside")] = None  # second generator, its coverage shown side by side
    against: Text | None = None  # run directory: stop once it is decided whether this target is worse than the one there
    fail_if_worse: Share | None = None  # largest rise of the failure rate over that run which is accepted
    unsafe: Switch = False  # run a generator's program although this machine protects it less than the sandbox's minimum
    personas: Count = 64
    group: Count | None = None  # people an episode; None: as the scenario has it
    replicates: Count = 4
    turns: Count | None = None  # None: the scenario's own length
    controls: Annotated[tuple[Text, ...], BeforeValidator(_controls)] = ("careful", "mute")
    player: Annotated[Text, _one("player")] = "lexical"
    respondent: Annotated[Text, _one("respondent")] = "lexical"
    runs: Count = 5  # questionnaire runs a person (R)
    judge: Annotated[tuple[Text, ...], BeforeValidator(_judges)] = ("rules",)
    judge_labels: Text | None = None  # file of labelled transcripts; the judges' error on them enters the interval
    information: Regime = "private"
    branch: Count | None = None  # at most so many other continuations of each episode of the target; None: none
    confirm: Switch = True  # slices that were found are tried on fresh people
    seed: Annotated[int, BeforeValidator(check_seed)] = 0
    out: Text | None = None  # None: runs/<time>-<scenario>
    executor: Literal["local", "processes"] = "local"  # where episodes are played: in this process, or in workers of their own
    workers: Count | None = None  # processes; None: 2, and 1 with the local executor, which is this one
    concurrency: Count = 64  # episodes at once in a process
    max_calls: Count | None = None
    max_tokens: Count | None = None
    max_cost: Positive | None = None
    max_seconds: Positive | None = None
    target_timeout: Positive = 60.0  # seconds a reply may take
    max_episode_calls: Count | None = None  # an episode that needs more is not finished; the others go on
    max_episode_tokens: Count | None = None
    max_episode_cost: Positive | None = None
    episode_timeout: Positive | None = None  # seconds that an episode may be played
    prices: Annotated[dict[Text, Price] | None, BeforeValidator(read_prices)] = None  # of models, by name
    cache: Text | None = None  # folder in which replies of players, judges and respondents are kept; None (or off): nowhere
    quiet: Switch = False
    full: Switch = False  # every table in a terminal; where the output is none, they are always printed
    mlflow: Switch = True
    persona_metrics: Cap = 1000  # personas whose failure rate becomes an MLflow metric of its own
    traces: Cap = 50  # episodes logged as MLflow traces

    @model_validator(mode="after")
    def _settings_that_go_together(self) -> ExperimentConfig:
        if self.people is not None and {"generator", "personas"} & self.model_fields_set:
            both = "generator" if "generator" in self.model_fields_set else "personas"
            raise InputError("people", f"people or {both}, not both", self.people, "A file of people says who they are and how many.")
        if self.skip_bad and self.people is None:
            raise InputError("skip_bad", "a file of people (people)", self.skip_bad)
        if self.fail_if_worse is not None and self.against is None:
            raise InputError("fail_if_worse", "a run to hold this one against (against)", self.fail_if_worse)
        if self.executor == "local" and (self.workers or 1) > 1:
            raise InputError("workers", "1 with executor local, which is this process", self.workers, "For more: executor processes.")
        return self

    @property
    def processes(self) -> int:
        """Processes in which episodes are played."""
        return 1 if self.executor == "local" else self.workers or PROCESSES

    @property
    def at_once(self) -> int:
        """Episodes at once, in all processes together."""
        return self.concurrency * self.processes

    @property
    def cache_folder(self) -> Path | None:
        """Folder in which replies are kept, if they are."""
        return None if self.cache in (None, "off") else Path(str(self.cache))

    @property
    def margin(self) -> float:
        """Largest rise of the failure rate that is accepted against another run."""
        return MARGIN if self.fail_if_worse is None else self.fail_if_worse

    @property
    def target_written(self) -> str:
        """The target's SPEC as it may be written down."""
        return public(self.target)

    def resolved(self) -> dict[str, object]:
        """Return every setting and the versions behind it, as ``config.yaml`` holds them; it can be loaded again.

        Secrets in addresses and commands are starred.
        """
        settings = {key: _written(key, value) for key, value in self.model_dump(mode="json").items()}
        if self.people is not None:
            del settings["generator"], settings["personas"]
        return {**settings, "versions": versions()}

    def result_hash(self, people: str = "") -> str:
        """Return the hash of the settings that can change a result (24 hex digits).

        Where things go, how many at once, budgets, time-outs and what is shown are left out, because they only decide
        how far a run gets.

        Args:
            people: Fingerprint of the population, when it is known. With a file of people it is what tells two
                files apart: the path is left out, because files move.
        """
        unsaid = {"group"} if self.group is None else set[str]()  # so that runs from before there were groups can be resumed
        body: dict[str, object] = self.model_dump(mode="json", exclude={*_NOT_RESULTS, *unsaid})
        body = {key: _written(key, value) for key, value in body.items()}
        if self.people is not None:
            body["generator"], body["personas"] = "people", 0
        body["population"] = people
        if self.branch is None:
            del body["branch"]
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:24]


_SPECS = ("scenario", "target", "generator", "beside", "controls", "player", "respondent", "judge")


def _written(key: str, value: object) -> object:
    """Return a setting as it may be written down."""
    if key == "prices" and isinstance(value, dict):
        return {public(name): price for name, price in value.items()}
    if key not in _SPECS:
        return value
    return [public(str(one)) for one in value] if isinstance(value, list) else None if value is None else public(str(value))


def load_config(path: str | Path | None = None, overrides: Mapping[str, object] | None = None) -> ExperimentConfig:
    """Read an experiment file and lay what was given on the command line over it.

    Args:
        path: YAML file; None for the defaults. Paths inside it are relative to the working folder. What a
            resolved ``config.yaml`` records beside the settings is skipped.
        overrides: Settings that win; None values count as not given.

    Raises:
        InputError: One line that names the key (with the line it stands on), what was expected and what came.
    """
    settings: dict[str, object] = {}
    lines: dict[str, int] = {}
    resolved = False
    if path is not None:
        settings, lines = read_yaml(Path(path))
        resolved = "versions" in settings
        for recorded in RECORDED:
            settings.pop(recorded, None)
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    for rival in ("generator", "personas") if "people" in given else ():
        settings.pop(rival, None)
    if {"generator", "personas"} & given.keys():
        settings.pop("people", None)
        settings.pop("skip_bad", None)
    against = given.get("against", settings.get("against"))
    if against is not None and not resolved:
        settings = _as_in(against, {*settings, *given}) | settings
        given["against"] = str(Path(str(against)).resolve())
    return validated(ExperimentConfig, settings, given, lines, path)


def _as_in(against: object, told: set[str]) -> dict[str, object]:
    """Return what a run takes over from the run it is held against, unless it is told otherwise."""
    for rival in ("generator", "personas"):
        if rival in told:
            raise InputError(rival, "nothing beside against", rival, "The people are those of the run it is held against.")
    if not isinstance(against, str):
        raise InputError("against", "a run directory", against)
    folder = Path(against)
    if not (folder / "config.yaml").is_file():
        raise InputError("against", "a run directory", against, "There is no config.yaml in it.")
    earlier, _ = read_yaml(folder / "config.yaml")
    taken = ("scenario", "seed", "replicates", "group", "turns", "player", "information", "judge")
    return {"people": str((folder / "personas.jsonl").resolve())} | {key: earlier[key] for key in taken if earlier.get(key) is not None}


def versions() -> dict[str, str]:
    """Return the versions that a result may depend on: Outskirts, Python and the libraries it computes with."""
    from importlib.metadata import PackageNotFoundError, version

    from .. import __version__

    found = {"outskirts": __version__, "python": platform.python_version()}
    for name in ("gymnasium", "pettingzoo", "langchain-core", "pydantic", "numpy", "scipy", "networkx", "mlflow", "nltk"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def dump_yaml(settings: Mapping[str, object]) -> str:
    """Return settings as YAML text, keys in their order."""
    return yaml.safe_dump(dict(settings), sort_keys=False, allow_unicode=True, default_flow_style=False, width=120)
