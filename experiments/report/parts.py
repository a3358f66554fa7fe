"""What every page is put together from: the template engine, plotly, data that cannot end its script, a policy for the browser."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ..screen.wording import p_words, sentence
from . import words

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def embedded(value: object) -> str:
    r"""Return JSON that can stand inside a script element whatever text it holds.

    Example:
        >>> embedded({"a": "</script>"})
        '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(_ESCAPES.get(character, character) for character in text)


def policy(scripts: Sequence[str]) -> str:
    """Return a content security policy: no request leaves the page, and no script runs but these."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"


@lru_cache(maxsize=1)
def plotly() -> str:
    """Return plotly.js, as the installed plotly ships it. It must not hold what would end a script element."""
    text = files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def text_of(name: str) -> str:
    """Return a file of this folder."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, loader=FunctionLoader(text_of)
    )
    environment.globals.update(w=words, p_words=p_words, sentence=sentence)
    return environment


def template(name: str) -> Template:
    """Return one of the templates of this folder."""
    return _environment().get_template(name)
