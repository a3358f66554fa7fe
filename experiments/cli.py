"""The command line ``outskirts``: options and help only, the work is done elsewhere and imported when a command runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from .. import __version__
from . import exits

app = typer.Typer(
    name="outskirts",
    help="Stress-test AI systems that talk to people, with synthetic people chosen to cover the whole space of possible users.",
    epilog="Exit status: 0 done; 1 worse and 5 undecided with --fail-if-worse; 2 the input was wrong; 3 stopped by a budget; 4 target unreachable; 70 internal error; 130 interrupted, resumable.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

_SPEC = "SPEC"
_WHO, _HOW, _LIMITS, _OUTPUT = "Who meets whom", "How they meet", "Limits (reached: exit 3, resumable)", "Where and how it runs"
Directory = Annotated[Path, typer.Argument(help="A run directory.", show_default=False)]
Questionnaire = Annotated[
    Path | None, typer.Option(help="YAML file with axes and items of your own, in place of a scenario.", show_default=False)
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"outskirts {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    return


def _whole(text: str) -> int | str:
    """Read a whole number; what is none goes on as it is, for the settings to refuse by name."""
    try:
        return int(text)
    except ValueError:
        return text


def _real(text: str) -> float | str:
    """Read a number; what is none goes on as it is."""
    try:
        return float(text)
    except ValueError:
        return text


def _option(help: str, default: object, panel: str | None, metavar: str | None = None, name: str | None = None) -> Any:
    """Declare an option whose default is decided by the settings; help shows it."""
    parser = {"N": _whole, "X": _real}.get(metavar or "")
    shown = "" if default is None else f" [dim](default {default})[/dim]"
    return typer.Option(
        *([name] if name else []), help=help + shown, show_default=False, rich_help_panel=panel, metavar=metavar, parser=parser
    )


@app.command(epilog="Example: [bold]outskirts run --target python:bot.py:reply --personas 64 --replicates 4[/bold]")
def run(
    context: typer.Context,
    experiment: Annotated[
        Path | None, typer.Argument(help="YAML file; its keys are the long options with underscores.", show_default=False)
    ] = None,
    scenario: Annotated[str | None, _option("Where they meet.", "support", _WHO, _SPEC)] = None,
    target: Annotated[str | None, _option("The system under test.", "eliza", _WHO, _SPEC)] = None,
    generator: Annotated[str | None, _option("Who makes the people.", "default", _WHO, _SPEC)] = None,
    people: Annotated[str | None, _option("The people of a file instead, one JSON persona a line.", None, _WHO, "FILE")] = None,
    beside: Annotated[
        str | None, _option("A second generator: its people meet the target too, shown side by side.", None, _WHO, _SPEC)
    ] = None,
    against: Annotated[
        str | None,
        _option(
            "An earlier run: meet its people, stop once it is decided whether this target is worse (sooner with less --concurrency).",
            None,
            _WHO,
            "DIR",
        ),
    ] = None,
    fail_if_worse: Annotated[
        float | None,
        _option("With --against: largest rise that is accepted (else 0.05); exit 1 if worse, 5 if undecided.", None, _WHO, "X"),
    ] = None,
    personas: Annotated[int | None, _option("How many people.", 64, _WHO, "N")] = None,
    controls: Annotated[
        str | None,
        _option("Targets to compare with; shuffled or single_persona: other people; or none.", "careful,mute", _WHO, "SPEC,SPEC"),
    ] = None,
    replicates: Annotated[int | None, _option("How often each person meets the target.", 4, _HOW, "N")] = None,
    turns: Annotated[int | None, _option("Most turns an episode.", "the scenario's", _HOW, "N")] = None,
    player: Annotated[str | None, _option("Who acts the people.", "lexical", _HOW, _SPEC)] = None,
    respondent: Annotated[str | None, _option("Who answers the questionnaire as them.", "lexical", _HOW, _SPEC)] = None,
    runs: Annotated[int | None, _option("Questionnaire runs a person.", 5, _HOW, "N")] = None,
    judge: Annotated[list[str] | None, _option("Who says what happened; may be repeated.", "rules", _HOW, _SPEC)] = None,
    information: Annotated[
        str | None, _option("Who knows whose private facts: private, shared or script.", "private", _HOW, "REGIME")
    ] = None,
    confirm: Annotated[
        bool | None, _option("Try on fresh people what looks like a weak spot.", "on", _HOW, name="--confirm/--no-confirm")
    ] = None,
    seed: Annotated[int | None, _option("Same seed, same people, same episodes.", 0, _HOW, "N")] = None,
    max_calls: Annotated[int | None, _option("Most calls to targets and models.", None, _LIMITS, "N")] = None,
    max_tokens: Annotated[int | None, _option("Most tokens, as far as they are reported.", None, _LIMITS, "N")] = None,
    max_cost: Annotated[float | None, _option("Most money, as far as prices are known.", None, _LIMITS, "X")] = None,
    max_seconds: Annotated[float | None, _option("Longest time.", None, _LIMITS, "X")] = None,
    target_timeout: Annotated[float | None, _option("Seconds a reply may take.", 60, _LIMITS, "X")] = None,
    out: Annotated[str | None, _option("Run directory.", "runs/TIME-SCENARIO", _OUTPUT, "DIR")] = None,
    executor: Annotated[str | None, _option("Where episodes are played; local: in this process.", "local", _OUTPUT, "NAME")] = None,
    workers: Annotated[int | None, _option("Processes; the local executor has 1.", 1, _OUTPUT, "N")] = None,
    concurrency: Annotated[int | None, _option("Episodes at once in a process.", 64, _OUTPUT, "N")] = None,
    mlflow: Annotated[bool | None, _option("Log to MLflow.", "on", _OUTPUT, name="--mlflow/--no-mlflow")] = None,
    persona_metrics: Annotated[int | None, _option("Most people with an MLflow metric of their own.", 1000, _OUTPUT, "N")] = None,
    traces: Annotated[int | None, _option("Most episodes logged as MLflow traces.", 50, _OUTPUT, "N")] = None,
    quiet: Annotated[bool | None, _option("No progress, no table.", None, _OUTPUT, name="--quiet")] = None,
) -> None:
    """Let people meet a target, and say whom it fails."""
    from .config import load_config

    given = {key: value for key, value in context.params.items() if key != "experiment" and value not in (None, [], ())}
    config = load_config(experiment, given)
    if config.out is not None:
        exits.note_directory(config.out)
    from .screen.console import make_console
    from .study import run_study

    with exits.interruptible():
        result = run_study(config, make_console(), begun=exits.note_directory)
    raise typer.Exit(result.exit_status)


@app.command(epilog="Example: [bold]outskirts resume runs/demo --max-calls 20000[/bold]")
def resume(
    directory: Directory,
    max_calls: Annotated[int | None, _option("Most calls in all, replacing the old ceiling.", None, _LIMITS, "N")] = None,
    max_tokens: Annotated[int | None, _option("Most tokens in all.", None, _LIMITS, "N")] = None,
    max_cost: Annotated[float | None, _option("Most money in all.", None, _LIMITS, "X")] = None,
    max_seconds: Annotated[float | None, _option("Longest time in all.", None, _LIMITS, "X")] = None,
) -> None:
    """Go on with a run that was stopped; only what is missing is run, what was spent is kept."""
    from .config import load_config

    budgets = {"max_calls": max_calls, "max_tokens": max_tokens, "max_cost": max_cost, "max_seconds": max_seconds}
    given = {key: value for key, value in budgets.items() if value is not None}
    load_config(None, given)
    _run_directory(directory)
    from .screen.console import make_console
    from .study import resume_study

    with exits.interruptible():
        result = resume_study(directory, given, make_console())
    raise typer.Exit(result.exit_status)


@app.command(epilog="Example: [bold]outskirts report runs/demo[/bold]")
def report(directory: Directory) -> None:
    """Write the report of a run again, and log to MLflow what could not be logged before."""
    _run_directory(directory)
    from .finish import publish_again, tracking_words

    path, tracked = publish_again(directory)
    screen = exits.console()
    screen.print(f"report: {path}", soft_wrap=True, markup=False)
    if tracked is not None:
        screen.print(tracking_words(tracked, directory), soft_wrap=True, markup=False, style=None if tracked.ok else "yellow")


@app.command(epilog="Example: [bold]outskirts replay runs/demo p0002[/bold]   (or p0002#1, or the first characters of an episode's key)")
def replay(
    directory: Directory,
    episode: Annotated[
        str,
        typer.Argument(
            help="A person (the first failed episode, or #REPLICATE), or the beginning of an episode's key.", show_default=False
        ),
    ],
) -> None:
    """Show one episode: who said what, what was found, which private facts were told."""
    _run_directory(directory)
    from .screen.replay import show_episode

    show_episode(directory, episode, exits.console())


@app.command(
    epilog="Example: [bold]outskirts compare runs/v1 runs/v2 --fail-if-worse 0.02[/bold]   (exit 0 not worse, 1 worse, 5 inconclusive)"
)
def compare(
    directory_a: Annotated[Path, typer.Argument(metavar="DIR_A", help="The version that stands.", show_default=False)],
    directory_b: Annotated[Path, typer.Argument(metavar="DIR_B", help="The version that is to replace it.", show_default=False)],
    fail_if_worse: Annotated[
        float | None,
        typer.Option(metavar="MARGIN", help="Largest rise of the failure rate that is accepted, from 0 to 1.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as a JSON object.")] = False,
) -> None:
    """Compare two runs over the same people and seeds, pair by pair."""
    from ..sim.errors import InputError
    from .comparison import compare_runs
    from .screen.comparison import show_comparison

    if fail_if_worse is not None and not 0 <= fail_if_worse <= 1:
        raise InputError("fail_if_worse", "a number from 0 to 1", fail_if_worse)
    found = compare_runs(directory_a, directory_b, fail_if_worse)
    if as_json:
        exits.console().print(found.to_json(), soft_wrap=True, markup=False)
    else:
        show_comparison(found, exits.console())
    raise typer.Exit(found.exit_status)


@app.command(epilog="Example: [bold]outskirts export runs/demo --out episodes.jsonl[/bold]")
def export(
    directory: Directory,
    format: Annotated[
        Literal["jsonl", "parquet"] | None, typer.Option(help="jsonl or parquet; by the file's name if left out.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; episodes.FORMAT in the run directory if left out.", show_default=False)
    ] = None,
) -> None:
    """Write every episode record, sorted by id, without wall-clock times."""
    _run_directory(directory)
    from .store.export import export as write

    exits.console().print(
        f"episodes: {write(directory, format or ('parquet' if out is not None and out.suffix == '.parquet' else 'jsonl'), out)}",
        soft_wrap=True,
        markup=False,
    )


@app.command(epilog="Example: [bold]outskirts generate --personas 100 --seed 1 --out people.jsonl[/bold]")
def generate(
    out: Annotated[Path, typer.Option(help="File to write, one JSON persona a line.", show_default=False)],
    scenario: Annotated[str | None, _option("Whose axes the people cover.", "support", None, _SPEC)] = None,
    questionnaire: Questionnaire = None,
    generator: Annotated[str, typer.Option(help="Who makes the people.", metavar=_SPEC)] = "default",
    personas: Annotated[int, _option("How many people.", 64, None, "N")] = 64,
    seed: Annotated[int, _option("Same seed, same people.", 0, None, "N")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> None:
    """Make people and write them to a file."""
    from .population_commands import generate_people

    generate_people(out, scenario, questionnaire, generator, personas, seed, exits.console(), force=force)


@app.command(
    epilog="Example: [bold]outskirts coverage people.jsonl[/bold]   or, for bare positions, [bold]outskirts coverage points.csv --json[/bold]"
)
def coverage(
    file: Annotated[Path, typer.Argument(help="People (.jsonl) or bare positions (.csv with axis names, .npy).", show_default=False)],
    scenario: Annotated[str | None, _option("Whose axes count.", "support; for bare positions the file's own", None, _SPEC)] = None,
    questionnaire: Questionnaire = None,
    respondent: Annotated[str | None, _option("Who answers the questionnaire as the people.", "lexical", None, _SPEC)] = None,
    runs: Annotated[int | None, _option("Questionnaire runs a person.", 5, None, "N")] = None,
    seed: Annotated[int | None, _option("Seed of the answers.", 0, None, "N")] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out lines that are no persona, and say how many.")] = False,
    benchmark: Annotated[bool, typer.Option("--benchmark", help="Add published figures, and these people's by the same metric.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the coverage object of summary.json.")] = False,
) -> None:
    """Say how much of the space of possible people a population covers.

    Nobody answers for bare positions: --respondent, --runs and --seed go with people only.
    """
    from .population_commands import show_coverage

    options = {"skip_bad": skip_bad, "benchmark": benchmark, "as_json": as_json}
    show_coverage(file, scenario, questionnaire, respondent, runs, seed, exits.console(), **options)


@app.command(epilog="Example: [bold]outskirts power --personas 64 --replicates 4 --rate 0.2 --width 10[/bold]")
def power(
    scenario: Annotated[str, typer.Option(help="Whose axes and tails.", metavar=_SPEC)] = "support",
    generator: Annotated[str, typer.Option(help="Who places the people.", metavar=_SPEC)] = "default",
    personas: Annotated[int, _option("How many people.", 64, None, "N")] = 64,
    replicates: Annotated[int, _option("How often each person meets the target.", 4, None, "N")] = 4,
    rate: Annotated[float, _option("Failure rate you expect, between 0 and 1.", 0.2, None, "X")] = 0.2,
    icc: Annotated[float, _option("Share of what varies that lies between people alike in traits, from 0 to 1.", 0.3, None, "X")] = 0.3,
    against_rate: Annotated[
        float | None, _option("Failure rate of another version, from 0 to 1: people that a comparison needs.", None, None, "X")
    ] = None,
    difference: Annotated[float | None, _option("The same by how much more it fails: 0.1, or 10 points.", None, None, "X")] = None,
    agreement: Annotated[
        float, _option("Share of replicates in which both versions meet the same chance, from 0 to 1.", 0, None, "X")
    ] = 0.0,
    width: Annotated[float | None, _option("Wanted width of the interval from end to end: 0.1, or 10 points.", None, None, "X")] = None,
    slices: Annotated[bool, typer.Option("--slices/--no-slices", help="Simulate the search for groups too.")] = True,
    studies: Annotated[int, _option("Studies simulated of each kind, 20 or more; a quarter of them search.", 400, None, "N")] = 400,
    seed: Annotated[int, _option("Same seed, same answer.", 0, None, "N")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as a JSON object.")] = False,
) -> None:
    """Say what a budget can find before it is spent, and how many people a wanted width or difference needs."""
    from .power.budget import Budget, other_rate, wanted_share
    from .power.view import show_power

    budget = Budget(
        scenario=scenario,
        generator=generator,
        personas=personas,
        replicates=replicates,
        rate=rate,
        icc=icc,
        against=other_rate(rate, against_rate, difference),
        agreement=agreement,
        width=None if width is None else wanted_share(width, "width"),
        studies=studies,
        slices=slices,
        seed=seed,
    )
    show_power(budget, as_json, exits.console())


@app.command("list", epilog="Example: [bold]outskirts list targets[/bold]")
def list_names(
    what: Annotated[
        Literal["scenarios", "targets", "generators", "judges", "players", "respondents"] | None,
        typer.Argument(help="One kind only.", show_default=False),
    ] = None,
) -> None:
    """List what can be named, and the options that go with it as name?option=value&..."""
    from .screen.listing import show_names

    show_names(what, exits.console())


@app.command(epilog="Example: [bold]outskirts doctor[/bold]")
def doctor() -> None:
    """Say what this machine offers: cores, versions, writable folder, tracking store, keys by name."""
    from rich.markup import escape

    from .doctor import examine

    checks = examine(Path.cwd(), os.environ)
    colour = {"ok": "green", "note": "yellow", "wrong": "red"}
    for check in checks:
        exits.console().print(f"[{colour[check.state]}]{check.state:<6}[/] {check.name:<15}{escape(check.found)}", soft_wrap=True)
    raise typer.Exit(exits.WRONG_INPUT if any(c.state == "wrong" for c in checks) else exits.DONE)


def _run_directory(directory: Path) -> None:
    from ..sim.errors import InputError

    if not directory.is_dir():
        raise InputError("DIR", "a run directory", str(directory), "There is no such folder.")
    exits.note_directory(directory)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status; the console script's entry point."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return exits.call(lambda: app(args=given, prog_name="outskirts", standalone_mode=False))


if __name__ == "__main__":
    sys.exit(main())
