"""The site of a folder: its pages, an index where it holds several runs, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from ...sim.errors import InputError
from .index import found_runs, index_page

SERVED = frozenset({".html", ".json", ".jsonl"})
"""Endings of the files that are served; the store, the log and the settings are not."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with everything: no page asks anything of anybody, and none is shown inside another."""

_LOOPBACK = ("127.0.0.1", "localhost")
_TYPES = {".html": "text/html", ".json": "application/json", ".jsonl": "text/plain"}


def site(root: Path) -> web.Application:
    """Return the application that serves a folder; bind it to 127.0.0.1.

    Only requests that were addressed to a loopback name are answered, so that a page elsewhere whose name is made to
    point here (DNS rebinding) reads nothing. No file outside the folder is served, by whatever path or link.

    Args:
        root: A run directory, or a folder that holds some.

    Raises:
        InputError: If it holds no page.
    """
    root = root.resolve()
    if not found_runs(root):
        summary = (root / "summary.json").is_file()
        hint = f"Write one: outskirts report {root}" if summary else f"Play a run: outskirts run --out {root / 'demo'}"
        raise InputError("DIR", "a folder with a report, or with run directories that have one", str(root), hint)

    async def home(request: web.Request) -> web.StreamResponse:
        runs = found_runs(root)
        if len(runs) == 1:
            raise web.HTTPFound(runs[0].address)
        return web.Response(text=index_page(root, runs), content_type="text/html", charset="utf-8")

    async def file(request: web.Request) -> web.StreamResponse:
        path = inside(root, request.match_info["path"])
        if path is None:
            raise web.HTTPNotFound(text="There is no such page.\n")
        body = await asyncio.to_thread(path.read_bytes)  # no FileResponse, which would send a link named FILE.gz in its place
        return web.Response(body=body, content_type=_TYPES[path.suffix], charset="utf-8")

    application = web.Application(middlewares=[_loopback_only])
    application.on_response_prepare.append(_add_headers)
    application.router.add_get("/", home)
    application.router.add_get("/{path:.+}", file)
    return application


def inside(root: Path, name: str) -> Path | None:
    """Return the file that a path names, if it is one of those served and lies in the folder once every link is followed.

    Args:
        root: The folder, resolved.
        name: The path of the request, decoded.
    """
    try:
        path = (root / name).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(root) and path.suffix in SERVED and path.is_file() else None


@web.middleware
async def _loopback_only(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    own = request.transport.get_extra_info("sockname") if request.transport else None
    allowed = {f"{name}:{own[1]}" for name in _LOOPBACK} if own else set()
    if request.headers.get("Host", "").lower() not in allowed:
        raise web.HTTPForbidden(text="This address answers to 127.0.0.1 and localhost only.\n")
    return await handler(request)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
