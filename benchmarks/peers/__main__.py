"""Play the same null conversation through Outskirts and its peers, and print what a turn costs in each.

Eight turns, one constant line on each side, no language model and no network beyond loopback. Each peer has an environment of its own, which uv
makes once from PyPI with exact versions; readings of all alternate, so that the machine's drift hits all alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from contextlib import ExitStack
from pathlib import Path

from .catalogue import PEERS
from .places import default_folder
from .rounds import CROWDS, WAIT, Bench
from .table import markdown

EXAMPLES = """examples:
  python -m benchmarks.peers                                     every peer, five rounds
  python -m benchmarks.peers --only verifiers deepeval           these two, beside Outskirts
  python -m benchmarks.peers --rounds 9 --throughput-rounds 0    cost alone, more rounds
  python -m benchmarks.peers --folder /tmp/peers --json out.json environments elsewhere, figures as JSON too
"""


def main() -> None:
    """Run the benchmark."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__, epilog=EXAMPLES, formatter_class=form)
    adapters = list(dict.fromkeys(peer.adapter for peer in PEERS))
    parser.add_argument("--only", nargs="+", choices=adapters, default=adapters, metavar="PEER", help=", ".join(adapters))
    parser.add_argument("--rounds", type=int, default=5, help="readings of the cost (default: 5)")
    parser.add_argument("--throughput-rounds", type=int, default=3, help="readings of the throughput (default: 3)")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds that one reading may take (default: 120)")
    parser.add_argument(
        "--folder", type=Path, default=default_folder(), help=f"where the environments are kept (default: {default_folder()})"
    )
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    given = parser.parse_args()
    if given.rounds < 1 or given.throughput_rounds < 0 or given.limit <= 0:
        parser.error("--rounds must be at least 1, --throughput-rounds at least 0, --limit above 0")
    peers = [peer for peer in PEERS if peer.adapter in {"outskirts", *given.only}]
    loads = [os.getloadavg()[0]]
    bench = Bench(peers, given.limit)
    given.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        bench.start(given.folder.resolve(), stack)
        for round_ in range(given.rounds):
            bench.cost(round_)
            loads.append(os.getloadavg()[0])
        for round_ in range(given.throughput_rounds):
            bench.throughput(round_)
    rows = bench.rows()
    settled = bench.settled()
    machine = (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, Python {platform.python_version()}; load average {min(loads):.1f}-{max(loads):.1f}; "
        f"medians of {given.rounds} rounds (throughput {given.throughput_rounds}, a target that takes {WAIT:g} s) with least and greatest."
    )
    print(markdown(rows, list(CROWDS) if given.throughput_rounds else [], settled, machine))
    if given.json is not None:
        reached = [one.model_dump() | {"reached": one.reached} for one in settled]
        whole = {"machine": machine, "loads": loads, "rows": [row.model_dump() for row in rows], "against_best_peer": reached}
        given.json.write_text(json.dumps(whole, indent=2) + "\n")


main()
