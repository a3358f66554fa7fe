"""The same null conversation through Outskirts and its peers, each in an environment of its own."""
