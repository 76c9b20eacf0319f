"""Whether an article that comes in is one that the newsroom has: by text, date and source, never
by its title alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.similarity import SKETCH, Sketch, similarity, sketch
from syndicate.article.text import passages
from syndicate.ledger.records import KnownArticle
from syndicate.readers import Reading

ALIKE = 0.8
"""So much of a text in common, and two articles of any title are one that was edited."""
EDITED = 0.4
"""So much, and two articles of one title are."""
REDATED = 0.95
"""So much, and they are although each states another day."""
SHORT = 120
"""Up to so many words, texts are compared word by word: a few changes move every shingle."""


@dataclass
class KnownWhileImporting:
    """The articles that the newsroom has, found by title and by what their texts share. `dated`
    are the ids of those whose manuscripts state their day, `article_of` the whole of one."""

    publication: Publication
    article_of: Callable[[str], Article | None]
    dated: set[str] = field(default_factory=set)
    by_id: dict[str, KnownArticle] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    _titles: dict[str, set[str]] = field(default_factory=dict)
    _shared: dict[int, set[str]] = field(default_factory=dict)

    def put(self, known: KnownArticle, *, is_dated: bool) -> None:
        """Know `known` from now on, in the place of what was known by its id."""
        self.drop(known.id)
        self.by_id[known.id] = known
        self.slugs.add(known.slug)
        self._titles.setdefault(known.title, set()).add(known.id)
        for value in known.sketch:
            self._shared.setdefault(value, set()).add(known.id)
        if is_dated:
            self.dated.add(known.id)

    def drop(self, article_id: str) -> None:
        """Forget an article."""
        known = self.by_id.pop(article_id, None)
        if known:
            self.slugs.discard(known.slug)
            self.dated.discard(article_id)
            self._titles.get(known.title, set()).discard(article_id)
            for value in known.sketch:
                self._shared.get(value, set()).discard(article_id)

    def same_as(self, reading: Reading, url: str | None) -> KnownArticle | None:
        """The article that `reading`, fetched from `url` if it is a page, is; None if it is new."""
        article = reading.article
        if "id" in reading.given:
            return self.by_id.get(article.id)
        own = sketch(article.body)
        for one in self._titled(article.title):
            if self._is_same(reading, own, one, EDITED, url):
                return one
        likely = Counter(name for value in own for name in self._shared.get(value, ()))
        least = ALIKE * min(len(own), SKETCH) / 2
        for name, count in sorted(likely.items(), key=lambda item: (-item[1], item[0])):
            if count < least:
                break
            if self._is_same(reading, own, self.by_id[name], ALIKE, url):
                return self.by_id[name]
        return None

    def namesake(self, title: str) -> KnownArticle | None:
        """An article of this title."""
        return next(iter(self._titled(title)), None)

    def _titled(self, title: str) -> Iterable[KnownArticle]:
        return [self.by_id[name] for name in sorted(self._titles.get(title, ()))]

    def _is_same(
        self, reading: Reading, own: Sketch, known: KnownArticle, least: float, url: str | None
    ) -> bool:
        if url and reading.article.url == self._url_of(known):
            return True
        share = similarity(own, known.sketch)
        if self._are_of_other_days(reading, known):
            return share >= REDATED
        if share >= least:
            return True
        return least == EDITED and self._reads_alike(reading.article, known)

    def _url_of(self, known: KnownArticle) -> str | None:
        article = self.article_of(known.id)
        return article.url if article else None

    def _are_of_other_days(self, reading: Reading, known: KnownArticle) -> bool:
        """Whether both state when they were published, and state different days."""
        if "published" not in reading.given or known.id not in self.dated:
            return False
        return self._day(reading.article.published) != self._day(
            datetime.fromisoformat(known.first_seen)
        )

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.publication.zone).date()

    def _reads_alike(self, article: Article, known: KnownArticle) -> bool:
        """Whether two short texts share most of their words, in their order."""
        other = self.article_of(known.id)
        if other is None:
            return False
        one, two = (" ".join(passages(a.body)).casefold().split() for a in (article, other))
        if max(len(one), len(two)) > SHORT:
            return False
        return SequenceMatcher(None, one, two, autojunk=False).ratio() >= EDITED + 0.2
