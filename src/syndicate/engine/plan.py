"""What `publish` would do now, computed without rendering or sending."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from syndicate.adapters import Scope
from syndicate.couriers import Observes
from syndicate.engine.intake import Cache, Filed
from syndicate.engine.ledger import DeliveryRow, FrozenEdition, Ledger, State, StoredArtifact
from syndicate.engine.store import Outbox
from syndicate.newsroom.newsroom import Channel, Newsroom

Reason = Literal["new", "changed", "missing", "resume", "reissue", "approved"]
Work = Literal["render", "deliver"]
# The date of a feed that has no entries: the same on every machine.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One rendering, or the delivery of what was rendered before.

    `unit` is an article's id, an edition's number, or "" for a rolling channel; `label` names it
    for people; `articles` are digests in reading order.
    """

    channel: str
    unit: str
    label: str
    work: Work
    reason: Reason
    articles: tuple[str, ...]
    inputs: str
    date: datetime
    number: int | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The steps, the editions that they will freeze, what waits for approval, and when the clock
    alone will change the answer."""

    steps: tuple[Step, ...]
    editions: tuple[FrozenEdition, ...]
    waiting: tuple[tuple[str, str], ...]
    unchanged: int
    changes_at: datetime | None


@dataclass(frozen=True)
class Remembered:
    """What the ledger holds, read once."""

    renderings: Mapping[tuple[str, str], str]
    artifacts: Mapping[tuple[str, str], tuple[StoredArtifact, ...]]
    deliveries: Mapping[tuple[str, str, str], DeliveryRow]
    approvals: frozenset[tuple[str, str, str, str]]
    editions: Mapping[str, tuple[FrozenEdition, ...]]

    @classmethod
    def of(cls, ledger: Ledger) -> Remembered:
        """All that planning asks `ledger`."""
        return cls(
            ledger.renderings(),
            ledger.artifacts(),
            {(row.channel, row.run, row.unit): row for row in ledger.deliveries()},
            ledger.approvals(),
            ledger.editions(),
        )


def make_plan(
    newsroom: Newsroom,
    channels: Iterable[Channel],
    filed: tuple[Filed, ...],
    remembered: Remembered,
    cache: Cache,
    now: datetime,
    *,
    only: frozenset[str] = frozenset(),
    reissue: bool = False,
) -> Plan:
    """The plan for `channels` at `now`.

    Args:
        only: ids of the articles asked for; none means all. A rolling channel shows the latest
            state whatever was asked for.
        reissue: render the last edition of each edition channel again from the present text.
    """
    by_id = {one.id: one for one in filed}
    pictures = {one.id: _pictures_digest(newsroom, cache, one) for one in filed if one.pictures}
    steps: list[Step] = []
    editions: list[FrozenEdition] = []
    waiting: list[tuple[str, str]] = []
    moments: list[datetime] = []
    unchanged = 0
    for channel in channels:
        chosen = channel.select.choose(filed, now, newsroom.publication.zone)
        moments += [m for one in filed if (m := channel.select.changes_at(one, now))]
        units: Iterable[_Unit]
        match channel.adapter.scope:
            case Scope.ARTICLE:
                units = (_article(one) for one in chosen if not only or one.id in only)
            case Scope.ROLLING:
                units = [_rolling(channel, chosen)]
            case _:
                frozen = remembered.editions.get(channel.name, ())
                fresh = _next_edition(channel, chosen, frozen, only)
                if reissue and frozen and not fresh:
                    fresh = _reissued(frozen[-1], by_id)
                editions += [fresh] if fresh else []
                frozen = tuple(e for e in frozen if not fresh or e.number != fresh.number)
                units = [_numbered(e) for e in (*frozen, *([fresh] if fresh else []))]
        shape = newsroom.rendering_digest(channel)
        for unit in units:
            inputs = unit.inputs(shape, pictures)
            step = _step(newsroom, channel, unit, inputs, remembered)
            if step:
                steps.append(step)
            elif _awaits(channel, unit.key, remembered):
                waiting.append((channel.name, unit.label))
            else:
                unchanged += 1
    return Plan(
        tuple(steps), tuple(editions), tuple(waiting), unchanged, min(moments, default=None)
    )


@dataclass(frozen=True)
class _Unit:
    """What one rendering is about, before it is known whether there is work."""

    key: str
    label: str
    articles: tuple[str, ...]
    members: tuple[str, ...]
    date: datetime
    number: int | None = None

    def inputs(self, shape: str, pictures: Mapping[str, str]) -> str:
        """SHA-256 over everything that the artifacts depend on.

        A numbered edition is frozen: its members count, the channel's looks do not.
        """
        digest = hashlib.sha256(b"" if self.number else shape.encode())
        for article, member in zip(self.articles, self.members, strict=True):
            digest.update(f"{article} {'' if self.number else pictures.get(member, '')}\n".encode())
        return digest.hexdigest()


def _article(one: Filed) -> _Unit:
    return _Unit(one.id, one.slug, (one.digest,), (one.id,), one.updated)


def _rolling(channel: Channel, chosen: tuple[Filed, ...]) -> _Unit:
    return _Unit(
        "",
        channel.name,
        tuple(one.digest for one in chosen),
        tuple(one.id for one in chosen),
        max((one.updated for one in chosen), default=EPOCH),
    )


def _numbered(edition: FrozenEdition) -> _Unit:
    return _Unit(
        str(edition.number),
        f"no. {edition.number}",
        tuple(digest for _, digest in edition.members),
        tuple(article for article, _ in edition.members),
        datetime.fromisoformat(edition.date),
        edition.number,
    )


def _next_edition(
    channel: Channel,
    chosen: tuple[Filed, ...],
    frozen: tuple[FrozenEdition, ...],
    only: frozenset[str],
) -> FrozenEdition | None:
    """The edition of what no edition of `channel` has held yet, None if there is nothing new."""
    held = {article for edition in frozen for article, _ in edition.members}
    new = [one for one in chosen if one.id not in held and (not only or one.id in only)]
    if not new:
        return None
    return FrozenEdition(
        channel.name,
        frozen[-1].number + 1 if frozen else 1,
        max(one.updated for one in new).isoformat(),
        tuple((one.id, one.digest) for one in new),
    )


def _reissued(edition: FrozenEdition, by_id: Mapping[str, Filed]) -> FrozenEdition:
    members = tuple(
        (article, by_id[article].digest if article in by_id else digest)
        for article, digest in edition.members
    )
    dates = [by_id[article].updated for article, _ in members if article in by_id]
    date = max([datetime.fromisoformat(edition.date), *dates])
    return FrozenEdition(edition.channel, edition.number, date.isoformat(), members)


def _step(
    newsroom: Newsroom, channel: Channel, unit: _Unit, inputs: str, remembered: Remembered
) -> Step | None:
    """The work that `unit` needs, None if there is none."""
    key = (channel.name, unit.key)

    def step(work: Work, reason: Reason) -> Step:
        return Step(
            channel=channel.name,
            unit=unit.key,
            label=unit.label,
            work=work,
            reason=reason,
            articles=unit.articles,
            inputs=inputs,
            date=unit.date,
            number=unit.number,
            members=unit.members,
        )

    before = remembered.renderings.get(key)
    if before is None:
        return step("render", "new")
    if before != inputs:
        return step("render", "reissue" if unit.number else "changed")
    work: Step | None = None
    outbox = Outbox(newsroom.state)
    for artifact in remembered.artifacts.get(key, ()):
        if artifact.draft and not (newsroom.drafts / artifact.name).is_file():
            return step("render", "missing")
        row = remembered.deliveries.get((*key, artifact.name))
        if not may_leave(channel, unit.key, artifact, remembered):
            continue
        if row and row.state is State.DELIVERED:
            if not stands(channel.courier, artifact):
                return step("render", "missing")
            continue
        if row and row.state is State.UNCERTAIN:
            continue
        if not outbox.holds(artifact.digest):
            return step("render", "resume")
        work = step("deliver", "resume")
    return work


def stands(courier: object, artifact: StoredArtifact) -> bool:
    """Whether what was delivered is still there, as far as its courier can see."""
    return not isinstance(courier, Observes) or courier.stands(artifact.name, artifact.size)


def may_leave(
    channel: Channel, unit: str, artifact: StoredArtifact, remembered: Remembered
) -> bool:
    """Whether `artifact` needs no approval, or has one that binds to these very bytes."""
    if not (channel.review or artifact.draft):
        return True
    return (channel.name, unit, artifact.name, artifact.digest) in remembered.approvals


def _awaits(channel: Channel, unit: str, remembered: Remembered) -> bool:
    return any(
        not may_leave(channel, unit, artifact, remembered)
        for artifact in remembered.artifacts.get((channel.name, unit), ())
    )


def _pictures_digest(newsroom: Newsroom, cache: Cache, one: Filed) -> str:
    """The state of the pictures of `one`: they are inputs like its words."""
    states = (cache.picture_digest(newsroom.content / src, src) for src in one.pictures)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()
