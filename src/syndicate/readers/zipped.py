"""Zip archives that services export: a Google Docs web page, a Substack publication."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from syndicate.article import Article
from syndicate.errors import SourceError
from syndicate.readers.collection import LeftOut, readings_of_items
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Reader, Reading, Source, picture_name
from syndicate.readers.docx.package import DocxPackage
from syndicate.readers.fields import json_moment
from syndicate.readers.others import is_system_file
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_PAGES = (".html", ".htm")
_ACCESS = {"everyone": "free", "only_free": "members", "only_paid": "paid", "founding": "paid"}


class ZipPackage(DocxPackage):
    """The files in an archive, each within the size limit."""

    called: ClassVar[str] = "archive (.zip)"

    def _check_declarations(self, name: str) -> None:
        """Accept everything: pages may have a document type, and nothing here is read as XML."""


class ZipReader(Reader):
    """Archives of Google Docs (one page with its pictures) and Substack (posts.csv, posts/)."""

    suffixes: ClassVar[tuple[str, ...]] = (".zip",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`.

        Raises:
            SourceError: it is not an archive, unpacks to too much, or is neither kind of export.
        """
        package = ZipPackage(source)
        names = [
            name
            for name in package.names()
            if not any(is_system_file(part) for part in PurePosixPath(name).parts)
        ]
        table = next((name for name in names if PurePosixPath(name).name == "posts.csv"), None)
        pages = [name for name in names if name.lower().endswith(_PAGES)]
        if table is not None:
            yield from readings_of_items(_posts(package, table, pages, source), source)
        elif len(pages) == 1:
            yield _page(package, pages[0], source)
        else:
            raise SourceError(
                "this archive is neither a Google document nor a Substack export",
                where=source.at(),
                hint="unpack it and add the files in it",
            )


def _posts(
    package: DocxPackage, table: str, pages: list[str], source: Source
) -> Iterator[Item | LeftOut]:
    """Substack's posts: each one's row in the table, and its page."""
    by_key = {PurePosixPath(name).name.partition(".")[0]: name for name in pages}
    rows = csv.DictReader(io.StringIO(package.part(table).decode("utf-8-sig", "replace")))
    for row in rows:
        stated = {key: value or "" for key, value in row.items() if isinstance(key, str)}
        key, _, slug = stated.get("post_id", "").partition(".")
        name = by_key.get(key)
        body = package.part(name).decode("utf-8", "replace") if name else ""
        if not body.strip():
            yield LeftOut(
                f"the post {shortened_for_note(stated.get('title', '') or key)!r}: it has no text"
            )
            continue
        made = _post(key, slug, stated, body)
        if published := json_moment(stated, "post_date", source):
            made.fields["published"] = published
        yield made


def _post(key: str, slug: str, stated: Mapping[str, str], body: str) -> Item:
    fields: dict[str, Any] = {
        "subtitle": stated.get("subtitle", "").strip() or None,
        "status": "usable" if stated.get("is_published", "").lower() == "true" else "draft",
        "access": _ACCESS.get(stated.get("audience", "")),
        "slug": slug or None,
    }
    made = Item(key=key, title=stated.get("title", ""), body=body)
    made.fields = {name: value for name, value in fields.items() if value}
    return made


def _page(package: DocxPackage, name: str, source: Source) -> Reading:
    """The page in the archive, with the pictures next to it there."""
    from syndicate.readers.html.page.page import read_page

    inside = replace(source, data=package.part(name), file=None)
    reading = read_page(ReaderState(inside, source.publication.language))
    folder = PurePosixPath(name).parent
    moved: dict[str, str] = {}
    pictures: dict[str, bytes] = {}
    for other in package.names():
        suffix = PurePosixPath(other).suffix.lower()
        if suffix in (".png", ".jpg", ".jpeg", ".gif", ".webp") and (data := package.part(other)):
            below = PurePosixPath(other)
            here = below.relative_to(folder) if below.is_relative_to(folder) else below
            src = quote(str(source.path.with_name("x").parent / here))
            moved[src] = picture_name(source, data, suffix.replace("jpeg", "jpg"))
            pictures[moved[src]] = data
    changed, used = _with_pictures(reading.article.model_dump(), moved)
    article = Article.model_validate(changed)
    return replace(reading, article=article, pictures={src: pictures[src] for src in used})


def _with_pictures(value: Any, moved: Mapping[str, str]) -> tuple[Any, set[str]]:
    """A dumped article with the new addresses of its pictures, and those addresses."""
    if isinstance(value, dict):
        parts = {key: _with_pictures(one, moved) for key, one in value.items()}
        fresh = {key: one for key, (one, _) in parts.items()}
        used = {src for _, below in parts.values() for src in below}
        if fresh.get("type") == "figure":
            src = moved.get(fresh["src"], moved.get(quote(unquote(fresh["src"]))))
            if src:
                fresh["src"] = src
                used.add(src)
        return fresh, used
    if isinstance(value, list | tuple):
        found = [_with_pictures(one, moved) for one in value]
        return [one for one, _ in found], {src for _, below in found for src in below}
    return value, set()
