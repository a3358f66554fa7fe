"""Changes of programs that a language model proposes."""
