"""An article under another slug, because the one it would have is another article's."""

from __future__ import annotations

from collections.abc import Collection

from syndicate.article.article import Article
from syndicate.article.publication import Publication


def with_slug(
    article: Article, slug: str, given: Collection[str], publication: Publication
) -> Article:
    """`article` with `slug`, and the URL and id that follow from it unless its source states them.

    Args:
        given: the names of the metadata that its source states.
    """
    changes: dict[str, str] = {"slug": slug}
    if "url" not in given:
        changes["url"] = publication.article_url(slug, article.first_published)
    if "id" not in given:
        changes["id"] = article.id.removesuffix(article.slug) + slug
    return article.model_copy(update=changes)
