"""What an artifact looks like where people read it, as a page of its own for a sandboxed frame."""

from __future__ import annotations

import io
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath
from posixpath import join, normpath
from typing import Any, Literal
from urllib.parse import quote

from syndicate.adapters import Artifact, Draft
from syndicate.errors import SyndicateError
from syndicate.letter import MEDIA_TYPE as LETTER
from syndicate.letter import Letter, Subscriber
from syndicate.letter.merge import fill
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
_SCALE = 1.4  # of a PDF page's 72 pixels an inch
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ATOM = "{http://www.w3.org/2005/Atom}"
_SOMEBODY = Subscriber("reader@example.org")


@dataclass(frozen=True)
class PreviewFrame:
    """A channel's artifact on the article's page; `beside` are the pictures that it shows, by the
    URLs under which they will be public."""

    artifact: Artifact
    kind: Kind
    beside: Mapping[str, Artifact]


def frames(artifacts: tuple[Artifact, ...], url: str) -> Iterator[PreviewFrame]:
    """What of `artifacts` people look at, in order; `url` is what their names are appended to."""
    pictures = {
        url + quote(one.name): one for one in artifacts if one.media_type.startswith("image/")
    }
    shown = [
        PreviewFrame(one, _KINDS.get(one.media_type.partition(";")[0], "file"), pictures)
        for one in artifacts
        if not (isinstance(one, Draft) and one.follows)
    ]
    looked_at = [one for one in shown if one.kind not in ("file", "picture")]
    yield from looked_at or shown[:1]


def page(frame: PreviewFrame, plain: bool = False, dark: bool = False) -> str:
    """HTML of `frame`, `plain` for the text of a mail, `dark` as where people prefer that; scripts
    in it are for the frame's sandbox to stop."""
    shown = _page(frame, plain)
    # A frame does not choose what people prefer: whatever asks for it is answered here.
    return _PREFERS.sub("(min-width: 0)" if dark else "(max-width: 0)", shown)


def _page(frame: PreviewFrame, plain: bool) -> str:
    content = frame.artifact.content
    match frame.kind:
        case "entry":
            title, body = _entry(frame.artifact)
            head = f"<meta charset=utf-8><style>{_READER}</style><title>{escape(title)}</title>"
            entry = f"<!doctype html><html lang=en>{head}<h1>{escape(title)}</h1>{body}"
            return _with_pictures(entry, frame.beside)
        case "mail":
            letter = Letter.read(content)
            if plain:
                text = escape(fill(letter.text, _SOMEBODY))
                return f"<!doctype html><meta charset=utf-8><pre>{text}</pre>"
            shown = fill(letter.html, _SOMEBODY, escaped=True)
            for one in letter.enclosures:
                shown = shown.replace(f"cid:{one.cid}", _data(one.media_type, one.content))
            return _with_pictures(shown, frame.beside)
        case "chapter":
            return _chapter(content)
    text = escape(content.decode("utf-8", "replace")[:200_000])
    return f"<!doctype html><meta charset=utf-8><pre>{text}</pre>"


def posts(draft: Artifact) -> tuple[str, ...]:
    """The posts of a thread; none if it is another kind of text."""
    try:
        return read_draft(draft.content, draft.name).posts
    except SyndicateError:
        return ()


def pages(pdf: bytes) -> int:
    """How many pages `pdf` has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def picture_of_page(pdf: bytes, number: int) -> bytes:
    """Page `number` (from 1) of `pdf` as a PNG.

    Raises:
        IndexError: there is no such page.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        out = io.BytesIO()
        document[number - 1].render(scale=_SCALE).to_pil().save(out, "PNG")
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
    """The longest chapter of `epub`, its style sheets and pictures inside it."""
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
            place = str(PurePosixPath(found[1]).parent)

            def embedded(face: re.Match[str]) -> str:
                try:
                    return f"url({_data('font/ttf', read(join(place, face[1])))})"
                except KeyError:
                    return face[0]

            return f"<style>{_FONT.sub(embedded, sheet)}</style>"

        def inside(found: re.Match[str]) -> str:
            try:
                data = read(found[2])
            except KeyError:
                return found[0]
            kind = "image/png" if found[2].endswith(".png") else "image/jpeg"
            return f"{found[1]}{_data(kind, data)}{found[3]}"

        text = book.read(name).decode()
        return _SOURCE.sub(inside, _STYLE.sub(styled, text))


def _data(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
