"""Rows of the cache's tables: what was read of a file, an article and its pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from sqlite3 import Connection

from syndicate.digests import digest_of
from syndicate.engine.content.article_summary import ArticleSummary, as_values, instant
from syndicate.engine.content.cache import as_json
from syndicate.engine.content.reading import ReadFile
from syndicate.ledger.records import KnownArticle

Digest = Callable[[str], str]
"""The digest of a picture, by its `src`."""


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
    row = (read.name, marks, read.at, read.digest, read.order, None)
    tables.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", row)
    for place, one in enumerate(read.articles):
        notes = [asdict(note) for note in one.notes]
        told = (as_json(one.given), as_json(notes), as_json(one.lines), read.modified)
        first = (one.source, read.name, place, one.summary.digest, *told, "", 0, 0, 0, None)
        rest = ("", "", "", "", "", "", "", 0, 0, None, None)
        places = ", ".join("?" * len((*first, *rest)))
        query = f"INSERT INTO articles VALUES ({places})"  # noqa: S608 - question marks
        tables.execute(query, (*first, *rest))
        set_article(tables, one.known, one.summary, picture)


def drop_file(tables: Connection, name: str) -> None:
    """Forget what was read from a file."""
    where = "source IN (SELECT source FROM articles WHERE file = ?)"
    tables.execute(f"DELETE FROM pictures_of WHERE {where}", (name,))  # noqa: S608 - from constants of ours
    tables.execute("DELETE FROM articles WHERE file = ?", (name,))
    tables.execute("DELETE FROM files WHERE name = ?", (name,))


def set_article(
    tables: Connection, known: KnownArticle, one: ArticleSummary, picture: Digest
) -> None:
    """Set what is known of the article `one`."""
    tables.execute("DELETE FROM pictures_of WHERE source = ?", (one.source,))
    pairs = [(one.source, src) for src in one.pictures]
    tables.executemany("INSERT INTO pictures_of VALUES (?, ?)", pairs)
    pictures = pictures_digest(one.pictures, picture)
    tables.execute(
        """
        UPDATE articles
           SET known = ?, id = ?, slug = ?, digest = ?, pictures = ?, state = ?, summary = ?,
               status = ?, published = ?, updated = ?, embargoed = ?, expires = ?
         WHERE source = ?
        """,
        (
            as_json(asdict(known)),
            one.id,
            one.slug,
            one.digest,
            pictures,
            _state(one, pictures),
            as_json(as_values(one)),
            one.status,
            instant(one.published),
            instant(one.updated),
            one.embargoed and instant(one.embargoed),
            one.expires and instant(one.expires),
            one.source,
        ),
    )


def set_pictures(tables: Connection, one: ArticleSummary, picture: Digest) -> None:
    """Note that pictures of the article `one` have changed."""
    pictures = pictures_digest(one.pictures, picture)
    row = (pictures, _state(one, pictures), one.source)
    tables.execute("UPDATE articles SET pictures = ?, state = ? WHERE source = ?", row)


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
