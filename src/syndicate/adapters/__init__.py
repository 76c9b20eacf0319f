"""Adapters turn editions into artifacts: one file or folder per format, listed in `ADAPTERS`."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from syndicate.adapters.contract import (
    Adapter,
    Assembles,
    Cancels,
    Catalogues,
    Divides,
    Inspects,
    NamesPages,
    Paginates,
    Piece,
    Reserves,
    Scope,
    WritesNotices,
)
from syndicate.adapters.edition import (
    WHOLE,
    Artifact,
    Draft,
    Edition,
    EditionPart,
    GoneArticle,
    Issued,
    Notice,
    Pagination,
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
    "Cancels",
    "Catalogues",
    "Divides",
    "Draft",
    "Edition",
    "EditionPart",
    "GoneArticle",
    "Inspects",
    "Issued",
    "NamesPages",
    "Notice",
    "Paginates",
    "Pagination",
    "Piece",
    "Reserves",
    "Scope",
    "Subscription",
    "Withdrawn",
    "WritesNotices",
    "adapter_class",
]

ADAPTERS = {
    "rss": "syndicate.adapters.feeds.rss:RSS",
    "atom": "syndicate.adapters.feeds.atom:Atom",
    "jsonfeed": "syndicate.adapters.feeds.jsonfeed:JSONFeed",
    "opml": "syndicate.adapters.feeds.opml:OPML",
    "gone": "syndicate.adapters.gone:Gone",
    "sitemap": "syndicate.adapters.sitemap:Sitemap",
    "ninjs": "syndicate.adapters.ninjs:Ninjs",
    "pdf": "syndicate.adapters.pdf.adapter:PDF",
    "epub": "syndicate.adapters.epub.adapter:EPUB",
    "opds": "syndicate.adapters.epub.opds:OPDS",
    "email": "syndicate.adapters.email.adapter:Email",
    "x": "syndicate.adapters.social.x:XAdapter",
    "mastodon": "syndicate.adapters.social.mastodon:MastodonAdapter",
    "bluesky": "syndicate.adapters.social.bluesky:BlueskyAdapter",
    "threads": "syndicate.adapters.social.meta_threads:MetaThreadsAdapter",
    "linkedin": "syndicate.adapters.social.linkedin:LinkedInAdapter",
}
"""The built-in adapters, by the names that channel files use."""


def adapter_class(name: str, root: Path) -> type[Adapter]:
    """The adapter class called `name`.

    The name is one of `ADAPTERS`, a path `./file.py` below `root`, or an entry point in the group
    `syndicate.adapters`.

    Raises:
        UsageError: there is no such adapter.
    """
    return load(name, ADAPTERS, "syndicate.adapters", Adapter, root)  # type: ignore[type-abstract]


def __getattr__(name: str) -> Any:
    """What `EditionPart` was called in the release before, for plug-ins."""
    if name == "Part":
        message = "syndicate.adapters.Part is now EditionPart"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        return EditionPart
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
