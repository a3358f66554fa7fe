"""Structured people: a hidden cognitive conceptualization diagram under a surface style, told part by part."""
