"""The posts of withdrawn articles: which of them are to be deleted, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from shlex import quote

from syndicate.adapters import Scope
from syndicate.couriers import PostsThreads
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


def posts_threads(channel: Channel) -> bool:
    """Whether `channel` posts a thread for each article."""
    couriers = channel.couriers.values()
    return channel.adapter.scope is Scope.ARTICLE and any(
        isinstance(one, PostsThreads) for one in couriers
    )


def is_post(channel: Channel, row: CopyRow) -> bool:
    """Whether `row` is a post of `channel`."""
    return isinstance(channel.couriers.get(row.courier), PostsThreads)


def whose_posts_go(ledger: Ledger, channel: Channel, withdrawn: Collection[str]) -> frozenset[str]:
    """Those of the articles `withdrawn` (ids) whose posts in `channel` are to be deleted."""
    if channel.on_withdrawal == "delete":
        return frozenset(withdrawn)
    found = ledger.withdrawals.of(withdrawn)
    return frozenset(id_ for id_, one in found.items() if one.delete_posts)


def last_first(rows: Iterable[CopyRow]) -> tuple[CopyRow, ...]:
    """The posts `rows` of one article, the newest thread first, and of each the last post first."""
    rows = list(rows)
    newest: dict[str, str] = {}
    for row in rows:
        name = row.copy.artifact
        newest[name] = max(newest.get(name, ""), row.at or "")

    def place(row: CopyRow) -> tuple[str, str, str]:
        return newest[row.copy.artifact], row.copy.artifact, row.copy.unit

    return tuple(sorted(rows, key=place, reverse=True))


def answers_to(ledger: Ledger, channel: str, article: str) -> tuple[str, ...]:
    """The keys of the notices in `channel` about `article` (its id), such as an answer that says
    that it was withdrawn."""
    rows = ledger.notices.of_articles([article])
    return tuple(row.key for row in rows if row.channel == channel)


@dataclass(frozen=True)
class Unremoved:
    """How many posts of an article in `channel` are still to be deleted; `error` is why the last
    attempt failed, "" if there was none."""

    channel: str
    slug: str
    number: int
    error: str

    @property
    def message(self) -> str:
        """What is the matter."""
        posts = "post is" if self.number == 1 else "posts are"
        why = f" ({self.error})" if self.error else ""
        return f"{self.channel}: {self.slug}: {self.number:,} {posts} still to be deleted{why}"

    @property
    def hint(self) -> str:
        """The command that goes on with it."""
        return f"the next run goes on: syndicate publish --channels {quote(self.channel)}"

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}"


def unremoved(newsroom: Newsroom, ledger: Ledger) -> Iterator[Unremoved]:
    """The posts of withdrawn articles that are to be deleted and still stand."""
    slugs = {one.id: one.slug for one in ledger.articles.withdrawn()}
    for channel in filter(posts_threads, newsroom.channels.values() if slugs else ()):
        for article in sorted(whose_posts_go(ledger, channel, slugs.keys())):
            keys = (article, *answers_to(ledger, channel.name, article))
            left = [
                row
                for row in ledger.copies.of_renderings(channel.name, keys)
                if row.copy.remote_id and is_post(channel, row)
            ]
            if left:
                error = next((row.error for row in left if row.error), "")
                yield Unremoved(channel.name, slugs[article], len(left), error)
