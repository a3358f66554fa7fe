"""One file a peer: ``load(null, options)`` imports the peer and returns what plays its conversations.

Each is run by the peer's own interpreter under ``worker.py``, imports nothing of Outskirts (but for Outskirts' own), and uses the peer's public
interface as its documentation does.
"""
