"""Minds: targets, persona players, respondents, judges."""
