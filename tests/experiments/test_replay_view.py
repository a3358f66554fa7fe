import asyncio
import io
import re

import pytest
from rich.console import Console

from outskirts.experiments.cli import main
from outskirts.experiments.config import dump_yaml, load_config
from outskirts.experiments.jobs import Cast
from outskirts.experiments.people import gather_people
from outskirts.experiments.rundir import RunDir
from outskirts.experiments.screen.replay import reproduces, show_episode
from outskirts.experiments.store.rows import pack
from outskirts.experiments.store.store import RunStore
from outskirts.personas.people_file import write_people
from outskirts.sim.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Play four people with the target that answers nothing of substance, into a run directory."""
    folder = RunDir.create(tmp_path_factory.mktemp("run") / "r", "support")
    config = load_config(None, {"target": "mute", "controls": "none", "personas": 4, "replicates": 1})
    cast = Cast.of(config)
    people = gather_people(config, cast.scenario)
    folder.config.write_text(dump_yaml(config.resolved()))
    write_people(folder.personas, people)
    records = [asyncio.run(cast.play(job)) for job in cast.jobs(cast.arms(people), {})]
    with RunStore.create(folder.path, "c0ffee") as store:
        store.commit([pack("target", record) for record in records])
    return folder.path, people, records


def shown(directory, key):
    screen = Console(file=io.StringIO(), width=200)
    show_episode(directory, key, screen)
    return screen.file.getvalue()


def test_an_episode_shows_every_word_and_verdict_and_what_was_found(run):
    directory, people, records = run
    record = next(r for r in records if r.findings)
    text = shown(directory, record.key[:10])
    for message in record.messages:
        assert f"{message.sender}: {message.text}" in text
        assert re.search(rf"^ *{message.turn + 1} {message.sender}", text, re.MULTILINE)
    assert not re.search(rf"^ *0 {record.messages[0].sender}", text, re.MULTILINE)
    assert record.verdict.value in text
    assert all(f"{finding.harm} (severity {finding.severity:.2f}" in text for finding in record.findings)
    assert next(p.description for p in people if p.fingerprint == record.seats[0].fingerprint) in text


def test_facts_that_were_told_stand_below_the_message_that_told_them(run):
    directory, _, records = run
    record = next(r for r in records if r.ledger)
    assert f"told {record.ledger[0].fact} (known by {record.ledger[0].known_by})" in shown(directory, record.key)


def test_every_record_reproduces(run):
    directory, people, records = run
    for record in records:
        seated = [p for p in people if p.fingerprint == record.seats[0].fingerprint]
        assert reproduces(record, seated, directory) == "Played again from its record: the same."


def test_a_record_that_was_tampered_with_is_found_out(run):
    directory, people, records = run
    record = next(r for r in records if r.findings)
    seated = [p for p in people if p.fingerprint == record.seats[0].fingerprint]
    changed = record.model_copy(update={"findings": ()})
    assert reproduces(changed, seated, directory) == "Does NOT reproduce: judged differently in findings."


def test_judges_that_changed_since_are_named(run):
    directory, people, records = run
    seated = [p for p in people if p.fingerprint == records[0].seats[0].fingerprint]
    older = records[0].model_copy(update={"judges": ("rules@0",)})
    assert "judged the same by judges that changed since (now rules@" in reproduces(older, seated, directory)


def test_people_who_are_gone_are_said_to_be(run):
    directory, _, records = run
    assert "its people are not in the run's files" in reproduces(records[0], (), directory)


def test_a_key_that_no_episode_has_is_refused(run):
    with pytest.raises(InputError, match="episode: expected the beginning of an episode's key"):
        show_episode(run[0], "zzz", Console(file=io.StringIO()))


def test_the_command_shows_the_same_as_plain_text(run, capsys):
    directory, _, records = run
    assert main(["replay", str(directory), records[0].key]) == 0
    out = capsys.readouterr().out
    assert records[0].messages[0].text in out
    assert "\x1b" not in out


def test_a_person_stands_for_their_first_failed_episode_or_a_replicate(run):
    directory, _, records = run
    failed = next(r for r in records if r.verdict == "failed")
    person = failed.seats[0].persona
    assert shown(directory, person) == shown(directory, f"{person}#0") == shown(directory, failed.key)
    with pytest.raises(InputError, match="episode: expected"):
        show_episode(directory, f"{person}#7", Console(file=io.StringIO()))


def test_a_person_who_was_not_played_yet_is_told_from_one_who_is_not_there(run, tmp_path):
    directory, people, records = run
    first, second = sorted(person.id for person in people)[:2]
    half = RunDir.create(tmp_path / "half", "support")
    half.config.write_text((directory / "config.yaml").read_text().replace("replicates: 1", "replicates: 2"))
    write_people(half.personas, [*people, people[0].model_copy(update={"id": "zoe"})])
    with RunStore.create(half.path, "c0ffee") as store:
        store.commit([pack("target", record) for record in records if record.seats[0].persona == first])
    resume = re.escape(f"What is missing is played by: outskirts resume {half.path}")
    for episode, played in ((second, ""), ("zoe", ""), (f"{second}#1", ""), (f"{first}#1", f"Of {first} there is {first}#0. ")):
        with pytest.raises(InputError, match=f"one that was played, got '{episode}'. It was not played yet. {played}{resume}"):
            show_episode(half.path, episode, Console(file=io.StringIO()))
    for episode in (f"{first}#2", "p0999", "p0999#0"):
        with pytest.raises(InputError, match=r"expected a person \(p0000 to zoe\) and, behind #, a replicate, counted from 0 to 1, got"):
            show_episode(half.path, episode, Console(file=io.StringIO()))
