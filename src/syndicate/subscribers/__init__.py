"""Who gets the mail: subscribers of a channel, what may be told of them, whether they want it."""

from syndicate.subscribers.store import (
    EVERYWHERE,
    Audience,
    Entry,
    Status,
    Subscribers,
    audience_of,
    page_of,
)

__all__ = ["EVERYWHERE", "Audience", "Entry", "Status", "Subscribers", "audience_of", "page_of"]
