"""What a plan is made from: a newsroom, its articles and its ledger at one point in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from syndicate.adapters import Scope
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.summaries import ArticlePictures, Summaries
from syndicate.engine.planning.input_digests import InputDigests
from syndicate.engine.planning.release import Release, later
from syndicate.engine.planning.renderings import PlannedRendering
from syndicate.ledger.snapshot import LedgerSnapshot, LedgerView
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.shape import Shape


@dataclass(frozen=True)
class PlanInputs:
    """The articles of a newsroom, a view of its ledger, and the time that counts as now.

    Neither is loaded as a whole. `snapshot` is what the ledger holds of the renderings that are
    being looked at. `only_content_changed` is whether all but `content/` is as a run left it that
    left nothing to do.
    """

    newsroom: Newsroom
    summaries: Summaries
    view: LedgerView
    now: datetime
    snapshot: LedgerSnapshot = field(default_factory=LedgerSnapshot)
    only_content_changed: bool = False

    def about(self, channel: Channel, keys: Iterable[str]) -> PlanInputs:
        """The same, looking at these renderings of `channel`."""
        return replace(self, snapshot=self.view.of(channel.name, keys))

    @property
    def pictures(self) -> ArticlePictures:
        """A digest of each article's pictures, by the article's id."""
        return ArticlePictures(self.summaries.cache)

    @cached_property
    def release(self) -> Release:
        """What may leave at that time."""
        return Release(self.newsroom, self.snapshot, self.now)

    def chosen(
        self,
        channel: Channel,
        only: Collection[str] = (),
        without: Collection[str] = (),
    ) -> Sequence[ArticleSummary]:
        """What `channel` shows, newest first: of the ids `only` if there are some, and not those
        `without`. An article whose file is gone does not go out to people, who would have it for
        ever, until somebody decides to keep it."""
        zone = self.newsroom.publication.zone
        found = self.summaries.choose(channel.select, self.now, zone, only, without)
        if channel.goes_to_people and any(self.summaries.kept(self.now)):
            return [one for one in found if not one.is_gone]
        return found

    def count(self, channel: Channel, ids: Collection[str]) -> int:
        """How many of the articles with `ids` `channel` shows."""
        if not ids:
            return 0
        zone = self.newsroom.publication.zone
        return self.summaries.count(channel.select, self.now, zone, ids)

    def history(self, channel: Channel, only: Iterable[str]) -> Sequence[ArticleSummary]:
        """What of the ids `only` `channel` shows or once showed, newest first."""
        found = self.summaries.of(only).values()
        return channel.select.history(found, self.now, self.newsroom.publication.zone)

    def past(self, channel: Channel, only: Iterable[str]) -> Sequence[ArticleSummary]:
        """As `history`, with those that were withdrawn since."""
        found = self.summaries.of(only).values()
        zone = self.newsroom.publication.zone
        gone = channel.select.gone(found, self.now, zone)
        shown = channel.select.history(found, self.now, zone)
        withdrawn = (one for one in gone if one.status == "withdrawn")
        return (*shown, *withdrawn)

    def input_digests(
        self, channel: Channel, shape: Shape, renderings: Sequence[PlannedRendering]
    ) -> Mapping[str, InputDigests]:
        """What each of `renderings` depends on, by its key. For those of one article, that is kept
        until the article or the `shape` of the channel changes."""
        cache, digests = self.summaries.cache, dict[str, InputDigests]()
        if channel.adapter.scope is Scope.ARTICLE:
            ids = {one.key: one.articles for one in renderings if one.articles}
            kept = cache.inputs_of(channel.name, str(shape), ids)
            found = (
                (key, InputDigests.parse(one.text))
                for key, one in kept.items()
                if ids[key] == (one.digest,)
            )
            digests = {key: one for key, one in found if one}
        fresh = [one for one in renderings if one.key not in digests]
        digests |= {one.key: one.depends_on(shape, self.pictures) for one in fresh}
        if channel.adapter.scope is Scope.ARTICLE:
            new = [(k, ids[k][0], str(digests[k])) for one in fresh if (k := one.key) in ids]
            cache.keep_inputs(channel.name, str(shape), new)
        return digests

    def moments(self, channel: Channel) -> Iterator[datetime]:
        """The times at which `channel` changes although nothing else does: the next of each
        kind."""
        yield from self.summaries.moments(channel.select, self.now)
        yield from later(self.view.scheduled(channel.name), self.now)
