"""Feeds: RSS, Atom, JSON Feed and OPML, one module each, on what they share (`adapter.py`)."""
