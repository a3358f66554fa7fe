"""Where an exception was raised: in the user's code, wherever it came out."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from outskirts.sim.place import Place, place_of, said_where


@pytest.fixture
def code(tmp_path: Path) -> ModuleType:
    """Return a module of the user's."""
    file, module = tmp_path / "bot.py", ModuleType("bot")
    file.write_text("import json\n\ndef reply(text):\n    return json.loads(text)\n", encoding="utf-8")
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
    return module


def test_the_line_is_the_users_own_though_a_library_raised(code: ModuleType) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        code.reply("no json")
    assert place_of(raised.value) == Place("bot.py", 4)
    assert said_where(raised.value) == ", in line 4 of bot.py"


def test_a_wrapped_exception_has_the_place_of_its_cause(code: ModuleType) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        code.reply("no json")
    wrapped = RuntimeError("SystemExit: 1")
    wrapped.__cause__ = raised.value
    assert place_of(wrapped) == Place("bot.py", 4)


@pytest.mark.parametrize("folder", ["site-packages", "dist-packages", "bots"])
def test_installed_packages_are_nobodys_own(folder: str, tmp_path: Path) -> None:
    file = tmp_path / folder / "thing.py"
    file.parent.mkdir()
    file.write_text("def fail():\n    raise ZeroDivisionError\n", encoding="utf-8")
    module = ModuleType("thing")
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
    with pytest.raises(ZeroDivisionError) as raised:
        module.fail()
    assert said_where(raised.value).endswith("in line 2 of thing.py") == (folder == "bots")


def test_nothing_is_said_where_no_code_of_the_users_took_part() -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads("no json")
    assert said_where(raised.value) == ""
