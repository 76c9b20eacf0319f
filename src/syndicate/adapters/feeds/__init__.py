"""Feeds: one module each for RSS, Atom, JSON Feed and OPML; `adapter.py` has what they share."""
