import pytest
import yaml

from outskirts.experiments.config import ExperimentConfig, dump_yaml, load_config
from outskirts.sim.errors import InputError


def written(tmp_path, text):
    path = tmp_path / "experiment.yaml"
    path.write_text(text)
    return path


def test_without_a_file_the_documented_defaults_hold():
    config = load_config()
    assert (config.scenario, config.target, config.personas, config.replicates, config.seed) == ("support", "eliza", 64, 4, 0)
    assert (config.controls, config.judge, config.runs) == (("careful", "mute"), ("rules",), 5)


def test_the_command_line_wins_over_the_file(tmp_path):
    path = written(tmp_path, "personas: 8\nseed: 3\n")
    config = load_config(path, {"personas": 9, "seed": None})
    assert (config.personas, config.seed) == (9, 3)


def test_an_unknown_key_names_its_line_and_the_nearest(tmp_path):
    path = written(tmp_path, "seed: 1\n\nreplicate: 2\n")
    with pytest.raises(InputError, match=r"replicate \(.*experiment\.yaml, line 3\): .* Did you mean 'replicates'"):
        load_config(path)


def test_a_wrong_value_in_a_file_names_key_line_expected_and_got(tmp_path):
    path = written(tmp_path, "seed: 1\npersonas: many\n")
    with pytest.raises(InputError, match=r"personas \(.*line 2\): expected a whole number, got 'many'"):
        load_config(path)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("personas", 0, "a whole number of 1 or more, got 0"),
        ("replicates", -2, "a whole number of 1 or more, got -2"),
        ("turns", 0, "a whole number of 1 or more"),
        ("runs", True, "a whole number, got True"),
        ("concurrency", 1.5, "a whole number, got 1.5"),
        ("max_calls", 0, "a whole number of 1 or more"),
        ("max_seconds", -1.0, "a number above 0"),
        ("max_cost", float("inf"), "a finite number"),
        ("target_timeout", "soon", "a number, got 'soon'"),
        ("traces", -1, "a whole number of 0 or more"),
        ("seed", "x", "a whole number of 0 or more, got 'x'"),
        ("seed", 1.0, "a whole number of 0 or more, got 1.0"),
        ("seed", -1, "a whole number from 0"),
        ("quiet", "yes", "true or false"),
        ("information", "public", "one of 'private', 'shared', 'script'"),
        ("executor", "cloud", "one of 'local', 'processes', got 'cloud'"),
        ("workers", 2, "1 with executor local, which is this process, got 2. For more: executor processes."),
        ("prices", "nowhere.yaml", "a file that can be read, got 'nowhere.yaml'"),
        ("episode_timeout", 0, "a number above 0"),
        ("judge", [], "one SPEC or a list of them"),
        ("controls", "mute,mute", "each control once"),
        ("target", "", "a SPEC"),
        ("out", "", "some text"),
    ],
)
def test_a_wrong_value_gives_one_line_with_field_expected_and_got(key, value, message):
    with pytest.raises(InputError, match=message) as caught:
        load_config(None, {key: value})
    assert caught.value.field == key
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [", r"expected YAML, got .*line 2"),
        ("- 1\n- 2\n", "keys and values"),
        ("seed: 1\nseed: 2\n", r"seed \(.*line 2\): expected each key once"),
    ],
)
def test_a_file_that_is_no_experiment_is_refused(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        load_config(written(tmp_path, text))


def test_an_empty_file_means_the_defaults(tmp_path):
    assert load_config(written(tmp_path, "")) == load_config()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"a file that can be read, got '.*none\.yaml'\. No such file"):
        load_config(tmp_path / "none.yaml")


def test_specs_may_be_mappings_and_are_brought_to_canonical_text(tmp_path):
    path = written(tmp_path, "player: {name: lexical, shrinkage: 0.40}\njudge: rules\ncontrols: none\n")
    config = load_config(path)
    assert (config.player, config.judge, config.controls) == ("lexical?shrinkage=0.4", ("rules",), ())


def test_the_resolved_settings_load_again_as_the_same_experiment(tmp_path):
    config = load_config(None, {"personas": 3, "controls": "mute", "max_cost": 2, "player": "lexical?noise=1"})
    resolved = config.resolved()
    assert {"outskirts", "python", "numpy"} <= set(resolved["versions"])
    assert load_config(written(tmp_path, dump_yaml(resolved))) == config
    assert next(iter(yaml.safe_load(dump_yaml(resolved)))) == "scenario"


def test_people_of_a_file_and_a_generator_exclude_each_other():
    with pytest.raises(InputError, match="people or personas, not both"):
        load_config(None, {"people": "p.jsonl", "personas": 3})


def test_people_on_the_command_line_replace_the_generator_of_the_file(tmp_path):
    config = load_config(written(tmp_path, "generator: density\npersonas: 3\n"), {"people": "p.jsonl"})
    assert config.people == "p.jsonl"
    assert "generator" not in config.resolved()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("out", "x"),
        ("concurrency", 1),
        ("executor", "local"),
        ("workers", 1),
        ("max_calls", 5),
        ("max_tokens", 5),
        ("max_cost", 5.0),
        ("max_seconds", 5.0),
        ("quiet", True),
        ("mlflow", False),
        ("persona_metrics", 1),
        ("traces", 1),
        ("target_timeout", 1.0),
        ("max_episode_calls", 3),
        ("max_episode_tokens", 3),
        ("max_episode_cost", 3.0),
        ("episode_timeout", 3.0),
        ("prices", {"gpt": {"input": 1}}),
        ("cache", "replies"),
    ],
)
def test_settings_that_change_no_result_leave_the_hash_alone(key, value):
    assert load_config(None, {key: value}).result_hash() == ExperimentConfig().result_hash()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scenario", "other"),
        ("target", "mute"),
        ("generator", "density"),
        ("people", "p.jsonl"),
        ("personas", 65),
        ("replicates", 5),
        ("turns", 3),
        ("controls", "none"),
        ("player", "lexical?shrinkage=0.1"),
        ("respondent", "exemplar"),
        ("runs", 3),
        ("judge", "python:m:j"),
        ("information", "shared"),
        ("seed", 1),
        ("beside", "density"),
    ],
)
def test_settings_that_can_change_a_result_change_the_hash(key, value):
    assert load_config(None, {key: value}).result_hash() != ExperimentConfig().result_hash()


def test_leaving_out_bad_lines_changes_no_hash_and_goes_with_a_file_of_people_only(tmp_path):
    plain, skipping = (load_config(None, {"people": "p.jsonl", "skip_bad": skip}) for skip in (None, True))
    assert skipping.skip_bad
    assert skipping.result_hash("f00") == plain.result_hash("f00")
    with pytest.raises(InputError, match=r"skip_bad: expected a file of people \(people\), got True"):
        load_config(None, {"skip_bad": True})
    (tmp_path / "e.yaml").write_text("people: p.jsonl\nskip_bad: true\n")
    assert not load_config(tmp_path / "e.yaml", {"generator": "density"}).skip_bad


def test_every_setting_is_known_to_decide_results_or_not():
    from outskirts.experiments.config import _NOT_RESULTS

    assert set(ExperimentConfig.model_fields) >= _NOT_RESULTS


def test_where_people_come_from_is_told_apart_by_their_fingerprint_not_by_the_path():
    a, b = (load_config(None, {"people": path}) for path in ("a.jsonl", "b.jsonl"))
    assert a.result_hash("f00") == b.result_hash("f00") != a.result_hash("ba2")


def test_the_hash_does_not_depend_on_how_a_spec_was_written():
    one = load_config(None, {"player": "lexical?noise=1.0&shrinkage=0.40"})
    other = load_config(None, {"player": {"name": "lexical", "shrinkage": 0.4, "noise": 1.0}})
    assert one.result_hash() == other.result_hash()
