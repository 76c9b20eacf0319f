"""A social thread as adapters make it, people edit it and couriers post it: the draft file."""

from syndicate.thread.draft import Image, ThreadDraft, read_draft, with_keys, write_draft

__all__ = ["Image", "ThreadDraft", "read_draft", "with_keys", "write_draft"]
