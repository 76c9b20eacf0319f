"""An article is corrected: its file gets the note and nothing else, every channel tells of it, and
nothing goes to people before somebody approves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path, PurePosixPath

import pytest

from syndicate.article import Article
from syndicate.article.text import plain
from syndicate.engine.correction import (
    Corrected,
    CorrectionOrder,
    correct,
    plan_correction,
)
from syndicate.engine.review.verdicts import approve_draft, reject_draft
from syndicate.engine.whereabouts import where_is
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.errors import UsageError
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.readers import Source, read
from syndicate.stop import Stop
from syndicate.subscribers import Subscribers
from tests.engine.conftest import Desk, make_desk
from tests.engine.mailing import MailDesk, address, mail_desk
from tests.sink import Sink

FERRY = "# The night ferry returns\n\nThe fare is six euros, from Friday.\n"
FIXED = FERRY.replace("six", "eight")
NOTE = "The fare is eight euros, not six."
DAY = date(2026, 10, 6)
FEED = 'adapter = "{}"\n'


def corrected(desk: Desk, *, major: bool = False, note: str = NOTE) -> Corrected:
    """Correct the article about the ferry."""
    newsroom = load_newsroom(desk.root, {})
    order = CorrectionOrder("ferry", note, "Ines", major, DAY)
    return correct(newsroom, plan_correction(newsroom, order), lambda _: None, Stop())


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(keep=True) as running:
        yield running


@pytest.fixture
def mailing(tmp_path: Path, sink: Sink) -> MailDesk:
    """A newsroom whose first issue, with a mistake in it, has gone to five readers."""
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    toml = (desk.root / "channels" / "email.toml").read_text()
    desk.channel("email", toml.replace("./mailing.py", "email"))
    desk.write("ferry.md", FERRY)
    desk.subscribe(5)
    assert not desk.publish().errors
    sink.mails.clear()
    sink.contents.clear()
    desk.write("ferry.md", FIXED, age=0)
    return desk


def test_a_correction_from_before_the_last_one_is_refused(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    desk.publish("single")
    corrected(desk)
    desk.publish("single")
    newsroom = load_newsroom(desk.root, {})
    order = CorrectionOrder("ferry", "Another matter.", "Ines", False, DAY - timedelta(days=1))
    with pytest.raises(UsageError, match="was last corrected on 06 Oct 2026"):
        plan_correction(newsroom, order)


def test_the_letter_waits_then_goes_once_to_those_who_still_read(
    mailing: MailDesk, sink: Sink
) -> None:
    done = corrected(mailing, major=True)
    assert [(one.row.channel, one.people) for one in done.prepared] == [("email", 5)]
    with closing(open_ledger(mailing.ledger, mailing.root)) as ledger:
        people = Subscribers(ledger.database, mailing.root / ".syndicate")
        people.unsubscribe("email", address(1), "asked")
        people.remove("email", address(2))
    mailing.publish()
    assert not sink.mails
    approve_draft(load_newsroom(mailing.root, {}), "email/ferry.email.correction-1.letter", "Ines")
    mailing.publish()
    mailing.publish()
    assert sorted(sink.recipients) == [address(0), address(3), address(4)]
    mail = message_from_bytes(sink.contents[0], policy=default)
    assert mail["Subject"] == "Correction: The night ferry returns"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body and NOTE in " ".join(body.get_content().split())


def test_a_letter_that_is_rejected_goes_to_nobody(mailing: MailDesk, sink: Sink) -> None:
    corrected(mailing, major=True)
    reject_draft(load_newsroom(mailing.root, {}), "email/ferry.email.correction-1.letter", "Ines")
    mailing.publish()
    assert not sink.mails


def test_killed_while_letters_go_out_nobody_gets_two(mailing: MailDesk, sink: Sink) -> None:
    corrected(mailing, major=True)
    approve_draft(load_newsroom(mailing.root, {}), "email/ferry.email.correction-1.letter", "Ines")
    taken: list[str] = []

    def hang_at_the_third(recipient: str) -> str | None:
        if recipient not in taken:
            taken.append(recipient)
        return "HANG" if taken.index(recipient) == 2 else "USUAL"

    sink.answers["DOT"] = hang_at_the_third
    with mailing.start("--yes") as run:
        run.until("the third letter to be on its way", lambda: len(taken) >= 3)
        run.kill()
    sink.answers.clear()
    mailing.publish()
    mailing.publish()
    assert len(sink.recipients) == len(set(sink.recipients)), "somebody has got two"
    uncertain = {one["unit"] for one in mailing.listed("--uncertain")}
    assert taken[2] in uncertain
    assert {*sink.recipients, *uncertain} == {address(n) for n in range(5)}


def test_a_minor_correction_is_in_the_next_issue_and_in_no_letter(
    mailing: MailDesk, sink: Sink
) -> None:
    assert corrected(mailing).prepared == ()
    mailing.write("locks.md", "# The locks\n\nNew gates are coming.\n", age=0)
    mailing.publish()
    assert len(sink.mails) == 5
    text = message_from_bytes(sink.contents[0], policy=default).get_body(("plain",))
    assert text and "Corrections" in text.get_content() and NOTE in text.get_content()


def test_a_withdrawal_has_a_letter_too(mailing: MailDesk, sink: Sink) -> None:
    newsroom = load_newsroom(mailing.root, {})
    order = WithdrawalOrder("ferry", "the figures were wrong", "Ines")
    done = withdraw(newsroom, order, lambda _: None, Stop())
    assert done.letters == (("email", 5),)
    assert not sink.mails
    approve_draft(newsroom, "email/ferry.email.withdrawal-1.letter", "Ines")
    mailing.publish()
    assert sorted(sink.recipients) == [address(n) for n in range(5)]
    mail = message_from_bytes(sink.contents[0], policy=default)
    assert mail["Subject"] == "Withdrawn: The night ferry returns"
    text = mail.get_body(("plain",))
    assert text and "have since withdrawn it" in " ".join(text.get_content().split())
    assert "six euros" not in text.get_content()
    kinds = [one.kind for one in where_is(newsroom, "ferry") if one.channel == "email"]
    assert kinds.count("letter") == 1


def test_a_letter_is_in_the_language_of_its_newsletter(mailing: MailDesk, sink: Sink) -> None:
    toml = (mailing.root / "channels" / "email.toml").read_text()
    mailing.channel("email", toml.replace("[deliver]", '[select]\nlanguage = "de"\n[deliver]'))
    newsroom = load_newsroom(mailing.root, {})
    withdraw(newsroom, WithdrawalOrder("ferry", "wrong", "Ines"), lambda _: None, Stop())
    approve_draft(newsroom, "email/ferry.email.withdrawal-1.letter", "Ines")
    mailing.publish()
    mail = message_from_bytes(sink.contents[0], policy=default)
    assert mail["Subject"] == "Zurückgezogen: The night ferry returns"
    assert mail["Content-Language"] == "de"
    text = mail.get_body(("plain",))
    said = " ".join(text.get_content().split()) if text else ""
    assert "inzwischen zurückgezogen" in said
    assert "do not rely" not in said
    assert said.count("Bitte verlassen Sie sich nicht") == 1, "the usual note says the same"


def test_the_letter_of_a_withdrawal_has_its_note(mailing: MailDesk, sink: Sink) -> None:
    newsroom = load_newsroom(mailing.root, {})
    order = WithdrawalOrder("ferry", "wrong", "Ines", note="The fares were invented.")
    withdraw(newsroom, order, lambda _: None, Stop())
    approve_draft(newsroom, "email/ferry.email.withdrawal-1.letter", "Ines")
    mailing.publish()
    mail = message_from_bytes(sink.contents[0], policy=default)
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body and "The fares were invented." in body.get_content()


def test_letters_are_shown_before_and_after_a_withdrawal(mailing: MailDesk) -> None:
    words = ("withdraw", "ferry", "--reason", "wrong", "--by", "Ines")
    told = [{"channel": "email", "people": 5}]
    assert json.loads(mailing.command(*words, "--dry-run", "--json").stdout)["letters"] == told
    assert "email: a letter to 5 readers" in mailing.command(*words, "--dry-run").stderr
    assert json.loads(mailing.command(*words, "--json").stdout)["letters"] == told


@pytest.mark.parametrize("major", [True, False])
def test_one_line_says_what_happens_to_mail(mailing: MailDesk, major: bool) -> None:
    words = ("correct", "ferry", "--note", NOTE, "--dry-run", *(("--major",) if major else ()))
    lines = mailing.command(*words).stdout.splitlines()[1:]
    assert len(lines) == 1
    assert "next issue" in lines[0]
    assert ("a letter to 5 readers" in lines[0]) is major


def test_mail_that_is_still_leaving_is_warned_of_and_can_be_given_up(
    tmp_path: Path, sink: Sink
) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port, "most = 2\n")
    desk.subscribe(5)
    desk.publish()
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails at ten.\n", age=0)
    words = ("correct", "ferry", "--note", "It sails at ten.", "--dry-run")
    said = desk.command(*words)
    assert "no. 1 is still being sent with the wrong version, 3 mails left" in said.stderr
    give_up = said.stderr.partition("give up the rest: ")[2].splitlines()[0].split()
    assert desk.command(*give_up[1:], "--by", "Ines").returncode == 0
    assert "still being sent" not in desk.command(*words).stderr
    desk.publish()
    assert len(sink.recipients) == 2


def test_an_issue_that_a_withdrawal_stopped_before_it_left_goes_out_after_restore(
    tmp_path: Path, sink: Sink
) -> None:
    desk = mail_desk(tmp_path / "newsroom", sink.port)
    desk.publish()  # to nobody yet
    desk.subscribe(3)
    newsroom = load_newsroom(desk.root, {})
    withdraw(newsroom, WithdrawalOrder("ferry", "wrong", "Ines"), lambda _: None, Stop())
    desk.publish()
    assert not sink.mails
    said = desk.command("restore", "ferry", "--by", "Ines").stderr
    assert "email: no. 1, which was stopped before it left, goes out" in said
    for _ in range(2):
        desk.publish()
    assert sorted(sink.recipients) == [address(n) for n in range(3)]


def test_a_nul_byte_is_named_with_its_line(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    desk.write("ferry.md", FIXED)
    desk.publish("single")
    desk.write("ferry.md", FIXED + "\nA stray \0 byte.\n", age=0)
    newsroom = load_newsroom(desk.root, {})
    with pytest.raises(UsageError, match=r"content/ferry\.md:5: there is a NUL byte"):
        plan_correction(newsroom, CorrectionOrder("ferry", NOTE, "Ines", False, DAY))


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("ferry.md", FIXED),
        ("ferry.md", FIXED.removesuffix("\n")),
        ("ferry.md", FIXED.replace("\n", "\r\n")),
        ("ferry.md", f'---\n# a comment\ntitle: "Ferry"   # kept\ntags: [a,   b]\n---\n{FIXED}'),
        ("ferry.md", f"+++\ntitle = 'Ferry'\n+++\n\n{FIXED}\n[^1]: A note.\n"),
        ("ferry.txt", "The night ferry returns\n\nThe fare is eight euros, from Friday.\n"),
        ("ferry.json", None),
    ],
)
def test_every_other_byte_of_the_file_stays(tmp_path: Path, name: str, before: str | None) -> None:
    desk = single_desk(tmp_path)
    if before is None:
        (reading,) = read_file(desk, "ferry.md", FIXED)
        before = json.dumps(json.loads(reading), indent=2, ensure_ascii=False) + "\n"
    path = desk.root / "content" / name
    path.write_bytes(before.encode())
    desk.publish()
    corrected(desk)
    after = path.read_bytes()
    kept = before.encode() if name != "ferry.json" else before.encode()[:40]
    assert after.startswith(kept)
    assert NOTE.encode() in after
    assert (b"\r\n" in after) == ("\r\n" in before)
    assert not path.with_suffix(".toml").exists()


def single_desk(tmp_path: Path) -> Desk:
    root = tmp_path / "newsroom"
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(
        '[publication]\ntitle = "Gazette"\nbase_url = "https://gazette.example.org/"\n'
    )
    desk = Desk(root)
    desk.channel("atom", 'adapter = "atom"\n')
    return desk


def read_file(desk: Desk, name: str, text: str) -> list[str]:
    """The articles in a file, as JSON."""
    publication = load_newsroom(desk.root, {}).publication
    source = Source(
        PurePosixPath(name), text.encode(), datetime(2026, 9, 1, tzinfo=UTC), publication
    )
    return [one.article.model_dump_json() for one in read(source)]


def test_a_source_that_cannot_be_edited_gets_a_sidecar(tmp_path: Path) -> None:
    desk = single_desk(tmp_path)
    page = "<html><head><title>Ferry</title></head><body><article><h1>The night ferry returns</h1>"
    page += "<p>The fare is eight euros, from Friday, and children sail free.</p></article></body>"
    path = desk.root / "content" / "ferry.html"
    path.write_text(page)
    desk.publish()
    side = path.with_suffix(".toml")
    side.write_text('# by hand\nsection = "News"\n')
    corrected(desk)
    assert path.read_text() == page
    assert side.read_text().startswith('# by hand\nsection = "News"\n\n[[corrections]]\n')
    corrected(desk, note="It sails on Friday.")
    feed = desk.files()["out/atom/feed.atom"].decode()
    assert "not six" in feed and "It sails on Friday." in feed


def test_said_twice_it_is_written_once(tmp_path: Path) -> None:
    desk = single_desk(tmp_path)
    path = desk.write("ferry.md", FIXED)
    desk.publish()
    corrected(desk)
    once = path.read_bytes()
    corrected(desk)
    assert path.read_bytes() == once


def test_an_edit_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    desk = single_desk(tmp_path)
    path = desk.write("ferry.md", FIXED)
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    planned = plan_correction(newsroom, CorrectionOrder("ferry", NOTE, "Ines", False, DAY))
    path.write_text(FIXED + "\nOne more line.\n")
    with pytest.raises(UsageError, match="edited meanwhile"):
        correct(newsroom, planned, lambda _: None, Stop())
    assert path.read_text() == FIXED + "\nOne more line.\n"


def test_a_note_with_marks_of_markdown_says_what_it_says(tmp_path: Path) -> None:
    desk = single_desk(tmp_path)
    desk.write("ferry.md", FIXED)
    desk.publish()
    note = "The fare is *8* euros (see [1]), `not` 6_7_8 ::: <b>or</b> https://example.org/x_y_z."
    corrected(desk, note=note)
    assert plain_note(desk) == note


def plain_note(desk: Desk) -> str:
    """The only correction in the article's file."""
    path = desk.root / "content" / "ferry.md"
    (text,) = read_file(desk, "ferry.md", path.read_text())
    (only,) = Article.model_validate_json(text).corrections
    return plain(only.content)


def test_feeds_have_the_note_and_the_time(tmp_path: Path) -> None:
    desk = single_desk(tmp_path)
    desk.channel("jsonfeed", 'adapter = "jsonfeed"\n')
    desk.channel("ninjs", 'adapter = "ninjs"\n')
    desk.write("ferry.md", FERRY)
    desk.publish()
    before = json.loads(desk.files()["out/jsonfeed/feed.json"])["items"][0]
    desk.write("ferry.md", FIXED, age=0)
    corrected(desk)
    item = json.loads(desk.files()["out/jsonfeed/feed.json"])["items"][0]
    assert NOTE in item["content_html"] and "October 6, 2026" in item["content_html"]
    assert item["date_modified"] > before["date_modified"]
    assert item["date_published"] == before["date_published"]
    news = json.loads(desk.files()["out/ninjs/ferry.json"])
    assert news["version"] == "2"
    assert news["edNote"] == f"Correction, 2026-10-06: {NOTE}"


def test_a_stated_time_of_update_does_not_hide_a_correction(tmp_path: Path) -> None:
    desk = single_desk(tmp_path)
    stated = f"---\nupdated: 2026-09-20T08:00:00Z\npublished: 2026-09-20T08:00:00Z\n---\n{FIXED}"
    desk.write("ferry.md", stated)
    desk.publish()
    assert b"<updated>2026-09-20T08:00" in desk.files()["out/atom/feed.atom"]
    corrected(desk)
    assert b"<updated>2026-09-20T08:00" not in desk.files()["out/atom/feed.atom"]
