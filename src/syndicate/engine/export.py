"""Exports the articles of a file, in a newsroom or not, in formats for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from syndicate.adapters import Edition
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.engine.content.identity import FoundArticle, Known, recognise, settle
from syndicate.engine.content.limits import Limits
from syndicate.engine.content.reading import limits_of, read_apart
from syndicate.engine.content.sources import SourceFile, named, readings_of, source_modified_time
from syndicate.engine.read_only import to_look_at
from syndicate.errors import UsageError
from syndicate.kit import Kit, Loss
from syndicate.ledger.ledger import has_ledger, ledger_of
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.newsroom.root import find_root
from syndicate.newsroom.settings import MEMORY, SECONDS_PER_ARTICLE, STEP_TIMEOUT
from syndicate.newsroom.starter import starter

_LIMITS = Limits(MEMORY, STEP_TIMEOUT, SECONDS_PER_ARTICLE)
NAMELESS = Publication(title="Untitled", base_url="http://localhost/")


@dataclass
class NewsroomsToExport:
    """The newsrooms that files lie in, each loaded once; `root` is the one that is asked for, None
    for the one that each file lies in."""

    root: Path | None = None
    _loaded: dict[Path, tuple[Newsroom, Known]] = field(default_factory=dict)

    def of(self, file: Path) -> tuple[Newsroom, Known] | None:
        """The newsroom whose `content/` holds `file`, and what its ledger knows; None if there is
        none."""
        try:
            root = self.root or find_root(file.resolve().parent)
        except UsageError:
            return None
        if not file.resolve().is_relative_to((root / "content").resolve()):
            return None
        if root not in self._loaded:
            newsroom = to_look_at(load_newsroom(root))
            known = _known(newsroom)
            by_source = {one.source: one for one in reversed(known.values())}
            self._loaded[root] = newsroom, Known(known, by_source)
        return self._loaded[root]


def articles_to_export(
    file: Path, root: Path | None = None, newsrooms: NewsroomsToExport | None = None
) -> Iterator[Article]:
    """The articles in `file`, with the identity that they have in the newsroom's ledger.

    Outside a newsroom, an untitled publication at localhost is used. Nothing is written.

    Raises:
        SyndicateError: the file cannot be read as an article.
    """
    return _articles(file, (newsrooms or NewsroomsToExport(root)).of(file))


def export_ninjs(
    file: Path, root: Path | None = None, newsrooms: NewsroomsToExport | None = None
) -> Iterator[tuple[str, tuple[Loss, ...]]]:
    """The articles in `file` as ninjs 3.1, one per line, with what ninjs cannot express.

    Raises:
        SyndicateError: the file cannot be read as an article, or a template is wrong.
    """
    from syndicate.adapters.ninjs import Ninjs

    found = (newsrooms or NewsroomsToExport(root)).of(file)
    newsroom = found[0] if found else None
    publication = newsroom.publication if newsroom else NAMELESS
    adapter = Ninjs(content="full")
    roots = (newsroom.root, starter()) if newsroom else (starter(),)
    templates = tuple(root / "templates" for root in roots)
    follow = newsroom.follow if newsroom else ()
    content, extracted = (newsroom.content, newsroom.extracted) if newsroom else (file.parent, None)
    for article in _articles(file, found):
        kit = Kit(templates, content, extracted=extracted, follow=follow)
        edition = Edition(publication, "ninjs", publication.base_url, (article,), article.updated)
        *_, item = adapter.render(edition, kit)
        yield json.dumps(json.loads(item.content), ensure_ascii=False), tuple(kit.losses)


def _articles(file: Path, beside: tuple[Newsroom, Known] | None) -> Iterator[Article]:
    """The articles in `file`, with their known identity."""
    if beside is None:
        readings = readings_of(SourceFile(file, str(file)), PurePosixPath(file.name), NAMELESS)
        yield from (reading.article for reading in read_apart(readings, str(file), _LIMITS))
        return
    newsroom, articles = beside
    publication = newsroom.publication
    name = PurePosixPath(file.resolve().relative_to(newsroom.content.resolve()).as_posix())
    time = source_modified_time(file.stat())
    own = SourceFile.in_content(newsroom, str(name))
    readings = read_apart(
        readings_of(own, name, publication, newsroom.habits), own.shown, limits_of(newsroom)
    )
    for source, reading in named(str(name), readings):
        found = FoundArticle(reading.article, reading.given, source, time)
        article, _ = settle(found, recognise(found, articles), publication)
        yield article


def _known(newsroom: Newsroom) -> dict[str, KnownArticle]:
    if not has_ledger(newsroom):
        return {}
    with ledger_of(newsroom) as ledger:
        return {article.id: article for article in ledger.articles}
