"""Targets that are somewhere else: behind an address, in a process, in a provider's package."""
