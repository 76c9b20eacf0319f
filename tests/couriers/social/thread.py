"""A thread of seven posts, and a newsroom with a ledger to post it from."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image as Drawing

from syndicate.article.publication import Publication
from syndicate.couriers import Courier, Delivery, Receipt
from syndicate.engine.delivery.deliver import deliver
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.errors import DeliveryError
from syndicate.kit.pictures import PictureFolders
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import RecordedRendering, StoredArtifact
from syndicate.subscribers import Subscribers, audience_of
from syndicate.thread import Card, Image, ThreadDraft, write_draft
from tests.ledger.taking import hold, let_go, record

POSTS = (
    "The night ferry is back: “We waited too long,” says the harbour master.",
    "Fares rise by 15% & the bar stays open. 🚢",
    "The ship carried 70,000 people in 2025,\nmore than in any year since 1988.",
    "Who may sail free?\n\nChildren below six, and whoever works on board.",
    "The timetable is on ferry.example.org, the tickets are not.",
    "Berths are to be had from Friday. #NightFerry",
    "All of it: https://gazette.example.org/night-ferry",
)
NAME = "night-ferry.md"


def draft(**changes: object) -> bytes:
    """A draft file of `POSTS`, with a picture."""
    return write_draft(
        ThreadDraft(
            article="tag:gazette.example.org,2026:night-ferry",
            channel="social",
            digest="d",
            link="https://gazette.example.org/night-ferry",
            language="en",
            images=(Image(src="ferry.png", alt="The ferry at its berth, at night"),),
            posts=POSTS,
        ).model_copy(update=changes)
    )


def with_card() -> bytes:
    """The same draft with a link preview."""
    return draft(card=Card(title="The night ferry returns", description="Berths from Friday."))


@dataclass
class Room:
    """A newsroom's folder, with one approved thread in its ledger."""

    root: Path
    ledger: Ledger
    errors: list[DeliveryError] = field(default_factory=list)

    @property
    def pictures(self) -> PictureFolders:
        """The pictures that the thread may show, in a folder that is not part of a newsroom."""
        return PictureFolders((self.root / "pictures",))

    def run(self, courier: Courier, content: bytes) -> dict[str, State]:
        """Deliver the thread as one run of `publish` does. Returns the states of all posts."""
        digest = hashlib.sha256(content).hexdigest()
        dispatches = self.ledger.dispatches
        (dispatch,) = dispatches.current()
        waiting = self.root / digest
        waiting.write_bytes(content)
        artifact = Delivery(
            *("social", NAME, "text/markdown", digest, waiting, NAME, "u"),
            at=dispatch.at,
            pictures=self.pictures,
        )
        publication = Publication(title="Gazette", base_url="https://gazette.example.org/")
        audience = audience_of(
            Subscribers(self.ledger.database, self.root), publication, "social", None
        )
        held = hold(self.ledger, dispatch)
        try:
            deliver(LedgerJournal(held, self._record), courier, artifact, audience)
        except DeliveryError as error:
            self.errors.append(error)
        finally:
            let_go(self.ledger, held)
        return {row.unit: row.state for _, row in dispatches.find(list(State))}

    def receipts(self) -> list[str | None]:
        """The URLs of the published posts."""
        found = self.ledger.dispatches.find([State.DELIVERED])
        return [row.url for _, row in found]

    def _record(self, delivery: Delivery, became: Receipt | DeliveryError) -> None:
        if isinstance(became, DeliveryError):
            self.errors.append(became)


@contextmanager
def room(root: Path, content: bytes) -> Iterator[Room]:
    """A newsroom in which the thread `content` is approved."""
    (root / "pictures").mkdir(parents=True)
    picture = io.BytesIO()
    Drawing.new("RGB", (64, 36), "navy").save(picture, "PNG")
    (root / "pictures" / "ferry.png").write_bytes(picture.getvalue())
    with closing(open_ledger("sqlite://", root)) as ledger:
        digest = hashlib.sha256(content).hexdigest()
        artifact = StoredArtifact(NAME, "text/markdown", digest, len(content), False)
        record(ledger, RecordedRendering("social", "u", "inputs", (artifact,), ("post",)))
        yield Room(root, ledger)
