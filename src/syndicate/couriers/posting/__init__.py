"""Posting threads: what the couriers of X, Mastodon and Bluesky share."""
