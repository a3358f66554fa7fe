"""Chat models of LangChain as targets: faults of a provider's package in the one enumeration."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.agents.targets.faults import CallFault
from outskirts.experiments.naming.registry import make_scenario, make_target
from outskirts.sim.errors import InputError
from outskirts.sim.limits import Limit
from outskirts.sim.seeds import Stream
from outskirts.sim.types import Brief
from tests.agents.test_remote_targets import CALL, KINDS, TOOLS, observation
from tests.target_server import REPLY, target_server, whole


@pytest.fixture
def asked(monkeypatch):
    """Ask the model behind a test server as ``chat:openai:test``."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")

    def ask(server, tools=(), **options):
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("OPENAI_API_BASE", f"{server.url}/v1")
        target = make_target({"name": "chat:openai:test", **options}, make_scenario())

        async def go():
            brief = Brief(agent="assistant_0", scenario="support", episode="e", turns=8, tools=tools)
            return await target.begin(brief, Stream(0, "a", 0, "target")).act(observation("Hello."))

        return asyncio.run(go())

    return ask


def test_a_chat_model_is_told_its_system_prompt_and_settings(asked):
    with target_server() as server:
        with Limit("run") as limit:
            assert asked(server, system="Be kind.", temperature=0.5, max_tokens=9) == REPLY
        (request,) = server.requests
        assert [m["role"] for m in request["messages"]] == ["system", "user"]
        assert request["temperature"] == 0.5
        assert 9 in (request.get("max_tokens"), request.get("max_completion_tokens"))
        assert limit.usage().tokens == {"target": 18}


def test_a_chat_model_calls_tools(asked):
    with target_server(reply=whole("", tool_calls=[CALL])) as server:
        assert asked(server, tools=TOOLS).calls[0].name == "ring"


def test_no_redirect_is_followed(asked):
    with target_server("here") as server, pytest.raises(CallFault) as found:
        asked(server)
    assert found.value.kind == "invalid_response"
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["429", "500", "401", "404", "400", "reset", "stall", "truncated", "html", "null", "no choices"])
def test_what_a_providers_package_raises_is_one_kind_or_another(fault, asked):
    with target_server(fault) as server, pytest.raises(CallFault) as found:
        asked(server, timeout=1)
    assert found.value.kind == KINDS[fault]
    assert len(server.requests) == 1
    assert "planted" not in str(found.value)


def test_a_turn_is_repeated_where_the_spec_says_so(asked):
    with target_server(lambda number: "429" if number < 2 else None) as server:
        assert asked(server, retries=2) == REPLY
        assert len(server.requests) == 3


def test_a_missing_key_is_told_before_anything_is_sent(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(InputError, match="OPENAI_API_KEY"):
        make_target("chat:openai:gpt-4o", make_scenario())


def test_an_unknown_provider_is_refused():
    with pytest.raises(InputError, match="nobody"):
        make_target("chat:nobody:model", make_scenario())
