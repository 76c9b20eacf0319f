"""IPTC ninjs 3.1, "News in JSON" (https://iptc.org/std/ninjs/), the format of news agencies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition, GoneArticle
from syndicate.adapters.web.addresses import web_uri, with_web_addresses
from syndicate.adapters.web.dates import rfc3339
from syndicate.adapters.web.pictures import WebPictures
from syndicate.article import Article, Contributor, Figure, Tag
from syndicate.article.text import plain, word_count
from syndicate.article.walk import nodes_in
from syndicate.kit import Kit
from syndicate.kit.view import Shown

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
_STATUSES = {
    "usable": "usable",
    "draft": "withheld",
    "withheld": "withheld",
    "withdrawn": "canceled",
}


class Ninjs(Adapter):
    """One JSON file per article, valid against the ninjs 3.1 schema.

    `content` decides what is published of articles for members: only the part that everyone may
    read ("open"), or the whole text ("full"). A withdrawn article is an item without title and text
    that cancels those before (`pubStatus`).
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.ARTICLE,)

    content: Literal["open", "full"] = "open"

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """`<slug>.json` for each article, and the newsroom's own pictures in `media/`.

        Raises:
            RenderError: a template fails.
        """
        for article in edition.articles:
            if article.status == "withdrawn":
                gone = GoneArticle(article.id, article.slug, article.updated, article.language)
                yield _as_file(f"{article.slug}.json", _cancelled(gone, edition, kit))
                continue
            pictures = WebPictures(edition, kit)
            item = self._item(article, edition, kit, pictures)
            yield from pictures.artifacts.values()
            yield _as_file(f"{article.slug}.json", item)

    def cancel(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """A cancelled item under each name of `edition.gone` that ends in ".json"."""
        (gone,) = edition.gone
        for name, _ in gone.files:
            if name.endswith(".json"):
                yield _as_file(name, _cancelled(gone, edition, kit))

    def _item(
        self, article: Article, edition: Edition, kit: Kit, pictures: WebPictures
    ) -> dict[str, Any]:
        whole = self.content == "full" or article.access == "free"
        if not whole:
            article = article.model_copy(update={"body": article.open_body})
        if article.access != "free":
            kit.lossy(article, "access", "ninjs has no field to say that an article is not free")
        article = with_web_addresses(article, edition.publication)
        item = {
            "uri": web_uri(article.id),
            "type": "text",
            "representationType": "full" if whole else "partial",
            "profile": "text",
            "version": str(article.revision),
            "firstCreated": rfc3339(article.first_published),
            "versionCreated": rfc3339(article.updated),
            "contentCreated": rfc3339(article.published),
            "embargoedUntil": rfc3339(article.embargoed) if article.embargoed else None,
            "expires": rfc3339(article.expires) if article.expires else None,
            "pubStatus": _STATUSES[article.status],
            "edNote": _corrections(article, kit),
            "copyrightHolder": article.credit.copyright_holder,
            "copyrightNotice": article.credit.copyright_notice,
            "usageTerms": article.credit.usage_terms,
            "language": article.language,
            "title": article.title,
            "slugline": article.slug,
            "headlines": list(_texts(main=article.title, subtitle=article.subtitle)),
            "descriptions": list(_texts(summary=article.summary)),
            "by": article.byline,
            "located": article.dateline,
            "people": [_person(contributor) for contributor in article.contributors],
            "subjects": [
                *([{"name": article.section, "rel": "section"}] if article.section else []),
                *(_subject(tag) for tag in article.tags),
            ],
            "infoSources": _source(article),
            "bodies": list(_bodies(article, kit, pictures)),
            "renditions": [
                {"name": "web", "href": web_uri(article.url), "contentType": "text/html"}
            ],
            "associations": list(_associations(article, pictures)),
            "altIds": [
                {"role": "slug", "value": article.slug},
                *({"role": "alternate", "value": alt_id} for alt_id in article.alt_ids),
            ],
            "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
        }
        return _without_empty(item)


def _as_file(name: str, item: dict[str, Any]) -> Artifact:
    text = json.dumps(item, ensure_ascii=False, indent=2) + "\n"
    return Artifact(name, "application/json", text.encode())


def _cancelled(gone: GoneArticle, edition: Edition, kit: Kit) -> dict[str, Any]:
    """An item without a title and text, by which those who have an earlier version cancel it. Its
    version counts seconds, so it is later than any before."""
    language = gone.language or edition.publication.language
    words = kit.words(language)
    item = {
        "uri": web_uri(gone.id),
        "type": "text",
        "representationType": "partial",
        "profile": "text",
        "version": str(int(gone.time.timestamp())),
        "versionCreated": rfc3339(gone.time),
        "pubStatus": "canceled",
        "edNote": f"{words['withdrawal']}: {gone.note or words['withdrawal_post']}",
        "language": language,
        "title": gone.title,
        "slugline": gone.slug,
        "altIds": [{"role": "slug", "value": gone.slug}],
        "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
    }
    return _without_empty(item)


def _corrections(article: Article, kit: Kit) -> str:
    """A note for editors who have received an earlier version."""
    label = kit.words(article.language)["correction"]
    return "\n".join(
        f"{label}, {one.date.isoformat()}: {' '.join(plain(one.content).split())}"
        for one in article.corrections
    )


def _texts(**texts: str | None) -> Iterator[dict[str, str]]:
    for role, value in texts.items():
        if value:
            yield {"role": role, "contentType": "text/plain", "value": value}


def _person(contributor: Contributor) -> dict[str, Any]:
    contacts = {
        "organisation": contributor.organisation,
        "email": contributor.email,
        "web": contributor.url,
    }
    contact_info = [{"type": kind, "value": value} for kind, value in contacts.items() if value]
    return _without_empty(
        {"name": contributor.name, "rel": contributor.role, "contactInfo": contact_info}
    )


def _subject(tag: Tag) -> dict[str, str]:
    """The subject for `tag`; its URI is that of the vocabulary and ends in "/" or "#"."""
    if not tag.scheme:
        return {"name": tag.name}
    scheme = web_uri(tag.scheme)
    return {"name": tag.name, "uri": scheme if scheme.endswith("/") else f"{scheme}#"}


def _source(article: Article) -> list[dict[str, Any]]:
    name, url = article.credit.source, article.credit.source_url
    return [_without_empty({"name": name, "uri": url and web_uri(url)})] if name or url else []


def _bodies(article: Article, kit: Kit, pictures: WebPictures) -> Iterator[dict[str, Any]]:
    def shown(figure: Figure) -> Shown | None:
        media = pictures.figure(article, figure)
        return Shown(media.url, media.width, media.height) if media else None

    if not article.body:
        return
    html = kit.body(article, picture=shown)
    text = kit.body(article, "txt", picture=shown)
    for role, kind, value in (("html5", "text/html", html), ("text", "text/plain", text)):
        yield {
            "role": role,
            "contentType": kind,
            "charCount": len(text),
            "wordCount": word_count(article.body),
            "value": value.strip(),
        }


def _associations(article: Article, pictures: WebPictures) -> Iterator[dict[str, Any]]:
    """The pictures: "main" for the lead picture, the others numbered."""
    figures = [("main", article.lead_image)] if article.lead_image else []
    inside = [node for node in nodes_in(article.body) if isinstance(node, Figure)]
    figures += [(f"picture-{number}", figure) for number, figure in enumerate(inside, 1)]
    for name, figure in figures:
        media = pictures.figure(article, figure) if figure else None
        if not media or not figure:
            continue
        yield _without_empty(
            {
                "name": name,
                "rel": "main" if name == "main" else "inline",
                "uri": media.url,
                "type": "picture",
                "by": figure.credit,
                "descriptions": list(_texts(caption=plain(figure.caption), alt=figure.alt)),
                "renditions": [
                    _without_empty(
                        {
                            "name": "original",
                            "href": media.url,
                            "contentType": media.media_type,
                            "width": media.width,
                            "height": media.height,
                            "sizeInBytes": media.length,
                        }
                    )
                ],
            }
        )


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
