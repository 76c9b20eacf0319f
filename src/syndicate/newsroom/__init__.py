"""The newsroom: finding its root, reading its settings, choosing articles for channels."""

from syndicate.newsroom.newsroom import Channel, Newsroom, find_root, load_newsroom
from syndicate.newsroom.select import Select, Selectable, public
from syndicate.newsroom.starter import starter

__all__ = [
    "Channel",
    "Newsroom",
    "Select",
    "Selectable",
    "find_root",
    "load_newsroom",
    "public",
    "starter",
]
