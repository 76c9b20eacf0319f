"""What people do to posts in the app of a platform."""

from __future__ import annotations

from dataclasses import replace

from tests.platforms.bluesky import Bluesky
from tests.platforms.platform import Platform


def delete(server: Platform, number: int) -> None:
    """Somebody deletes a post in the app."""
    post = server.posts.pop(number)
    if isinstance(server, Bluesky):
        del server.records[post.id.rpartition("/")[2]]


def reword(server: Platform, number: int, text: str) -> None:
    """Somebody edits a post in the app."""
    post = server.posts[number]
    server.posts[number] = replace(post, text=text)
    if isinstance(server, Bluesky):
        server.records[post.id.rpartition("/")[2]]["text"] = text
