"""Driving evolution: who measures, in which processes, what is written, and what the result is held against."""
