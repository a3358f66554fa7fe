import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outskirts.experiments.naming.registered import REGISTRY
from outskirts.experiments.naming.registry import as_target, make_generator, make_judges, make_player, make_scenario, make_target
from outskirts.experiments.naming.spec import check_options, parse_spec, require_kind
from outskirts.experiments.naming.userfile import load_object
from outskirts.sim.declare import Program
from outskirts.sim.errors import InputError, UnknownNameError
from outskirts.sim.types import Action
from tests.experiments.fakes_statistics import SCENARIO

values = st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("eliza", "name", "eliza"),
        ("lexical?shrinkage=0.4", "name", "lexical"),
        ("python:bot.py:reply", "python", "bot.py:reply"),
        ("python:my.bot:Bot.reply?a=1", "python", "my.bot:Bot.reply"),
        ("chat:openai:gpt-5", "chat", "openai:gpt-5"),
        ("openai:m@http://localhost:1/v1", "openai", "m@http://localhost:1/v1"),
        ("https://bot.example/chat?key=1&b=2", "url", "https://bot.example/chat?key=1&b=2"),
        ("command:./bot --flag=1?", "command", "./bot --flag=1?"),
    ],
)
def test_every_form_of_the_grammar_is_told_apart(text, kind, name):
    spec = parse_spec(text, "target")
    assert (spec.kind, spec.name) == (kind, name)


def test_canonical_text_sorts_options_and_normalises_numbers():
    assert parse_spec(" lexical?shrinkage=0.40&noise=0 ", "player").text == "lexical?noise=0&shrinkage=0.4"


def test_a_yaml_mapping_equals_the_same_spec_as_text():
    assert parse_spec({"name": "lexical", "shrinkage": 0.4}, "player") == parse_spec("lexical?shrinkage=0.4", "player")


@example(options={"a": " "})
@given(options=st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True).filter(lambda k: k != "name"), values, max_size=4))
def test_canonical_text_reads_back_as_the_same_options(options):
    spec = parse_spec({"name": "lexical", **options}, "player")
    again = parse_spec(spec.text, "player")
    assert again.text == spec.text
    assert again.options == spec.options
    assert {k: type(v) for k, v in again.options.items()} == {k: type(v) for k, v in spec.options.items()}


def test_a_path_to_a_program_is_for_generators_only():
    assert parse_spec("people.py", "generator").kind == "program"
    with pytest.raises(InputError, match=r"python:bot\.py:attribute"):
        parse_spec("bot.py", "target")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "a SPEC"),
        (3, "a SPEC"),
        ("chat:openai", "chat:PROVIDER:MODEL"),
        ("openai:gpt", "openai:MODEL@BASE_URL"),
        ("python:", "python:package.module:attribute"),
        ("x?a", "key=value"),
        ("x?a=1&a=2", "the option a once"),
        ({"nam": "x"}, "a text under the key name"),
        ({"name": "x", "a": object()}, "text, a number"),
    ],
)
def test_a_malformed_spec_says_what_was_expected(value, expected):
    with pytest.raises(InputError, match=expected.replace("(", r"\(")):
        parse_spec(value, "target")


@pytest.mark.parametrize("text", ["http://localhost:1/", "command:./bot"])
def test_a_form_that_a_role_does_not_take_is_refused_with_what_works(text):
    with pytest.raises(InputError, match=r"python:path/file\.py:attribute.*does not run"):
        require_kind(parse_spec(text, "respondent"), "respondent")


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("http://h/chat?a=1#retries=2&timeout=5", "http://h/chat?a=1", {"retries": 2, "timeout": 5}),
        ("command:./bot --flag?shared=true", "./bot --flag", {"shared": True}),
        ("command:./bot --url=http://h?shared=true", "./bot --url=http://h?shared=true", {}),
        ("command:./bot http://h?a=1 ?shared=true", "./bot http://h?a=1", {"shared": True}),
        ("command:./bot -q a?b=1 ?", "./bot -q a?b=1", {}),
        ("command:./bot why?", "./bot why?", {}),
    ],
)
def test_options_of_addresses_and_commands_stand_apart_from_what_is_theirs(text, name, options):
    spec = parse_spec(text, "target")
    assert (spec.name, dict(spec.options)) == (name, options)
    again = parse_spec(spec.text, "target")
    assert (again.name, again.options, again.text) == (spec.name, spec.options, spec.text)


@given(body=st.text("abc?=&/: -", min_size=1, max_size=12), shared=st.booleans())
def test_a_command_with_options_reads_back(body, shared):
    try:
        spec = parse_spec({"name": f"command:x{body}"} | ({"shared": True} if shared else {}), "target")
    except InputError:
        return
    again = parse_spec(spec.text, "target")
    assert (again.name, again.options, again.text) == (spec.name, spec.options, spec.text)


def test_an_unknown_option_names_the_nearest():
    with pytest.raises(
        InputError, match=r"player lexical: expected one of the options noise, shrinkage, got 'shrinkag'\. Did you mean 'shrinkage'"
    ):
        check_options(parse_spec("lexical?shrinkag=1", "player"), ("shrinkage", "noise"), "player")


def test_an_unknown_name_lists_the_choices_and_the_nearest():
    with pytest.raises(UnknownNameError, match=r"careful, eliza, guarded-eliza, mute, got 'elisa'\. Did you mean 'eliza'"):
        make_target("elisa", make_scenario())


def test_options_of_a_name_that_takes_none_are_refused():
    with pytest.raises(InputError, match="target eliza: expected no options, got 'mood'"):
        make_target("eliza?mood=1", make_scenario())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lexical?noise=true", "player lexical.noise: expected a number, got True"),
        ("lexical?noise=inf", "player lexical.noise: expected a number, got 'inf'"),
        ("lexical?noise=1e999", "player lexical.noise: expected a finite number, got inf"),
        ("lexical?bare=0.2", r"player lexical.bare: expected a number of 0\.5 or more, got 0\.2"),
        ("lexical?half=both", "player lexical.half: expected one of 'run', 'develop', got 'both'"),
    ],
)
def test_an_option_of_the_wrong_kind_or_range_is_named(text, message):
    with pytest.raises(InputError, match=message):
        make_player(text, make_scenario())


def test_a_built_in_target_that_the_scenario_does_not_declare_is_refused_with_those_it_does():
    with pytest.raises(
        InputError, match=r"target: expected a built-in target of the scenario desk, got 'careful'\. The scenario declares none\."
    ):
        make_target("careful", SCENARIO)


def test_a_target_of_another_scenario_is_refused_with_those_there_are():
    with pytest.raises(
        InputError, match=r"target: expected a built-in target of the scenario support, got 'gossip'\. The scenario declares "
    ):
        make_target("gossip", make_scenario())


def test_a_target_that_the_scenario_declares_itself_comes_first():
    mine = Program("eliza", "says yes", lambda glance: Action(text="Yes."))
    scenario = SCENARIO.model_copy(update={"programs": (mine,)})
    assert make_target("eliza", scenario).program is mine
    with pytest.raises(InputError, match="Did you mean 'eliza'"):
        make_target("elisa", scenario)


def test_every_registered_name_has_a_line_of_description():
    for entries in REGISTRY.values():
        for name, entry in entries.items():
            assert name == entry.name
            assert entry.description
            assert "\n" not in entry.description


def test_a_python_file_gives_its_attribute(tmp_path):
    (tmp_path / "bot.py").write_text("class A:\n    b = 7\n")
    assert load_object(f"{tmp_path}/bot.py:A.b", "target") == 7


def test_a_python_file_that_changed_is_run_again(tmp_path):
    file = tmp_path / "bot.py"
    file.write_text("x = 1")
    first = load_object(f"{file}:x", "target")
    file.write_text("x = 2")
    assert (first, load_object(f"{file}:x", "target")) == (1, 2)


@pytest.mark.parametrize(
    ("code", "where", "message"),
    [
        ("x = 1", "absent.py:x", r"a Python file that can be read, got '.*absent\.py'\. No such file"),
        ("x = 1", "bot.py:replyy", "an attribute of .*got 'replyy'"),
        ("reply = 1", "bot.py:replyy", "Did you mean 'reply'"),
        ("x = 1", "bot.py", "The attribute is missing"),
        ("x = 1\ndef f(:\n", "bot.py:f", r"Python that parses.* bot\.py, line 2"),
        ("x = 1\n\nraise KeyError('q')", "bot.py:x", r"bot\.py, line 3: KeyError: 'q'"),
        ("import not_there_at_all", "bot.py:x", r"bot\.py, line 1: ModuleNotFoundError"),
        ("import sys\nsys.exit(3)", "bot.py:x", r"bot\.py, line 2: SystemExit: 3"),
    ],
)
def test_what_is_wrong_with_the_users_file_is_named_with_its_line(tmp_path, code, where, message):
    (tmp_path / "bot.py").write_text(code)
    with pytest.raises(InputError, match=message):
        load_object(f"{tmp_path}/{where}", "target")


def test_a_missing_module_is_named():
    with pytest.raises(InputError, match="There is no module named 'not_there_at_all'"):
        load_object("not_there_at_all.sub:x", "target")


def test_a_module_gives_its_attribute():
    assert load_object("json:dumps", "target") is __import__("json").dumps


@pytest.mark.parametrize("text", ["hotel.py:Desk", "bots/hotel.py:reply?name=x"])
def test_a_file_with_its_object_says_what_is_missing(text):
    with pytest.raises(InputError, match=re.escape(f"write python:{text}.")):
        parse_spec(text, "target", "target")


def test_a_program_that_the_policy_refuses_says_how_to_run_it_trusted(tmp_path):
    file = tmp_path / "people.py"
    file.write_text("import os\n")
    with pytest.raises(InputError, match=r"Line 1: import of os.*write python:.*people\.py"):
        make_generator(str(file))


def test_a_generator_may_be_a_whole_file(tmp_path):
    file = tmp_path / "people.py"
    file.write_text("def place(context, axes, n, seed, llm): ...\ndef portray(context, axes, people, seed, llm, feedback=None): ...\n")
    assert make_generator(f"python:{file}").name == f"python:{file}"


def test_an_object_of_the_wrong_kind_is_refused_as_a_scenario():
    with pytest.raises(InputError, match="scenario: expected a Scenario object, got 'JSONEncoder'"):
        make_scenario("python:json:JSONEncoder")


def test_a_target_object_is_taken_as_it_is():
    class Mine:
        name = "mine"

        def begin(self, brief, stream):
            return self

    mine = Mine()
    assert as_target(mine, "x") is mine
    assert isinstance(as_target(Mine, "x"), Mine)


def test_a_judge_that_is_none_is_refused():
    with pytest.raises(InputError, match="judge: expected a Judge with a name, a version"):
        make_judges(["python:json:JSONEncoder"], make_scenario())
