"""Identity: an article keeps its id, slug and first date through edits and renames."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.similarity import similarity, sketch
from syndicate.ledger.records import KnownArticle

ALIKE = 0.5
"""So much of its text in common, and a new file is the article whose file is gone."""
REDATED = 0.8
"""So much is needed if the new file states another day: regular columns share their phrases."""
_VOLATILE = {"id", "alt_ids", "url", "slug", "first_published", "published", "updated", "version"}


_NOT_READ = {"section", "tags", "status", "embargoed", "expires", "access"}


def words_digest(article: Article) -> str:
    """SHA-256 of everything except identity and dates."""
    return hashlib.sha256(article.model_dump_json(exclude=_VOLATILE).encode()).hexdigest()


def text_digest(article: Article) -> str:
    """SHA-256 of what people read: the headline, the byline, the body."""
    exclude = _VOLATILE | _NOT_READ
    return hashlib.sha256(article.model_dump_json(exclude=exclude).encode()).hexdigest()


@dataclass(frozen=True)
class FoundArticle:
    """An article as read from `source`, the metadata that its source states (`given`), and when its
    file was last edited."""

    article: Article
    given: frozenset[str]
    source: str
    modified: datetime


@dataclass(frozen=True)
class Known:
    """The articles that the ledger knows, by id and by source. `orphans` (by id) are those whose
    file no longer exists."""

    by_id: Mapping[str, KnownArticle]
    by_source: Mapping[str, KnownArticle]
    orphans: Mapping[str, KnownArticle] = field(default_factory=dict)


def recognise(found: FoundArticle, known: Known) -> KnownArticle | None:
    """The known article that `found` is, or None if it is new.

    It is recognised by the id that it states, else by its file. If its file is new, it may be an
    orphan that was renamed: one with the same words, or with much the same text. A title alone says
    nothing, since every morning has its briefing.
    """
    article = found.article
    if "id" in found.given:
        return known.by_id.get(article.id)
    if found.source in known.by_source or not known.orphans:
        return known.by_source.get(found.source)
    words, own = words_digest(article), sketch(article.body)
    alike: list[tuple[float, str]] = []
    for one in known.orphans.values():
        least = REDATED if _is_of_another_day(found, one) else ALIKE
        share = 1.0 if one.words == words else similarity(own, one.sketch)
        if share >= least:
            alike.append((-share, one.id))
    return known.orphans[min(alike)[1]] if alike else None


def _is_of_another_day(found: FoundArticle, known: KnownArticle) -> bool:
    """Whether an article states another day than that of `known`."""
    if "published" not in found.given:
        return False
    return found.article.published.date() != datetime.fromisoformat(known.first_seen).date()


def settle(
    found: FoundArticle, before: KnownArticle | None, publication: Publication
) -> tuple[Article, KnownArticle]:
    """The article `found` with the identity that it keeps from `before`, and its ledger row.

    Unless the source states `updated`, it changes to the file's own time when the words change, and
    only then. What was withdrawn stays so, whatever its file says.
    """
    article, given = found.article, found.given
    words, text = words_digest(article), text_digest(article)
    withdrawn = before.withdrawn if before else None
    if before is None:
        fixed = article
    else:
        updated = datetime.fromisoformat(before.updated)
        if text != before.text if before.text else words != before.words:
            updated = max(updated, found.modified)
        first = datetime.fromisoformat(before.first_seen)
        published = article.published if "published" in given else first
        first = article.first_published if "first_published" in given else first
        changes = {
            "id": before.id,
            "slug": before.slug,
            "url": article.url if "url" in given else publication.article_url(before.slug, first),
            "first_published": first,
            "published": published,
            "updated": _updated(article, given, max(updated, published), publication),
        }
        fixed = Article.model_validate({**dict(article), **changes})
        if article.status == "withdrawn" and withdrawn is None:
            withdrawn = found.modified.isoformat()
    known = KnownArticle(
        id=fixed.id,
        source=found.source,
        slug=fixed.slug,
        first_seen=fixed.first_published.isoformat(),
        updated=fixed.updated.isoformat(),
        words=words,
        title=fixed.title,
        sketch=sketch(fixed.body),
        text=text,
        withdrawn=withdrawn,
    )
    return as_withdrawn(fixed, withdrawn), known


def _updated(
    article: Article, given: frozenset[str], changed: datetime, publication: Publication
) -> datetime:
    """When `article` was last updated: as its source states, unless it was corrected after that;
    else when it `changed`."""
    stated = article.updated
    if "updated" not in given:
        return changed
    day = stated.astimezone(publication.zone).date()
    corrected = any(one.date >= day for one in article.corrections)
    return max(stated, changed) if corrected else stated


def as_withdrawn(article: Article, since: str | None) -> Article:
    """`article`, withdrawn `since` a time if that is given."""
    if since is None:
        return article
    updated = max(article.updated, datetime.fromisoformat(since))
    return article.model_copy(update={"status": "withdrawn", "updated": updated})
