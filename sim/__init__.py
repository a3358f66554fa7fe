"""The kernel: contracts, errors, seeds, limits, the one episode loop, replay, the conformance kit."""
