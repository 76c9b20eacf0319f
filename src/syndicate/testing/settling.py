"""Delivers an artifact as a run of `publish` does, with a ledger of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from syndicate.article.publication import Publication
from syndicate.couriers import Courier, Delivery
from syndicate.engine.delivery.deliver import deliver
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.errors import DeliveryError
from syndicate.ledger.dispatch import State
from syndicate.ledger.leases import Lease, delivery_lease, rendering_lease
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import RecordedRendering, StoredArtifact
from syndicate.subscribers import Subscribers, audience_of

_PUBLICATION = Publication(title="Gazette", base_url="https://gazette.example.org/")


@dataclass(frozen=True)
class Desk:
    """A ledger with one dispatch of `artifact`."""

    ledger: Ledger
    artifact: Delivery
    root: Path

    def run(self, courier: Courier) -> Counter[State]:
        """Take the dispatch as far as it goes. Returns how many deliveries are in each state."""
        (dispatch,) = self.ledger.dispatches.current()
        lease = self._lease(delivery_lease(*dispatch.key))
        audience = audience_of(
            Subscribers(self.ledger.database, self.root), _PUBLICATION, dispatch.channel, None
        )
        held = self.ledger.held(lease, dispatch)
        try:
            with suppress(DeliveryError):
                journal = LedgerJournal(held, lambda *_: None)
                deliver(journal, courier, replace(self.artifact, at=dispatch.at), audience)
        finally:
            self.ledger.leases.release([lease])
        return Counter(row.state for _, row in self.ledger.dispatches.find(list(State)))

    def _lease(self, name: str) -> Lease:
        lease = self.ledger.leases.take([name])[name]
        assert isinstance(lease, Lease)
        return lease

    def record(self) -> None:
        """Record the artifact as rendered."""
        one = self.artifact
        size = one.content.stat().st_size
        stored = StoredArtifact(one.artifact, one.media_type, one.digest, size, False)
        rendering = RecordedRendering(one.channel, "rendering", "inputs", (stored,), ("contract",))
        self.ledger.record(self._lease(rendering_lease(one.channel, "rendering")), rendering)


@contextmanager
def desk(artifact: Delivery, root: Path) -> Iterator[Desk]:
    """A desk with `artifact`, in the newsroom's folder `root`."""
    with closing(open_ledger("sqlite://", root)) as ledger:
        made = Desk(ledger, artifact, root)
        made.record()
        yield made
