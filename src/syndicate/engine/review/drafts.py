"""Drafts: the state of each one, and what keeps it from being approved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from syndicate.adapters import Scope
from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.cautions import PostCaution, cautions_about
from syndicate.adapters.social.composer import alternative_posts
from syndicate.adapters.social.passages import ComposedPost
from syndicate.adapters.social.provenance import Traced, trace_posts
from syndicate.article import Article
from syndicate.couriers import Delivery, Rehearses, Request
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.release import Decision, Release
from syndicate.engine.review.blockers import blockers_of
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.errors import Problems, SourceError, SyndicateError, UsageError
from syndicate.kit.pictures import PictureFolders
from syndicate.ledger.dispatch import DeliveryRow, Dispatch, State
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.records import Review, StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.ledger.tables import Within, everything, of_channels, of_renderings
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.thread import MEDIA_TYPE, ThreadDraft, read_draft

Status = Literal[
    "draft", "stale", "broken", "approved", "scheduled", "rejected",
    "posting", "posted", "delivering", "delivered", "failed", "uncertain",
]  # fmt: skip
UNDER_WAY = ("posting", "posted", "delivering", "delivered", "failed", "uncertain")
_OF_DECISION: Mapping[str, Status] = {
    "begun": "posting", "approved": "approved", "scheduled": "scheduled", "rejected": "rejected",
}  # fmt: skip


@dataclass(frozen=True)
class TrackedDraft:
    """A draft, or another artifact that needs approval, as it is now.

    `rendering` is the key of the rendering, `content` the bytes of `artifact`, `pictures` where its
    pictures are. `decision` says whether it may leave, `status` how far it has got. `thread` is
    None if it is not a thread, or a broken one. `faults` keep it from being approved. `reviews` are
    about exactly these bytes, `earlier` about other versions.
    """

    artifact: StoredArtifact
    channel: Channel
    rendering: str
    file: Path | None
    content: bytes
    pictures: PictureFolders
    decision: Decision
    status: Status
    summary: ArticleSummary | None
    article: Article | None
    thread: ThreadDraft | None
    faults: tuple[SyndicateError, ...]
    reviews: tuple[Review, ...]
    earlier: tuple[Review, ...]
    dispatches: tuple[Dispatch, ...]

    @property
    def name(self) -> str:
        """The artifact's name, which is the name of its file below `drafts/`."""
        return self.artifact.name

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return self.artifact.digest

    @property
    def is_stale(self) -> bool:
        """Whether the article has changed since the thread was drafted."""
        return bool(self.thread and self.article and self.thread.digest != self.article.digest)

    @property
    def cost(self) -> float:
        """The price of posting all of it, in US dollars."""
        return sum(self.costs)

    @property
    def costs(self) -> tuple[float, ...]:
        """The price of each post, in US dollars."""
        couriers = [one for one in self.channel.couriers.values() if isinstance(one, Rehearses)]
        posts = self.thread.posts if self.thread else ()
        return tuple(sum(one.cost(post) for one in couriers) for post in posts)

    def requests(self) -> Iterator[Request]:
        """The requests that would post it as it is now; none is sent.

        Raises:
            DeliveryError: it cannot be posted like this.
        """
        if self.file is None:
            return
        digest = self.digest
        for courier in self.channel.couriers.values():
            if isinstance(courier, Rehearses):
                whole = Delivery(
                    self.channel.name,
                    self.name,
                    MEDIA_TYPE,
                    digest,
                    self.file,
                    self.name,
                    pictures=self.pictures,
                )
                for unit in courier.addresses(whole, ()):
                    yield from courier.requests(replace(whole, unit=unit))

    def cautions(self) -> tuple[PostCaution, ...]:
        """What people should look at before they approve it; none of it keeps it from leaving."""
        adapter = self.channel.adapter
        if self.thread is None or self.article is None or not isinstance(adapter, ThreadAdapter):
            return ()
        return cautions_about(self.thread.posts, self.article, mentions=adapter.mentions)

    def alternatives(self) -> tuple[tuple[ComposedPost, ...], ...]:
        """For each of its posts, others that could stand there, the best first."""
        adapter = self.channel.adapter
        if self.thread is None or self.article is None or not isinstance(adapter, ThreadAdapter):
            return ()
        return alternative_posts(self.article, adapter.fits, self.thread.posts)

    def pieces(self) -> tuple[tuple[Traced, ...], ...]:
        """For each post, where its sentences come from in the article."""
        if self.thread is None or self.article is None:
            return ()
        return trace_posts(self.thread.posts, self.article)


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
        keys = [
            key
            for within in _parts(channels, articles)
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
                if here and (artifact.draft or here.review) and not artifact.is_enclosed:
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
            return self._draft(channel, rendering, artifact, b"", None)
        file = self.newsroom.drafts / artifact.name
        try:
            content = file.read_bytes()
        except OSError:
            return None
        return self._draft(channel, rendering, artifact.holding(content), content, file)

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
        summary = self.summaries.get(rendering)
        article = self.cache.article(summary.digest) if summary else None
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
        reviews = [
            review
            for about, found in self.snapshot.reviews.items()
            if about[:3] == (channel.name, rendering, name)
            for review in found
        ]
        own = tuple(one for one in reviews if one.digest == digest)
        dispatches = tuple(
            found
            for courier in channel.couriers
            if (found := self.snapshot.dispatches.get((channel.name, rendering, name, courier)))
        )
        stale = bool(thread and article and thread.digest != article.digest)
        broken = bool(file and isinstance(channel.adapter, ThreadAdapter) and thread is None)
        decision = self.release.decide(channel, rendering, artifact)
        status = (
            self._gone(channel, digest, dispatches)
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
        )

    def _gone(
        self, channel: Channel, digest: str, dispatches: tuple[Dispatch, ...]
    ) -> Status | None:
        """How far its delivery has got; None if nothing of it has left."""
        begun = [
            one
            for one in dispatches
            if one.frozen and (one.digest == digest or channel.couriers[one.courier].final)
        ]
        if not begun:
            return None
        if any(one.counts.get(State.UNCERTAIN) for one in begun):
            return "uncertain"
        posts = any(channel.couriers[one.courier].final for one in begun)  # else they are files
        if any(one.unfinished for one in begun):
            return "posting" if posts else "delivering"
        if any(one.counts for one in begun):
            return "failed"
        return "posted" if posts else "delivered"


def _parts(channels: Collection[Channel], articles: Collection[str] | None) -> Iterator[Within]:
    """The parts of the ledger to look for drafts in: see `DraftDesk`."""
    if articles is None:
        yield everything
        return
    single = [one.name for one in channels if one.adapter.scope is Scope.ARTICLE]
    yield of_channels([one.name for one in channels if one.name not in single])
    for channel in single:
        yield of_renderings(channel, articles)
