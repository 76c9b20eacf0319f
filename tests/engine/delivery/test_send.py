"""What a run has made is handed to its couriers in their order, and only what may leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest
from PIL import Image

from syndicate.engine.delivery.at_work import as_delivery
from syndicate.engine.delivery.outcome import Event, Outcome, Question
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.engine.delivery.send import send
from syndicate.engine.planning.plan import Plan
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import DeliveryError
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk
from tests.engine.mailing import PLUGIN as MAILING

TWO = 'adapter = "./own.py"\n[[deliver]]\nvia = "file"\nname = "first"\npath = "one"\n'
TWO += '[[deliver]]\nvia = "file"\nname = "second"\npath = "two"\n'
MAIL = 'adapter = "./mailing.py"\n[deliver]\nvia = "smtp"\nhost = "127.0.0.1"\nport = 9\n'
MAIL += 'security = "none"\nto = ["ines@example.net", "bo@example.net"]\n'


def sent(
    desk: Desk, plan: Plan, ask: Callable[[Question], bool] | None = None
) -> tuple[Outcome, list[Event]]:
    """What `send` does for the steps of `plan`, which have been rendered."""
    events: list[Event] = []
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        newsroom = load_newsroom(desk.root, {})
        run = PublishRun(newsroom, ledger, Order(ask=ask), Outcome(), events.append)
        send(run, plan.steps)
    return run.outcome, events


def test_a_courier_begins_when_the_one_before_is_done(desk: Desk) -> None:
    desk.channel("single", TWO)
    (desk.root / "one").write_text("a file where a folder should be")
    outcome = desk.publish("single")
    assert len(outcome.errors) == 2
    assert not (desk.root / "two").exists()
    (desk.root / "one").unlink()
    outcome, _ = sent(desk, desk.plan("single"))
    assert (outcome.errors, outcome.delivered) == ([], 4)
    assert len(list((desk.root / "two").iterdir())) == 2


def test_errors_name_channel_and_unit(desk: Desk) -> None:
    desk.channel("single", TWO)
    (desk.root / "one").write_text("a file where a folder should be")
    desk.publish("single")
    outcome, events = sent(desk, desk.plan("single", articles=("ferry",)))
    (error,) = outcome.errors
    assert error.message.startswith("single: ferry: ")
    assert isinstance(error, DeliveryError)
    assert [(one.kind, one.label) for one in events] == [("error", "ferry")]


def test_what_waits_for_an_approval_stays(desk: Desk) -> None:
    plan = desk.plan("social")
    desk.publish("social")
    outcome, events = sent(desk, plan)
    assert (outcome.waiting, outcome.delivered) == (2, 0)
    assert {one.kind for one in events} == {"waiting"}
    approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")
    outcome, events = sent(desk, plan)
    assert (outcome.waiting, outcome.delivered) == (1, 1)
    assert desk.files()["out/social/ferry.txt"] == desk.files()["drafts/ferry.txt"]


def test_a_step_that_was_not_rendered_sends_nothing(desk: Desk) -> None:
    desk.publish("single")
    desk.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    (desk.root / "out" / "single" / "ferry.txt").unlink()
    outcome, events = sent(desk, desk.plan("single"))
    assert (outcome.delivered, events) == (0, [])


def test_a_file_that_is_gone_is_delivered_again(desk: Desk) -> None:
    plan = desk.plan("single")
    desk.publish("single")
    file = desk.root / "out" / "single" / "ferry.txt"
    content = file.read_bytes()
    file.unlink()
    store = desk.root / ".syndicate" / "store"
    store.rename(store.with_name("aside"))
    outcome, _ = sent(desk, plan)
    assert "bytes that were on their way are gone" in str(outcome.errors[0])
    store.with_name("aside").rename(store)
    outcome, events = sent(desk, plan)
    assert [one.text for one in events] == ["out/single/ferry.txt"]
    assert file.read_bytes() == content


@pytest.mark.parametrize("answer", [True, False])
def test_nothing_goes_out_to_people_before_somebody_says_yes(desk: Desk, answer: bool) -> None:
    (desk.root / "mailing.py").write_text(MAILING)
    desk.channel("email", MAIL)
    asked: list[Question] = []

    def ask(question: Question) -> bool:
        asked.append(question)
        return answer

    desk.publish("email", ask=lambda _: False)
    outcome, events = sent(desk, desk.plan("email"), ask)
    assert [(one.channel, one.recipients) for one in asked] == [("email", 2)]
    assert asked[0].subject
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        begun = [row for _, row in ledger.dispatches.find(list(State))]
    if answer:
        assert len(begun) == 2, "nobody answers at that port, but it was tried"
    else:
        assert (begun, outcome.left) == ([], 2)
        assert [one.kind for one in events] == ["unconfirmed"]


def test_a_delivery_says_where_it_is_public_and_has_its_pictures(desk: Desk) -> None:
    newsroom = load_newsroom(desk.root, {})
    digest = newsroom.store.put(b"words")
    stored = StoredArtifact("ferry.txt", "text/plain", digest, 5, draft=True)
    delivery = as_delivery(newsroom, newsroom.channels["social"], "unit", stored, "2026-10-06")
    assert (delivery.unit, delivery.artifact, delivery.rendering) == (
        "ferry.txt",
        "ferry.txt",
        "unit",
    )
    assert delivery.url == "https://gazette.example.org/social/ferry.txt"
    assert delivery.content.read_bytes() == b"words"
    for folder, width in ((newsroom.extracted, 30), (newsroom.content, 20), (newsroom.drafts, 10)):
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (width, 9)).save(folder / "ferry.png")
        assert delivery.pictures.open("ferry.png").width == width, "the nearest comes first"
