"""The parts of an article that a mail shows: picture, standfirst, and the text open to all."""

from __future__ import annotations

from syndicate.article import Article, Figure, Paywall
from syndicate.article.text import excerpt


def mail_lead_image(article: Article) -> Figure | None:
    """The picture above the text; None if the text itself begins with it."""
    first = article.body[0] if article.body else None
    shown = article.lead_image
    return None if shown and isinstance(first, Figure) and first.src == shown.src else shown


def mail_dek(article: Article) -> str:
    """The line below or instead of a headline: the subtitle, the summary, or the opening words."""
    return article.subtitle or article.summary or excerpt(article.body, 180)


def mail_standfirst(article: Article) -> str:
    """The line between headline and text; "" if the text begins with the same words."""
    if article.subtitle:
        return article.subtitle
    summary = article.summary or ""
    opening = summary.rstrip(" .…")[:80]
    return "" if excerpt(article.body).startswith(opening) else summary


def part_to_mail(article: Article) -> Article:
    """The part of `article` that everyone may read, since a mail cannot check who has access."""
    if article.access == "free":
        return article
    return article.model_copy(update={"body": (*article.open_body, Paywall())})
