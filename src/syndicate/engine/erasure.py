"""Erases the text of one withdrawn article from all that the newsroom keeps, for legal reasons.

Digests, times and places stay, so `where` and `history` still say what stood where, without its
words. First the ledger notes that the article is being erased, and nothing reads it again. Then its
bytes go; what was read of it goes last, since it shows where else its words are. A crash leaves the
note: the same call, or the next run, does the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shlex import quote
from urllib.parse import unquote

from syndicate.atomic import remove_whole, write_whole
from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.erased_sources import drop_erased
from syndicate.engine.content.table_rows import drop_article
from syndicate.engine.delivery.outcome import Event, Watch
from syndicate.engine.exposure import is_in_git
from syndicate.engine.forgetting import Beyond, backups_elsewhere, erasing, rewrite_backups
from syndicate.engine.planning.planner import Planner
from syndicate.engine.stored_words import Words
from syndicate.engine.whereabouts import article_called, where_is
from syndicate.errors import SyndicateError, UsageError
from syndicate.ledger.database import Database
from syndicate.ledger.erased_texts import (
    ErasedTexts,
    digests_with_text,
    draft_names,
    erase_words,
    kept_pictures,
    present_digests,
)
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.records import KnownArticle
from syndicate.ledger.references import collect_now
from syndicate.newsroom.newsroom import Newsroom
from syndicate.store import BlobStore

_HERE = "erased here"  # a fact of the cache
_BEYOND = (
    Beyond("what others have copied: embeds, feed readers, search engines, archives, paper"),
    Beyond("other checkouts of this newsroom, until their next run"),
    Beyond("a studio that is running", "start it again"),
    Beyond("old versions of objects, if the bucket of the store keeps them"),
)


@dataclass(frozen=True)
class Erasure:
    """What became of an article whose text was erased: how many files, `blobs` in the store, `rows`
    and backups had something of it, whether all is `done`, what could not be erased yet (`errors`),
    and what nobody can erase from here (`beyond`)."""

    article: str
    files: int
    blobs: int
    rows: int
    backups: int
    done: bool
    errors: tuple[SyndicateError, ...]
    beyond: tuple[Beyond, ...]


def erase(newsroom: Newsroom, name: str, watch: Watch, by: str = "") -> Erasure:
    """Erase the text of the article called `name` (its slug or its file), which is withdrawn.

    Raises:
        UsageError: there is no such article, or it is not withdrawn.
        LockedError: something else is just being erased.
        SyndicateError: the ledger or the store cannot be used; the next run does the rest.
    """
    with Planner.open(newsroom) as planner:
        article = article_called(planner, name)
        known = planner.ledger.articles.with_ids([article]).get(article)
        planner.cache.close()
    if known is None or known.withdrawn is None:
        raise UsageError(
            f"{name} is not withdrawn, so its text is not erased",
            hint=f"syndicate withdraw {quote(name)} --legal --reason …",
        )
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger, erasing(ledger):
        ErasedTexts(ledger.database).begin(article, by)
        done = _erase(newsroom, ledger, article, watch)
        beyond = tuple(_beyond(newsroom, ledger, known))
    return Erasure(article, *done, beyond)


def finish_erasures(newsroom: Newsroom, ledger: Ledger) -> list[SyndicateError]:
    """Erase what is left of articles of which something could not be erased before. Returns what
    still cannot."""
    errors: list[SyndicateError] = []
    texts = ErasedTexts(ledger.database)
    left, everything = texts.unfinished(), texts.all()
    here = _erased_here(newsroom) if everything else set()
    if left or not here.issuperset(everything):
        with erasing(ledger):
            for article in left:
                errors += _erase(newsroom, ledger, article, lambda _: None)[-1]
            for article in set(everything) - here - set(left):
                work = _Work(newsroom, ledger, article)
                for step in work.here:
                    step()
                if work.is_clean:
                    _note_erased_here(newsroom, article)
    return errors


def _erased_here(newsroom: Newsroom) -> set[str]:
    """The articles of which this machine has nothing any more."""
    with closing(ContentCache.open(newsroom)) as cache:
        return set(json.loads(cache.about(_HERE) or "[]"))


def _note_erased_here(newsroom: Newsroom, article: str) -> None:
    with closing(ContentCache.open(newsroom)) as cache, cache.writing():
        known = json.loads(cache.about(_HERE) or "[]")
        cache.note(**{_HERE: json.dumps(sorted({*known, article}))})


def _erase(
    newsroom: Newsroom, ledger: Ledger, article: str, watch: Watch
) -> tuple[int, int, int, int, bool, tuple[SyndicateError, ...]]:
    """Erase the text of `article`. Returns the values of `Erasure`, without what is beyond."""
    work = _Work(newsroom, ledger, article)
    for step in (*work.here, work.erase_words, work.erase_backups):
        step()
        watch(Event("removed", "", article, step.__name__.replace("_", " ")))
    is_done = work.is_clean and not work.errors and ledger.database.compact()
    if is_done:
        _note_erased_here(newsroom, article)
        ErasedTexts(ledger.database).end(article)
    return work.files, work.blobs, work.rows, work.backups, is_done, tuple(work.errors)


@dataclass
class _Work:
    """The steps of erasing `article`. Each can be repeated."""

    newsroom: Newsroom
    ledger: Ledger
    article: str
    files: int = 0
    blobs: int = 0
    rows: int = 0
    backups: int = 0
    is_clean: bool = True
    errors: list[SyndicateError] = field(default_factory=list)
    _words: Words = field(init=False)

    def __post_init__(self) -> None:
        versions = self.ledger.versions.of(self.article)
        self._words = Words.of(self.newsroom.store, versions)

    @property
    def here(self) -> tuple[Callable[[], None], ...]:
        """The steps that each machine takes which has worked on the newsroom."""
        return (
            self.erase_drafts,
            self.erase_renderings,
            self.erase_readings,
            self.erase_leftovers,
            self.erase_versions,
        )

    def erase_drafts(self) -> None:
        """Its drafts, and what is noted of them."""
        drafts, notes = self.newsroom.drafts, self.newsroom.state / "drafts"
        with self.ledger.database.transaction() as db:
            names = draft_names(db, self.article)
        for name in names:
            for folder in (drafts, notes):
                for file in (folder / name, (folder / name).with_name(f".{Path(name).name}.part")):
                    self._remove(file, folder)

    def erase_renderings(self) -> None:
        """What was made of it: files, feeds and issues that contain it, posts, pictures of it."""
        versions = set(self.ledger.versions.of(self.article))
        with self.ledger.database.transaction() as db:
            digests = digests_with_text(db, self.article) - versions
            present = present_digests(db)
        digests |= {one for one in present if self._words.may_be_in(self.newsroom.store, one)}
        for digest in sorted(digests):
            self._remove_blob(digest)

    def erase_readings(self) -> None:
        """What was read of its source, and what is noted of its renderings."""
        cache = ContentCache.open(self.newsroom)
        with closing(cache):
            drop_erased(cache, self.ledger.articles.erased())
            with cache.writing() as tables:
                drop_article(tables, self.article)
            with cache.writing() as tables:
                unused = "src NOT IN (SELECT src FROM pictures_of)"
                tables.execute(f"DELETE FROM pictures WHERE {unused}")  # noqa: S608 - our own text
            used = {src for (src,) in cache.tables.execute("SELECT src FROM pictures_of")}
        self.is_clean &= cache.compact()
        with self.ledger.database.transaction() as db:
            used |= kept_pictures(db, self.article)
        self._erase_pictures({unquote(src) for src in used})
        self._erase_quarantine()

    def erase_leftovers(self) -> None:
        """Bytes that nothing names any more, such as those of its earlier feeds."""
        store, oldest = self.newsroom.store, self.ledger.leases.oldest().timestamp()
        with closing(ContentCache.open(self.newsroom)) as cache:
            needed = cache.named()
        for one in self._stores:
            removed, left = collect_now(
                self.ledger, one, needed, oldest, partial(self._words.may_be_in, one)
            )
            self.blobs += removed
            self.is_clean &= not left
        for folder in ("outbox", "approved", "cache/articles"):  # of earlier releases
            for file in sorted((self.newsroom.state / folder).rglob("*")):
                if file.is_file() and not store.near.holds(file.stem):
                    self._remove(file, self.newsroom.state / folder)

    def erase_versions(self) -> None:
        """What it was."""
        for digest in self.ledger.versions.of(self.article):
            self._remove_blob(digest)

    def erase_words(self) -> None:
        """Its title, and what people have written about it."""
        self.rows += erase_words(self.ledger.database, self.article)

    def erase_backups(self) -> None:
        """The same in the ledger's backups."""

        def change(database: Database) -> int:
            return erase_words(database, self.article)

        self.backups += sum(rewrite_backups(self.newsroom, change, self.errors))

    def _erase_pictures(self, used: set[str]) -> None:
        """Delete pictures that came inside its source and that no other article shows."""
        folder = self.newsroom.extracted
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder).as_posix()
            if file.is_file() and name not in used and not self.ledger.leases.busy():
                self._remove(file, folder)

    def _erase_quarantine(self) -> None:
        file = self.newsroom.state / "cache" / "quarantine.json"
        with suppress(OSError, ValueError, AttributeError):
            kept = json.loads(file.read_bytes())
            rest = {key: value for key, value in kept.items() if self.article not in key}
            if rest != kept:
                write_whole(file, json.dumps(rest, indent=1).encode())

    def _remove(self, file: Path, above: Path) -> None:
        if file.is_file():
            remove_whole(file, above)
            self.files += 1

    @property
    def _stores(self) -> tuple[BlobStore, ...]:
        """The store, then the part of it on this machine: what is read comes there, too."""
        store = self.newsroom.store
        return (store,) if store is store.near else (store, store.near)

    def _remove_blob(self, digest: str) -> None:
        if self.newsroom.store.holds(digest):
            for one in self._stores:
                one.remove(digest, float("inf"))
            self.blobs += 1


def _beyond(newsroom: Newsroom, ledger: Ledger, known: KnownArticle) -> Iterator[Beyond]:
    """What still has the text of an article, and cannot be reached from here."""
    file, is_part, _ = known.source.partition("#")
    path = Path("content") / file
    in_git = is_in_git(newsroom, path)
    if (newsroom.root / path).is_file():
        command = f"{'git rm' if in_git else 'rm'} {quote(str(path))}"
        yield Beyond(str(path), "delete the article in it" if is_part else f"delete it: {command}")
    if in_git:
        yield Beyond(
            f"the history of git: {path}",
            "rewrite it, for example with git filter-repo, and ask everybody to clone it again",
        )
    for one in where_is(newsroom, known.slug):
        if one.kind == "notice":
            continue
        yield Beyond(f"{one.channel}: {one.kind}: {one.address}")
    yield from backups_elsewhere(newsroom, ledger)
    yield from _BEYOND
