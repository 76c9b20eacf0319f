"""Importing: sources from anywhere become files in `content/`, one per article, with pictures.

What people can edit (Markdown, plain copy) is copied as it is. Everything else becomes Markdown, or
canonical JSON if Markdown would lose something. An article that the newsroom already has is updated
in its own file, unless somebody has edited that file since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from syndicate.article import Article
from syndicate.article.similarity import sketch
from syndicate.article.slugs import with_slug
from syndicate.atomic import write_public, write_whole
from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import take_in
from syndicate.engine.content.processor_time import OverworkedError, limited
from syndicate.engine.content.reading import limits_of, read_apart
from syndicate.engine.content.sources import SourceFile, date_order_of
from syndicate.engine.importing.fetch import WebFetcher
from syndicate.engine.importing.import_sources import (
    readings_to_import,
    sidecar_to_import,
    sources_to_import,
)
from syndicate.engine.importing.pictures import import_pictures, import_pictures_beside
from syndicate.engine.importing.sameness import KnownWhileImporting
from syndicate.errors import Location, SourceError, SyndicateError, UsageError
from syndicate.ledger.leases import IMPORTING
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Note, Reading, Source, read
from syndicate.writers.markdown import as_markdown, changed_blocks

State = Literal["added", "updated", "unchanged"]
AS_THEY_ARE = frozenset({".md", ".markdown", ".txt"})


@dataclass(frozen=True)
class Added:
    """An article that was imported. `file` is its path below `content/`."""

    source: str
    file: str
    state: State
    title: str
    blocks: int
    pictures: int
    notes: tuple[Note, ...]


@dataclass
class Brought:
    """The result for all sources. `unread` are the files of folders that no reader takes."""

    added: list[Added] = field(default_factory=list)
    errors: list[SyndicateError] = field(default_factory=list)
    unread: list[SourceError] = field(default_factory=list)


def add(
    newsroom: Newsroom,
    sources: Iterable[str],
    *,
    folder: str = "",
    replace_edited: bool = False,
    watch: Callable[[Added], None] = lambda _: None,
) -> Brought:
    """Import the articles of `sources` (files, folders, http(s) URLs) into `content/`.

    A source that cannot be read does not stop the others.

    Args:
        folder: the folder below `content/` for new articles.
        replace_edited: overwrite files that somebody has edited since they were added.

    Raises:
        SyndicateError: the import could not start.
    """
    into = PurePosixPath(folder)
    if into.is_absolute() or ".." in into.parts:
        raise UsageError(f"{folder} is outside content/")
    done = Brought()
    busy = "another import is at work"
    with (
        shared_lock(newsroom.state),
        ledger_of(newsroom) as ledger,
        ledger.leases.run(),
        ledger.leases.taken([IMPORTING], busy),
    ):
        cache = ContentCache.open(newsroom)
        intake = take_in(newsroom, ledger.articles, cache)
        cache.save()
        digests = {one.id: one.digest for one in intake.summaries}
        fresh: dict[str, Article] = {}
        known = KnownWhileImporting(
            newsroom.publication,
            lambda name: fresh.get(name) or cache.article(digests.get(name, "")),
        )
        for one in intake.known:
            known.put(one, is_dated="published" in intake.reports[one.source].given)
        room = AddRun(newsroom, into, replace_edited, known, fresh)
        for source in sources:
            files = list(sources_to_import([source], done.unread))
            read_from = [SourceFile(Path(one), one) for one in files]
            room.day_first = date_order_of(read_from).day_first if files != [source] else None
            for name in files:
                try:
                    for added in room.bring(name):
                        done.added.append(added)
                        watch(added)
                except SyndicateError as error:
                    done.errors.append(error)
        room.close()
    return done


@dataclass
class AddRun:
    """`content/`: the articles in it, and the files that `add` wrote there. `day_first` is the
    order of the dates in the archive that is imported."""

    newsroom: Newsroom
    folder: PurePosixPath
    replace_edited: bool
    known: KnownWhileImporting
    fresh: dict[str, Article] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    day_first: bool | None = None

    def __post_init__(self) -> None:
        try:
            self.written = json.loads(self._record.read_bytes())
        except (OSError, ValueError):
            self.written = {}

    @property
    def web(self) -> WebFetcher:
        """The part of the web that the newsroom's settings allow."""
        return WebFetcher(self.newsroom.networks)

    @property
    def _record(self) -> Path:
        """The file with the digest of each manuscript that `add` wrote, by path."""
        return self.newsroom.state / "added.json"

    def close(self) -> None:
        """Save the digests of what was written."""
        write_whole(self._record, json.dumps(self.written, indent=1).encode())

    def bring(self, name: str) -> Iterator[Added]:
        """Import the articles of one source."""
        habits = replace(self.newsroom.habits, day_first=self.day_first)
        readings, beside = readings_to_import(name, self.web, self.newsroom.publication, habits)
        readings = read_apart(readings, name, limits_of(self.newsroom))
        suffix = PurePosixPath(urlsplit(name).path).suffix.lower()
        as_it_is = Path(name).is_file() and suffix in AS_THEY_ARE
        is_page = urlsplit(name).scheme in ("http", "https")
        for reading in readings:
            known = self.known.same_as(reading, name if is_page else None)
            file = self._place(reading, known, suffix if as_it_is else ".md")
            notes = reading.notes
            if known is None and (other := self.known.namesake(reading.article.title)):
                notes += (
                    Note("guessed", f"that this is another article than content/{other.source}"),
                )
            verbatim = as_it_is
            if known is None and file.stem != reading.article.slug:
                verbatim = as_it_is and "slug" not in reading.given
                reading = self._renamed(reading, file.stem)
            if verbatim:
                content = Path(name).read_bytes()
                room = self.newsroom.content / file.parent
                gathered = import_pictures_beside(
                    reading.article, Path(name).resolve().parent, room
                )
            else:
                gathered = import_pictures(reading, self.web, beside, self.newsroom.content)
                content, file = self._manuscript(reading, gathered.article, file)
            state = self._put(file, content, known)
            self._remember(file, reading)
            sidecar = sidecar_to_import(Path(name)) if verbatim else None
            if verbatim and reading.in_doubt:
                sidecar = _dated(reading.article, sidecar or b"")
            if sidecar:
                write_public((self.newsroom.content / file).with_suffix(".toml"), sidecar)
            yield Added(
                source=name,
                file=str(file),
                state=state,
                title=reading.article.title,
                blocks=len(reading.article.body),
                pictures=gathered.count,
                notes=(*notes, *gathered.notes),
            )

    def _place(self, reading: Reading, known: KnownArticle | None, suffix: str) -> PurePosixPath:
        """The path of the manuscript, existing or new."""
        if known:
            manuscript, several, _ = known.source.partition("#")
            if several:
                raise SourceError(
                    f"already exists in content/{manuscript}, which contains several articles",
                    where=Location(reading.article.title),
                )
            return PurePosixPath(manuscript).with_suffix(suffix)
        stem = reading.article.slug
        file, number = self.folder / f"{stem}{suffix}", 2
        while self._taken(file):
            file, number = self.folder / f"{stem}-{number}{suffix}", number + 1
        return file

    def _taken(self, file: PurePosixPath) -> bool:
        """Whether the file, or an article with its slug, exists."""
        return file.stem in self.known.slugs or (self.newsroom.content / file).exists()

    def _renamed(self, reading: Reading, slug: str) -> Reading:
        """`reading` with another slug, because another article has its own."""
        publication = self.newsroom.publication
        renamed = with_slug(reading.article, slug, reading.given, publication)
        return replace(reading, article=renamed)

    def _manuscript(
        self, reading: Reading, article: Article, file: PurePosixPath
    ) -> tuple[bytes, PurePosixPath]:
        """The text of a manuscript that is read back as `article`, and its file."""
        given = set(reading.given & {"id", "url"})
        if file.stem != article.slug:
            given.add("slug")
        careful: frozenset[int] = frozenset()
        for _ in range(2):
            text = as_markdown(article, given, careful).encode()
            source = Source(file, text, article.published, self.newsroom.publication)
            try:
                with limited(self.newsroom.seconds_per_article):
                    back = read(source)[0].article
            except (SyndicateError, OverworkedError):
                break
            careful = changed_blocks(article.body, back.body)
            if not careful and len(back.body) == len(article.body):
                return text, file
        text = json.dumps(article.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
        return text, file.with_suffix(".json")

    def _put(self, file: PurePosixPath, content: bytes, known: KnownArticle | None) -> State:
        """Write a manuscript, unless somebody has edited the existing one.

        Raises:
            SourceError: they have.
        """
        before = PurePosixPath(known.source.partition("#")[0]) if known else file
        target, old = self.newsroom.content / file, self.newsroom.content / before
        digest = hashlib.sha256(content).hexdigest()
        if not old.is_file():
            write_public(target, content)
            self.written[str(file)] = digest
            return "added"
        present = hashlib.sha256(old.read_bytes()).hexdigest()
        if present == digest and old == target:
            return "unchanged"
        if present != self.written.get(str(before)) and not self.replace_edited:
            raise SourceError(
                "was edited here since it was added, so it was not replaced",
                where=Location(f"content/{before}"),
                hint="to overwrite it: syndicate add --replace …",
            )
        write_public(target, content)
        self.written[str(file)] = digest
        if old != target:
            old.unlink()
            self.written.pop(str(before), None)
        return "updated"

    def _remember(self, file: PurePosixPath, reading: Reading) -> None:
        """Add the article to the known ones, so that the next source can match it."""
        article = reading.article
        known = KnownArticle(
            id=article.id,
            source=str(file),
            slug=article.slug,
            first_seen=article.first_published.isoformat(),
            updated=article.updated.isoformat(),
            words="",
            title=article.title,
            sketch=sketch(article.body),
        )
        self.known.put(known, is_dated="published" in reading.given)
        self.fresh[article.id] = article


def _dated(article: Article, sidecar: bytes) -> bytes:
    """`sidecar` with the day of `article`, which its text alone would leave in doubt."""
    if b"published" in sidecar:
        return sidecar
    return f'published = "{article.published.isoformat()}"\n'.encode() + sidecar
