"""The subscribers of a channel: who they are, what is known about them, and whether they still want
mail."""

from syndicate.subscribers.store import (
    EVERYWHERE,
    Audience,
    Entry,
    Status,
    Subscribers,
    audience_of,
    unsubscribe_page_of,
)

__all__ = [
    "EVERYWHERE",
    "Audience",
    "Entry",
    "Status",
    "Subscribers",
    "audience_of",
    "unsubscribe_page_of",
]
