"""Rates, tails and differences, with the estimand each interval belongs to."""
