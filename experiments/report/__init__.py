"""The report: one self-contained HTML file for a run, readable without a network.

Example:
    ::

        path = write_report(Path("runs/demo"))
"""

from .writer import FILE, write_report

__all__ = ["FILE", "write_report"]
