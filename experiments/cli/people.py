"""Commands about people: make them, see how much they cover, probe what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ...sim.errors import InputError
from .. import exits
from .app import app
from .completion import names_of
from .options import SPEC, Directory, Questionnaire, Unsafe, option, run_directory

_SUITE = "Generators on the suite (no FILE)"
Scenario = Annotated[str | None, option("Whose axes the people cover.", "support", None, SPEC, role="scenario")]
Runs = Annotated[int, option("Questionnaire runs a person.", 5, None, "N")]
Seed = Annotated[int, option("Same seed, same answer.", 0, None, "N")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Leave out lines that are no persona, and say how many.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON object.")]


@app.command(
    epilog="Example: [bold]outskirts generate --personas 100 --seed 1 --out people.jsonl[/bold]   or, from interviews, "
    "[bold]outskirts generate --out people.jsonl --from interview.txt chats.jsonl[/bold]"
)
def generate(
    out: Annotated[Path, typer.Option(help="File to write, one JSON persona a line.", show_default=False)],
    scenario: Scenario = None,
    questionnaire: Questionnaire = None,
    generator: Annotated[
        str | None, option("Who makes the people; a path ending in .py is sandboxed.", "default", None, SPEC, role="generator")
    ] = None,
    unsafe: Unsafe = None,
    personas: Annotated[int, option("How many people.", 64, None, "N")] = 64,
    material: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Make them from documents, interviews or logged conversations: FILE, or several.", metavar="FILE..."),
    ] = None,
    files: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    model: Annotated[str | None, option("A language model that writes for generators that want prose.", None, None, SPEC)] = None,
    feedback: Annotated[int, option("Rounds in which whoever missed their point is written again.", 0, None, "N")] = 0,
    respondent: Annotated[
        str | None, option("Who measures them, for feedback (else lexical) and for the card.", None, None, SPEC, role="respondent")
    ] = None,
    runs: Runs = 5,
    seed: Annotated[int, option("Same seed, same people.", 0, None, "N")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> None:
    """Make people and write them to a file."""
    from ..population.generating import Order, generate_people

    if files and not material:
        raise InputError("FILE", "files after --from only", str(files[0]), "People are written to --out.")
    order = Order(
        out=out,
        scenario=scenario,
        questionnaire=questionnaire,
        generator=generator,
        unsafe=bool(unsafe),
        personas=personas,
        seed=seed,
        material=(*(material or ()), *(files or ())),  # a shell writes all names of a pattern after one --from
        model=model,
        feedback=feedback,
        respondent=respondent,
        runs=runs,
        force=force,
    )
    with exits.interruptible():
        generate_people(order, exits.console())


@app.command(
    epilog="Example: [bold]outskirts coverage people.jsonl[/bold]   for bare positions: [bold]outskirts coverage points.csv --json[/bold]   "
    "to compare generators: [bold]outskirts coverage --benchmark --generator python:mine.py --generator maximin --out table.csv[/bold]"
)
def coverage(
    file: Annotated[
        Path | None, typer.Argument(help="People (.jsonl) or bare positions (.csv with axis names, .npy).", show_default=False)
    ] = None,
    scenario: Annotated[
        str | None, option("Whose axes count.", "support; for bare positions the file's own", None, SPEC, role="scenario")
    ] = None,
    questionnaire: Questionnaire = None,
    respondent: Annotated[
        str | None, option("Who answers the questionnaire as the people.", "lexical", None, SPEC, role="respondent")
    ] = None,
    runs: Annotated[int | None, option("Questionnaire runs a person.", 5, None, "N")] = None,
    seed: Annotated[int | None, option("Seed of the answers.", 0, None, "N")] = None,
    groups: Annotated[int | None, option("Put them in groups of so many: how far do pairs and groups cover?", None, None, "N")] = None,
    count: Annotated[int | None, option("How many groups.", "as many as there are people", None, "N")] = None,
    skip_bad: SkipBad = False,
    benchmark: Annotated[
        bool, typer.Option("--benchmark", help="With FILE: published figures beside these. Without: score generators on the suite.")
    ] = False,
    generator: Annotated[
        list[str] | None, option("Whom to score; may be repeated; differences are from the first.", None, _SUITE, SPEC, role="generator")
    ] = None,
    split: Annotated[str | None, option("train, validation, held_out or sealed.", "validation", _SUITE, "NAME")] = None,
    unsafe: Unsafe = None,
    portraits: Annotated[str | None, option("Write all their people as this generator does.", None, _SUITE, SPEC, role="generator")] = None,
    personas: Annotated[int | None, option("People a population.", 25, _SUITE, "N")] = None,
    seeds: Annotated[int | None, option("Populations a context.", 3, _SUITE, "N")] = None,
    release: Annotated[str | None, option("For the sealed split: the version whose figures are made.", None, _SUITE, "VERSION")] = None,
    model: Annotated[str | None, option("A language model for generators that want prose.", None, _SUITE, SPEC)] = None,
    out: Annotated[Path | None, typer.Option(help="Write the table (.json, .csv) or the groups (.jsonl).", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the coverage object of summary.json, or the whole table.")] = False,
) -> None:
    """Say how much of the space of possible people a population covers, or how well generators do.

    Nobody answers for bare positions: --respondent, --runs and --seed go with people only.
    """
    asked: dict[str, Any] = {
        "generator": generator or None,
        "split": split,
        "portraits": portraits,
        "personas": personas,
        "seeds": seeds,
    }
    asked |= {"release": release, "model": model, "unsafe": unsafe}
    if file is None:
        if not benchmark:
            raise InputError("FILE", "people (.jsonl) or positions (.csv, .npy), or --benchmark without a file", None)
        from ..population.suite import BenchmarkOrder, benchmark_generators

        given = {key: value for key, value in asked.items() if value is not None}
        given |= {
            k: v for k, v in {"respondent": respondent, "runs": runs, "questionnaire": questionnaire, "out": out}.items() if v is not None
        }
        refuse(scenario=scenario, groups=groups, count=count, seed=seed, skip_bad=skip_bad or None)
        with exits.interruptible():
            benchmark_generators(BenchmarkOrder(**given), exits.console(), as_json=as_json)
        return
    refuse(why="It goes with --benchmark and no file.", **asked)
    if groups is not None:
        from ..population.groups import show_groups

        refuse(respondent=respondent, runs=runs, benchmark=benchmark or None)
        chosen = {"scenario": scenario, "questionnaire": questionnaire}
        show_groups(
            file, groups, count, 0 if seed is None else seed, exits.console(), out=out, skip_bad=skip_bad, as_json=as_json, **chosen
        )
        return
    from ..population.covering import show_coverage

    refuse(count=count, out=out)
    options = {"skip_bad": skip_bad, "benchmark": benchmark, "as_json": as_json}
    with exits.interruptible():
        show_coverage(file, scenario, questionnaire, respondent, runs, seed, exits.console(), **options)


def refuse(why: str = "It has no effect here.", **given: object) -> None:
    """Refuse options that would have no effect.

    Raises:
        InputError: Naming the first that was given.
    """
    for name, value in given.items():
        if value is not None:
            raise InputError(name, "this option to be left out", value, why)


@app.command(epilog="Example: [bold]outskirts biases people.jsonl --respondent openai:MODEL@http://127.0.0.1:8000/v1[/bold]")
def biases(
    file: Annotated[Path, typer.Argument(help="People (.jsonl).", show_default=False)],
    scenario: Scenario = None,
    questionnaire: Questionnaire = None,
    respondent: Annotated[
        str, typer.Option(help="Who answers as the people.", metavar=SPEC, autocompletion=names_of("respondent"))
    ] = "lexical",
    runs: Runs = 5,
    segment: Annotated[str | None, option("Profile field or axis that divides people.", "the first axis", None, "FIELD")] = None,
    reference: Annotated[
        Path | None, typer.Option(help="Answers of real people: CSV with a column segment and one an item or axis.", show_default=False)
    ] = None,
    skip_bad: SkipBad = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure what simulated people are known to get wrong: too central, caricatured, framed, unstable, too much of one mind."""
    from ..population.biases import show_biases

    with exits.interruptible():
        options = {"skip_bad": skip_bad, "as_json": as_json}
        show_biases(file, scenario, questionnaire, respondent, runs, seed, exits.console(), segment=segment, reference=reference, **options)


@app.command(epilog="Example: [bold]outskirts information withhold --personas 32 --target eliza[/bold]")
def information(
    question: Annotated[
        Literal["tiers", "withhold"],
        typer.Argument(
            help="tiers: how much more freely written people differ; withhold: what each kind of information is worth.", show_default=False
        ),
    ],
    scenario: Scenario = None,
    target: Annotated[
        str, typer.Option(help="Whom they meet; none: only measure.", metavar=SPEC, autocompletion=names_of("target"))
    ] = "eliza",
    respondent: Annotated[
        str, typer.Option(help="Who answers as the people.", metavar=SPEC, autocompletion=names_of("respondent"))
    ] = "lexical",
    personas: Annotated[int, option("How many people.", 32, None, "N")] = 32,
    replicates: Annotated[int, option("How often each meets the target.", 2, None, "N")] = 2,
    runs: Runs = 5,
    model: Annotated[str | None, option("A language model that writes descriptions.", None, None, SPEC)] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Say which information about a person matters: for what is measured of them, and for how often a target fails them."""
    from ..population.information import show_information

    with exits.interruptible():
        show_information(question, scenario, target, respondent, personas, replicates, runs, model, seed, exits.console(), as_json=as_json)


@app.command(epilog="Example: [bold]outskirts recovery runs/diagrams[/bold]   (a run with --generator diagram)")
def recovery(
    directory: Directory,
    model: Annotated[str | None, option("A language model that reconstructs the diagrams.", "by rules", None, SPEC)] = None,
    as_json: AsJson = False,
) -> None:
    """Say how much of people's hidden diagrams can be read from their conversations, and whether they recite them."""
    from ..population.recovery import show_recovery

    run_directory(directory)
    with exits.interruptible():
        show_recovery(directory, exits.console(), model=model, as_json=as_json)
