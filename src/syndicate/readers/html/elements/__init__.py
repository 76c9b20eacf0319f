"""Reads the elements of a page: each kind of element becomes blocks of the article."""
