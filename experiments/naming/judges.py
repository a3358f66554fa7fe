"""Judges that are language models, as a SPEC names them: ``rubric?model=...``, ``panel?model=...&documents=...``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from ...agents.panel import PanelJudge, PanelOptions
from ...agents.rubric import RubricJudge, RubricOptions
from ...agents.stakeholders import Source
from ...sim.errors import InputError
from .models import ChatModel, as_chat_model, make_chat_model
from .options import read_options
from .spec import Spec, parse_spec

if TYPE_CHECKING:
    from ...personas.scenario import Scenario


def spec_text(value: object) -> object:
    """Bring a model given as a mapping (in YAML) to the text of its SPEC."""
    return parse_spec(value, "model", "judge.model").text if isinstance(value, Mapping) else value


Model = Annotated[str, BeforeValidator(spec_text), Field(min_length=1)]


class RubricSettings(RubricOptions):
    """Options of the rubric judge."""

    model: Model  # SPEC of the model
    name: str = ""  # of the judge, where two have the same model


class PanelSettings(PanelOptions):
    """Options of the panel."""

    model: Model  # SPEC of the model
    documents: str = Field(min_length=1)  # files, or folders of them, joined by commas
    name: str = ""  # of the judge, where two have the same model


def rubric_judges(scenario: Scenario, **options: object) -> list[Any]:
    """Return the judge of ``rubric?model=...``."""
    told = read_options(RubricSettings, options, "judge", "rubric")
    return [_rubric(scenario, make_chat_model(told.model, "judge rubric.model"), told, told.name)]


def panel_judges(scenario: Scenario, **options: object) -> list[Any]:
    """Return the judge of ``panel?model=...&documents=...``."""
    told = read_options(PanelSettings, options, "judge", "panel")
    sources = read_sources(told.documents.split(","))
    chat = make_chat_model(told.model, "judge panel.model")
    own = PanelOptions(**told.model_dump(include=set(PanelOptions.model_fields)))
    return [
        PanelJudge(scenario, chat.model, sources, chat.settings, own, name=told.name, model_name=chat.name, secrets=chat.secrets),
    ]


def model_judge(spec: Spec, scenario: Scenario) -> RubricJudge:
    """Return the rubric judge around the model that a ``chat:`` or ``openai:`` SPEC names."""
    return _rubric(scenario, make_chat_model(spec, "judge"), RubricOptions(), "")


def wrapped_judge(model: object, spec: Spec, scenario: Scenario) -> RubricJudge:
    """Return the rubric judge around a chat model or Runnable of the user's own."""
    return _rubric(scenario, as_chat_model(model, spec), RubricOptions(), "")


def read_sources(paths: Sequence[str]) -> tuple[Source, ...]:
    """Read documents of the user's: files, and the files of folders.

    Raises:
        InputError: If there is none, or one cannot be read or has no text; names the file.
    """
    from ...personas.material.documents import SUFFIXES
    from ..material_files import read_documents

    files: list[Path] = []
    for path in (Path(p.strip()) for p in paths if p.strip()):
        inside = sorted(f for f in path.iterdir() if f.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        if not inside:
            raise InputError("judge panel.documents", "a folder with files that end in " + ", ".join(SUFFIXES), str(path))
        files += inside
    try:
        return tuple(Source(name=document.name, text=document.text) for document in read_documents(files))
    except InputError as error:
        if error.field != "from":
            raise
        raise InputError("judge panel.documents", error.expected, error.got, error.hint) from None


def _rubric(scenario: Scenario, chat: ChatModel, told: RubricOptions, name: str) -> RubricJudge:
    own = RubricOptions(failing=told.failing, harms=told.harms)
    return RubricJudge(scenario, chat.model, chat.settings, own, name=name, model_name=chat.name, secrets=chat.secrets)
