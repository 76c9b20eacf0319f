"""The subscribers, in the ledger's database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from syndicate.article.publication import Publication
from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.pseudonyms import Pseudonyms
from syndicate.ledger.tables import SUBSCRIBERS
from syndicate.letter import Subscriber
from syndicate.subscribers.link_secret import LinkSecret
from syndicate.subscribers.links import UnsubscribeLink, link_with_token
from syndicate.subscribers.spool import Spool

EVERYWHERE = "*"  # in place of a channel: the address gets no mail from any channel


class Status(StrEnum):
    """The status of a subscription. Only active subscribers get mail, and only an explicit request
    makes a subscriber active again."""

    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"


_AT_ONCE = 10_000  # subscriptions that are written in one transaction
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_KEY = (SUBSCRIBERS.c.channel, SUBSCRIBERS.c.address)
_never = SUBSCRIBERS.alias("never")
_wanted = (SUBSCRIBERS.c.status == Status.ACTIVE) & ~sa.exists().where(
    _never.c.channel == EVERYWHERE, _never.c.address == SUBSCRIBERS.c.address
)


@dataclass(frozen=True)
class Entry:
    """One subscription of `address` to `channel`. It has had its `status` since `at` (RFC 3339),
    for the reason `cause`."""

    channel: str
    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    status: Status = Status.ACTIVE
    at: str = ""
    cause: str = ""


class Subscribers:
    """All subscriptions. Every method raises LedgerError if the database fails.

    Addresses are in the form that `sheet.normal` returns. `state` is the newsroom's state folder,
    which contains the secret that signs links. `secret` decides whether it may sign them; by
    default it may if the ledger knows no other.
    """

    def __init__(self, database: Database, state: Path, secret: LinkSecret | None = None) -> None:
        self._database, self._spool = database, Spool(state)
        self._secret = secret or LinkSecret(database, state)
        self._pseudonyms = Pseudonyms(database)
        self._may_sign = False

    def put(
        self, entries: Iterable[Entry], cause: str, left_out: Callable[[Entry], None] | None = None
    ) -> int:
        """Add subscriptions, or update the fields and tags of existing ones. This does not activate
        anyone who unsubscribed or bounced, and does not bring back anyone who was forgotten.

        Args:
            left_out: called with each subscription of somebody who was forgotten.

        Returns:
            the number of new subscriptions.
        """
        before = self._count()
        stream = iter(entries)
        statement = self._database.insert(SUBSCRIBERS)
        statement = statement.on_conflict_do_update(
            index_elements=["channel", "address"],
            set_={"fields": statement.excluded.fields, "tags": statement.excluded.tags},
        )
        # In the order of the index, which otherwise would be written anew with each transaction.
        while page := sorted(islice(stream, _AT_ONCE), key=attrgetter("channel", "address")):
            same = {"status": Status.ACTIVE.value, "at": _now(), "cause": cause}
            rows = [
                {
                    "channel": one.channel,
                    "address": one.address,
                    "fields": _as_json(dict(one.fields)),
                    "tags": _as_json(sorted(one.tags)),
                    **same,
                }
                for one in page
            ]
            with self._database.transaction() as db:
                gone = self._pseudonyms.among(db, [one.address for one in page])
                rows = [row for row in rows if row["address"] not in gone] if gone else rows
                if rows:
                    self._database.add_many(db, statement, rows)
            for one in page if gone and left_out else ():
                if left_out and one.address in gone:
                    left_out(one)
        return self._count() - before

    def activate(self, channel: str, address: str, cause: str) -> None:
        """Make `address` active again, because a person asked for it."""
        with self._database.transaction() as db:
            for where in (channel, EVERYWHERE):
                self._mark(db, where, address, Status.ACTIVE, cause)
            self._pseudonyms.remember(db, address)
            db.execute(SUBSCRIBERS.delete().where(*_key(EVERYWHERE, address)))

    def unsubscribe(self, channel: str, address: str, cause: str) -> None:
        """Unsubscribe `address` from `channel`. Nothing changes if it is not active."""
        self._leave(channel, address, cause, _now())

    def _leave(self, channel: str, address: str, cause: str, at: str) -> None:
        """As `unsubscribe`, at the time `at`. Who has subscribed again since then stays."""
        with self._database.transaction() as db:
            active = SUBSCRIBERS.c.status == Status.ACTIVE
            values = {"status": Status.UNSUBSCRIBED, "at": at, "cause": cause}
            where = (*_key(channel, address), active, SUBSCRIBERS.c.at <= at)
            db.execute(SUBSCRIBERS.update().where(*where).values(values))

    def suppress(self, address: str, status: Status, cause: str) -> None:
        """Stop all mail to `address`, on every channel, whether subscribed or not."""
        row = {
            "channel": EVERYWHERE,
            "address": address,
            "fields": "{}",
            "tags": "[]",
            "status": status,
            "at": _now(),
            "cause": cause,
        }
        with self._database.transaction() as db:
            self._pseudonyms.remember(db, address)  # this row keeps them away from now on
            statement = self._database.insert(SUBSCRIBERS).values(row)
            db.execute(statement.on_conflict_do_nothing())
            active = SUBSCRIBERS.c.status == Status.ACTIVE
            values = {"status": status, "at": row["at"], "cause": cause}
            where = (SUBSCRIBERS.c.address == address, active)
            db.execute(SUBSCRIBERS.update().where(*where).values(values))
            # Not the address: it may have to be forgotten, and events are never deleted.
            number = db.scalar(sa.select(SUBSCRIBERS.c.id).where(*_key(EVERYWHERE, address)))
            note_event(db, LedgerEvent("suppressed", name=str(number), note=status.value))

    def keep_away(self, entry: Entry) -> bool:
        """Apply an unsubscribe or suppression from another ledger. False if it was known."""
        if entry.channel == EVERYWHERE:
            if any(one.channel == EVERYWHERE for one in self.of(entry.address)):
                return False
            self.suppress(entry.address, entry.status, entry.cause)
            return True
        here = (*_key(entry.channel, entry.address), SUBSCRIBERS.c.status == Status.ACTIVE)
        values = {"status": entry.status, "at": entry.at, "cause": entry.cause}
        with self._database.transaction() as db:
            return bool(db.execute(SUBSCRIBERS.update().where(*here).values(values)).rowcount)

    def remove(self, channel: str, address: str) -> bool:
        """Delete a subscription and everything known about it. False if there was none."""
        with self._database.transaction() as db:
            where = _key(channel, address)
            return bool(db.execute(SUBSCRIBERS.delete().where(*where)).rowcount)

    def entries(self, channel: str | None, status: Status | None) -> Iterator[Entry]:
        """Subscriptions in the order of channel and address, as a stream. None means all."""
        query = sa.select(SUBSCRIBERS).where(*_about(channel, status))
        return (_entry(row) for row in self._database.stream(query, *_KEY))

    @contextmanager
    def with_fields(
        self, channel: str | None, status: Status | None
    ) -> Iterator[tuple[Sequence[str], Iterator[Entry]]]:
        """The names of all fields of some subscriptions, sorted, and as `entries` the subscriptions
        themselves: both as they are at the same moment."""
        here = tuple(_about(channel, status))
        own = sa.select(SUBSCRIBERS.c.fields).where(*here, SUBSCRIBERS.c.fields != "{}")
        everything = sa.select(SUBSCRIBERS).where(*here).order_by(*_KEY)
        paged = {"yield_per": PAGE}
        with self._database.reading() as db:
            names: set[str] = set()
            for fields in db.scalars(own, execution_options=paged):
                names |= json.loads(fields).keys()
            rows = db.execute(everything, execution_options=paged)
            yield sorted(names), map(_entry, rows)

    def alphabetical(self, channel: str | None, status: Status | None) -> Iterator[Entry]:
        """As `entries`, in the order in which people look for an address: capitals do not count."""
        address = SUBSCRIBERS.c.address
        order = (SUBSCRIBERS.c.channel, sa.func.lower(address), address)
        query = sa.select(SUBSCRIBERS).where(*_about(channel, status)).order_by(*order)
        with self._database.reading() as db:
            for row in db.execute(query, execution_options={"yield_per": PAGE}):
                yield _entry(row)

    def of(self, address: str) -> Iterator[Entry]:
        """The subscriptions of one address, in the order of channels."""
        query = sa.select(SUBSCRIBERS).where(SUBSCRIBERS.c.address == address)
        return (_entry(row) for row in self._database.stream(query, *_KEY))

    def active(self, channel: str) -> Iterator[tuple[int, Entry]]:
        """The subscriptions that get mail from `channel`, each with its number, as a stream."""
        query = sa.select(SUBSCRIBERS).where(SUBSCRIBERS.c.channel == channel, _wanted)
        return ((row.id, _entry(row)) for row in self._database.stream(query, *_KEY))

    def active_among(self, channel: str, addresses: Sequence[str]) -> dict[str, tuple[int, Entry]]:
        """The subscriptions among `addresses` that get mail from `channel`, with their numbers."""
        query = sa.select(SUBSCRIBERS).where(
            SUBSCRIBERS.c.channel == channel, SUBSCRIBERS.c.address.in_(addresses), _wanted
        )
        with self._database.transaction() as db:
            return {row.address: (row.id, _entry(row)) for row in db.execute(query)}

    def token(self, number: int, entry: Entry) -> str:
        """The token in the unsubscribe link of subscription `number`.

        Raises:
            CredentialsError: `serve` would not know it, since the ledger knows another secret.
        """
        if not self._may_sign:
            self._secret.permit()
            self._may_sign = True
        return self._secret.signature.token(number, entry.channel, entry.address)

    def check_secret(self) -> None:
        """Make sure that links in the newsroom's mail can be checked here.

        Raises:
            CredentialsError: they were signed with another secret.
        """
        self._secret.check()

    def behind(self, token: str) -> Entry | None:
        """The subscription that a link is for, or None if the link was not issued here."""
        link = UnsubscribeLink.of(token)
        if link is None or self._secret.signature.is_ours(link) is False:
            return None
        # A forged number may be larger than those of the column.
        number = sa.literal(link.number, sa.BigInteger)
        with self._database.transaction() as db:
            row = db.execute(sa.select(SUBSCRIBERS).where(SUBSCRIBERS.c.id == number)).first()
        if row is None or not self._secret.signature.is_for(link, row.channel, row.address):
            return None
        return _entry(row)

    def apply_spooled(self) -> None:
        """Carry out the unsubscribes that were spooled while the database was away."""
        for request in self._spool.requests(self._secret.signature):
            entry = self.behind(request.token)
            if entry:
                self._leave(entry.channel, entry.address, request.cause, request.at)
            self._spool.remove(request)

    def _count(self) -> int:
        with self._database.transaction() as db:
            return db.scalar(sa.select(sa.func.count()).select_from(SUBSCRIBERS)) or 0

    def _mark(
        self, db: sa.Connection, channel: str, address: str, status: Status, cause: str
    ) -> None:
        values = {"status": status, "at": _now(), "cause": cause}
        db.execute(SUBSCRIBERS.update().where(*_key(channel, address)).values(values))


@dataclass(frozen=True)
class Audience:
    """The active subscribers of one channel, in the form that couriers and letters use.

    `page` is the URL of the unsubscribe page, or "" if nobody gets a link. `mailbox` is the address
    for requests to unsubscribe by mail, or "" if there is none.
    """

    subscribers: Subscribers
    channel: str
    page: str
    mailbox: str = ""

    def active(self) -> Iterator[Subscriber]:
        """All active subscribers, in the order of their addresses, as a stream."""
        self.subscribers.apply_spooled()
        return (self._person(*one) for one in self.subscribers.active(self.channel))

    def among(self, addresses: Sequence[str]) -> dict[str, Subscriber]:
        """Those of `addresses` that are active subscribers."""
        self.subscribers.apply_spooled()
        found = self.subscribers.active_among(self.channel, addresses)
        return {address: self._person(*one) for address, one in found.items()}

    def without_links(self) -> Audience:
        """The same people, for couriers that do not write to them."""
        return replace(self, page="")

    def _person(self, number: int, entry: Entry) -> Subscriber:
        if not self.page:
            return Subscriber(entry.address, entry.fields, frozenset(entry.tags))
        token = self.subscribers.token(number, entry)
        mailto = f"mailto:{self.mailbox}?subject=unsubscribe%20{token}" if self.mailbox else ""
        return Subscriber(
            entry.address,
            entry.fields,
            frozenset(entry.tags),
            link_with_token(self.page, token),
            mailto,
        )


def unsubscribe_page_of(publication: Publication, adapter: object) -> str:
    """The URL of a channel's unsubscribe page: the adapter's `unsubscribe` option, or by default
    `unsubscribe/` on the publication's site."""
    return str(getattr(adapter, "unsubscribe", None) or publication.absolute("unsubscribe/"))


def audience_of(
    subscribers: Subscribers, publication: Publication, channel: str, adapter: object
) -> Audience:
    """The audience of a channel."""
    mailbox = publication.email or ""
    return Audience(subscribers, channel, unsubscribe_page_of(publication, adapter), mailbox)


def _about(channel: str | None, status: Status | None) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions that a row is about `channel` and has `status`; None means any."""
    if channel is not None:
        yield SUBSCRIBERS.c.channel == channel
    if status is not None:
        yield SUBSCRIBERS.c.status == status


def _key(channel: str, address: str) -> tuple[Any, Any]:
    return SUBSCRIBERS.c.channel == channel, SUBSCRIBERS.c.address == address


def _entry(row: Any) -> Entry:
    fields, tags = json.loads(row.fields), tuple(json.loads(row.tags))
    return Entry(row.channel, row.address, fields, tags, Status(row.status), row.at, row.cause)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
