"""What runs from cron have named today: they run every few minutes, and name a thing once a day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from syndicate.atomic import write_whole
from syndicate.newsroom.newsroom import Newsroom


def to_be_named_today(newsroom: Newsroom, keys: Iterable[str]) -> frozenset[str]:
    """Those of `keys` that have not been named today on this machine; they are noted as named."""
    file = newsroom.state / "cache" / "named.json"
    today = datetime.now(newsroom.publication.zone).date().isoformat()
    try:
        before = json.loads(file.read_bytes())
        named = {key for key, day in before.items() if day == today}
    except (OSError, ValueError, AttributeError):
        named = set()
    wanted = frozenset(keys)
    if fresh := wanted - named:
        with suppress(OSError):  # then it is named again
            write_whole(file, json.dumps(dict.fromkeys(sorted(named | wanted), today)).encode())
    return fresh
