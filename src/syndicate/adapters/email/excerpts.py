"""What a mail shows of an article: its picture, its standfirst, and what anybody may read."""

from __future__ import annotations

from syndicate.article import Article, Figure, Paywall
from syndicate.article.text import excerpt


def lead_image(article: Article) -> Figure | None:
    """The picture above the text, unless the text itself begins with it."""
    first = article.body[0] if article.body else None
    shown = article.lead_image
    return None if shown and isinstance(first, Figure) and first.src == shown.src else shown


def dek(article: Article) -> str:
    """What stands under a headline or in its place: subtitle, summary, or the opening words."""
    return article.subtitle or article.summary or excerpt(article.body, 180)


def standfirst(article: Article) -> str:
    """What stands between headline and text, unless the text begins with the same words."""
    if article.subtitle:
        return article.subtitle
    summary = article.summary or ""
    opening = summary.rstrip(" .…")[:80]
    return "" if excerpt(article.body).startswith(opening) else summary


def for_everyone(article: Article) -> Article:
    """`article` as anybody may read it: a mail goes to people whose access nobody checks."""
    if article.access == "free":
        return article
    return article.model_copy(update={"body": (*article.open_body, Paywall())})
