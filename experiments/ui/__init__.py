"""Reports of runs in a browser, and MLflow's own pages beside them, on this machine only."""

from .serve import serve

__all__ = ["serve"]
