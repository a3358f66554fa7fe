"""``outskirts biases``: what is printed, what JSON holds, what is refused."""

import io
import json

import pytest
from rich.console import Console

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.population.biases import show_biases
from outskirts.personas.biases.report import BiasReport
from outskirts.personas.generators import get_generator
from outskirts.personas.people_file import write_people
from outskirts.personas.population import build_population
from outskirts.sim.errors import InputError, UnknownNameError


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people.jsonl"
    write_people(path, build_population(SCENARIO, get_generator("default"), 12, 0))
    return path


def shown(file, respondent="lexical", runs=2, seed=0, **options):
    console = Console(file=io.StringIO(), width=100, highlight=False)
    show_biases(file, None, options.pop("questionnaire", None), respondent, runs, seed, console, **options)
    return console.file.getvalue()


def test_the_stand_in_is_named_first_and_then_the_price(file):
    lines = shown(file).splitlines()
    assert lines[0] == "Synthetic people: evidence about the machinery, not about humans."
    assert " ".join(lines[1:3]) == (
        "lexical answers 24 questionnaires, 12 to see whether item texts are read, and if so 36 in frames: at most 72 of 21 items, "
        "1,512 answers."
    ).replace("  ", " ")


def test_bad_lines_are_left_out_if_asked_and_said_to_be(file, tmp_path, capsys):
    worse = tmp_path / "worse.jsonl"
    worse.write_text(file.read_text() + "nonsense\n")
    with pytest.raises(InputError, match="line 13"):
        shown(worse)
    text = shown(worse, skip_bad=True)
    assert "12 people answered by lexical" in text
    assert capsys.readouterr().err.startswith("1 bad line was left out:")


def test_every_bias_has_its_sentence(file):
    text = " ".join(shown(file).split())
    for beginning in (
        "central tendency People's answers are",
        "acquiescence People",
        "caricature Gaps between segments (halves of distress)",
        "flattening People within a segment",
        "framing Not measured: this respondent does not read item texts",
        "instability Two runs of one person differ on",
        "independent voices 12 people are worth",
        "alike beyond themselves Two people answer",
    ):
        assert beginning in text


def test_json_is_the_report_with_the_note(file, capsys):
    found = json.loads(shown(file, as_json=True))
    assert found.pop("note") == "synthetic people: evidence about the machinery, not about humans"
    report = BiasReport.model_validate(found)
    assert (report.people, report.runs, report.respondent) == (12, 2, "lexical")
    assert "at most 72 of 21 items" in " ".join(capsys.readouterr().err.split())


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(file):
    assert shown(file, as_json=True) == shown(file, as_json=True) != shown(file, as_json=True, seed=1)


def test_one_run_says_what_it_cannot(file):
    text = " ".join(shown(file, runs=1).split())
    assert "Instability: not known, instability needs two or more runs a person." in text
    assert "raw: each person answered once" in text


def test_a_reference_file_takes_the_place_of_assigned_positions(file, tmp_path):
    real = tmp_path / "real.csv"
    real.write_text("segment,trust,distress_1\n" + "low,0.3,2\nlow,0.4,1\nhigh,0.6,5\nhigh,0.7,4\n" * 20)
    text = " ".join(shown(file, segment="trust", reference=real).split())
    assert "halves of trust" in text
    assert "real.csv" in text
    assert "beside the reference: extreme" in text


def test_gaps_that_the_reference_does_not_have_are_named(file, tmp_path):
    real = tmp_path / "real.csv"
    real.write_text("segment,trust\n" + "low,0.3\nlow,0.6\nhigh,0.3\nhigh,0.6\n" * 20)
    text = " ".join(shown(file, segment="trust", reference=real).split())
    assert "not known, the reference's segments differ on nothing that is measured. Segments differ on trust, where those of" in text


def test_a_respondent_of_ones_own_that_reads_texts_gets_a_table_of_frames(file, tmp_path, monkeypatch):
    module = tmp_path / "reader.py"
    module.write_text(
        "class Reader:\n"
        "    name = 'reader'\n"
        "    async def answer(self, description, questions, stream):\n"
        "        return [1 + (len(q.text) + len(description)) % q.points for q in questions]\n"
    )
    text = shown(file, respondent=f"python:{module}:Reader")
    assert "Frames: change of agreement, Likert points" in text
    assert "own - other, people in the middle third" in text
    assert "evidence about the machinery" not in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 0}, "runs: expected a whole number of 1 or more, got 0."),
        ({"seed": -1}, "seed: expected a whole number from 0 to 2**63 - 1, got -1."),
        ({"questionnaire": "dass-21"}, "person 'p0000': expected a position on every axis"),
    ],
)
def test_wrong_options_are_refused(file, options, message):
    with pytest.raises(InputError) as caught:
        shown(file, **options)
    assert str(caught.value).startswith(message)


def test_wrong_files_are_refused(file, tmp_path):
    with pytest.raises(InputError, match=r"^FILE: expected people \(\.jsonl\): positions alone answer nothing, got '.*\.csv'\.$"):
        shown(tmp_path / "x.csv")
    with pytest.raises(InputError, match=r"^reference: expected answers of real people \(\.csv\), got '.*\.txt'\.$"):
        shown(file, reference=tmp_path / "x.txt")
    with pytest.raises(InputError, match=r"^reference: expected a file that can be read, got '.*'\. No such file or directory\.$"):
        shown(file, reference=tmp_path / "x.csv")
    with pytest.raises(UnknownNameError, match=r"^segment: expected one of .*, got 'trusts'\. Did you mean 'trust'\?$"):
        shown(file, segment="trusts")


def test_somebody_who_always_answers_the_same_is_not_judged_by_spread(file, tmp_path):
    module = tmp_path / "three.py"
    module.write_text(
        "class Three:\n"
        "    name = 'three'\n"
        "    async def answer(self, description, questions, stream):\n"
        "        return [3 for _ in questions]\n"
    )
    text = " ".join(shown(file, respondent=f"python:{module}:Three").split())
    assert "central tendency Everybody answers alike: cannot be judged." in text
    assert "pulled to the middle" not in text
