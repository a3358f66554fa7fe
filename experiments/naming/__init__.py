"""How everything pluggable is named: the SPEC grammar, what is registered, the user's own code."""
