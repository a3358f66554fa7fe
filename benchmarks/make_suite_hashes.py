"""Record the hashes of the suite's contexts: ``python -m benchmarks.make_suite_hashes``, once, when contexts are added.

A changed hash makes every figure on the suite incomparable with the ones before; say so in CHANGELOG.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import outskirts.personas
from outskirts.personas.questionnaires.suite import found_hashes


def main() -> None:
    """Write ``personas/data/suite/hashes.json``."""
    path = Path(outskirts.personas.__path__[0]) / "data" / "suite" / "hashes.json"
    path.write_text(json.dumps(found_hashes(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
