"""Drafts: the state of each one, and what keeps it from being approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from syndicate.adapters import Scope
from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.engine.content.article_store import stored_article
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.release import Release, needs_approval
from syndicate.engine.review.blockers import blockers_of
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.engine.review.progress import (
    Status,
    deliveries_begun,
    faults_of_standing,
    progress,
)
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.errors import (
    MissingBlobError,
    Problems,
    SourceError,
    SyndicateError,
    UsageError,
)
from syndicate.ledger.dispatch import DeliveryRow, State
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.notices import is_notice
from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.ledger.tables import Within, everything, of_channels, of_renderings
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import ThreadDraft, read_draft

_OF_DECISION: Mapping[str, Status] = {
    "approved": "approved", "scheduled": "scheduled", "rejected": "rejected",
}  # fmt: skip


def tracked_drafts(newsroom: Newsroom, channels: tuple[str, ...] = ()) -> tuple[TrackedDraft, ...]:
    """Everything that needs approval or has had it, in the order of channels and names.

    Raises:
        SyndicateError: a channel is unknown, or the ledger cannot be used.
    """
    chosen = newsroom.chosen(channels)
    with ledger_of(newsroom) as ledger:
        desk = DraftDesk(Planner.of(newsroom, ledger))
        desk.catch_up()
        return tuple(desk.drafts(chosen))


def find_draft(newsroom: Newsroom, name: str) -> TrackedDraft:
    """The draft called `name`: its file, the file without ".md", or "channel/artifact".

    Raises:
        UsageError: there is none, or there are several.
        SyndicateError: the ledger cannot be used.
    """
    with ledger_of(newsroom) as ledger:
        desk = DraftDesk(Planner.of(newsroom, ledger))
        desk.catch_up()
        return desk.find(name)


def deliveries_of_draft(newsroom: Newsroom, draft: TrackedDraft) -> tuple[DeliveryRow, ...]:
    """The delivery of each post of `draft`, in order.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    with ledger_of(newsroom) as ledger:
        rows = (
            row
            for dispatch in draft.dispatches
            for state in State
            for row in ledger.dispatches.rows(dispatch.id, state)
        )
        return tuple(sorted(rows, key=lambda row: (row.dispatch, row.unit)))


class DraftDesk:
    """Articles and ledger, read once for all drafts: those of every rendering, or only those of
    `articles` (by id) in channels that make one of each article."""

    def __init__(self, planner: Planner, articles: Collection[str] | None = None) -> None:
        self.newsroom, self.planner = planner.newsroom, planner
        self.ledger = ledger = planner.ledger
        self.cache, self.now = self.planner.cache, self.planner.now
        self.cache.save()
        self.summaries = self.planner.intake.summaries
        channels = self.newsroom.channels.values()
        reviewing = [one.name for one in channels if one.review]
        self.notices = {
            (row.channel, row.key): row
            for row in (
                ledger.notices.all() if articles is None else ledger.notices.of_articles(articles)
            )
        }
        keys = [
            key
            for within in _parts(channels, articles, self.notices)
            for key in ledger.renderings_of_drafts(reviewing, within)
        ]
        self.snapshot = LedgerSnapshot.of_renderings(ledger, keys)
        self.release = Release(self.newsroom, self.snapshot, self.now)

    def catch_up(self) -> None:
        """Bring drafts that were edited or approved on another machine."""
        DraftFiles(self.newsroom, self.ledger).catch_up(self.snapshot.artifacts)

    def drafts(self, channels: tuple[Channel, ...]) -> Iterator[TrackedDraft]:
        """The drafts of `channels`, in the order of channels and renderings."""
        stored = self.snapshot.artifacts.items()
        for (channel, rendering), artifacts in sorted(
            stored, key=lambda one: (one[0][0], one[1][0].name)
        ):
            here = next((one for one in channels if one.name == channel), None)
            for artifact in artifacts if here else ():
                if is_notice(rendering) and (channel, rendering) not in self.notices:
                    continue  # another has replaced it
                waits = here and needs_approval(here, rendering, artifact)
                if here and waits and not artifact.is_enclosed:
                    found = self._standing(here, rendering, artifact)
                    yield from [found] if found else []

    def find(self, name: str) -> TrackedDraft:
        """See `find_draft`."""
        wanted = name.removeprefix("./").removeprefix("drafts/")
        known = list(self.drafts(self.newsroom.chosen(())))
        found = [
            one
            for one in known
            if wanted in (one.name, Path(one.name).stem, f"{one.channel.name}/{one.name}")
        ]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{one.channel.name}/{one.name}" for one in found)
            raise UsageError(
                f"several drafts are called {name!r}", hint=f"name one of them: {names}"
            )
        raise UsageError(
            f"there is no draft {name!r}", hint="list all drafts: syndicate drafts list"
        )

    def _standing(
        self, channel: Channel, rendering: str, artifact: StoredArtifact
    ) -> TrackedDraft | None:
        """The draft as it is in its file. Other artifacts have no file here, only a row."""
        if not artifact.draft:
            artifact = self.release.of(channel, rendering, artifact).artifact
            content = self._bytes(artifact) if is_notice(rendering) else b""
            return self._draft(channel, rendering, artifact, content, None)
        file = self.newsroom.drafts / artifact.name
        try:
            content = self.newsroom.draft(artifact.name)
        except OSError:
            return None
        return self._draft(channel, rendering, artifact.holding(content), content, file)

    def _bytes(self, artifact: StoredArtifact) -> bytes:
        """The bytes of `artifact`; none if they are gone, and are made again."""
        try:
            return self.newsroom.store.read(artifact.digest)
        except MissingBlobError:
            return b""

    def edited(self, draft: TrackedDraft, content: bytes) -> TrackedDraft:
        """`draft` with this `content`, which is not in its file yet."""
        artifact = draft.artifact.holding(content)
        return self._draft(draft.channel, draft.rendering, artifact, content, draft.file)

    def _draft(
        self,
        channel: Channel,
        rendering: str,
        artifact: StoredArtifact,
        content: bytes,
        file: Path | None,
    ) -> TrackedDraft:
        name, digest = artifact.name, artifact.digest
        notice = self.notices.get((channel.name, rendering))
        summary = self.summaries.get(notice.article if notice else rendering)
        article = self.cache.article(summary.digest) if summary else None
        if notice:  # it tells of a version, and stays true whatever becomes of the article
            article = stored_article(self.newsroom.store, notice.version)
        thread: ThreadDraft | None = None
        faults: list[SyndicateError] = []
        if file and isinstance(channel.adapter, ThreadAdapter):
            where = f"drafts/{name}"
            try:
                thread = read_draft(content, where)
            except Problems as problems:
                faults += problems.errors
            except SourceError as error:
                faults.append(error)
            else:
                faults += blockers_of(thread, channel.adapter, article, where)
        dispatches = tuple(
            found
            for courier in channel.couriers
            if (found := self.snapshot.dispatches.get((channel.name, rendering, name, courier)))
        )
        # Of a mailing there may be a million.
        begun = deliveries_begun(self.ledger, dispatches) if artifact.draft else ()
        if thread:
            faults += faults_of_standing(self.newsroom.store, artifact, content, dispatches, begun)
        reviews = [
            review
            for about, found in self.snapshot.reviews.items()
            if about[:3] == (channel.name, rendering, name)
            for review in found
        ]
        own = tuple(one for one in reviews if one.digest == digest)
        stale = bool(thread and article and thread.digest != article.digest)
        broken = bool(file and isinstance(channel.adapter, ThreadAdapter) and thread is None)
        decision = self.release.decide(channel, rendering, artifact)
        status = (
            progress(channel, decision, dispatches, begun)
            or ("broken" if broken else None)
            or _OF_DECISION.get(decision.state)
            or ("stale" if stale else "draft")
        )
        return TrackedDraft(
            artifact=artifact,
            channel=channel,
            rendering=rendering,
            file=file,
            content=content,
            pictures=self.newsroom.pictures_of_drafts,
            decision=decision,
            status=status,
            summary=summary,
            article=article,
            thread=thread,
            faults=tuple(faults),
            reviews=own,
            earlier=tuple(one for one in reviews if one.digest != digest),
            dispatches=dispatches,
            begun=begun,
            about=notice.article if notice else rendering,
        )


def _parts(
    channels: Collection[Channel],
    articles: Collection[str] | None,
    notices: Iterable[tuple[str, str]],
) -> Iterator[Within]:
    """The parts of the ledger to look for drafts in: see `DraftDesk`."""
    if articles is None:
        yield everything
        return
    single = [one.name for one in channels if one.adapter.scope is Scope.ARTICLE]
    yield of_channels([one.name for one in channels if one.name not in single])
    for channel in single:
        own = [rendering for name, rendering in notices if name == channel]
        yield of_renderings(channel, [*articles, *own])
