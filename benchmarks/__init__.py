"""Figures of speed, printed as JSON. Timings are noisy: compare only what ran in the same round."""
