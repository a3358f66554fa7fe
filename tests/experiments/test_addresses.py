"""How an address is written down: without its login and without what may be a secret in its query."""

from __future__ import annotations

import pytest

from outskirts.experiments.naming.secrets import environment_secrets, public


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("http://h/c?code=abc&pwd=a&credential=x&k=y", "http://h/c?code=***&pwd=***&credential=***&k=***"),
        ("http://h/c?api%5Fkey=12&%74oken=3", "http://h/c?api%5Fkey=***&%74oken=***"),
        ("http://h/c?v=2024&t=12345&w=1a&x=&y", "http://h/c?v=2024&t=***&w=***&x=&***"),
        ("http://h/c?code=$CODE&key=${A}$B&c=$A-more&$WHOLE", "http://h/c?code=$CODE&key=${A}$B&c=***&$WHOLE"),
        ("http://h/c?a=b?key=3#retries=1&key=BOT_KEY", "http://h/c?a=***#retries=1&key=BOT_KEY"),
        ("http://h/c#key=sk-abc", "http://h/c#key=***"),
        ("http://h/c#retries=1&key=sk-abc", "http://h/c#retries=1&key=***"),
        ("http://ada:p@ss@h/c", "http://***@h/c"),
        ("http://ada:$PASS@h/c", "http://ada:$PASS@h/c"),
        ("http://ada:pa$@h/c", "http://***@h/c"),
        ("http://$ADA:pass@h/c", "http://***@h/c"),
        ("openai:m@http://h/v1?attempts=1&key=BOT_KEY&stream=true", "openai:m@http://h/v1?attempts=1&key=BOT_KEY&stream=true"),
        ("openai:m@http://h/v1?key=sk-abc&stream=true", "openai:m@http://h/v1?key=***&stream=true"),
        ("command:./bot --at http://h?code=a&key=ABC", "command:./bot --at http://h?code=a&key=***"),
        ("lexical?shrinkage=0.4", "lexical?shrinkage=0.4"),
    ],
)
def test_what_may_be_a_secret_is_starred(given: str, shown: str) -> None:
    assert public(given) == shown
    assert public(shown) == shown


@pytest.mark.parametrize(
    "name", ["PGPASSWORD", "OPENAI_APIKEY", "MYTOKEN", "AWS_SECRET_ACCESS_KEY", "api_key", "PROXY_AUTH", "DB_CREDENTIALS"]
)
def test_variables_whose_names_mean_a_secret_are_known(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "sk-0123456789")
    assert "sk-0123456789" in environment_secrets()


@pytest.mark.parametrize("name", ["MONKEY", "KEYBOARD", "AUTHOR", "OAUTH_HOST"])
def test_variables_whose_names_only_look_so_are_left_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "sk-0123456789")
    assert "sk-0123456789" not in environment_secrets()
