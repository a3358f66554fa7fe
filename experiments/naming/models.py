"""Language models that a SPEC names, as respondents and as writers for generators."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from ...sim.errors import InputError
from ...sim.secrets import hide, starred, without_login
from ..bridge import run_sync
from .options import read_options
from .secrets import environment_secrets, public, resolved, variable, whole_address
from .spec import Role, Spec, parse_spec, require_kind, split_endpoint

if TYPE_CHECKING:
    from ...agents.chat_models import ChatSettings, ModelSettings
    from ...personas.generators import Batch
    from ...personas.questionnaire import Questionnaire
    from ...sim.protocols import Respondent, TextModel

S = TypeVar("S", bound="ChatSettings")
_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")


def model_respondent(spec: Spec, questionnaire: Questionnaire) -> Respondent:
    """Return a respondent around the model that a ``chat:`` or ``openai:`` SPEC names. Nothing is contacted.

    Raises:
        InputError: If an option is wrong, a package is missing or the model cannot be made.
    """
    from ...agents.chat_models import ChatSettings
    from ...agents.model_respondent import ModelRespondent

    model, settings = chat_of(spec, "respondent", ChatSettings)
    return ModelRespondent(model, questionnaire, settings, name=shown(spec), dry_call=True, secrets=secrets(spec))


def wrapped_respondent(model: object, spec: Spec, questionnaire: Questionnaire) -> Respondent:
    """Return a respondent around a chat model or Runnable of the user's own.

    Raises:
        InputError: If an option is wrong.
    """
    from ...agents.model_respondent import ModelRespondent
    from ...agents.response_cache import kept

    settings = _settings(spec, "respondent")
    return ModelRespondent(kept(model), questionnaire, settings, name=shown(spec), dry_call=True, secrets=secrets(spec))


def make_text_model(spec: Spec | str, seed: int = 0) -> TextModel:
    """Return the language model that writes for generators: text in, text out. Nothing is contacted.

    It is sent one harmless prompt before the first paid one.

    Args:
        spec: ``chat:PROVIDER:MODEL``, ``openai:MODEL@BASE_URL``, or ``python:`` with a TextModel, a LangChain Runnable or a factory.
        seed: Where the seeds of the prompts come from, for a model that takes one.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ...agents.chat_models import ChatSettings
    from ...agents.text_model import LangChainTextModel
    from ...sim.protocols import TextModel
    from .registry import own_object

    spec = parse_spec(spec, "model")
    require_kind(spec, "model")
    if spec.kind == "python":
        expected = "a TextModel with a name and complete(prompts), or a LangChain chat model or Runnable"
        return cast("TextModel", own_object(spec, "model", TextModel, expected, partial(_wrapped_text_model, seed=seed)))
    model, settings = chat_of(spec, "model", ChatSettings)
    return LangChainTextModel(model, settings, name=shown(spec), seed=seed, dry_call=True, secrets=secrets(spec))


class ChatModel(NamedTuple):
    """A LangChain model by name, for whoever asks it in another form than text in, text out."""

    model: Any
    settings: ModelSettings
    name: str
    secrets: tuple[str, ...]


def make_chat_model(spec: Spec | str, field: str = "model") -> ChatModel:
    """Return the model that a SPEC names. Nothing is contacted.

    Args:
        spec: ``chat:PROVIDER:MODEL``, ``openai:MODEL@BASE_URL``, or ``python:`` with a LangChain Runnable or a factory of one.
        field: Name for error messages.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ...agents.chat_models import ChatSettings
    from .registry import in_field, own_object

    spec = parse_spec(spec, "model", field)
    require_kind(spec, "model", field=field)
    if spec.kind == "python":
        expected = "a LangChain chat model or Runnable"
        return cast(ChatModel, in_field(field, lambda: own_object(spec, "model", ChatModel, expected, as_chat_model)))
    model, settings = in_field(field, lambda: chat_of(spec, "model", ChatSettings))
    return ChatModel(model, settings, shown(spec), secrets(spec))


def as_chat_model(model: object, spec: Spec) -> ChatModel:
    """Return a model of the user's own, with the settings of its SPEC."""
    return ChatModel(model, _settings(spec, "model"), spec.text, secrets(spec))


def _wrapped_text_model(model: object, spec: Spec, seed: int) -> TextModel:
    from ...agents.response_cache import kept
    from ...agents.text_model import LangChainTextModel

    settings = _settings(spec, "model")
    return LangChainTextModel(kept(model), settings, name=shown(spec), seed=seed, dry_call=True, secrets=secrets(spec))


def as_batch(model: TextModel) -> Batch:
    """Return the ``llm`` of a generator program: a plain function from prompts to texts, which hold no secrets.

    All batches run on the bridge's one private loop, so that connections outlive a batch. It must not be called from a coroutine on that loop.
    """

    def batch(prompts: list[str]) -> list[str]:
        texts: object = run_sync(model.complete(list(prompts)))
        expected = f"a list of {len(prompts)} texts"
        if isinstance(texts, str) or not isinstance(texts, Sequence):
            raise InputError(f"model {model.name}", expected, type(texts).__name__)
        if len(texts) != len(prompts):
            raise InputError(f"model {model.name}", expected, f"{len(texts)} of them")
        wrong = next((text for text in texts if not isinstance(text, str)), "")
        if not isinstance(wrong, str):
            raise InputError(f"model {model.name}", expected, type(wrong).__name__)
        return [starred(text) for text in texts]

    return batch


def shown(spec: Spec) -> str:
    """Return a SPEC for records and messages: a login in its URL is left out, and keys are starred."""
    return public(_LOGIN.sub("", spec.text))


def secrets(spec: Spec) -> tuple[str, ...]:
    """Return the texts that no error may say: keys in the environment, and a login in the SPEC's URL."""
    return (*environment_secrets(), *(login.rstrip("@") for login in _LOGIN.findall(spec.name)))


def chat_of(spec: Spec, role: Role, declared: type[S]) -> tuple[Any, S]:
    """Return the chat model that a ``chat:`` or ``openai:`` SPEC names, and its options. Nothing is contacted.

    Args:
        spec: Names the model.
        role: What it is for.
        declared: Declares the options.

    Raises:
        InputError: If an option is wrong, a package is missing or the model cannot be made.
    """
    from ...agents.chat_models import KEY, NO_KEY, endpoint_chat, named_chat
    from ...agents.response_cache import kept

    require_kind(spec, role, ("chat", "openai"))
    settings = read_options(declared, spec.options, role, shown(spec))
    place = split_endpoint(spec.name) if spec.kind == "openai" else None
    if place is not None:
        base, filled = resolved(whole_address(place[1], role), role)
        hide(filled)
        login = without_login(base)[1]
        key = variable(KEY, role) if base.startswith("https:") and not login else os.environ.get(KEY) or NO_KEY
        return kept(endpoint_chat(place[0], base, key, settings, role)), settings
    provider, _, model = spec.name.partition(":")
    return kept(named_chat(provider, model, settings, role)), settings


def _settings(spec: Spec, role: Role) -> ModelSettings:
    from ...agents.chat_models import ModelSettings

    return read_options(ModelSettings, spec.options, role, spec.name)
