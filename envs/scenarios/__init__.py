"""Scenarios: one file of declared data each."""
