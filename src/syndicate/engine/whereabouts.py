"""Where an article is: every copy of it that the ledger knows, in every channel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Literal

from syndicate.couriers import Holds
from syndicate.engine.delivery.left_public import is_in_use
from syndicate.engine.delivery.unsent import WHY_DROPPED, issues_with
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.withdrawn_posts import answers_to
from syndicate.errors import UsageError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.dispatch import State
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.notices import is_notice
from syndicate.ledger.stubs import is_stub, stub_key
from syndicate.newsroom.newsroom import Newsroom

Kind = Literal["file", "notice", "feed", "issue", "post", "answer", "mail", "letter"]
_BESIDE = ("image/", "text/css")
"""Media types of what stands beside an article and says nothing of it."""


@dataclass(frozen=True)
class Whereabouts:
    """One copy of an article, or all the mails of one issue.

    Args:
        kind: a file of its own, a notice that stands in its place, a feed that shows it, an issue
            that contains it, a post, an answer below one, mail, or a letter about it.
        address: the public URL, else the place; for mail, how many people have it.
        at: when it was placed or sent (RFC 3339).
        digest: the SHA-256 of the bytes; "" if it is not certain which bytes stand there.
        approved_by: who approved exactly these bytes.
        is_left: whether its channel is gone or delivers elsewhere now, so that no run reaches it.
    """

    channel: str
    kind: Kind
    address: str
    at: str
    digest: str
    approved_by: tuple[str, ...] = ()
    is_left: bool = False


def where_is(newsroom: Newsroom, name: str) -> tuple[Whereabouts, ...]:
    """Every copy of the article called `name` (its file or slug), by channel and address.

    Raises:
        UsageError: there is no such article.
        LedgerError: the ledger cannot be read.
    """
    with Planner.open(newsroom) as planner:
        return copies_of(newsroom, planner.ledger, article_called(planner, name))


def copies_of(newsroom: Newsroom, ledger: Ledger, article: str) -> tuple[Whereabouts, ...]:
    """As `where_is`, of the article with the id `article`."""
    found = [*_copies(newsroom, ledger, article), *_mails(newsroom, ledger, article)]
    return tuple(sorted(found, key=lambda one: (one.channel, one.address, one.digest)))


def article_called(planner: Planner, name: str) -> str:
    """The id of the article called `name` (its slug or its file), whether or not its file still
    exists.

    Raises:
        UsageError: there is no such article, or there are several in the file.
    """
    known = next(planner.ledger.articles.with_slugs({name}), None)
    if known:
        return known.id
    ids = sorted(planner.asked_for((name,)))
    if len(ids) > 1:
        raise UsageError(f"{name} has {len(ids)} articles", hint="name one of them by its slug")
    return ids[0]


def _copies(newsroom: Newsroom, ledger: Ledger, article: str) -> Iterator[Whereabouts]:
    feeds, issues = ledger.parts.showing(article), issues_with(ledger, article)
    past = ledger.parts.showed(article)
    own = {
        (name, key)
        for name in {*newsroom.channels, *ledger.copies.channels()}
        for key in (article, stub_key(article), *answers_to(ledger, name, article))
    }
    rows = (
        *ledger.copies.among(own | feeds | issues),
        *_left_of(newsroom, ledger, article, past),
    )
    approvers = Approvers.of(ledger, {(row.copy.channel, row.rendering) for row in rows})
    for row in rows:
        if (guess_type(row.copy.artifact)[0] or "").startswith(_BESIDE):
            continue
        key = (row.copy.channel, row.rendering)
        channel = newsroom.channels.get(row.copy.channel)
        courier = channel.couriers.get(row.courier) if channel else None
        kind: Kind = "feed" if key in feeds | past else "issue" if key in issues else "file"
        if is_stub(row.rendering):
            kind = "notice"
        url = row.copy.url or ""
        if courier.final if courier else url.startswith("http"):  # its channel may be gone
            kind = "answer" if is_notice(row.rendering) else "post"
        is_post = kind in ("post", "answer")
        yield Whereabouts(
            row.copy.channel,
            kind,
            row.copy.url or str(row.copy.place) if is_post else str(row.copy.place),
            row.at or "",
            row.copy.digest or "",
            approvers.at(row),
            not is_post and not is_in_use(newsroom, row),
        )


def _left_of(
    newsroom: Newsroom, ledger: Ledger, article: str, feeds: Collection[tuple[str, str]]
) -> Iterator[CopyRow]:
    """The copies of `feeds`, which no longer show `article`, at the old place of a channel that was
    moved before it was withdrawn: there they still do."""
    known = ledger.articles.with_ids([article]).get(article)
    if known and known.withdrawn:
        for row in ledger.copies.among(feeds):
            if (row.at or "") <= known.withdrawn and not is_in_use(newsroom, row):
                yield row


def _mails(newsroom: Newsroom, ledger: Ledger, article: str) -> Iterator[Whereabouts]:
    """The mails that contain `article`, and the letters about it."""
    mailing = {
        (channel.name, name)
        for channel in newsroom.channels.values()
        for name, courier in channel.couriers.items()
        if courier.final and not isinstance(courier, Holds)
    }
    letters = {(one.channel, one.key) for one in ledger.notices.of_articles([article])}
    for dispatch, number, at in ledger.dispatches.sent(issues_with(ledger, article) | letters):
        if (dispatch.channel, dispatch.courier) not in mailing:
            continue
        unsure = ledger.dispatches.count(dispatch.id, State.UNCERTAIN, State.COMMITTING)
        for people, digest in ((number - unsure, dispatch.digest), (unsure, "")):
            if people:
                noun = "recipient" if people == 1 else "recipients"
                told = f"{people:,} {noun} of {dispatch.artifact}"
                kind: Kind = "letter" if is_notice(dispatch.rendering) else "mail"
                yield Whereabouts(dispatch.channel, kind, told, at, digest)


@dataclass(frozen=True)
class Approvers:
    """Who has approved what, as the history has it, since a withdrawal ends approvals. `events` are
    about some renderings, oldest first."""

    events: tuple[LedgerEvent, ...]

    @classmethod
    def of(cls, ledger: Ledger, keys: Collection[tuple[str, str]]) -> Approvers:
        """What was said of the renderings with these keys (channel, rendering)."""
        return cls(ledger.events.verdicts(keys))

    def at(self, row: CopyRow) -> tuple[str, ...]:
        """Who had approved exactly the bytes of `row` when it was placed."""
        copy = row.copy
        about = (copy.channel, row.rendering, copy.artifact, copy.digest)
        found: dict[str, None] = {}
        for one in self.events:
            if one.at > (row.at or "") or about != (
                *(one.channel, one.rendering, one.name, one.digest),
            ):
                continue
            if one.what == "approved":
                found[one.who] = None
            elif one.what == "rejected":
                found.pop(one.who, None)
            elif not one.note.endswith(WHY_DROPPED):  # "approved by WHO; why"
                found.pop(one.note.removeprefix("approved by ").partition(";")[0], None)
        return tuple(found)
