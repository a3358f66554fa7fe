"""The command that improves programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .. import exits
from .app import app
from .options import PRICES, SPEC, Unsafe, option

_SEARCH, _MEASURE, _OUTPUT = "The search", "How programs are measured", "Where and how it runs"


@app.command(
    epilog="Example: [bold]outskirts evolve --generations 20 --out runs/evolved[/bold]   then "
    "[bold]outskirts run --generator runs/evolved/champion.py[/bold]"
)
def evolve(
    context: typer.Context,
    experiment: Annotated[
        Path | None, typer.Argument(help="YAML file; its keys are the long options with underscores.", show_default=False)
    ] = None,
    generations: Annotated[int | None, option("Generations of children.", 5, _SEARCH, "N")] = None,
    children: Annotated[int | None, option("Programs a generation.", 6, _SEARCH, "N")] = None,
    islands: Annotated[int | None, option("Islands; each keeps one elite a metric.", 4, _SEARCH, "N")] = None,
    metrics: Annotated[
        str | None,
        option(
            "What programs are elites of, kept apart.", "coverage,dispersion,hull_volume,min_distance,slope,distinct", _SEARCH, "NAME,NAME"
        ),
    ] = None,
    mutator: Annotated[
        list[str] | None,
        option("structural (no model), or the SPEC of a language model that edits; may be repeated.", "structural", _SEARCH, SPEC),
    ] = None,
    programs: Annotated[
        list[str] | None, option("A seed program; may be repeated, three or more that differ.", "the shipped five", _SEARCH, "FILE.py")
    ] = None,
    extinction: Annotated[int | None, option("Generations between extinctions of the worst islands.", 5, _SEARCH, "N")] = None,
    controls: Annotated[
        str | None, option("Arms to compare with: random edits, shuffled fitness; or none.", "random,shuffled", _SEARCH, "NAME,NAME")
    ] = None,
    respondent: Annotated[
        list[str] | None,
        option(
            "Who answers as the people; may be repeated, then all of them must be pleased.", "lexical", _MEASURE, SPEC, role="respondent"
        ),
    ] = None,
    unseen: Annotated[str | None, option("Who answers at the end only.", "exemplar", _MEASURE, SPEC, role="respondent")] = None,
    personas: Annotated[int | None, option("People a context.", 25, _MEASURE, "N")] = None,
    runs: Annotated[int | None, option("Questionnaire runs a person.", 3, _MEASURE, "N")] = None,
    model: Annotated[str | None, option("A language model that programs may ask for prose.", None, _MEASURE, SPEC)] = None,
    target: Annotated[
        str | None,
        option("Close the loop: failures of this target that careful has not become a metric.", None, _MEASURE, SPEC, role="target"),
    ] = None,
    scenario: Annotated[str | None, option("Where people meet that target.", "support", _MEASURE, SPEC, role="scenario")] = None,
    held_out: Annotated[
        bool | None, option("Look at the held-out contexts at the end; looks are counted.", "on", _MEASURE, name="--held-out/--no-held-out")
    ] = None,
    seed: Annotated[int | None, option("Same seed, same search.", 0, _SEARCH, "N")] = None,
    out: Annotated[str | None, option("Where it is written.", "runs/TIME-evolution", _OUTPUT, "DIR")] = None,
    workers: Annotated[int | None, option("Processes that measure.", 2, _OUTPUT, "N")] = None,
    max_seconds: Annotated[float | None, option("Longest search; what is found by then is judged.", None, _OUTPUT, "X")] = None,
    max_calls: Annotated[int | None, option("Most calls of language models.", None, _OUTPUT, "N")] = None,
    max_cost: Annotated[float | None, option("Most money; the price of every model has to be known.", None, _OUTPUT, "X")] = None,
    prices: Annotated[str | None, option(PRICES, None, _OUTPUT, "FILE")] = None,
    unsafe: Unsafe = None,
    mlflow: Annotated[bool | None, option("Log to MLflow.", "on", _OUTPUT, name="--mlflow/--no-mlflow")] = None,
    quiet: Annotated[bool | None, option("No progress, no table.", None, _OUTPUT, name="--quiet")] = None,
) -> None:
    """Improve programs that write people, until their people cover the axes of contexts the search never saw.

    Programs run in a sandbox. No language model is needed: structural edits change the code, embedded respondents answer.
    The result is a Python file to keep, with its lineage and scores, beside what random edits and shuffled fitness come to.
    """
    from ..evolution.settings import load_settings

    given = {key: value for key, value in context.params.items() if key != "experiment" and value not in (None, [], ())}
    config = load_settings(experiment, given)
    if config.out is not None:
        exits.note_directory(config.out)
    from ..evolution.run import evolve_programs
    from ..screen.console import make_console

    with exits.interruptible():
        result = evolve_programs(config, make_console(quiet=config.quiet), begun=exits.note_directory)
    raise typer.Exit(exits.BUDGET if result.stopped else exits.DONE)
