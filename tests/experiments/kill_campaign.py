"""Runs a set of jobs in child processes that are killed at random moments until enough were, then lets one finish.

    python kill_campaign.py DIRECTORY EPISODES KILLS SEED

Prints JSON: how many children were killed, and the keys that each had acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from fakes_store import FakeJob, jobs, make_record

from outskirts.experiments.scheduler import run_jobs
from outskirts.experiments.store.store import RunStore, StoreWriter
from outskirts.sim.types import EpisodeRecord, Verdict

CONCURRENCY = 16


async def play(job: FakeJob) -> EpisodeRecord:
    """Some milliseconds, as the key says; one episode of 16 always ends in a fault."""
    for digit in job.key[:4]:
        await asyncio.sleep(int(digit, 16) / 2000)
    return make_record(job.key, Verdict.INFRASTRUCTURE if job.key[5] == "0" else Verdict.PASSED)


def session(directory: Path, episodes: int, acknowledge: int) -> None:
    """Play what is missing; write each key to the file descriptor once the episode is durable."""
    with RunStore.resume(directory, "config") as store, StoreWriter(store) as writer:
        done = store.done("main")
        missing = [job for job in jobs(episodes) if job.key not in done]
        tell = lambda job, record: os.write(acknowledge, job.key.encode() + b"\n")  # noqa: E731
        asyncio.run(run_jobs(missing, play, writer.put, concurrency=CONCURRENCY, progress=tell, patience=10_000))


def killed_session(directory: Path, episodes: int, after: float, from_first: bool = False) -> tuple[bool, list[str]]:
    """Run a session in a child and kill it so many seconds after its start, or after its first acknowledgement.

    Returns whether the signal met it alive, and the keys that it acknowledged.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        session(directory, episodes, writing)
        os._exit(0)
    os.close(writing)
    deadline, heard = time.monotonic() + (60.0 if from_first else after), b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            deadline = time.monotonic() + 60
            continue
        chunk = os.read(reading, 65536)
        if not chunk:
            break
        if from_first and not heard:
            deadline = time.monotonic() + after
        heard += chunk
    os.close(reading)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"a session failed by itself with status {status}")
    return killed, heard.decode().split()


def main(directory: Path, episodes: int, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    killed, heard = 0, []
    while killed < kills and len(heard) < 10 * kills:  # a session that ends by itself has no kill to show
        hit, keys = killed_session(directory, episodes, rng.uniform(0.0, 0.1), from_first=len(heard) % 2 == 0)
        killed += hit
        heard.append(keys)
    ended, keys = killed_session(directory, episodes, 60.0)
    json.dump({"killed": killed, "acknowledged": [*heard, keys], "ended": not ended}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
