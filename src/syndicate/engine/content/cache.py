"""What was read from `content/`, kept between runs in `.syndicate/cache/`.

It is a table on this disk, not in the ledger: the time of a file differs from checkout to checkout,
and all of it can be worked out again from the files and the ledger. It may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from syndicate import __version__
from syndicate.article import Article
from syndicate.digests import digest_of
from syndicate.engine.content.article_store import keep_article, stored_article
from syndicate.engine.content.cache_tables import PATIENCE, opened, unusable
from syndicate.engine.content.folder_walk import mark_of
from syndicate.grounds import Opener, open_file
from syndicate.newsroom.newsroom import Newsroom
from syndicate.store import BlobStore

_FORMAT = 9  # of the tables; a cache of another format is dropped


class KeptInputs(NamedTuple):
    """The inputs of the rendering of an article: the digest that the article has now (another
    process may have read a newer one since it was looked at), and whether the rendering was found
    at rest."""

    digest: str
    text: str
    rests: int


class ContentCache:
    """`tables` on what was read of each file, each article, and each picture; the articles
    themselves are in `store`, by their digests.

    Changes are kept when `save` is called. `close` lets go of the tables, as the end of the object
    does.
    """

    def __init__(self, folder: Path, store: BlobStore, tables: sqlite3.Connection) -> None:
        self.folder, self.store, self.tables = folder, store, tables
        self.close = weakref.finalize(self, tables.close)

    @classmethod
    def open(cls, newsroom: Newsroom) -> ContentCache:
        """The cache of `newsroom`; empty if another version or publication wrote it."""
        shape = newsroom.publication.model_dump(mode="json")
        habits = asdict(newsroom.habits)
        # Without `follow`, it would be remembered that a picture behind a link may not be read.
        follow = [str(one) for one in newsroom.follow]
        stamp = digest_of(
            format=_FORMAT, version=__version__, publication=shape, habits=habits, follow=follow
        )
        folder = newsroom.state / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            (folder / "read.json").unlink(missing_ok=True)  # where releases before kept it
        file = folder / "read.db"
        try:
            return cls(folder, newsroom.store, opened(file, stamp))
        except sqlite3.OperationalError as error:  # a full disk, no rights
            raise unusable(error, file) from error
        except sqlite3.DatabaseError:  # it is damaged
            for suffix in ("", "-wal", "-shm"):
                file.with_name(file.name + suffix).unlink(missing_ok=True)
            return cls(folder, newsroom.store, opened(file, stamp))

    @classmethod
    def exists(cls, newsroom: Newsroom) -> bool:
        """Whether anything has ever been read here."""
        return (newsroom.state / "cache" / "read.db").is_file()

    def save(self) -> None:
        """Keep what has changed."""
        self.tables.commit()

    def compact(self) -> bool:
        """Write the file of the tables anew, once they are closed, so that nothing is left in it of
        what was dropped. False if another process is using it."""
        file = self.folder / "read.db"
        try:
            with closing(sqlite3.connect(file, timeout=PATIENCE)) as tables:
                tables.execute("VACUUM")
                (is_busy, _, _) = tables.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        return not is_busy

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The tables, for a change that is kept at once; no other process writes meanwhile."""
        self.tables.commit()
        self.tables.execute("BEGIN IMMEDIATE")
        try:
            yield self.tables
        except BaseException:
            self.tables.rollback()
            raise
        self.tables.commit()

    def about(self, key: str) -> str:
        """A fact about what was read, "" if it is not known."""
        row = self.tables.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, **facts: str) -> None:
        """Note facts about what was read."""
        self.tables.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", facts.items())

    def files(self) -> frozenset[str]:
        """The names of the files that were read."""
        return frozenset(name for (name,) in self.tables.execute("SELECT name FROM files"))

    # -- articles ---------------------------------------------------------------------------

    def article(self, digest: str) -> Article | None:
        """The article with this digest, or None."""
        return stored_article(self.store, digest)

    def keep(self, article: Article) -> str:
        """Store `article` and return its digest."""
        return keep_article(self.store, article)

    def named(self) -> frozenset[str]:
        """The digests of the articles that this cache refers to."""
        query = "SELECT raw FROM articles UNION SELECT digest FROM articles"
        return frozenset(digest for (digest,) in self.tables.execute(query))

    # -- pictures ---------------------------------------------------------------------------

    def picture_digest(self, path: Path, src: str, open_: Opener = open_file) -> str:
        """SHA-256 of a picture's bytes, "" if it is missing or must not be read. It is read only if
        it changed."""
        mark = mark_of(str(path))
        query = "SELECT mark, digest FROM pictures WHERE src = ?"
        known = self.tables.execute(query, (src,)).fetchone()
        if known and known[0] == mark:
            return str(known[1])
        try:
            with open_(path) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            digest = ""
        row = (src, mark, digest)
        self.tables.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?)", row)
        return digest

    # -- inputs -----------------------------------------------------------------------------

    def inputs_of(self, channel: str, shape: str, ids: Iterable[str]) -> dict[str, KeptInputs]:
        """What the renderings of the articles `ids` in `channel` depend on, where that has been
        worked out before for the articles as they are now; by their ids."""
        query = f"""
            SELECT id, digest, inputs, rests FROM inputs JOIN articles USING (id, state)
             WHERE channel = ? AND shape = ? AND twin IS NULL
               AND id IN ({", ".join("?" * len(given := tuple(ids)))})
        """  # noqa: S608 - placeholders
        rows = self.tables.execute(query, (channel, shape, *given))
        return {id_: KeptInputs(digest, text, rests) for id_, digest, text, rests in rows}

    def at_rest(self, channel: str, shape: str, rests: bool) -> frozenset[str]:
        """The ids of the articles whose rendering in `channel` was found at rest, or not; without
        those that have changed since."""
        query = """
            SELECT id FROM inputs JOIN articles USING (id, state)
             WHERE channel = ? AND shape = ? AND twin IS NULL AND rests = ?
        """
        return frozenset(chain.from_iterable(self.tables.execute(query, (channel, shape, rests))))

    def note_at_rest(self, channel: str, inputs: Iterable[tuple[str, str]], rests: bool) -> None:
        """Note of ids whether their rendering in `channel` was found at rest, unless its inputs
        have changed meanwhile."""
        self._change(
            "UPDATE inputs SET rests = ? WHERE channel = ? AND id = ? AND inputs = ?",
            [(rests, channel, id_, text) for id_, text in inputs],
        )

    def keep_inputs(self, channel: str, shape: str, inputs: Iterable[tuple[str, str, str]]) -> None:
        """Keep what was worked out: the id of an article, its digest, and the inputs. Of an article
        that has another digest by now nothing is kept."""
        self._change(
            "INSERT OR REPLACE INTO inputs"
            " SELECT ?, id, ?, state, ?, 0 FROM articles"
            "  WHERE id = ? AND digest = ? AND twin IS NULL",
            [(channel, shape, text, id_, digest) for id_, digest, text in inputs],
        )

    def _change(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """Change `rows`. With none, a transaction would begin that has written nothing: what it
        reads, another process may change, and then it can write no more."""
        if rows:
            self.tables.executemany(statement, rows)


def as_json(value: object) -> str:
    """`value` in the one form in which the tables hold it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
