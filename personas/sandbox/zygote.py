"""The process that all children are forked from: warm, empty of anything worth stealing, and single-threaded."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from . import frames
from .confine import CHANNEL, Confinement, hide, load_libc
from .policy import allowed
from .program import Child

MESSAGE = 1 << 16
"""Longest message on the control socket."""

_GLANCE = 0.25  # seconds between looks at whether the parent lives
_WARM = ("json", "random", "math", "re", "itertools", "functools", "collections", "statistics", "string", "typing", "dataclasses")


def main(control: int, package: str, without: str, die_with_parent: str) -> None:
    """Warm up, say what this machine offers, and fork a child for each call until the parent is gone.

    Args:
        control: Descriptor of the control socket, one message a packet.
        package: Folder of this package.
        without: Layers to do without, joined by commas.
        die_with_parent: "1" to be killed with the thread that started this process.
    """
    parent = os.getppid()
    hide(load_libc(), die_with_parent=die_with_parent == "1")
    os.chdir("/")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end = socket.socket(fileno=control)
    confinement = Confinement(Path(package), frozenset(filter(None, without.split(","))))
    _warm_up()
    os.dup2(0, 2)
    end.send(json.dumps({"offered": confinement.offered, "absent": confinement.absent}).encode())
    while True:
        if select.select([end], [], [], _GLANCE)[0]:
            message, received, _, _ = socket.recv_fds(end, MESSAGE, 1)
            if not message:
                return
            _handle(end, json.loads(message), received, confinement)
        elif os.getppid() != parent:
            return


def _warm_up() -> None:
    """Import what every program needs; the kit and scipy, which make forks dearer, come with the first program that asks for them."""
    for name in (*_WARM, "numpy", "numpy.random"):
        import_module(name)
    _settle()


def _settle() -> None:
    """Keep the collector away from what is shared, so that children do not copy it."""
    gc.disable()
    gc.collect()
    gc.freeze()


def _handle(end: socket.socket, order: Mapping[str, Any], received: list[int], confinement: Confinement) -> None:
    if "reap" in order:
        _, status, used = os.wait4(order["reap"], 0)
        if not order["quiet"]:
            end.send(json.dumps({"status": status, "cpu": used.ru_utime + used.ru_stime}).encode())
        return
    new = [name for name in order["modules"] if allowed(name) and name not in sys.modules]
    for name in new:
        with suppress(ImportError):  # the child will say so itself
            import_module(name)
    if new:
        _settle()
    zygote = os.getpid()
    child = os.fork()
    if child == 0:
        _be_a_child(received[0], bytes.fromhex(order["job"]), zygote, order["limits"], confinement)
    for descriptor in received:
        os.close(descriptor)
    end.send(json.dumps({"pid": child}).encode())


def _be_a_child(channel: int, job: bytes, zygote: int, limits: Mapping[str, Any], confinement: Confinement) -> None:
    """Confine this process, run the program, and never return."""
    try:
        try:
            confinement.apply(channel, zygote, limits)
        except BaseException as error:
            for descriptor in {channel, CHANNEL}:
                with suppress(OSError):  # one of them leads to the parent, whichever step failed
                    frames.send(descriptor, job, frames.UNCONFINED, str(error)[:200].encode("utf-8", "replace"))
            os._exit(1)
        gc.enable()
        Child(CHANNEL, job).serve()
    finally:
        os._exit(0)
