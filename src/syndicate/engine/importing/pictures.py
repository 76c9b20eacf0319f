"""The pictures of an article that is being imported. Notes name those that could not be."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from syndicate.article import Article, Figure
from syndicate.article.walk import nodes_in
from syndicate.atomic import write_public
from syndicate.engine.importing.fetch import WebFetcher
from syndicate.errors import SourceError
from syndicate.kit.pictures import is_web_picture
from syndicate.readers import MOST_BYTES, Note, Reading

_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "TIFF": ".tif"}


@dataclass(frozen=True)
class Gathered:
    """The article with new paths for its pictures, how many were copied, notes on the rest."""

    article: Article
    count: int
    notes: tuple[Note, ...]


def import_pictures(
    reading: Reading, web: WebFetcher, beside: Path | None, content: Path
) -> Gathered:
    """Copy the pictures of `reading` into `content`: those inside its source, those below the
    folder `beside`, and those on the web."""
    moved: dict[str, str] = {}
    notes: list[Note] = []
    count = 0
    for src in _sources(reading.article):
        try:
            if src in reading.pictures:
                write_public(content / unquote(src), reading.pictures[src])
            else:
                data = (
                    web.fetch(src, MOST_BYTES).content
                    if is_web_picture(src)
                    else _local(beside, src)
                )
                moved[src] = _file(reading.article.slug, src, data)
                write_public(content / unquote(moved[src]), data)
            count += 1
        except (SourceError, OSError) as error:
            stays = "stays on the web" if is_web_picture(src) else "is not here"
            reason = error.message if isinstance(error, SourceError) else error.strerror
            notes.append(Note("left out", f"picture {src}, which {stays}: {reason}"))
    changed = _with_sources(reading.article.model_dump(), moved)
    return Gathered(Article.model_validate(changed), count, tuple(notes))


def import_pictures_beside(article: Article, beside: Path, room: Path) -> Gathered:
    """Copy the pictures of `article` from the folder `beside` to the same paths below the folder
    `room`, so that its text need not change."""
    notes: list[Note] = []
    count = 0
    for src in _sources(article):
        if is_web_picture(src):
            continue
        try:
            data, target = _local(beside, src), room / unquote(src).lstrip("/")
            if target.exists() and target.read_bytes() != data:
                raise SourceError("another picture already has this name")
            write_public(target, data)
            count += 1
        except (SourceError, OSError) as error:
            reason = error.message if isinstance(error, SourceError) else error.strerror
            notes.append(Note("left out", f"picture {src}: {reason}"))
    return Gathered(article, count, tuple(notes))


def _sources(article: Article) -> Iterator[str]:
    lead = (article.lead_image,) if article.lead_image else ()
    figures = (node for node in nodes_in((*lead, *article.body)) if isinstance(node, Figure))
    return iter(dict.fromkeys(figure.src for figure in figures))


def _local(beside: Path | None, src: str) -> bytes:
    """The bytes of a picture below the folder `beside`.

    Raises:
        SourceError: it is elsewhere, or not a picture.
    """
    path = beside and (beside / unquote(urlsplit(src).path).lstrip("/")).resolve()
    if not beside or not path or not path.is_relative_to(beside.resolve()):
        raise SourceError("it is not in the folder of the source")
    if path.stat().st_size > MOST_BYTES:
        raise SourceError(f"it is larger than {MOST_BYTES / 1e6:.0f} MB")
    data = path.read_bytes()
    _format(data)
    return data


def _file(slug: str, src: str, data: bytes) -> str:
    """A path below `content/` that no other picture uses."""
    from slugify import slugify

    stem = slugify(PurePosixPath(unquote(urlsplit(src).path)).stem, max_length=60) or "picture"
    digest = hashlib.sha256(data).hexdigest()[:12]
    return quote(f"pictures/{slug}/{stem}-{digest}{_SUFFIXES[_format(data)]}")


def _format(data: bytes) -> str:
    """The picture's format, from its first bytes.

    Raises:
        SourceError: the newsroom cannot show this format.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format in _SUFFIXES:
                return str(image.format)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise SourceError("it is not a picture that can be shown") from error
    raise SourceError(f"pictures of format {image.format} cannot be shown")


def _with_sources(value: Any, moved: Mapping[str, str]) -> Any:
    """The article as data, with the new paths of its figures."""
    if isinstance(value, dict):
        fresh = {name: _with_sources(one, moved) for name, one in value.items()}
        if fresh.get("type") == "figure":
            fresh["src"] = moved.get(fresh["src"], fresh["src"])
        return fresh
    if isinstance(value, list | tuple):
        return [_with_sources(one, moved) for one in value]
    return value
