"""Compares the world with the inventory."""
