"""An article is taken back from everywhere, and stays so until somebody restores it."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from syndicate.couriers.contract import Commit, Delivery, Receipt
from syndicate.couriers.files import FilesCourier
from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.withdrawal import Withdrawal, WithdrawalOrder, lift, withdraw
from syndicate.errors import Exit, UsageError
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests import waiting
from tests.engine.conftest import Desk
from tests.engine.mailing import mail_desk
from tests.sink import Sink


def withdrawn(desk: Desk, name: str = "ferry") -> Withdrawal:
    """Withdraw an article."""
    order = WithdrawalOrder(name, "the figures were wrong", "Ines")
    return withdraw(load_newsroom(desk.root, {}), order, lambda _: None, Stop())


def test_every_channel_that_shows_the_latest_state_loses_it(desk: Desk) -> None:
    desk.publish()
    done = withdrawn(desk)
    assert "out/single/ferry.txt" not in desk.files()
    assert b"night ferry" not in desk.files()["out/rolling/all.txt"]
    assert [(one.channel, one.kind) for one in done.remaining] == [("numbered", "issue")]


def test_an_edition_that_is_issued_again_leaves_it_out(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    desk.publish()
    assert b"night ferry" in desk.files()["out/numbered/1.txt"], "it is frozen"
    desk.publish("numbered", reissue=True)
    assert b"night ferry" not in desk.files()["out/numbered/1.txt"]
    assert b"Reading the tide" in desk.files()["out/numbered/1.txt"]


def test_it_needs_a_reason(desk: Desk) -> None:
    desk.publish()
    for reason in ("", " \t"):
        done = desk.command("withdraw", "ferry", "--reason", reason)
        assert done.returncode == 2
        assert "needs a reason" in done.stderr
    assert "out/single/ferry.txt" in desk.files()


def test_what_it_would_do_is_shown_before(desk: Desk) -> None:
    desk.publish()
    before = desk.files()
    done = desk.command("withdraw", "ferry", "--reason", "wrong", "--dry-run")
    assert done.returncode == 0
    assert "out/single/ferry.txt" in done.stdout
    assert "out/numbered/1.txt" in done.stdout
    assert desk.files() == before
    shown = json.loads(
        desk.command("withdraw", "ferry", "--reason", "wrong", "--dry-run", "--json").stdout
    )
    assert shown["removed"] == ["out/single/ferry.txt"]


def test_it_is_said_that_an_article_is_withdrawn(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    for words in (("status",), ("plan",), ("check",), ("publish", "content/ferry.md")):
        assert "syndicate restore ferry" in desk.command(*words).stderr, words


def test_a_copy_of_a_withdrawn_article_is_pointed_out(desk: Desk) -> None:
    text = "The pilot boat left at nine, and the harbour master said so at noon on the pier. "
    desk.write("ferry.md", f"# The night ferry returns\n\n{text * 3}\n")
    desk.publish()
    withdrawn(desk)
    desk.write("boat.md", f"# A boat\n\n{text * 3}\n", age=0)
    for words in (("plan",), ("check",), ("publish",), ("check",)):
        assert "boat has much the same text as ferry" in desk.command(*words).stderr, words


def test_it_stays_withdrawn_whatever_its_file_says(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails at ten, as it was.\n", age=0)
    desk.publish()
    (desk.root / "content" / "ferry.md").rename(desk.root / "content" / "boat.md")
    desk.publish()
    assert "out/single/ferry.txt" not in desk.files()
    assert b"night ferry" not in desk.files()["out/rolling/all.txt"]


def test_a_restored_article_comes_back_with_the_next_run(desk: Desk) -> None:
    desk.publish()
    before = desk.files()
    withdrawn(desk)
    lift(load_newsroom(desk.root, {}), "ferry", "Ines")
    desk.publish()
    assert desk.files() == before
    with pytest.raises(UsageError, match="is not withdrawn"):
        lift(load_newsroom(desk.root, {}), "ferry", "Ines")


def test_it_is_not_restored_while_its_file_says_that_it_is_withdrawn(desk: Desk) -> None:
    desk.publish()
    text = "---\nstatus: withdrawn\n---\n# The night ferry returns\n\nIt sails at nine.\n"
    desk.write("ferry.md", text, age=0)
    desk.publish()
    with pytest.raises(UsageError, match="the file of ferry"):
        lift(load_newsroom(desk.root, {}), "ferry", "Ines")


def test_an_approved_draft_that_has_not_left_never_does(desk: Desk) -> None:
    desk.publish()
    approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")
    withdrawn(desk)
    desk.publish()
    assert "out/social/ferry.txt" not in desk.files()


def test_no_other_article_is_published_by_a_withdrawal(desk: Desk) -> None:
    desk.publish()
    desk.write("mayor.md", "# The mayor\n\nHalf written.\n", age=0)
    withdrawn(desk)
    assert not [name for name in desk.files() if "mayor" in name]


def test_an_article_whose_file_is_gone_can_be_withdrawn(desk: Desk) -> None:
    desk.publish()
    (desk.root / "content" / "ferry.md").unlink()
    desk.publish()
    assert "out/single/ferry.txt" in desk.files()
    assert withdrawn(desk).still_public == ()
    assert "out/single/ferry.txt" not in desk.files()


def test_its_draft_cannot_be_approved(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    with pytest.raises(UsageError, match="its article is withdrawn"):
        approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")


def test_a_run_that_began_before_the_withdrawal_delivers_it_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked up again in the transaction in which the delivery is committed."""
    place = FilesCourier.deliver

    def late(courier: FilesCourier, delivery: Delivery, commit: Commit) -> Receipt:
        if delivery.unit == "ferry.txt":
            with closing(open_ledger(desk.ledger, desk.root)) as ledger:
                known = next(ledger.articles.with_slugs({"ferry"}))
                event = LedgerEvent("withdrawn", rendering=known.id)
                ledger.articles.withdraw(known.id, event_time(), event)
        return place(courier, delivery, commit)

    monkeypatch.setattr(FilesCourier, "deliver", late)
    outcome = desk.publish("single")
    assert "out/single/ferry.txt" not in desk.files()
    assert "out/single/tides.txt" in desk.files()
    (error,) = outcome.errors
    assert "has just been withdrawn" in error.message


def test_what_was_never_published_cannot_be_withdrawn(desk: Desk) -> None:
    with pytest.raises(UsageError, match="never been published"):
        withdrawn(desk)


def test_mail_that_is_going_out_is_stopped(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("mail") / "newsroom"
    with Sink() as sink:
        desk = mail_desk(root, sink.port, "most = 40\n")
        desk.subscribe(100)
        with desk.start("--yes") as run:
            run.ended()
        assert len(sink.mails) == 40
        slug = next((desk.root / "content").glob("*.md")).stem
        done = withdrawn(desk, slug)
        assert done.stopped == 60
        mails = [one for one in done.remaining if one.kind == "mail"]
        assert "40 recipients" in mails[0].address
        with desk.start("--yes") as run:
            assert run.ended().returncode == 0
        assert len(sink.mails) == 40


def test_a_run_that_is_mailing_it_ends_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("mail") / "newsroom"
    with Sink() as sink:
        desk = mail_desk(root, sink.port, "per_minute = 1200\nconnections = 2\n")
        desk.subscribe(500)
        with desk.start("--yes") as run:
            waiting.until("ten mails", lambda: len(sink.mails) >= 10)
            stopped = withdrawn(desk).stopped
            assert run.ended().returncode in (0, 3, 75)
        assert len(sink.mails) + stopped == 500
        with desk.start("--yes") as run:
            run.ended()
        assert len(sink.mails) + stopped == 500


def test_the_commands_say_what_was_done_and_what_remains(desk: Desk) -> None:
    desk.publish()
    done = desk.command("withdraw", "ferry", "--reason", "wrong", "--by", "Ines")
    assert done.returncode == 0, done.stderr
    assert "1 file removed" in done.stderr
    assert "out/numbered/1.txt" in done.stdout
    assert (done.stdout + done.stderr).count("out/single/ferry.txt") == 1, "said once"
    assert "withdrawn" in desk.command("history").stdout
    assert "no longer withdrawn" in desk.command("restore", "ferry", "--by", "Ines").stderr
    again = desk.command("withdraw", "ferry", "--reason", "wrong", "--by", "Ines", "--json")
    assert json.loads(again.stdout.splitlines()[-1])["remaining"]


def test_what_is_wrong_with_other_articles_is_no_failure_of_a_withdrawal(desk: Desk) -> None:
    desk.publish()
    desk.write("tides.md", "---\npublished: 2026-11-32\n---\n# Reading the tide\n\nText.\n", age=0)
    assert desk.publish().exit is Exit.PARTLY
    assert withdrawn(desk).outcome.exit is Exit.DONE
    assert desk.publish().exit is Exit.PARTLY


@pytest.mark.parametrize("name", ["rolling", "single"])
def test_what_a_moved_channel_has_left_is_named_as_public(desk: Desk, name: str) -> None:
    desk.publish()
    left = {"rolling": "out/rolling/all.txt", "single": "out/single/ferry.txt"}[name]
    settings = desk.root / "channels" / f"{name}.toml"
    settings.write_text(settings.read_text() + '\n[deliver]\nvia = "file"\npath = "out/moved"\n')
    desk.publish()
    foreseen = desk.command("withdraw", "ferry", "--reason", "x", "--dry-run", "--json")
    report = json.loads(foreseen.stdout)
    assert [one["address"] for one in report["still_public"]] == [left]
    assert left not in report["removed"] + report["replaced"]
    done = desk.command("withdraw", "ferry", "--reason", "x", "--yes")
    assert done.returncode == 3
    assert f"{left} is still public; run: syndicate retire {name}" in done.stderr
    assert left in desk.command("where", "ferry").stdout
    assert b"night ferry" in desk.files()[left]
