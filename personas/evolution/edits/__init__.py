"""Changes of programs that need no language model: edits of the syntax tree."""
