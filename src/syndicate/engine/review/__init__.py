"""Drafts, and what people decide about them."""
