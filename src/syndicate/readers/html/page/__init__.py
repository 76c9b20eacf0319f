"""Finds the article on a page: its element, and what in it belongs to the page."""
