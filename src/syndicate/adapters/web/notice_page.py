"""The page that stands where the page of a withdrawn article stood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syndicate.adapters.edition import Artifact, Edition, GoneArticle
from syndicate.article.values import direction_of
from syndicate.kit import Kit

MEDIA_TYPES = ("text/html", "application/xhtml+xml")
_HTML = re.compile(r"\.x?html?$", re.IGNORECASE)


def is_page(name: str, media_type: str) -> bool:
    """Whether the file `name` is a page that people open in a browser. `media_type` is "" if it is
    not known."""
    return media_type in MEDIA_TYPES if media_type else bool(_HTML.search(name))


def notice_pages(edition: Edition, kit: Kit) -> Iterator[Artifact]:
    """A notice in the place of each page of the withdrawn article of `edition`.

    Raises:
        RenderError: the template fails.
    """
    (gone,) = edition.gone
    page = notice_page(edition, kit, gone)
    for name, media_type in gone.files:
        if is_page(name, media_type):
            yield Artifact(name, "text/html", page)


def notice_page(edition: Edition, kit: Kit, gone: GoneArticle | None = None) -> bytes:
    """The page that says that the article `gone` was withdrawn; without it, that some article was.

    Raises:
        RenderError: the template `withdrawn.html.j2` fails.
    """
    publication = edition.publication
    language = (gone and gone.language) or publication.language
    page = kit.render(
        "withdrawn.html.j2",
        publication=publication,
        language=language,
        direction=direction_of(language),
        words=kit.words(language),
        note=gone.note if gone else "",
        title=gone.title if gone else "",
        date=gone.time.astimezone(publication.zone).date() if gone else None,
    )
    return page.encode()
