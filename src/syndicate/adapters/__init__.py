"""Edition → artifacts. One file a format; this table names them."""

from __future__ import annotations

from pathlib import Path

from syndicate.adapters.contract import (
    Adapter,
    Assembles,
    Catalogues,
    Divides,
    Inspects,
    NamesPages,
    Paginates,
    Piece,
    Reserves,
    Scope,
)
from syndicate.adapters.edition import (
    WHOLE,
    Artifact,
    Draft,
    Edition,
    Issued,
    Pagination,
    Part,
    Subscription,
    Withdrawn,
)
from syndicate.plugins import load

__all__ = [
    "ADAPTERS",
    "WHOLE",
    "Adapter",
    "Artifact",
    "Assembles",
    "Catalogues",
    "Divides",
    "Draft",
    "Edition",
    "Inspects",
    "Issued",
    "NamesPages",
    "Paginates",
    "Pagination",
    "Part",
    "Piece",
    "Reserves",
    "Scope",
    "Subscription",
    "Withdrawn",
    "adapter_class",
]

ADAPTERS = {
    "rss": "syndicate.adapters.rss:RSS",
    "atom": "syndicate.adapters.atom:Atom",
    "jsonfeed": "syndicate.adapters.jsonfeed:JSONFeed",
    "sitemap": "syndicate.adapters.sitemap:Sitemap",
    "opml": "syndicate.adapters.opml:OPML",
    "ninjs": "syndicate.adapters.ninjs:Ninjs",
    "pdf": "syndicate.adapters.pdf:PDF",
    "epub": "syndicate.adapters.epub:EPUB",
    "opds": "syndicate.adapters.opds:OPDS",
    "email": "syndicate.adapters.email:Email",
    "x": "syndicate.adapters.x:X",
    "mastodon": "syndicate.adapters.mastodon:Mastodon",
    "bluesky": "syndicate.adapters.bluesky:Bluesky",
    "threads": "syndicate.adapters.meta:Threads",
    "linkedin": "syndicate.adapters.linkedin:LinkedIn",
}


def adapter_class(name: str, root: Path) -> type[Adapter]:
    """The adapter called `name`: one of `ADAPTERS`, `./file.py` below `root`, or an entry point
    of the group `syndicate.adapters`.

    Raises:
        UsageError: there is none.
    """
    return load(name, ADAPTERS, "syndicate.adapters", Adapter, root)  # type: ignore[type-abstract]
