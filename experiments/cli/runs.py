"""Commands about runs: play, go on, look at, compare, plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .. import exits
from .app import app
from .completion import controls as complete_controls
from .completion import names_of
from .options import PRICES, SPEC, Directory, Unsafe, existing, holds_evolution, option, run_directory

_WHO, _HOW, _LIMITS, _OUTPUT = "Who meets whom", "How they meet", "Limits (reached: exit 3, resumable)", "Where and how it runs"


@app.command(
    epilog="Example: [bold]outskirts run --target python:bot.py:reply --personas 64 --replicates 4[/bold]   or   "
    '[bold]outskirts run --target "openai:my-model@http://localhost:8000/v1?stream=true" --max-calls 5000[/bold]'
)
def run(
    context: typer.Context,
    experiment: Annotated[
        Path | None, typer.Argument(help="YAML file; its keys are the long options with underscores.", show_default=False)
    ] = None,
    scenario: Annotated[str | None, option("Where they meet.", "support", _WHO, SPEC, role="scenario")] = None,
    target: Annotated[
        str | None,
        option(
            "The system under test: a name, python:bot.py:reply, openai:MODEL@BASE_URL, chat:PROVIDER:MODEL, an http(s) URL, or command:./bot.",
            "eliza",
            _WHO,
            SPEC,
            role="target",
        ),
    ] = None,
    generator: Annotated[
        str | None, option("Who makes the people; a path ending in .py is sandboxed.", "default", _WHO, SPEC, role="generator")
    ] = None,
    unsafe: Unsafe = None,
    people: Annotated[str | None, option("The people of a file instead, one JSON persona a line.", None, _WHO, "FILE")] = None,
    skip_bad: Annotated[
        bool | None, option("Leave out lines of that file that are no persona, and say how many.", None, _WHO, name="--skip-bad")
    ] = None,
    beside: Annotated[
        str | None, option("A second generator: its people meet the target too, shown side by side.", None, _WHO, SPEC, role="generator")
    ] = None,
    against: Annotated[
        str | None,
        option(
            "An earlier run: meet its people, stop once it is decided whether this target is worse (sooner with less --concurrency).",
            None,
            _WHO,
            "DIR",
        ),
    ] = None,
    fail_if_worse: Annotated[
        float | None,
        option("With --against: largest rise that is accepted (else 0.05); exit 1 if worse, 5 if undecided.", None, _WHO, "X"),
    ] = None,
    personas: Annotated[int | None, option("How many people.", 64, _WHO, "N")] = None,
    controls: Annotated[
        str | None,
        typer.Option(
            help="Targets to compare with; shuffled or single_persona: other people; or none. [dim](default careful,mute)[/dim]",
            show_default=False,
            rich_help_panel=_WHO,
            metavar="SPEC,SPEC",
            autocompletion=complete_controls,
        ),
    ] = None,
    group: Annotated[int | None, option("How many people an episode; who sits with whom changes.", "the scenario's", _HOW, "N")] = None,
    replicates: Annotated[int | None, option("How often each person meets the target.", 4, _HOW, "N")] = None,
    turns: Annotated[int | None, option("Most turns an episode.", "the scenario's", _HOW, "N")] = None,
    player: Annotated[str | None, option("Who acts the people.", "lexical", _HOW, SPEC, role="player")] = None,
    respondent: Annotated[str | None, option("Who answers the questionnaire as them.", "lexical", _HOW, SPEC, role="respondent")] = None,
    runs: Annotated[int | None, option("Questionnaire runs a person.", 5, _HOW, "N")] = None,
    judge: Annotated[list[str] | None, option("Who says what happened; may be repeated.", "rules", _HOW, SPEC, role="judge")] = None,
    judge_labels: Annotated[
        str | None, option("Labelled transcripts: the judges' error on them enters the interval.", None, _HOW, "FILE")
    ] = None,
    information: Annotated[
        str | None, option("Who knows whose private facts: private, shared or script.", "private", _HOW, "REGIME")
    ] = None,
    branch: Annotated[
        int | None,
        option(
            "Continue the target's episodes in other ways where that promises new failures, each at most so often; no call for what "
            "was said before. Rates never count them. Example: --replicates 2 --branch 3",
            None,
            _HOW,
            "N",
        ),
    ] = None,
    confirm: Annotated[
        bool | None, option("Try on fresh people what looks like a weak spot.", "on", _HOW, name="--confirm/--no-confirm")
    ] = None,
    seed: Annotated[int | None, option("Same seed, same people, same episodes.", 0, _HOW, "N")] = None,
    max_calls: Annotated[int | None, option("Most calls to targets and models.", None, _LIMITS, "N")] = None,
    max_tokens: Annotated[int | None, option("Most tokens, as far as they are reported.", None, _LIMITS, "N")] = None,
    max_cost: Annotated[float | None, option("Most money; the price of every model has to be known.", None, _LIMITS, "X")] = None,
    max_seconds: Annotated[float | None, option("Longest time.", None, _LIMITS, "X")] = None,
    prices: Annotated[str | None, option(PRICES, None, _LIMITS, "FILE")] = None,
    max_episode_calls: Annotated[int | None, option("Most calls an episode; one that needs more is left.", None, _LIMITS, "N")] = None,
    max_episode_tokens: Annotated[int | None, option("Most tokens an episode.", None, _LIMITS, "N")] = None,
    max_episode_cost: Annotated[float | None, option("Most money an episode.", None, _LIMITS, "X")] = None,
    episode_timeout: Annotated[float | None, option("Seconds an episode may be played.", None, _LIMITS, "X")] = None,
    target_timeout: Annotated[float | None, option("Seconds a reply may take.", 60, _LIMITS, "X")] = None,
    out: Annotated[str | None, option("Run directory.", "runs/TIME-SCENARIO", _OUTPUT, "DIR")] = None,
    executor: Annotated[
        str | None, option("Where episodes are played: local (this process) or processes.", "local", _OUTPUT, "NAME")
    ] = None,
    workers: Annotated[int | None, option("Processes of that executor.", 2, _OUTPUT, "N")] = None,
    concurrency: Annotated[int | None, option("Episodes at once in a process.", 64, _OUTPUT, "N")] = None,
    cache: Annotated[
        str | None,
        option("Keep replies of players, judges and respondents here; or off. No repeat is answered from it.", "off", _OUTPUT, "DIR"),
    ] = None,
    mlflow: Annotated[bool | None, option("Log to MLflow.", "on", _OUTPUT, name="--mlflow/--no-mlflow")] = None,
    persona_metrics: Annotated[int | None, option("Most people with an MLflow metric of their own.", 1000, _OUTPUT, "N")] = None,
    traces: Annotated[int | None, option("Most episodes logged as MLflow traces.", 50, _OUTPUT, "N")] = None,
    quiet: Annotated[bool | None, option("No progress, no table.", None, _OUTPUT, name="--quiet")] = None,
    full: Annotated[
        bool | None, option("Every table in a terminal; into a file or pipe they always go.", None, _OUTPUT, name="--full")
    ] = None,
) -> None:
    """Let people meet a target, and say whom it fails."""
    from ..config import load_config

    given = {key: value for key, value in context.params.items() if key != "experiment" and value not in (None, [], ())}
    config = load_config(experiment, given)
    if config.out is not None:
        exits.note_directory(config.out)
    from ..screen.console import make_console
    from ..study import run_study

    with exits.interruptible():
        result = run_study(config, make_console(), begun=exits.note_directory)
    raise typer.Exit(result.exit_status)


@app.command(epilog="Example: [bold]outskirts resume runs/demo --max-calls 20000[/bold]")
def resume(
    context: typer.Context,
    directory: Directory,
    max_calls: Annotated[int | None, option("Most calls in all, replacing the old ceiling.", None, _LIMITS, "N")] = None,
    max_tokens: Annotated[int | None, option("Most tokens in all.", None, _LIMITS, "N")] = None,
    max_cost: Annotated[float | None, option("Most money in all.", None, _LIMITS, "X")] = None,
    max_seconds: Annotated[float | None, option("Longest time in all.", None, _LIMITS, "X")] = None,
    prices: Annotated[str | None, option(PRICES, None, _LIMITS, "FILE")] = None,
    max_episode_calls: Annotated[int | None, option("Most calls an episode.", None, _LIMITS, "N")] = None,
    max_episode_tokens: Annotated[int | None, option("Most tokens an episode.", None, _LIMITS, "N")] = None,
    max_episode_cost: Annotated[float | None, option("Most money an episode.", None, _LIMITS, "X")] = None,
    episode_timeout: Annotated[float | None, option("Seconds an episode may be played.", None, _LIMITS, "X")] = None,
    quiet: Annotated[bool | None, option("No progress, no table.", None, _OUTPUT, name="--quiet")] = None,
    full: Annotated[bool | None, option("Every table in a terminal.", None, _OUTPUT, name="--full")] = None,
) -> None:
    """Go on with a run that was stopped; only what is missing is run, what was spent is kept."""
    from ..config import load_config

    given = {key: value for key, value in context.params.items() if key != "directory" and value is not None}
    load_config(None, given)
    existing(directory)
    from ..screen.console import make_console

    with exits.interruptible():
        if holds_evolution(directory):
            from ..evolution.run import resume_evolution

            given = {key: value for key, value in given.items() if key not in ("quiet", "full")}
            ended = resume_evolution(directory, given, make_console())
            raise typer.Exit(exits.BUDGET if ended.stopped else exits.DONE)
        from ..study import resume_study

        result = resume_study(directory, given, make_console())
    raise typer.Exit(result.exit_status)


@app.command(epilog="Example: [bold]outskirts omniscience circle.yaml --out runs/gap[/bold]   (run again, it plays only what is missing)")
def omniscience(
    experiment: Annotated[
        Path, typer.Argument(help="YAML file of an experiment with two people or more in an episode.", show_default=False)
    ],
    out: Annotated[Path | None, option("Where the three runs go.", "runs/TIME-omniscience", _OUTPUT, "DIR")] = None,
    quiet: Annotated[bool, option("No progress, no table.", None, _OUTPUT, name="--quiet")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Say how much a simulator that knows everybody's secrets changes the verdict.

    The same people and seeds are played in three regimes: private (each knows its own), shared (people know each other's)
    and script (one author writes them all). Printed are the gap (script - private), its knowledge part (shared - private) and its
    authoring part (script - shared), with paired intervals, and a simulation card for each regime.
    """
    from ..config import load_config
    from ..omniscience import check_regimes, compare_regimes, regime_runs
    from ..rundir import free_name
    from ..screen.console import make_console
    from ..screen.omniscience import show_omniscience
    from ..study import play_or_go_on

    config = load_config(experiment, {"quiet": True} if quiet or as_json else {})
    scenario = check_regimes(config)
    console = make_console(quiet=as_json)
    directory = out or free_name("omniscience")
    with exits.interruptible():
        for run in regime_runs(config, directory):
            played = play_or_go_on(run, console)
            if played.stopped is not None:
                again = f"outskirts omniscience {experiment} --out {directory}"
                exits.warn(f"{run.information}: stopped before every episode was played ({played.stopped}); go on with: {again}")
                raise typer.Exit(played.exit_status)
    found = compare_regimes(config, scenario, directory)
    if as_json:
        typer.echo(found.to_json())
    elif not config.quiet:
        show_omniscience(found, console)


@app.command(epilog="Example: [bold]outskirts report runs/demo[/bold]")
def report(directory: Directory) -> None:
    """Write the report of a run again, and log to MLflow what could not be logged before."""
    run_directory(directory)
    from ..finish import publish_again, tracking_words

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
    run_directory(directory)
    from ..screen.replay import show_episode

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
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the comparison as a page too, self-contained.", show_default=False)
    ] = None,
) -> None:
    """Compare two runs over the same people and seeds, pair by pair."""
    from ...sim.errors import InputError
    from ..comparison import compare_runs
    from ..screen.comparison import show_comparison

    if fail_if_worse is not None and not 0 <= fail_if_worse <= 1:
        raise InputError("fail_if_worse", "a number from 0 to 1", fail_if_worse)
    if html is not None and (html.is_dir() or not html.parent.is_dir()):
        raise InputError("html", "a file in a folder that is there", str(html))
    found = compare_runs(directory_a, directory_b, fail_if_worse)
    if as_json:
        exits.console().print(found.to_json(), soft_wrap=True, markup=False)
    else:
        show_comparison(found, exits.console())
    if html is not None:
        from ..report.comparison import write_comparison

        write_comparison(found, html)
        if not as_json:
            exits.console().print(f"page: {html}", soft_wrap=True, markup=False)
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
    run_directory(directory)
    from ..store.export import export as write

    exits.console().print(
        f"episodes: {write(directory, format or ('parquet' if out is not None and out.suffix == '.parquet' else 'jsonl'), out)}",
        soft_wrap=True,
        markup=False,
    )


@app.command(
    epilog="Example: [bold]outskirts label runs/demo --n 100 --out labels.jsonl[/bold]   (fill it in; then: run --judge-labels labels.jsonl)"
)
def label(
    directory: Directory,
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write, one JSON object a line.", show_default=False)],
    n: Annotated[int, option("How many episodes, drawn at random.", 100, None, "N")] = 100,
    seed: Annotated[int, option("Same seed, same draw.", 0, None, "N")] = 0,
) -> None:
    """Write episodes for a person to label, without what the judges said of them."""
    run_directory(directory)
    from ..label_sheet import write_sheet

    written = write_sheet(directory, out, n, seed)
    exits.console().print(f"{written:,} episodes to label: {out}", soft_wrap=True, markup=False)


@app.command(epilog="Example: [bold]outskirts power --personas 64 --replicates 4 --rate 0.2 --width 10[/bold]")
def power(
    scenario: Annotated[str, typer.Option(help="Whose axes and tails.", metavar=SPEC, autocompletion=names_of("scenario"))] = "support",
    generator: Annotated[str, typer.Option(help="Who places the people.", metavar=SPEC, autocompletion=names_of("generator"))] = "default",
    unsafe: Unsafe = None,
    personas: Annotated[int, option("How many people.", 64, None, "N")] = 64,
    replicates: Annotated[int, option("How often each person meets the target.", 4, None, "N")] = 4,
    rate: Annotated[float, option("Failure rate you expect, between 0 and 1.", 0.2, None, "X")] = 0.2,
    icc: Annotated[float, option("Share of what varies that lies between people alike in traits, from 0 to 1.", 0.3, None, "X")] = 0.3,
    against_rate: Annotated[
        float | None, option("Failure rate of another version, from 0 to 1: people that a comparison needs.", None, None, "X")
    ] = None,
    difference: Annotated[float | None, option("The same by how much more it fails: 0.1, or 10 points.", None, None, "X")] = None,
    agreement: Annotated[
        float, option("Share of replicates in which both versions meet the same chance, from 0 to 1.", 0, None, "X")
    ] = 0.0,
    width: Annotated[float | None, option("Wanted width of the interval from end to end: 0.1, or 10 points.", None, None, "X")] = None,
    slices: Annotated[bool, typer.Option("--slices/--no-slices", help="Simulate the search for groups too.")] = True,
    studies: Annotated[int, option("Studies simulated of each kind, 20 or more; a quarter of them search.", 400, None, "N")] = 400,
    seed: Annotated[int, option("Same seed, same answer.", 0, None, "N")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as a JSON object.")] = False,
) -> None:
    """Say what a budget can find before it is spent, and how many people a wanted width or difference needs."""
    from ..power.budget import Budget, other_rate, wanted_share
    from ..power.view import show_power

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
        unsafe=bool(unsafe),
    )
    show_power(budget, as_json, exits.console())
