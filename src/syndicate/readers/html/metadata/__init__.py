"""Finds what a page says about its article: headline, authors, dates."""
