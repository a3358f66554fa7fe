"""Chat models by name: whatever LangChain's ``init_chat_model`` knows, and any OpenAI-compatible endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from ..sim.errors import InputError
from ..sim.secrets import hide, login_of, without_login
from ..sim.text import said
from ..sim.types import Frozen
from .limiter import Pace

INSTALL = 'pip install "outskirts[models]"'
"""What brings the packages that named models need."""


KEY = "OPENAI_API_KEY"
"""Environment variable of the key of an OpenAI-compatible endpoint, where nothing names another."""

NO_KEY = "none"
"""What an endpoint is sent as key where there is none."""

LOGIN = "login"
"""What stands in the place of a key that a login in the address replaces; it is not sent."""


class ModelSettings(Frozen):
    """How a model is called, whoever made it."""

    timeout: float = Field(default=60.0, gt=0)  # longest wait for one reply, seconds
    concurrency: int = Field(default=8, ge=1)  # most calls at once, of all roles that call the model
    attempts: int = Field(default=4, ge=1)  # calls for one reply, where it fails for a reason that may pass
    pause: float = Field(default=0.5, ge=0)  # before the second attempt at most, seconds; doubles with each
    rate: float | None = Field(default=None, gt=0, allow_inf_nan=False)  # requests a minute, of all roles
    token_rate: float | None = Field(default=None, gt=0, allow_inf_nan=False)  # tokens a minute, of all roles

    @property
    def patience(self) -> float:
        """Seconds that one reply may take, every attempt and every pause as long as it may."""
        return float(self.attempts * (self.timeout + self.pause * 2**self.attempts))

    @property
    def pace(self) -> Pace:
        """How fast the model may be called; a default gives way to what another role says of the same model."""
        said = self.concurrency if "concurrency" in self.model_fields_set else None
        return Pace(said, self.rate, self.token_rate)


class ChatSettings(ModelSettings):
    """The same for a model that is made here, by name."""

    temperature: float | None = Field(default=None, ge=0)  # None: the provider's own; runs only differ where it is above 0


def named_chat(provider: str, model: str, settings: ChatSettings, field: str = "model", more: Mapping[str, object] | None = None) -> Any:
    """Make a chat model of a provider that LangChain knows. Nothing is contacted; keys come from where its package looks for them.

    Args:
        provider: As ``init_chat_model`` calls it (``openai``, ``anthropic``, ``ollama``, ...).
        model: The provider's name of the model.
        settings: Temperature; retries of the provider's package are turned off where it has that setting.
        field: Name for error messages.
        more: Further settings that the provider's model takes.

    Returns:
        A LangChain ``BaseChatModel``.

    Raises:
        InputError: If a package is missing, the provider is unknown, or the model cannot be made (no key, say).
    """
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise _not_installed(field, error) from None
    options: dict[str, Any] = dict(more or {})
    if settings.temperature is not None:
        options["temperature"] = settings.temperature
    try:
        made: Any = init_chat_model(model, model_provider=provider, **options)
        if type(made).__name__ == "ChatOpenAI" and not made.openai_proxy:  # a proxy is for clients that the package makes
            from .endpoint import endpoint_model

            return endpoint_model(model=model, **options)
        if "max_retries" in getattr(type(made), "model_fields", {}):  # retries times retries are many calls
            made = init_chat_model(model, model_provider=provider, max_retries=0, **options)
    except ImportError as error:
        raise InputError(field, "a provider whose package is installed", provider, f"{said(error)} (the usual ones: {INSTALL})") from None
    except Exception as error:
        raise InputError(field, "a model that LangChain can make", f"{provider}:{model}", said(error)) from None
    _stay(made)
    return made


def _stay(model: Any) -> None:
    """Let a model of OpenAI's package follow no redirect: messages would go along, to whatever origin."""
    for name in ("root_client", "root_async_client"):
        client: Any = getattr(getattr(model, name, None), "_client", None)
        if getattr(client, "follow_redirects", None) is True:
            client.follow_redirects = False


def endpoint_chat(model: str, base_url: str, key: str, settings: ChatSettings, field: str = "model") -> Any:
    """Make a chat model of an OpenAI-compatible endpoint. Nothing is contacted.

    A login in the address is sent as a header, in place of the key, and hidden from what is said: part of the address, it would
    stand in messages and names. Redirects are not followed: they would carry the key and the people to another address. Connections are kept
    for as long as the event loop that opened them.

    Args:
        model: The endpoint's name of the model.
        base_url: Where it is, mostly ending in ``/v1``.
        key: Sent as the bearer token; anything for an endpoint that wants none.
        settings: Temperature.
        field: Name for error messages.

    Returns:
        A LangChain ``BaseChatModel``.

    Raises:
        InputError: If a package is missing or the model cannot be made.
    """
    try:
        from pydantic import SecretStr

        from .endpoint import endpoint_model
    except ImportError as error:
        raise _not_installed(field, error) from None
    base, login = without_login(base_url)
    headers = {}
    if login:
        headers["Authorization"], texts = login_of(login)
        hide(texts)
    try:
        return endpoint_model(
            model=model,
            base_url=base,
            api_key=SecretStr(LOGIN if login else key),
            default_headers=headers or None,
            temperature=settings.temperature,
            timeout=None,
            use_responses_api=False,
        )
    except Exception as error:
        raise InputError(field, "a model and an address that ChatOpenAI can be made for", model, said(error)) from None


def lacks_key(model: object) -> bool:
    """Tell whether a model of :func:`endpoint_chat` was made without a key."""
    key = getattr(getattr(model, "openai_api_key", None), "get_secret_value", None)
    return callable(key) and key() == NO_KEY


def _not_installed(field: str, error: ImportError) -> InputError:
    return InputError(field, "the packages for language models to be installed", said(error), f"Install them: {INSTALL}")
