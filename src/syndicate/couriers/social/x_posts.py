"""Posts as X returns them: what they say, and what they answer."""

from __future__ import annotations

import html
import unicodedata
from typing import Any

from syndicate.couriers.looking import SAME, Seen
from syndicate.thread.urls import x_urls


def words_to_post(text: str) -> str:
    """`text` with each URL replaced by one character, since X shortens them all."""
    parts: list[str] = []
    at = 0
    for start, end in x_urls(text):
        parts += (text[at:start], "\0")
        at = end
    return _plain("".join([*parts, text[at:]]))


def words_of(tweet: Any) -> str:
    """The same for a post that X returns, without the links to its own pictures at the end."""
    return _shown_words(str(tweet.text), tweet.entities)


def _shown_words(text: str, entities: Any) -> str:
    for url in (entities or {}).get("urls", ()):
        text = text.replace(url["url"], "" if url.get("media_key") else "\0", 1)
    return _plain(html.unescape(text))


def seen_as(tweet: Any, text: str | None) -> Seen:
    """What it means that `tweet` stands where `text` was posted. Once edited, it has another id."""
    history = tweet.data.get("edit_history_tweet_ids") or [tweet.id]
    if str(history[-1]) != str(tweet.id):
        return Seen("changed", "edited")
    if text is None:
        return Seen("there")
    whole = tweet.data.get("note_tweet") or tweet.data  # if it has more than 280 characters
    words = _shown_words(str(whole["text"]), whole.get("entities"))
    return SAME if words == words_to_post(text) else Seen("changed", f"says: {whole['text']}")


def is_below(tweet: Any, parent: str | None) -> bool:
    """Whether `tweet` replies to `parent`; to nothing, if that is None."""
    for one in tweet.referenced_tweets or ():
        if one["type"] == "replied_to":
            return str(one["id"]) == parent
    # Where X does not say to which conversation a post belongs, it may be a reply.
    is_reply = tweet.conversation_id is None or str(tweet.conversation_id) != str(tweet.id)
    return parent is None or is_reply


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
