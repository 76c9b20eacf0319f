"""What every feed format says about one article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.adapters.edition import Edition
from syndicate.adapters.web.addresses import (
    article_uri,
    html_with_web_addresses,
    web_uri,
    with_web_addresses,
)
from syndicate.adapters.web.pictures import THUMBNAIL_WIDTH, WebPicture, WebPictures
from syndicate.article import Article, Contributor, Figure, Tag
from syndicate.article.text import excerpt, plain
from syndicate.kit import Kit, Shown


@dataclass(frozen=True)
class FeedEntry:
    """One article as an entry of a feed.

    All addresses are absolute. `article` has no body, and its id is a URI. `summary` is plain
    text, `content` is HTML, or empty in feeds of summaries.
    """

    article: Article
    summary: str
    content: str
    lead: WebPicture | None
    thumbnail: WebPicture | None
    rights: str
    comments: str | None = None

    @property
    def caption(self) -> str:
        """The caption or alt text of the lead picture, on one line."""
        figure = self.article.lead_image
        return " ".join((plain(figure.caption) or figure.alt or "").split()) if figure else ""

    @property
    def license(self) -> str | None:
        """The usage terms if they are a URL, which is then that of the licence."""
        terms = self.article.credit.usage_terms or ""
        is_url = terms.startswith(("https://", "http://")) and " " not in terms
        return web_uri(terms) if is_url else None

    @property
    def links(self) -> Iterator[dict[str, str]]:
        """The links of an Atom entry (RFC 4287 section 4.2.7); feed readers open the first."""
        yield {"href": self.article.url, "rel": "alternate", "type": "text/html"}
        lead, credit = self.lead, self.article.credit
        if lead and lead.length and lead.media_type:
            yield {
                "href": lead.url,
                "rel": "enclosure",
                "type": lead.media_type,
                "length": str(lead.length),
            }
        if credit.source_url:
            via = {"href": credit.source_url, "rel": "via"}
            plain = credit.source and not {"<", "&"} & {*credit.source}
            yield {**via, "title": credit.source} if credit.source and plain else via
        if self.comments:
            yield {"href": self.comments, "rel": "replies", "type": "text/html"}
        if self.license:
            yield {"href": self.license, "rel": "license"}

    @property
    def others(self) -> tuple[Contributor, ...]:
        """The contributors who are not authors."""
        return tuple(person for person in self.article.contributors if person.role != "author")

    @property
    def categories(self) -> tuple[Tag, ...]:
        """The section, then the tags, without duplicates."""
        section = (Tag(name=self.article.section),) if self.article.section else ()
        return tuple(dict.fromkeys((*section, *self.article.tags)))


def entry_of(
    article: Article, edition: Edition, kit: Kit, pictures: WebPictures, full: bool
) -> FeedEntry:
    """`article` as an entry of `edition`, with its content if `full`.

    In a feed for members the content is the whole article.

    Raises:
        RenderError: a template fails.
    """
    head = with_web_addresses(article.model_copy(update={"body": ()}), edition.publication)
    seen = {"access": "free"} if edition.members else {"body": article.open_body}
    article = article.model_copy(update={"url": head.url, **seen})
    figure, credit = head.lead_image, head.credit
    holder = credit.copyright_holder
    notice = credit.copyright_notice or (f"© {holder}" if holder else "")
    return FeedEntry(
        article=head.model_copy(update={"id": article_uri(article.id)}),
        # Validators report an entry without any text as an error, and it is of no use to people.
        summary=head.summary or excerpt(article.body) or head.subtitle or head.title,
        content=_content(article, edition, kit, pictures) if full else "",
        lead=pictures.figure(article, figure) if figure else None,
        thumbnail=pictures.figure(article, figure, width=THUMBNAIL_WIDTH) if figure else None,
        rights=" ".join(part for part in (notice, credit.usage_terms) if part),
    )


def _content(article: Article, edition: Edition, kit: Kit, pictures: WebPictures) -> str:
    def picture(figure: Figure) -> Shown | None:
        media = pictures.figure(article, figure)
        return Shown(media.url, media.width, media.height) if media else None

    view = kit.view(article, picture=picture)
    words = kit.words(article.language)
    html = kit.render("entry.html.j2", article=article, view=view, words=words)
    return html_with_web_addresses(html.strip(), article.url, edition.publication.base_url)
