"""Questionnaires as things: files of one's own, the shipped suite of contexts, published instruments, checks of wording."""
