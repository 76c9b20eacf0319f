"""Rows of the cache's tables: what was read of a file, an article and its pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from sqlite3 import Connection
from typing import Any

from syndicate.digests import digest_of
from syndicate.engine.content.article_summary import ArticleSummary, as_values, instant
from syndicate.engine.content.cache import as_json
from syndicate.engine.content.reading import ReadFile
from syndicate.engine.content.sources import latest
from syndicate.ledger.records import KnownArticle

Digest = Callable[[str], str]
"""The digest of a picture, by its `src`."""
_RACY = 2_000_000_000
"""A file written this shortly (ns) before it was read may change again within one tick of its
clock."""


@dataclass(frozen=True)
class UnsettledRow:
    """An article that waits to be settled: where it was read, what its source states, and what it
    is so far: if `is_as_read`, what it is if nobody has seen it before."""

    source: str
    file: str
    raw: str
    given: frozenset[str]
    modified: str
    known: KnownArticle
    file_digest: str
    is_as_read: bool


def unsettled(tables: Connection, limit: int) -> list[UnsettledRow]:
    """The first `limit` rows that wait, in the order of files."""
    query = """
        SELECT source, file, raw, given, modified, known, summary, raw = digest
          FROM articles WHERE NOT settled ORDER BY file, place LIMIT ?
    """
    return [
        UnsettledRow(
            source,
            file,
            raw,
            frozenset(json.loads(given)),
            modified,
            known_from(known),
            json.loads(summary)["file_digest"],
            bool(is_as_read),
        )
        for source, file, raw, given, modified, known, summary, is_as_read in tables.execute(
            query, (limit,)
        )
    ]


def put_file(tables: Connection, read: ReadFile, marks: str, picture: Digest) -> None:
    """Put what was read from a file in place of what was read before."""
    drop_file(tables, read.name)
    put_file_row(tables, read, marks)
    for place, one in enumerate(read.articles):
        row = {
            "source": one.source,
            "file": read.name,
            "place": place,
            "raw": one.summary.digest,
            "modified": read.modified,
            "given": as_json(one.given),
            "notes": as_json([asdict(note) for note in one.notes]),
            "lines": as_json(one.lines),
            "settled": 0,
            "adopted": 0,
            "learnt": 0,
            "kept": "",
        }
        _drop(tables, "source = ?", one.source)
        _insert(tables, "articles", row | _article_row(one.known, one.summary, picture))
        _put_pictures(tables, one.summary)


def is_unsure(at: int, changed: int) -> bool:
    """Whether a file that `changed` last at one time and was seen `at` another (ns) may have
    changed since although it looks the same."""
    return at - changed <= _RACY


def put_file_row(tables: Connection, read: ReadFile, marks: str) -> None:
    """Note when and how a file was read."""
    row = {
        "name": read.name,
        "marks": marks,
        "at": read.at,
        "unsure": is_unsure(read.at, latest(marks)),
        "digest": read.digest,
        "date_order": read.order,
        "crash": read.crash or None,
    }
    _insert(tables, "files", row)


def drop_file(tables: Connection, name: str) -> None:
    """Forget what was read from a file."""
    _drop(tables, "file = ? AND kept = ''", name)
    tables.execute("DELETE FROM files WHERE name = ?", (name,))


def put_stand_in(
    tables: Connection, known: KnownArticle, one: ArticleSummary, file: str, picture: Digest
) -> None:
    """Put the article `one`, which is kept without its `file`, in place of what was there of it."""
    tables.execute("DELETE FROM articles WHERE id = ? AND kept != ''", (one.id,))
    row = {
        "source": one.source,
        "file": file,
        "place": 0,
        "raw": one.digest,
        "modified": known.updated,
        "given": "[]",
        "notes": "[]",
        "lines": "[]",
        "settled": 1,
        "adopted": 0,
        "learnt": 0,
        "kept": one.kept,
    }
    _insert(tables, "articles", row | _article_row(known, one, picture) | {"shared": 1})
    _put_pictures(tables, one)


def drop_stand_in(tables: Connection, id_: str) -> None:
    """Forget an article that was kept without its file."""
    _drop(tables, "id = ? AND kept != ''", id_)


def drop_article(tables: Connection, id_: str) -> None:
    """Forget what was read of an article, wherever that was."""
    _drop(tables, "id = ?", id_)


def _drop(tables: Connection, where: str, value: str) -> None:
    """Delete rows of articles; it is to be found out what became of those articles."""
    rows = f"FROM articles WHERE {where}"
    ids = f"INSERT OR IGNORE INTO missing SELECT id, NULL {rows}"
    tables.execute(ids, (value,))
    pictures = f"DELETE FROM pictures_of WHERE source IN (SELECT source {rows})"  # noqa: S608 - from constants of ours
    tables.execute(pictures, (value,))
    tables.execute(f"DELETE {rows}", (value,))


def set_article(
    tables: Connection, known: KnownArticle, one: ArticleSummary, picture: Digest
) -> None:
    """Set what is known of the article `one`."""
    row = _article_row(known, one, picture)
    values = ", ".join(f"{name} = :{name}" for name in row)
    query = f"UPDATE articles SET {values} WHERE source = :source"  # noqa: S608 - names of ours
    tables.execute(query, {**row, "source": one.source})
    _put_pictures(tables, one)


def _article_row(known: KnownArticle, one: ArticleSummary, picture: Digest) -> dict[str, Any]:
    """What the tables hold of the article `one` itself."""
    pictures = pictures_digest(one.pictures, picture)
    return {
        "id": one.id,
        "slug": one.slug,
        "address": one.url.rstrip("/"),
        "digest": one.digest,
        "pictures": pictures,
        "state": _state(one, pictures),
        "shared": 0,
        "pictured": not pictures,
        "status": one.status,
        "published": instant(one.published),
        "updated": instant(one.updated),
        "embargoed": one.embargoed and instant(one.embargoed),
        "expires": one.expires and instant(one.expires),
        "known": as_json(asdict(known)),
        "summary": as_json(as_values(one)),
    }


def _put_pictures(tables: Connection, one: ArticleSummary) -> None:
    tables.execute("DELETE FROM pictures_of WHERE source = ?", (one.source,))
    pairs = [(one.source, src) for src in one.pictures]
    tables.executemany("INSERT INTO pictures_of VALUES (?, ?)", pairs)


def _insert(tables: Connection, table: str, row: dict[str, Any]) -> None:
    places = ", ".join(f":{name}" for name in row)
    query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608 - names of ours
    tables.execute(query, row)


def set_pictures(tables: Connection, one: ArticleSummary, picture: Digest) -> None:
    """Note that pictures of the article `one` have changed."""
    pictures = pictures_digest(one.pictures, picture)
    row = (pictures, _state(one, pictures), one.source)
    query = "UPDATE articles SET pictures = ?, state = ?, pictured = 0 WHERE source = ?"
    tables.execute(query, row)


def pictures_digest(pictures: Iterable[str], picture: Digest) -> str:
    """One digest of all the pictures of an article, "" if it has none."""
    digests = [picture(src) for src in pictures]
    return sha256("\n".join(digests).encode()).hexdigest() if digests else ""


def _state(one: ArticleSummary, pictures: str) -> str:
    """A digest of all that a rendering takes from an article and its file."""
    return digest_of(article=one.digest, file=one.file_digest, pictures=pictures)


def known_from(text: str) -> KnownArticle:
    """What the tables hold as `known`."""
    values = json.loads(text)
    return KnownArticle(**{**values, "sketch": tuple(values["sketch"])})
