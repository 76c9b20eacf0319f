"""A social thread as adapters make it, people edit it and couriers post it: the draft file."""

from syndicate.thread.draft import (
    MEDIA_TYPE,
    Card,
    Image,
    ThreadDraft,
    read_draft,
    with_keys,
    write_draft,
)

__all__ = ["MEDIA_TYPE", "Card", "Image", "ThreadDraft", "read_draft", "with_keys", "write_draft"]
