"""Durable episodes: one SQLite file a run, written in groups."""
