"""Wrappers of the conversation environment, one behaviour each; a stack of them is rebuilt from a spec (:mod:`.stack`)."""
