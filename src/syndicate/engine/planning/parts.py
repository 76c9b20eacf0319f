"""The parts of a rolling channel: one in all, or one for each tag, author, month.

What people subscribe to never disappears. A feed in which nothing is left is rendered with no
articles; its folder stays that of the subject that had it first; the date of its contents never
goes back; and for a year it says which articles that it once showed have been withdrawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from syndicate.adapters import WHOLE, Divides, EditionPart, Scope, Subscription, Withdrawn
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.spellings import folder_name
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.renderings import EPOCH, PlannedRendering
from syndicate.ledger.parts import PastParts
from syndicate.ledger.records import RecordedPart
from syndicate.newsroom.channel import Channel

_TOLD = timedelta(days=365)
"""How long a feed says that an article was withdrawn."""
_FACT, _FACT_WHOLE = "parts", "whole lists"


def rolling_renderings(plan_inputs: PlanInputs, channel: Channel) -> Iterator[PlannedRendering]:
    """The renderings of a rolling channel: one in all, or one for each of its parts."""
    if isinstance(channel.adapter, Divides):
        yield from _Division(plan_inputs, channel).renderings()
        return
    summaries, now = plan_inputs.summaries, plan_inputs.now
    zone = plan_inputs.newsroom.publication.zone
    chosen = tuple(summaries.choose(channel.select, now, zone))
    gone = summaries.gone(channel.select, now, zone)[: len(chosen)]
    yield _rendering(channel, WHOLE, chosen, [_withdrawn(one) for one in gone])


def subscriptions_to_render(plan_inputs: PlanInputs) -> Iterator[Subscription]:
    """Every feed of the newsroom that is open to everyone and shows something, in the order of
    channels."""
    publication = plan_inputs.newsroom.publication
    for channel in plan_inputs.newsroom.channels.values():
        adapter = channel.adapter
        if not is_part(channel):
            continue
        assert isinstance(adapter, Divides)
        for rendering in rolling_renderings(plan_inputs, channel):
            if rendering.part.folder and not rendering.articles:
                continue
            feed = adapter.subscription(publication, channel.url, rendering.part)
            if feed and not channel.private:
                yield feed


def is_part(channel: Channel) -> bool:
    """Whether a rendering of `channel` is a part of it, such as a feed or its archive."""
    return channel.adapter.scope is Scope.ROLLING and isinstance(channel.adapter, Divides)


def has_other_folder(part: EditionPart) -> bool:
    """Whether another subject had the folder of `part` first, so that it has one with a suffix."""
    plain = folder_name(part.subject)
    return bool(plain) and part.folder != plain and part.folder.startswith(f"{plain}-")


def recorded_part(rendering: PlannedRendering) -> RecordedPart:
    """What the ledger keeps of `rendering`."""
    part, date = rendering.part, rendering.date.isoformat()
    return RecordedPart(part.folder, part.subject, date, rendering.members)


def take_in_parts(plan_inputs: PlanInputs) -> None:
    """Once for each ledger: what was rendered before it kept the parts has shown what belongs to
    each part today, or would if it had not been withdrawn."""
    _take_in_whole_lists(plan_inputs)
    ledger, summaries, now = plan_inputs.view.ledger, plan_inputs.summaries, plan_inputs.now
    if ledger.facts.get(_FACT) is not None:
        return
    zone = plan_inputs.newsroom.publication.zone
    for channel in plan_inputs.newsroom.channels.values():
        if not is_part(channel):
            continue
        assert isinstance(channel.adapter, Divides)
        rendered = ledger.parts.past(channel.name, ()).dates
        history = summaries.history(channel.select, now, zone)
        gone = summaries.gone(channel.select, now, zone)
        parts = []
        for part, some, lost in channel.adapter.divide(history, gone, len, zone):
            if part.key in rendered:
                whole = _rendering(channel, part, (*some, *lost), ())  # type: ignore[arg-type]
                parts.append((part.key, recorded_part(whole)))
        ledger.parts.add(channel.name, parts)
    ledger.facts.put(_FACT, "taken in")


def _take_in_whole_lists(plan_inputs: PlanInputs) -> None:
    """The same of channels that are one document, such as a site map."""
    ledger = plan_inputs.view.ledger
    if ledger.facts.get(_FACT_WHOLE) is not None:
        return
    for channel in plan_inputs.newsroom.channels.values():
        if channel.adapter.scope is not Scope.ROLLING or is_part(channel):
            continue
        if WHOLE.key in ledger.parts.past(channel.name, ()).dates:
            (whole,) = rolling_renderings(plan_inputs, channel)
            ledger.parts.add(channel.name, [(whole.key, recorded_part(whole))])
    ledger.facts.put(_FACT_WHOLE, "taken in")


@dataclass(frozen=True)
class _Division:
    """The parts of the divided `channel`."""

    plan_inputs: PlanInputs
    channel: Channel

    def renderings(self) -> Iterator[PlannedRendering]:
        """Each part that shows something, then those in which nothing is left."""
        inputs, adapter = self.plan_inputs, self.channel.adapter
        assert isinstance(adapter, Divides)
        zone, select = inputs.newsroom.publication.zone, self.channel.select
        history = inputs.summaries.history(select, inputs.now, zone)

        def latest(articles: Sequence[ArticleSummary]) -> int:
            return len(select.latest(articles, inputs.now))

        gone = [one for one in self._withdrawn.values() if one.id in self._past.appeared]
        met: set[str] = set()
        for part, some, _ in adapter.divide(history, gone, latest, zone):  # type: ignore[arg-type]
            owned = self._owned(part)
            if owned.folder and not some and owned.folder not in self._past.folders:
                continue  # of this subject nothing was ever shown
            met.add(owned.key)
            yield self._rendering(owned, some)  # type: ignore[arg-type]
        for key in sorted(self._past.dates.keys() - met):
            if not key or key.endswith("/"):
                yield self._rendering(self._emptied(key), ())

    def _rendering(self, part: EditionPart, articles: Sequence[ArticleSummary]) -> PlannedRendering:
        shown = {one.id for one in articles}
        gone = [one for one in self._gone.get(part.key, ()) if one.id not in shown]
        made = _rendering(self.channel, part, articles, [_withdrawn(one) for one in gone])
        before = self._past.dates.get(part.key)
        return replace(
            made, date=max(made.date, datetime.fromisoformat(before or EPOCH.isoformat()))
        )

    def _owned(self, part: EditionPart) -> EditionPart:
        """`part` in the folder that its subject has had, or in one that no other has."""
        if not part.folder:
            return part
        name = part.subject.casefold()
        folder = self._owners.get(name, part.folder)
        owner = self._past.folders.get(folder, part.subject)
        if owner.casefold() != name:
            folder = f"{folder}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return replace(part, folder=folder)

    def _emptied(self, key: str) -> EditionPart:
        folder = key.rstrip("/")
        return EditionPart(folder, self._past.folders.get(folder, folder)) if folder else WHOLE

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The folder of each subject that has had one."""
        return {subject.casefold(): folder for folder, subject in self._past.folders.items()}

    @cached_property
    def _past(self) -> PastParts:
        return self.plan_inputs.view.past_parts(self.channel.name, list(self._withdrawn))

    @cached_property
    def _withdrawn(self) -> Mapping[str, ArticleSummary]:
        """What was withdrawn or has expired within a year, by id."""
        since = self.plan_inputs.now - _TOLD
        gone = self.plan_inputs.summaries.withdrawn(self.plan_inputs.now)
        return {one.id: one for one in gone if _left(one) > since}

    @cached_property
    def _gone(self) -> Mapping[str, Sequence[ArticleSummary]]:
        """What is gone of what each part has shown. What was in a closed period is told in the feed
        that people follow too, since they seldom fetch the archive again."""
        found: dict[str, list[ArticleSummary]] = {}
        for one in self._withdrawn.values():
            keys = self._past.appeared.get(one.id, ())
            for key in {*keys, *map(_live, keys)}:
                found.setdefault(key, []).append(one)
        return found


def _live(key: str) -> str:
    """The key of the part that still grows, beside the one with this key."""
    folder, slash, _ = key.rpartition("/")
    return folder + slash


def _rendering(
    channel: Channel,
    part: EditionPart,
    articles: Sequence[ArticleSummary],
    withdrawn: Iterable[Withdrawn],
) -> PlannedRendering:
    told = tuple(sorted(withdrawn, key=lambda one: (one.time, one.id), reverse=True))
    times = [*map(_came, articles), *(one.time for one in told)]
    return PlannedRendering(
        part.key,
        f"{channel.name} {part.key}".strip(),
        tuple(one.digest for one in articles),
        tuple(one.id for one in articles),
        max(times, default=EPOCH),
        part=part,
        withdrawn=told,
        files=tuple(one.file_digest for one in articles),
    )


def _withdrawn(one: ArticleSummary) -> Withdrawn:
    return Withdrawn(one.id, _left(one))


def _came(one: ArticleSummary) -> datetime:
    """When the article last changed in a feed; the end of an embargo is a change too."""
    return max(one.updated, one.published, one.embargoed or one.published)


def _left(one: ArticleSummary) -> datetime:
    """When the article was withdrawn or expired."""
    return one.updated if one.status == "withdrawn" else one.expires or one.updated
