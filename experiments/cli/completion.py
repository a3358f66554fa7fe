"""What the shell offers behind an option: the names that ``outskirts list`` shows, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..naming.spec import Role

Offered = list[tuple[str, str]]
"""Words to complete to, with what they mean."""

_ALSO = {
    "shuffled": "the same people, each with the name and description of another",
    "single_persona": "one person in place of all",
    "none": "no control",
}


def names_of(role: Role) -> Callable[[str], Offered]:
    """Return what completes a SPEC of a role; where nothing fits the shell offers files.

    Args:
        role: Whose registered names.
    """

    def complete(incomplete: str) -> Offered:
        return [(name, line) for name, line in _registered(role).items() if name.startswith(incomplete)]

    return complete


def controls(incomplete: str) -> Offered:
    """Complete the last of several targets, divided by commas.

    Args:
        incomplete: What stands there so far.
    """
    before, comma, last = incomplete.rpartition(",")
    taken = before.split(",")
    names = _registered("target") | _ALSO
    return [(before + comma + name, line) for name, line in names.items() if name.startswith(last) and name not in taken]


def questionnaires(incomplete: str) -> Offered:
    """Complete the name of a published instrument or a context of the suite.

    Args:
        incomplete: What stands there so far.
    """
    from ..naming.questionnaires import described

    return [(name, line) for name, line in described().items() if name.startswith(incomplete)]


def _registered(role: Role) -> dict[str, str]:
    from ..naming.registered import REGISTRY

    return {entry.name: entry.description for entry in REGISTRY[role].values()}
