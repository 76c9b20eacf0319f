"""Looks at every copy where its courier has put it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from syndicate.couriers import Copy, Holds, Looks, Owns, Place, PostsThreads, Seen
from syndicate.couriers.files import FilesCourier
from syndicate.engine.auditing.findings import Audit, AuditFinding, Unseen, Watch, What
from syndicate.errors import DeliveryError, MissingBlobError, StoreError
from syndicate.ledger.audits import CourierCopies
from syndicate.ledger.copies import CopyRow, CopyState
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop
from syndicate.subscribers import Subscribers
from syndicate.tokens import PLACEHOLDER

_AT_ONCE = 500
_PART = ".part"  # so end the names of files that are being written


@dataclass(frozen=True)
class DestinationAudit:
    """Looks at what the couriers of `newsroom` have placed. `audit` gets what is found."""

    newsroom: Newsroom
    ledger: Ledger
    audit: Audit
    watch: Watch
    stop: Stop

    def look(self, placed: CourierCopies) -> None:
        """Look at the copies of one courier that should stand, and at those that were removed."""
        channel = self.newsroom.channels.get(placed.channel)
        courier = channel.couriers.get(placed.courier) if channel else None
        if courier is None:
            self._look_on_disk(placed)
        elif isinstance(courier, Looks):
            rows = self._expected(placed)
            former = self._former(placed, courier)
            self._compare(placed.channel, courier, chain(rows, former))
        elif isinstance(courier, Holds) and placed.number:
            why = f"the courier {placed.courier!r} cannot look at what it has delivered"
            self._leave_out(placed.channel, placed.number, why)

    def look_for_strangers(self, channel: Channel) -> None:
        """Name the files in folders of `channel` that are ours alone and that nobody knows."""
        named = {one.address for one in self.audit.findings if one.what == "unknown file"}
        for courier in channel.couriers.values():
            if not isinstance(courier, Owns):
                continue
            try:
                for place, known in self.ledger.audits.known(courier.everything()):
                    self.stop.check()
                    if not (known or str(place) in named or _is_being_written(place)):
                        named.add(str(place))
                        self.audit.findings.append(
                            AuditFinding("unknown file", "destination", channel.name, str(place))
                        )
            except DeliveryError as error:
                self.audit.unseen.append(Unseen(channel.name, 0, error.message, error))

    def _look_on_disk(self, placed: CourierCopies) -> None:
        """The channel or its courier no longer exists; files of this machine can still be seen."""
        rows = self.ledger.audits.standing(placed.channel, placed.courier)
        files = (row for row in rows if row.is_on_disk)
        self._compare(placed.channel, _disk(self.newsroom), files)
        others = sum(
            not row.is_on_disk
            for row in self.ledger.audits.standing(placed.channel, placed.courier)
        )
        if others:
            why = f"nothing delivers there any more; see: syndicate retire {placed.channel}"
            self._leave_out(placed.channel, others, why)

    def _expected(self, placed: CourierCopies) -> Iterator[CopyRow]:
        rows = self.ledger.audits.standing(placed.channel, placed.courier)
        people = Subscribers(self.ledger.database, self.newsroom.state)
        while page := list(islice(rows, _AT_ONCE)):
            units = [row.copy.unit for row in page if PLACEHOLDER in row.copy.artifact]
            active = people.active_among(placed.channel, units) if units else {}
            for row in page:
                # Copies of people who have left are deleted when the feed changes.
                if PLACEHOLDER not in row.copy.artifact or row.copy.unit in active:
                    yield row

    def _former(self, placed: CourierCopies, courier: Looks) -> Iterator[CopyRow]:
        """What was removed, as it would stand if it had not been; once, even if it was removed
        several times or by several renderings."""
        given: set[Copy] = set()
        former = self.ledger.audits.former(placed.channel, placed.courier)
        while page := list(islice(former, _AT_ONCE)):
            there = []
            for one in page:
                try:
                    there.append(one.at(courier.place(one.artifact, one.unit)))
                except DeliveryError:  # a name that is refused today
                    continue
            known = dict(self.ledger.audits.known(row.copy.place for row in there))
            for row in there:
                if not known[row.copy.place] and row.copy not in given:
                    given.add(row.copy)
                    yield row

    def _compare(self, channel: str, courier: Looks, rows: Iterator[CopyRow]) -> None:
        waiting: dict[Copy, CopyRow] = {}
        elsewhere = 0

        def copies() -> Iterator[Copy]:
            nonlocal elsewhere
            for row in rows:
                self.stop.check()
                if not _is_at_its_place(courier, row):
                    elsewhere += 1
                    continue
                waiting[row.copy] = row
                yield row.copy

        error: DeliveryError | None = None
        stream = copies()
        first = list(islice(stream, 1))
        try:
            # Where nothing should or should not be, nobody logs in and nothing is listed.
            for copy, seen in courier.look(chain(first, stream), self._content) if first else ():
                self.stop.check()
                self.watch(str(copy.place))
                self._judge(waiting.pop(copy), seen, courier)
        except DeliveryError as failure:
            error = failure
        left = len(waiting) + sum(1 for _ in stream)
        if error is not None:
            self.audit.unseen.append(Unseen(channel, left, error.message, error))
        elif left:
            self._leave_out(channel, left, "the courier has not looked at them")
        if elsewhere:
            why = f"the channel delivers elsewhere now; see: syndicate retire {channel}"
            self._leave_out(channel, elsewhere, why)

    def _content(self, digest: str) -> bytes:
        """The bytes with this digest, as far as the store can be used."""
        try:
            return self.newsroom.store.read(digest)
        except StoreError as error:
            raise MissingBlobError(error.message, hint=error.hint) from error

    def _judge(self, row: CopyRow, seen: Seen, courier: Looks) -> None:
        finding = _judged(row, seen, isinstance(courier, PostsThreads))
        if seen.found == "unknown":
            why = f"{row.copy.place}: {seen.told}"
            error = DeliveryError(why)
            self.audit.unseen.append(Unseen(row.copy.channel, 1, why, error))
            return
        self.audit.looked += 1
        if seen.found == "there" and row.copy.digest and finding is None:
            self._leave_out(row.copy.channel, 1, "there, but what was sent is no longer kept")
        elif finding is None:
            self.audit.same += 1
        elif finding.what == "another file":
            self.audit.others.append(finding)
        # A run may be just replacing or removing it.
        elif row.state is CopyState.REMOVING or self.ledger.audits.is_settled(row):
            self.audit.findings.append(finding)

    def _leave_out(self, channel: str, number: int, why: str) -> None:
        self.audit.unseen.append(Unseen(channel, number, why))


def _judged(row: CopyRow, seen: Seen, is_post: bool) -> AuditFinding | None:
    copy, told = row.copy, seen.told
    what: What
    if row.state is CopyState.REMOVING:
        # Other bytes at the place of a file are not ours: somebody has put them there since.
        if seen.found == "gone":
            return None
        what = "still there"
        if seen.found == "changed" and not is_post:
            what, told = "another file", "stands at an address that we took back"
    elif seen.found == "gone":
        what = "missing"
    elif seen.found == "changed":
        what = "changed"
    elif row.error:
        what, told = "still there", row.error
    else:
        return None
    if row.state is CopyState.PLACING:
        told = "a run was cut off while it was delivering this; syndicate publish finds out"
    address = copy.url if copy.url and copy.url.startswith("http") else str(copy.place)
    return AuditFinding(what, "destination", copy.channel, address, told, row)


def _is_being_written(place: Place) -> bool:
    name = place.address.rpartition("/")[2]
    return name.startswith(".") and name.endswith(_PART)


def _disk(newsroom: Newsroom) -> FilesCourier:
    """A courier that sees every file of this machine."""
    return FilesCourier.model_validate({}, context={"root": newsroom.root, "channel": ""})


def _is_at_its_place(courier: Looks, row: CopyRow) -> bool:
    """Whether the courier would still put it there, or can look at any file."""
    if isinstance(courier, FilesCourier) and row.is_on_disk:
        return True
    try:
        return courier.place(row.copy.artifact, row.copy.unit) == row.copy.place
    except DeliveryError:
        return False
