"""Targets that a SPEC places somewhere else: a service, an OpenAI-compatible endpoint, a process, a provider's model."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING, TypeVar

from ...sim.errors import InputError
from ...sim.secrets import hide, login_of
from .options import read_options
from .secrets import header_values, hide_environment, hide_query, public, resolved, variable, whole_address
from .spec import Spec, split_endpoint

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ...agents.targets.http import Remote
    from ...agents.targets.settings import RemoteSettings
    from ...sim.protocols import Target

S = TypeVar("S", bound="BaseModel")

NONE = "none"
"""What ``key`` is for an endpoint that wants none."""

KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google_genai": "GOOGLE_API_KEY", "mistralai": "MISTRAL_API_KEY"}
"""Where the packages of some providers look for their key."""


def endpoint_target(spec: Spec) -> Target:
    """Return the target that a ``chat:``, ``openai:``, ``command:`` or URL SPEC names. Nothing is contacted or started.

    Raises:
        InputError: If an option, the address or the command is wrong, or a key is missing.
    """
    hide_environment()
    make = {"chat": _chat, "openai": _openai, "url": _service, "command": _command}[spec.kind]
    return make(spec)


def _chat(spec: Spec) -> Target:
    from ...agents.chat_models import ChatSettings, named_chat
    from ...agents.targets.chat import ChatTarget
    from ...agents.targets.settings import ChatTargetSettings

    settings = _options(ChatTargetSettings, spec)
    provider, _, model = spec.name.partition(":")
    more = {} if settings.max_tokens is None else {"max_tokens": settings.max_tokens}
    made = named_chat(provider, model, ChatSettings(temperature=settings.temperature), "target", more)
    keyed = f"the key in {KEYS[provider]}" if provider in KEYS else f"the key that the package of {provider} found"
    return ChatTarget(made, settings, public(spec.text), keyed)


def _openai(spec: Spec) -> Target:
    from ...agents.chat_models import KEY
    from ...agents.targets.http import PATH
    from ...agents.targets.openai import OpenAITarget
    from ...agents.targets.settings import EndpointSettings

    settings = _options(EndpointSettings, spec)
    place = split_endpoint(spec.name)
    assert place is not None
    model, base = place
    remote = _remote(base, settings, settings.key or KEY, PATH, named=bool(settings.key))
    return OpenAITarget(remote, model, settings, _called(spec))


def _service(spec: Spec) -> Target:
    from ...agents.targets.http import HttpTarget
    from ...agents.targets.settings import ServiceSettings

    settings = _options(ServiceSettings, spec)
    return HttpTarget(_remote(spec.name, settings, settings.key or NONE, named=bool(settings.key)), _called(spec), settings.reply)


def _command(spec: Spec) -> Target:
    from ...agents.targets.command import CommandTarget
    from ...agents.targets.settings import CommandSettings
    from .secrets import environment_secrets

    hide(environment_secrets())  # the process is given all of them
    settings = _options(CommandSettings, spec)
    try:
        command = shlex.split(spec.name)
    except ValueError as error:
        raise InputError("target", "a command that a shell could read", spec.name, f"{error}.") from None
    if not command or shutil.which(command[0]) is None:
        hint = "A program in the working folder begins with ./, and it must be executable."
        raise InputError("target", "a command whose program can be found", command[0] if command else spec.name, hint)
    return CommandTarget(command, settings, public(spec.text))


def _called(spec: Spec) -> str:
    """Return what a target is called in records and reports: its SPEC without the headers, which tell nobody what it is."""
    mark = "#" if spec.kind == "url" else "?"
    body, _, options = spec.text.partition(mark)
    kept = "&".join(option for option in options.split("&") if not option.startswith("headers="))
    return public(f"{body}{mark}{kept}" if kept else body)


def _options(kind: type[S], spec: Spec) -> S:
    return read_options(kind, spec.options, "target", public(spec.name))


def _remote(given: str, settings: RemoteSettings, key: str, path: str = "", *, named: bool) -> Remote:
    """Return an address with what is sent along.

    Args:
        given: As the user wrote it.
        settings: How it is called.
        key: Name of the variable that holds the key.
        path: What comes behind the address.
        named: The user named the variable, so it must be there.
    """
    from yarl import URL

    from ...agents.targets.http import Remote

    shown = public(given)
    text, filled = resolved(whole_address(given, "target"), "target")
    try:
        url = URL(text)
        port_ok = url.port is not None and 0 < url.port < 65_536
    except ValueError as error:
        raise InputError("target", "an http(s) URL", shown, f"{error}." if shown == given else "") from None
    if url.scheme not in ("http", "https") or not url.host or not port_ok:
        raise InputError("target", "an http(s) URL with a host, and a port from 1 to 65535 if it has one", shown)
    headers, secrets = header_values(settings.headers, "target")
    if url.raw_user or url.raw_password:
        headers.setdefault("Authorization", "")
        headers["Authorization"], more = login_of(f"{url.raw_user or ''}:{url.raw_password or ''}")
        secrets += more
    secrets += filled
    hide_query(text)
    keyed, wanting = "what the headers and the address hold", None
    if not any(name.lower() == "authorization" for name in headers) and key != NONE:
        value = variable(key, "target") if named or url.scheme == "https" else os.environ.get(key, "")
        if value:
            headers["Authorization"] = f"Bearer {value}"
            secrets += (value,)
            keyed = f"the key in {key}"
        else:
            wanting = f"a key in the environment variable {key}, or the variable's name as the option key"
    elif not headers:
        wanting = "a key: key=NAME, with the name of an environment variable, or headers"
    bare = url.with_user(None).with_fragment(None)
    if path and not bare.path.endswith(path):
        bare = URL(str(bare).rstrip("/") + path)
    hide(secrets)
    return Remote(bare, settings, headers, keyed, wanting)
