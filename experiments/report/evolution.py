"""The page of an evolution: progress of every arm, where the champion comes from, tables, the program itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...personas.evolution.candidate import Candidate
from ...personas.evolution.objectives import OBJECTIVES
from ...sim.files import write_atomic
from ..population.benchmark import Benchmark
from ..screen.wording import STAND_IN, sentence
from .parts import embedded, plotly, policy, template, text_of
from .pictures import label

if TYPE_CHECKING:
    from ..evolution.result import ArmResult, EvolutionResult

FILE = "evolution.html"
_FIGURES = ("coverage", "dispersion", "slope", "r2", "distinct")


def write_page(found: EvolutionResult, candidates: Mapping[str, Candidate], program: str, directory: Path) -> Path:
    """Write the page and return its path.

    Args:
        found: What came of it.
        candidates: Every program of the search, by id.
        program: The champion's source.
        directory: Where it goes.
    """
    path = directory / FILE
    write_atomic(path, page(found, candidates, program))
    return path


def page(found: EvolutionResult, candidates: Mapping[str, Candidate], program: str) -> str:
    """Return the whole page, self-contained."""
    line = [found.lineage.seed, *(step.id for step in found.lineage.steps)]
    data = {"progress": [_progress(metric, found.arms) for metric in found.metrics], "tree": tree(candidates, line)}
    scripts = [plotly(), text_of("plots.js"), text_of("tables.js"), text_of("evolution.js")]
    return template("evolution.html").render(
        found=found,
        stand_in=sentence(STAND_IN),
        policy=policy(scripts),
        scripts=scripts,
        style=text_of("style.css"),
        data=embedded(data),
        ranks=sorted(found.mean_ranks.items(), key=lambda pair: pair[1]),
        meanings={name: OBJECTIVES[name].meaning for name in found.metrics},
        tables=[_table(name, table) for name, table in found.tables.items()],
        figures=_FIGURES,
        yields=found.search.rows[-1].yields if found.search.rows else (),
        program=program,
    )


def _progress(metric: str, arms: Sequence[ArmResult]) -> dict[str, Any]:
    """Return the best value of one metric by generation, for every arm."""
    objective = OBJECTIVES[metric]
    return {
        "name": label(metric.replace("_", " ")) + (" (down)" if objective.direction == "down" else ""),
        "arms": [
            {"name": label(arm.name), "x": [row.generation for row in arm.rows], "y": [row.best.get(metric) for row in arm.rows]}
            for arm in arms
        ],
    }


def tree(candidates: Mapping[str, Candidate], line: Sequence[str]) -> dict[str, Any]:
    """Return every program as a mark by generation, joined with its first parent; the champion's line apart.

    Args:
        candidates: By id.
        line: Ids from the champion's seed to the champion.
    """
    import networkx as nx

    graph = nx.DiGraph()
    for one in candidates.values():
        graph.add_node(one.id, generation=one.generation)
    graph.add_edges_from((one.parents[0], one.id) for one in candidates.values() if one.parents)
    height = _heights(graph, list(candidates))
    on_line = set(line)
    marks = [
        {
            "x": one.generation,
            "y": height[one.id],
            "family": label(one.family),
            "text": label(f"{one.id} {one.mutator}: {one.edit or one.family}", 90),
            "line": one.id in on_line,
        }
        for one in candidates.values()
    ]
    edges = [
        {
            "x": [graph.nodes[a]["generation"], graph.nodes[b]["generation"]],
            "y": [height[a], height[b]],
            "line": a in on_line and b in on_line,
        }
        for a, b in graph.edges
    ]
    return {"marks": marks, "edges": edges}


def _heights(graph: Any, order: Sequence[str]) -> dict[str, float]:
    """Return where each program stands: families one above the other, children beside their first parent, no two at one place."""
    import networkx as nx

    height: dict[str, float] = {}
    roots = [id for id in order if graph.in_degree(id) == 0]
    place = 0.0
    for root in roots:
        leaves = 0
        for id in nx.dfs_postorder_nodes(graph, root):
            below = [height[child] for child in graph.successors(id)]
            if below:
                height[id] = sum(below) / len(below)
            else:
                height[id] = place + leaves
                leaves += 1
        place += leaves + 1
    return height


def _table(name: str, table: Benchmark) -> dict[str, Any]:
    """Return a table's rows, figures with their ends."""
    return {
        "name": name.replace("_", " "),
        "about": f"{len(table.contexts)} contexts, {table.people} people, {table.runs} runs, answered by {table.respondent}",
        "several": len(table.contexts) > 1 or len(table.seeds) > 1,
        "rows": [{"name": row.generator, **{figure: row.figures[figure] for figure in _FIGURES}} for row in table.rows],
    }
