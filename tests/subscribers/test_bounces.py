"""Bounces and complaints: only those that prove to be about one of our mails are acted on."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import DeliveryError
from syndicate.ledger.ledger import open_ledger
from syndicate.letter import Subscriber
from syndicate.subscribers import Audience, Entry, Status, Subscribers
from syndicate.subscribers.bounces import (
    bounces_in_imap,
    bounces_in_maildir,
    record_bounce,
    understand_bounce,
)
from tests.couriers.smtp.post import LETTER
from tests.couriers.smtp.test_courier import certificate
from tests.subscribers.imap import PASSWORD, Mailbox, serving


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Subscribers]:
    with closing(open_ledger("ledger.sqlite", tmp_path)) as ledger:
        made = Subscribers(ledger.database, tmp_path)
        made.put([Entry("email", "ann@example.net"), Entry("alerts", "ann@example.net")], "test")
        yield made


@pytest.fixture
def ann(store: Subscribers) -> Subscriber:
    page = "https://gazette.example.org/unsubscribe/"
    (person,) = Audience(store, "email", page, "news@gazette.example.org").active()
    return person


def report(kind: str, fields: str, returned: bytes, returned_as: str = "message/rfc822") -> bytes:
    """A multipart/report as mail servers send it."""
    return (
        b"From: MAILER-DAEMON@example.net\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n'
        b"\r\nSorry.\r\n--b\r\nContent-Type: "
        + kind.encode()
        + b"\r\n\r\n"
        + fields.encode()
        + b"\r\n--b\r\nContent-Type: "
        + returned_as.encode()
        + b"\r\n\r\n"
        + returned
        + b"\r\n--b--\r\n"
    )


def bounce(returned: bytes, action: str = "failed", status: str = "5.1.1", **more: str) -> bytes:
    fields = (
        "Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; ann@example.net\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n such user"
    )
    return report("message/delivery-status", fields, returned, **more)


@pytest.mark.parametrize("returned_as", ["message/rfc822", "text/rfc822-headers"])
def test_a_permanent_failure_suppresses_the_address(
    store: Subscribers, ann: Subscriber, returned_as: str
) -> None:
    mail = LETTER.to(ann)
    if returned_as == "text/rfc822-headers":
        mail = mail.partition(b"\r\n\r\n")[0]
    found = record_bounce(store, understand_bounce(bounce(mail, returned_as=returned_as)))
    assert found
    assert found.address == "ann@example.net"
    assert {one.status for one in store.entries(None, None)} == {Status.BOUNCED}
    assert "no such user" in next(store.entries(None, None)).cause


def test_a_temporary_failure_changes_nothing(store: Subscribers, ann: Subscriber) -> None:
    for action, status in (("delayed", "4.4.1"), ("failed", "4.2.2"), ("relayed", "2.0.0")):
        assert understand_bounce(bounce(LETTER.to(ann), action, status)).kind is None


def test_a_complaint_suppresses_the_address(store: Subscribers, ann: Subscriber) -> None:
    fields = "Feedback-Type: abuse\r\nUser-Agent: Hub/1\r\nVersion: 1\r\n"
    mail = report("message/feedback-report", fields, LETTER.to(ann))
    assert record_bounce(store, understand_bounce(mail))
    assert {one.status for one in store.entries("alerts", None)} == {Status.COMPLAINED}


def test_unsubscribing_by_mail_is_for_one_channel(store: Subscribers, ann: Subscriber) -> None:
    from urllib.parse import unquote

    subject = unquote(ann.unsubscribe_mailto.partition("subject=")[2])
    mail = f"From: ann@example.net\r\nSubject: {subject}\r\n\r\n".encode()
    assert record_bounce(store, understand_bounce(mail))
    assert [(one.channel, one.status) for one in store.entries(None, None)] == [
        ("alerts", "active"),
        ("email", "unsubscribed"),
    ]


def test_a_report_without_a_valid_link_changes_nothing(store: Subscribers, ann: Subscriber) -> None:
    other = Subscriber("ann@example.net", unsubscribe_url="https://x.example/?t=1." + "A" * 22)
    forged = [
        bounce(LETTER.to(other)),
        bounce(b"Subject: hello\r\n\r\n"),
        b"From: ann@example.net\r\nSubject: unsubscribe\r\n\r\n",
        b"From: ann@example.net\r\nSubject: unsubscribe 1." + b"A" * 22 + b"\r\n\r\n",
    ]
    for mail in forged:
        found = understand_bounce(mail)
        assert found.kind is not None
        assert record_bounce(store, found) is None
    for noise in (b"", b"\xff\x00", b"Subject: Re: your ferry\r\n\r\nunsubscribe", b"\r\n" * 9):
        assert understand_bounce(noise).kind is None
    assert {one.status for one in store.entries(None, None)} == {Status.ACTIVE}


def test_a_maildir_is_read_once(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir")
    for number in range(3):
        box.add(f"Subject: {number}\r\n\r\n".encode())
    assert len(list(bounces_in_maildir(tmp_path / "Maildir"))) == 3
    assert list(bounces_in_maildir(tmp_path / "Maildir")) == []


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mailbox with two unread mails and a read one, on a server with a trusted certificate."""
    context, own = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with serving(Mailbox({3: b"one\r\n", 5: b"read\r\n", 8: b"two\r\n)"}, {5}), context) as made:
        yield made


def test_an_imap_mailbox_is_read_once(box: Mailbox) -> None:
    read = bounces_in_imap("localhost", box.port, "bo", PASSWORD, "INBOX")
    assert next(read) == b"one\r\n"
    assert box.seen == {5}, "marked as read only when it has been acted upon"
    assert list(read) == [b"two\r\n)"]
    assert box.seen == {3, 5, 8}
    assert not list(bounces_in_imap("localhost", box.port, "bo", PASSWORD, "INBOX"))


@pytest.mark.parametrize(
    ("password", "folder", "said"),
    [("no", "INBOX", "wrong password"), (PASSWORD, 'a"b', "no mail folder 'a\"b'")],
)
def test_an_error_of_an_imap_server_is_reported(
    box: Mailbox, password: str, folder: str, said: str
) -> None:
    with pytest.raises(DeliveryError, match=said):
        list(bounces_in_imap("localhost", box.port, "bo", password, folder))


def test_no_password_is_sent_to_an_imap_server_with_an_untrusted_certificate(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DeliveryError, match=r"localhost: .*certificate"):
        list(bounces_in_imap("localhost", box.port, "bo", PASSWORD, "INBOX"))
    assert box.seen == {5}
