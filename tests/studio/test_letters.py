"""A letter about a correction is read and approved in the studio like a draft."""

from __future__ import annotations

from datetime import date

from syndicate.engine.correction import CorrectionOrder, correct, plan_correction
from syndicate.engine.review.drafts import find_draft
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from syndicate.subscribers import Entry, Subscribers
from tests.engine.conftest import Desk
from tests.sink import Sink
from tests.studio.conftest import Open, field

NOTE = "The gates come to the old port."
NAME = "locks.email.correction-1"


def test_it_is_read_and_approved_there(desk: Desk, opened: Open) -> None:
    with Sink() as sink:
        desk.channel(
            "email",
            f'[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\n',
        )
        newsroom = load_newsroom(desk.root, {})
        with ledger_of(newsroom) as ledger:
            people = (Entry("email", f"reader-{n}@example.net") for n in range(3))
            Subscribers(ledger.database, newsroom.state).put(people, "test")
        desk.write("locks.md", "# The locks\n\nNew gates are coming to the port.\n")
        desk.publish("email")
        order = CorrectionOrder("locks", NOTE, "Ines", True, date(2030, 10, 6))
        done = correct(newsroom, plan_correction(newsroom, order), lambda _: None, Stop())
        assert [one.people for one in done.prepared] == [3]
        with opened.client() as client:
            assert f"/drafts/{NAME}" in client.get("/").text
            page = client.get(f"/drafts/{NAME}").text
            assert "goes to 3 readers" in page
            letter = client.get(f"/drafts/{NAME}/letter")
            assert NOTE in letter.text and "sandbox" in letter.headers["Content-Security-Policy"]
            assert NOTE in client.get(f"/drafts/{NAME}/letter?plain").text
            assert client.get("/drafts/ferry.x/letter").status_code == 404
            fields = {name: field(page, name) for name in ("csrf", "digest")}
            headers = {"Origin": opened.base}
            client.post(f"/drafts/{NAME}/approve", data=fields, headers=headers)
        assert find_draft(newsroom, NAME).status == "approved"
