"""Reads a whole page: finds its article, the article's blocks, and its metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from syndicate.article import Block, Contributor, Credit, Embed, Figure, Tag
from syndicate.article.values import language_tag, one_line, safe_url
from syndicate.errors import SourceError
from syndicate.readers import metadata
from syndicate.readers.byline import authors_in
from syndicate.readers.contract import Reading
from syndicate.readers.dates import date_in_utc, first_date_in
from syndicate.readers.front_matter import FrontMatter, split_front_matter
from syndicate.readers.html.elements.blocks import HTMLBlockReader
from syndicate.readers.html.encoding import decoded_page
from syndicate.readers.html.metadata.authors import authors_of
from syndicate.readers.html.metadata.dates import dates_of
from syndicate.readers.html.metadata.headline import title_of
from syndicate.readers.html.metadata.structured_data import PageStatement, StructuredData
from syndicate.readers.html.page.extract import article_of
from syndicate.readers.html.page.google_docs import is_google_doc, settle_google_doc
from syndicate.readers.html.page.lines import PageFacts
from syndicate.readers.html.page.trim import without_page_boilerplate
from syndicate.readers.html.tree import TooDeepError, element_text, parse_html
from syndicate.readers.prose import Placed, caption_and_credit, with_urls_linked
from syndicate.readers.reader_state import DATED_STEM, ReaderState, shortened_for_note

MOST_TAGS = 20
_PAGE = re.compile(r"<(?:html|head|body|title|nav|main|article|header|footer|h1)\b", re.IGNORECASE)
"""Elements that pages have and fragments do not."""
_SIZED = re.compile(r"[-_@]\d+x\d*|[-_]scaled|@\dx", re.IGNORECASE)


def read_page(state: ReaderState) -> Reading:
    """The article of the page.

    Raises:
        SourceError: it is not text, too large, nested too deeply, or has no article.
    """
    front = _front(decoded_page(state), state)
    stated = metadata.front_matter_metadata(front, state)
    try:
        root = parse_html("\n" * (front.line - 1) + front.text)
    except TooDeepError as error:
        raise SourceError("this page is nested too deeply", where=state.source.at()) from error
    google = is_google_doc(root)
    subtitle = settle_google_doc(root, state) if google else None
    data = StructuredData(root)
    state.speak(_language(root, data), " ".join(element_text(p) for p in list(root.iter("p"))[:20]))
    address = _address(state, root, data)
    title, titles, headline = title_of(root, data)
    authors = authors_of(root.body, data)
    published, updated = dates_of(root, data, state.source.url or address, headline, state.language)
    descriptions = [
        *data.meta("description", "og:description", "twitter:description"),
        *data.texts("description"),
    ]
    known = PageFacts(
        titles, [said.value for said in descriptions], [said.value for said in authors]
    )
    base = _base(state, root, address)
    if google or not _PAGE.search(front.text):
        placed = _whole_body(state, root, base, headline)
    else:
        placed, subtitle = _body(state, root, base, known, headline)
    if not placed:
        raise SourceError("no article on this page", where=state.source.at())
    found: dict[str, Any] = {"subtitle": subtitle}
    if title:
        found["title"] = title.value
        state.guessed(f"the title {shortened_for_note(title.value)!r}, from {title.by}", title.line)
    elif not stated.get("title") and root.body.find(".//h2") is not None:
        found["title"] = _named(state)
    found["summary"] = _summary(state, descriptions, subtitle)
    found |= _dates(state, published, updated)
    found["contributors"] = _people(state, authors)
    found["section"] = _section(state, data)
    found["tags"] = tuple(_tags(data))
    found["url"] = address
    found["credit"] = _credit(data)
    lead, placed = _lead(state, data, placed, address)
    found["lead_image"] = lead
    return metadata.reading(state, stated, {k: v for k, v in found.items() if v}, placed)


def _front(text: str, state: ReaderState) -> FrontMatter:
    """The front matter above a page, as Jekyll and others write it, and the page below it."""
    return (
        split_front_matter(text, state.source)
        if text.lstrip().startswith("---")
        else FrontMatter({}, text)
    )


def _named(state: ReaderState) -> str:
    """A title made from the file's name, for a page without a title."""
    stem = DATED_STEM.sub("", state.source.path.stem, count=1) or state.source.path.stem
    title = " ".join(re.split(r"[-_\s]+", stem)).strip().capitalize()
    state.guessed(f"the title {title!r}, from the file's name")
    return title


def _whole_body(
    state: ReaderState, root: HtmlElement, base: str | None, headline: HtmlElement | None
) -> list[Placed]:
    """All of the page except the headline and the byline below it: the page is a document or a
    fragment, without any boilerplate."""
    for element in (headline, *_byline(root.body)):
        if element is not None:
            element.drop_tree()
    body = HTMLBlockReader(root.body, base=base, language=state.language, picture=_local(state))
    placed = body.read([root.body])
    state.notes += body.notes
    return [(_credited(block), line) for block, line in placed]


def _credited(block: Block) -> Block:
    """A figure with the credit at the end of its caption as its credit; other blocks unchanged."""
    if not isinstance(block, Figure) or block.credit:
        return block
    caption, credit = caption_and_credit(block.caption)
    return block.model_copy(update={"caption": caption, "credit": credit})


def _byline(body: HtmlElement) -> Iterator[HtmlElement]:
    """The byline in the first paragraphs."""
    for paragraph in list(body.iter("p"))[:3]:
        if authors_in(element_text(paragraph)):
            yield paragraph
            return


def _body(
    state: ReaderState,
    root: HtmlElement,
    base: str | None,
    known: PageFacts,
    headline: HtmlElement | None,
) -> tuple[list[Placed], str | None]:
    element, out = article_of(root.body)
    for other, why in out:
        if words := element_text(other):
            state.left_out(f"{shortened_for_note(words)!r} ({why})", other.sourceline)
        other.drop_tree()
    body = HTMLBlockReader(
        element, base=base, language=state.language, picture=_local(state), headline=headline
    )
    made = without_page_boilerplate(body.read([element]), known)
    state.notes += [*body.notes, *made.notes]
    return made.blocks, made.subtitle


def _local(state: ReaderState) -> Any:
    """How to resolve the pictures of a saved page: they are next to it; a picture outside
    `content/` is left out."""

    def picture(src: str) -> str | None:
        try:
            return state.picture(src)
        except SourceError as error:
            state.left_out(error.message)
            return None

    return picture


def _language(root: HtmlElement, data: StructuredData) -> str | None:
    stated = [root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang")]
    stated += [said.value for said in data.texts("inLanguage")]
    stated += [said.value for said in data.meta("og:locale", "content-language", "dc.language")]
    for one in stated:
        try:
            if one:
                return language_tag(one.strip().replace("_", "-"))
        except ValueError:
            continue
    return None


def _address(state: ReaderState, root: HtmlElement, data: StructuredData) -> str | None:
    """The article's web address: as stated on the page, else where the page was fetched from."""
    stated = [
        link.get("href") or ""
        for link in root.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    stated += [said.value for said in data.meta("og:url", "twitter:url")]
    stated += [said.value for said in data.texts("url", "mainEntityOfPage")]
    for one in stated:
        try:
            url = safe_url(urljoin(state.source.url or "", one.strip()))
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc:
            return url
    return state.source.url


def _base(state: ReaderState, root: HtmlElement, address: str | None) -> str | None:
    """The URL that relative addresses are resolved against."""
    base = state.source.url or address
    for element in root.iter("base"):
        try:
            stated = safe_url(urljoin(base or "", (element.get("href") or "").strip()))
            if urlsplit(stated).scheme in ("http", "https"):
                return stated
        except ValueError:
            break
    return base


def _summary(
    state: ReaderState, descriptions: list[PageStatement], subtitle: str | None
) -> str | None:
    for said in descriptions:
        if len(said.value) > 20 and said.value != subtitle:
            return said.value
    return None


def _dates(
    state: ReaderState, published: PageStatement | None, updated: PageStatement | None
) -> dict[str, datetime]:
    zone = state.source.publication.zone
    moments: dict[str, datetime] = {}
    for field, said in (("published", published), ("updated", updated)):
        found = first_date_in(said.value) if said else None
        if said is None or found is None:
            continue
        if not isinstance(found, datetime):
            found = datetime(found.year, found.month, found.day)
        try:
            date_in_utc(found, zone)
        except ValueError:
            continue
        moments[field] = (found if found.tzinfo else found.replace(tzinfo=zone)).replace(
            microsecond=0
        )
        day: date = found.date()
        state.guessed(f"the {field} date {day:%d %b %Y}, from {said.by}", said.line)
    if (
        "published" in moments
        and moments.get("updated", moments["published"]) < moments["published"]
    ):
        del moments["updated"]
    return moments


def _people(state: ReaderState, authors: list[PageStatement]) -> tuple[Contributor, ...]:
    for said in authors:
        state.guessed(f"the author {shortened_for_note(said.value)!r}, from {said.by}", said.line)
    return tuple(Contributor(name=said.value) for said in authors[:20])


def _section(state: ReaderState, data: StructuredData) -> str | None:
    for said in (*data.meta("article:section", "parsely-section"), *data.texts("articleSection")):
        if len(said.value) < 60:
            return said.value
    return None


def _tags(data: StructuredData) -> Iterator[Tag]:
    named = [said.value for said in data.meta("article:tag", "parsely-tags", "news_keywords")]
    named = named or [said.value for said in (*data.texts("keywords"), *data.meta("keywords"))]
    parts = [one_line(part) for value in named for part in re.split(r"[,;]", value)]
    kept = dict.fromkeys(part for part in parts if part and len(part) < 60)
    return (Tag(name=name) for name in list(kept)[:MOST_TAGS])


def _credit(data: StructuredData) -> Credit | None:
    name = next((said.value for said in data.meta("og:site_name")), None)
    if name is None:
        name = next((said.value for _, said in data.people("publisher")), None)
    holder = next((said.value for said in data.meta("copyright", "dc.rights")), None)
    return Credit(source=name, copyright_notice=holder) if name or holder else None


def _lead(
    state: ReaderState, data: StructuredData, placed: list[Placed], address: str | None
) -> tuple[Figure | None, list[Placed]]:
    """The lead picture: the figure at the start of the article, else the picture in `meta`, unless
    the body already shows it."""
    stated = None
    for said in (*data.meta("og:image", "og:image:url", "twitter:image"), *data.texts("image")):
        try:
            url = safe_url(urljoin(address or "", said.value))
        except ValueError:
            continue
        if urlsplit(url).netloc:
            stated = PageStatement(url, said.by, said.line)
            break
    if placed and isinstance(first := placed[0][0], Figure):
        return first, placed[1:] if len(placed) > 1 else placed
    inside = {_name(block.src) for block, _ in placed if isinstance(block, Figure)}
    if stated is None or _name(stated.value) in inside or isinstance(placed[0][0], Embed):
        return None, placed
    alt = next((said.value for said in data.meta("og:image:alt", "twitter:image:alt")), None)
    state.guessed(f"the lead picture, from {stated.by}", stated.line)
    return Figure(src=stated.value, alt=alt, caption=with_urls_linked("")), placed


def _name(src: str) -> str:
    """The name of a picture's file, the same for all its sizes."""
    return _SIZED.sub("", urlsplit(src).path.rpartition("/")[2])
