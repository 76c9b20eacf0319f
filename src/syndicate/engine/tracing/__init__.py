"""Finds words in what was published."""
