"""The lexical stand-ins: a reader, a respondent and a player that need no weights, no key and no network."""

from __future__ import annotations

from .lexical_player import LexicalPlayer
from .lexical_reader import LexicalReader
from .lexical_respondent import LexicalRespondent
from .lexical_settings import LexicalSettings

__all__ = ["LexicalPlayer", "LexicalReader", "LexicalRespondent", "LexicalSettings"]
