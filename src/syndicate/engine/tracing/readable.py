"""The words in an article and in the files that are made of it, as a reader sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from syndicate.article import Article, Figure
from syndicate.article.text import passages, plain
from syndicate.article.walk import nodes_in
from syndicate.errors import Problems, SourceError
from syndicate.thread import read_draft

_BLOCKS = re.compile(
    "address|article|aside|blockquote|br|caption|d[dlt]|details|div|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th"
    "|thead|title|tr|ul"
)
_SILENT = frozenset(("script", "style", "template", "noscript", "svg"))
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§↩])[\])]?")
_MOST = 64_000_000  # bytes of one part of a book


def text_of_article(article: Article) -> str:
    """All words of `article` that some channel may show, in reading order."""
    above = (article.title, article.subtitle, article.summary, article.dateline, article.byline)
    figures = [one for one in nodes_in(article.body) if isinstance(one, Figure)]
    lead = [article.lead_image] if article.lead_image else []
    alone = (*(plain(one.caption) for one in lead), *(one.alt for one in (*lead, *figures)))
    return "\n".join(filter(None, (*above, *passages(article.body), *alone)))


def text_of_file(name: str, content: bytes) -> str | None:
    """The words in the file called `name`; None if they cannot be read, as those of a PDF."""
    read = _READERS.get(PurePosixPath(name).suffix.lower())
    if read is None:
        return None
    try:
        return read(content)
    except (ValueError, BadZipFile, LookupError):
        return None


def posts_of(content: bytes) -> dict[str, str] | None:
    """The text of each post of a thread, by unit; None if `content` is not a thread."""
    try:
        return read_draft(content, "").units
    except (SourceError, Problems):
        return None


def is_without_words(name: str) -> bool:
    """Whether a file called `name` never has words that an article says."""
    return bool(_WORDLESS.fullmatch(PurePosixPath(name).suffix))


def _html(content: bytes | str) -> str:
    from lxml import etree, html

    if not content.strip():
        return ""
    try:
        if isinstance(content, bytes):
            tree = html.document_fromstring(content, html.HTMLParser(encoding="utf-8"))
        else:
            tree = html.document_fromstring(f"<div>{content}</div>")
    except etree.ParserError:
        return ""
    return "".join(_flat(tree))


def _flat(element: Any) -> Iterator[str]:
    """The text in `element`: with a space where a block begins and ends, without the marks of
    footnotes."""
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.rpartition("}")[2].lower()
    if tag and name not in _SILENT and not _is_mark(element, name):
        space = " " if _BLOCKS.fullmatch(name) else ""
        yield space
        yield element.text or ""
        for child in element:
            yield from _flat(child)
        yield space
    yield element.tail or ""


def _is_mark(element: Any, name: str) -> bool:
    """Whether `element` is the mark of a footnote, which is no part of the sentence."""
    if name == "sup":
        return element.find(".//{*}a") is not None
    return (
        name == "a"
        and "#" in element.get("href", "")
        and bool(_MARK.fullmatch("".join(element.itertext()).strip()))
    )


def _xml(content: bytes) -> str:
    """The words of a feed: elements may contain HTML as text."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    parts = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "{http://www.w3.org/1999/xhtml}div":
            parts.append("".join(_flat(element)))
        elif element.text and element.text.strip():
            parts.append(_maybe_html(element.text))
    return "\n".join(parts)


def _json(content: bytes) -> str:
    return "\n".join(_strings(json.loads(content)))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield _maybe_html(value)
        case list():
            for one in value:
                yield from _strings(one)
        case dict():
            for one in value.values():
                yield from _strings(one)


def _maybe_html(text: str) -> str:
    return _html(text) if re.search(r"</?\w|&\w+;|&#", text) else text


def _plain(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _mail(content: bytes) -> str:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    parts = [str(message["Subject"] or "")]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            text = part.get_content()
            parts.append(_html(text) if part.get_content_subtype() == "html" else text)
    return "\n".join(parts)


def _book(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as book:
        pages = [one for one in book.infolist() if one.filename.endswith((".xhtml", ".html"))]
        return "\n".join(_html(book.read(one)) for one in pages if one.file_size < _MOST)


_READERS: dict[str, Callable[[bytes], str]] = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), _html),
    **dict.fromkeys((".xml", ".rss", ".atom"), _xml),
    **dict.fromkeys((".json", ".letter"), _json),
    ".txt": _plain,
    ".eml": _mail,
    ".epub": _book,
}
_WORDLESS = re.compile(
    r"\.(css|xslt?|js|png|jpe?g|gif|webp|avif|svg|ico|woff2?|[to]tf|opml|mp[34])", re.IGNORECASE
)
