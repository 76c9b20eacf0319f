"""Shows an artifact as its readers see it, as an HTML page of its own for a sandboxed frame."""

from __future__ import annotations

import io
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from math import sqrt
from pathlib import PurePosixPath
from posixpath import join, normpath
from typing import Any, Literal
from urllib.parse import quote

from syndicate.adapters import Artifact, Draft
from syndicate.errors import SyndicateError
from syndicate.letter import MEDIA_TYPE as LETTER
from syndicate.letter import Letter, Subscriber
from syndicate.letter.merge import fill_merge
from syndicate.thread import read_draft

Kind = Literal["entry", "pages", "chapter", "mail", "thread", "picture", "file"]
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
_KINDS: dict[str, Kind] = {
    "application/pdf": "pages",
    "application/epub+zip": "chapter",
    LETTER: "mail",
    "text/markdown": "thread",
    "image/png": "picture",
    **dict.fromkeys(_FEEDS, "entry"),
}
_READER = (
    "body{font:17px/1.6 Georgia,serif;max-width:38em;margin:1.5em auto;padding:0 1em;"
    "color:#16181d;background:#fff}img{max-width:100%;height:auto}"
    "@media(prefers-color-scheme:dark){body{color:#e9e6e0;background:#14161a}a{color:#ff8a80}}"
)
_SCALE = 1.4  # times 72 pixels an inch, for PDF pages
_PIXELS = 20_000_000  # at most, for a page
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ATOM = "{http://www.w3.org/2005/Atom}"
_EXAMPLE_READER = Subscriber("reader@example.org")


@dataclass(frozen=True)
class PreviewFrame:
    """An artifact of a channel, shown on the article's page. `pictures` are the pictures that it
    shows, by the URL that each will have once it is published."""

    artifact: Artifact
    kind: Kind
    pictures: Mapping[str, Artifact]


def preview_frames(artifacts: tuple[Artifact, ...], url: str) -> Iterator[PreviewFrame]:
    """The frames for those of `artifacts` that people look at, in order. The public URL of an
    artifact is `url` followed by its name."""
    pictures = {
        url + quote(one.name): one for one in artifacts if one.media_type.startswith("image/")
    }
    shown = [
        PreviewFrame(one, _KINDS.get(one.media_type.partition(";")[0], "file"), pictures)
        for one in artifacts
        if not (isinstance(one, Draft) and one.follows)
    ]
    readable = [one for one in shown if one.kind not in ("file", "picture")]
    yield from readable or shown[:1]


def preview_page(frame: PreviewFrame, plain: bool = False, dark: bool = False) -> str:
    """The HTML of `frame`.

    Args:
        plain: show the plain-text part of a mail.
        dark: show it as to someone who prefers a dark color scheme.

    Scripts are left in; the frame's sandbox stops them.
    """
    shown = _page(frame, plain)
    # A page cannot set the color scheme that a frame sees, so the media query itself is replaced
    # by one that is always true or always false.
    return _PREFERS.sub("(min-width: 0)" if dark else "(max-width: 0)", shown)


def _page(frame: PreviewFrame, plain: bool) -> str:
    content = frame.artifact.content
    match frame.kind:
        case "entry":
            title, body = _entry(frame.artifact)
            head = f"<meta charset=utf-8><style>{_READER}</style><title>{escape(title)}</title>"
            entry = f"<!doctype html><html lang=en>{head}<h1>{escape(title)}</h1>{body}"
            return _with_pictures(entry, frame.pictures)
        case "mail":
            letter = Letter.read(content)
            if plain:
                text = escape(fill_merge(letter.text, _EXAMPLE_READER))
                return f"<!doctype html><meta charset=utf-8><pre>{text}</pre>"
            shown = fill_merge(letter.html, _EXAMPLE_READER, escaped=True)
            for one in letter.enclosures:
                shown = shown.replace(f"cid:{one.cid}", _data(one.media_type, one.content))
            return _with_pictures(shown, frame.pictures)
        case "chapter":
            return _chapter(content)
    text = escape(content.decode("utf-8", "replace")[:200_000])
    return f"<!doctype html><meta charset=utf-8><pre>{text}</pre>"


def posts_to_preview(draft: Artifact) -> tuple[str, ...]:
    """The posts of a thread; empty if the text is not a thread."""
    try:
        return read_draft(draft.content, draft.name).posts
    except SyndicateError:
        return ()


def pdf_pages_to_preview(pdf: bytes) -> int:
    """The number of pages in `pdf`."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def pdf_page_to_preview(pdf: bytes, number: int) -> bytes:
    """Page `number` (from 1) of `pdf` as a PNG.

    Raises:
        IndexError: there is no such page.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        out = io.BytesIO()
        width, height = document[number - 1].get_size()  # a style sheet can make it a mile wide
        scale = min(_SCALE, sqrt(_PIXELS / max(width * height, 1)))
        document[number - 1].render(scale=scale).to_pil().save(out, "PNG")
        return out.getvalue()


def _entry(artifact: Artifact) -> tuple[str, str]:
    """The title and the HTML of a feed's first entry."""
    if artifact.media_type == "application/feed+json":
        first: dict[str, str] = next(iter(json.loads(artifact.content)["items"]), {})
        return first.get("title", ""), first.get("content_html", "")
    from lxml import etree

    root = etree.fromstring(artifact.content, etree.XMLParser(resolve_entities=False))
    item: Any = root.find("channel/item")
    if item is not None:
        body = item.findtext(_CONTENT) or item.findtext("description") or ""
        return item.findtext("title") or "", body
    entry = root.find(f"{_ATOM}entry")
    if entry is None:
        return "", ""
    found = entry.findtext(f"{_ATOM}content") or entry.findtext(f"{_ATOM}summary") or ""
    return entry.findtext(f"{_ATOM}title") or "", found


def _with_pictures(page: str, pictures: Mapping[str, Artifact]) -> str:
    for url, one in pictures.items():
        page = page.replace(escape(url), _data(one.media_type, one.content))
    return page


_PREFERS = re.compile(r"\(prefers-color-scheme:\s*dark\)")
_FONT = re.compile(r"url\([\"']?([^)\"']+\.(?:ttf|otf|woff2?))[\"']?\)")
_SOURCE = re.compile(r'((?:src|xlink:href)=")([^"#:]+)(")')
_STYLE = re.compile(r'<link[^>]*href="([^"]+\.css)"[^>]*/?>')


def _chapter(epub: bytes) -> str:
    """The longest chapter of `epub`, with its style sheets, fonts and pictures embedded."""
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        names = [name for name in book.namelist() if name.endswith(".xhtml")]
        name = max(names, key=lambda one: book.getinfo(one).file_size)
        folder = str(PurePosixPath(name).parent)

        def read(path: str) -> bytes:
            return book.read(normpath(join(folder, path)))

        def styled(found: re.Match[str]) -> str:
            try:
                sheet = read(found[1]).decode()
            except KeyError:
                return ""
            sheet_folder = str(PurePosixPath(found[1]).parent)

            def embedded(font: re.Match[str]) -> str:
                try:
                    return f"url({_data('font/ttf', read(join(sheet_folder, font[1])))})"
                except KeyError:
                    return font[0]

            return f"<style>{_FONT.sub(embedded, sheet)}</style>"

        def embedded_picture(found: re.Match[str]) -> str:
            try:
                data = read(found[2])
            except KeyError:
                return found[0]
            kind = "image/png" if found[2].endswith(".png") else "image/jpeg"
            return f"{found[1]}{_data(kind, data)}{found[3]}"

        text = book.read(name).decode()
        return _SOURCE.sub(embedded_picture, _STYLE.sub(styled, text))


def _data(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
