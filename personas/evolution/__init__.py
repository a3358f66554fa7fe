"""Evolution of generator programs: ask for candidates, measure them elsewhere, tell what they scored."""
