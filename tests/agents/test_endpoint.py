"""The chat model of endpoints: it says what LangChain's own says, and keeps its connections."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode

import pytest
from aiohttp import web
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI
from openai import APIConnectionError, APITimeoutError

from outskirts.agents.chat_models import ChatSettings, endpoint_chat
from outskirts.sim import secrets
from tests.target_server import REPLY, target_server, whole

CALL = {"name": "ring", "args": {"who": "Ada"}, "id": "c1", "type": "tool_call"}
TALK = [
    SystemMessage("Be kind."),
    HumanMessage([{"type": "text", "text": "Hello."}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]),
    AIMessage("", tool_calls=[CALL]),
    ToolMessage("no answer", tool_call_id="c1"),
    HumanMessage("And now?"),
]
FORM = {
    "title": "turn",
    "description": "A turn.",
    "type": "object",
    "properties": {"say": {"type": "string", "description": "Words."}},
    "required": ["say"],
    "additionalProperties": False,
}
RING = {"title": "ring", "description": "Ring somebody up.", "type": "object", "properties": {"who": {"type": "string"}}}
WAYS = {
    "plain": lambda model: model,
    "seeded": lambda model: model.model_copy(update={"seed": 7}),
    "structured": lambda model: model.with_structured_output(FORM, include_raw=True),
    "tools": lambda model: model.bind_tools([RING]),
    "its own body": lambda model: model.bind(extra_body={"think": False}),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_endpoint_is_sent_what_langchains_own_model_sends(way):
    with target_server(reply=json.dumps({"say": "Hello."})) as server:
        own = ChatOpenAI(model="m", base_url=f"{server.url}/v1", api_key="k", temperature=0.5)
        asyncio.run(WAYS[way](own).ainvoke(TALK))
        asyncio.run(WAYS[way](endpoint_chat("m", f"{server.url}/v1", "k", ChatSettings(temperature=0.5))).ainvoke(TALK))
    theirs, ours = server.requests
    assert ours == theirs
    assert len(ours["messages"]) == len(TALK)


def test_connections_are_kept_within_a_loop_and_not_across_loops():
    async def ports(model):
        return [(await model.ainvoke("Hello.")).content for _ in range(3)]

    with target_server() as server:
        model = endpoint_chat("m", f"{server.url}/v1", "k", ChatSettings())
        assert asyncio.run(ports(model)) == asyncio.run(ports(model)) == [REPLY] * 3
    assert len(server.ports) == 2


def test_a_body_that_is_compressed_is_read_as_it_was_written():
    with target_server(reply=whole("Grüße, 你好")) as server:
        model = endpoint_chat("m", f"{server.url}/v1", "k", ChatSettings())
        assert asyncio.run(model.ainvoke("Hello.")).content == "Grüße, 你好"
        assert "gzip" in server.headers[0]["Accept-Encoding"]


def test_a_reply_can_be_streamed():
    async def pieces(model):
        return [piece.text async for piece in model.astream("Hello.") if piece.text]

    with target_server() as server:
        said = asyncio.run(pieces(endpoint_chat("m", f"{server.url}/v1", "k", ChatSettings())))
    assert (len(said) > 1, "".join(said)) == (True, REPLY)


def test_no_cookie_goes_from_one_call_to_another():
    def marked(request):
        return web.json_response(whole("Hello."), headers={"Set-Cookie": "who=ada"})

    async def twice(model):
        return [await model.ainvoke("Hello.") for _ in range(2)]

    with target_server("marked", faults={"marked": marked}) as server:
        asyncio.run(twice(endpoint_chat("m", f"{server.url}/v1".replace("127.0.0.1", "localhost"), "k", ChatSettings())))
    assert [headers.get("Cookie") for headers in server.headers] == [None, None]


def test_a_connection_that_is_lost_is_not_taken_for_a_late_answer():
    with target_server("reset") as server, pytest.raises(APIConnectionError) as found:
        asyncio.run(endpoint_chat("m", f"{server.url}/v1", "k", ChatSettings()).ainvoke("Hello."))
    assert not isinstance(found.value, APITimeoutError)


def test_a_proxy_of_the_environment_is_used(monkeypatch):
    with target_server() as server:
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert asyncio.run(endpoint_chat("m", "http://127.0.0.2:9/v1", "k", ChatSettings()).ainvoke("Hello.")).content == REPLY
    assert server.headers[0]["Host"] == "127.0.0.2:9"


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
def test_a_login_in_the_address_is_sent_as_a_header_and_hidden(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_hidden", set())
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    if proxy:
        monkeypatch.setenv("http_proxy", proxy)
    with target_server() as server:
        base = server.url.replace("http://", "http://ada:p%40ss-planted@")
        model = endpoint_chat("m", f"{base}/v1", "k", ChatSettings())
        assert asyncio.run(model.ainvoke("Hello.")).content == REPLY
    basic = b64encode(b"ada:p@ss-planted").decode()
    assert {headers["Authorization"] for headers in server.headers} == {f"Basic {basic}"}
    assert model.openai_api_base == f"{server.url}/v1"
    assert secrets.redacted(f"{basic} p%40ss-planted p@ss-planted ada:p@ss-planted") == "*** *** *** ***"
