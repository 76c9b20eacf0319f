"""A draft as it is now, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from syndicate.adapters.social.adapter import ThreadAdapter
from syndicate.adapters.social.cautions import PostCaution, cautions_about
from syndicate.adapters.social.composer import alternative_posts
from syndicate.adapters.social.passages import ComposedPost
from syndicate.adapters.social.provenance import Traced, trace_posts
from syndicate.article import Article
from syndicate.couriers import Delivery, Rehearses, Request
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.planning.carrying_on import STANDING
from syndicate.engine.planning.release import Decision
from syndicate.engine.review.progress import Status
from syndicate.errors import SyndicateError
from syndicate.kit.pictures import PictureFolders
from syndicate.ledger.dispatch import DeliveryRow, Dispatch, State
from syndicate.ledger.records import Review, StoredArtifact
from syndicate.letter import MEDIA_TYPE as LETTER
from syndicate.letter import Letter
from syndicate.newsroom.channel import Channel
from syndicate.thread import MEDIA_TYPE, ThreadDraft


@dataclass(frozen=True)
class TrackedDraft:
    """A draft, or another artifact that needs approval, as it is now.

    `rendering` is the key of the rendering, `content` the bytes of `artifact`, `pictures` where its
    pictures are. `decision` says whether it may leave, `status` how far it has got. `thread` is
    None if it is not a thread, or a broken one. `faults` keep it from being approved. `reviews` are
    about exactly these bytes, `earlier` about other versions. `begun` are the deliveries of those
    `dispatches` that have begun and are not at their end. `about` is the id of the article, if it
    is about one.
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
    begun: tuple[DeliveryRow, ...] = ()
    about: str = ""

    @property
    def is_posted(self) -> bool:
        """Whether all of it has left: nothing of it can be stopped or changed any more."""
        return self.status in ("posted", "delivered")

    @property
    def standing(self) -> frozenset[str]:
        """The posts that are public or may be, by the names of their deliveries, as long as others
        are not: they can no longer be changed."""
        return frozenset(row.unit for row in self.begun if row.state in STANDING)

    @property
    def trouble(self) -> str:
        """Why the first post that is not public is not; "" if nothing is known."""
        left = (row for row in self.begun if row.state is not State.DELIVERED)
        return next((row.error for row in left if row.error), "")

    @property
    def name(self) -> str:
        """The artifact's name, which is the name of its file below `drafts/`."""
        return self.artifact.name

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return Path(self.name).stem

    @property
    def letter(self) -> Letter | None:
        """The letter that tells people of a correction or a withdrawal, if it is one."""
        if self.artifact.media_type != LETTER or not self.content:
            return None
        return Letter.read(self.content)

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
