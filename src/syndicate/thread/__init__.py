"""The draft file of a social thread: adapters write it, people edit it, couriers post it."""

from syndicate.thread.draft import (
    MEDIA_TYPE,
    Card,
    Image,
    ThreadDraft,
    draft_with_keys,
    read_draft,
    write_draft,
)

__all__ = [
    "MEDIA_TYPE",
    "Card",
    "Image",
    "ThreadDraft",
    "draft_with_keys",
    "read_draft",
    "write_draft",
]
