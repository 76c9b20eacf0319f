"""Reads from a finished PDF on which pages articles begin."""

from __future__ import annotations

import io

from syndicate.adapters.edition import Artifact, Pagination
from syndicate.article import Article


def pdf_pagination(edition: Artifact, articles: tuple[Article, ...], first: int) -> Pagination:
    """The pages on which `articles` begin in the PDF `edition`, whose first page is `first`.

    The PDF has the slugs of articles as named destinations (ISO 32000-1, 12.3.2.3), which its
    table of contents links to. Every story begins on a new page.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(edition.content)) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, first)}
        named = pikepdf.NameTree(pdf.Root.Names.Dests)
        title = str(pdf.docinfo["/Title"])
        opened: dict[int, str] = {}
        for article in articles:
            if article.slug in named:
                opened.setdefault(numbers[named[article.slug][0].objgen], article.id)
    starts = tuple((article, str(number)) for number, article in sorted(opened.items()))
    return Pagination(f"{title} ({edition.name})", starts)
