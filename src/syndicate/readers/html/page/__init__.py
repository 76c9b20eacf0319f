"""Finds the article on a page: its element, and the boilerplate inside it."""
