"""The SMTP courier, with servers that behave and servers that misbehave."""

from __future__ import annotations

import email
import email.policy
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from syndicate.couriers import Delivery
from syndicate.couriers.smtp.session import ClosedError
from syndicate.errors import CredentialsError, DeliveryError, LedgerError, RefusedError
from syndicate.letter import Subscriber
from tests.couriers.smtp.post import LETTER, Memory, artifact, courier, letters, people
from tests.sink import Answer, Sink

A, B, C = people(3)


def test_every_recipient_gets_their_own_letter_once(tmp_path: Path) -> None:
    with Sink(keep=True) as sink:
        journal = Memory()
        courier(tmp_path, sink.port).deliver_all(letters(tmp_path, *people(50)), journal)
    assert sorted(sink.recipients) == people(50)
    assert set(journal.kinds().values()) == {"Receipt"}
    assert sorted(journal.committed) == people(50)
    assert len({message_id for _, message_id in sink.mails}) == 50
    assert 1 < sink.most <= 4
    receipt = journal.receipt(A)
    assert receipt is not None
    assert receipt.remote_id == "250 2.0.0 taken"
    assert set(sink.contents) == {LETTER.to(Subscriber(one)) for one in people(50)}


@pytest.mark.parametrize("pipelining", [True, False])
def test_commit_is_called_between_the_body_and_the_final_dot(
    tmp_path: Path, pipelining: bool
) -> None:
    with Sink(pipelining=pipelining, keep=True) as sink:

        def commit(delivery: Delivery) -> None:
            assert "DATA" in sink.commands
            assert not sink.mails

        journal = Memory(commit)
        courier(tmp_path, sink.port).deliver_all(letters(tmp_path, A), journal)
    assert sink.recipients == [A]


def test_no_mail_is_sent_if_the_ledger_fails(tmp_path: Path) -> None:
    def commit(delivery: Delivery) -> None:
        raise LedgerError("the disk is full")

    with Sink() as sink:
        with pytest.raises(LedgerError, match="full"):
            courier(tmp_path, sink.port).deliver_all(letters(tmp_path, *people(9)), Memory(commit))
        assert sink.mails == []


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("answers", "expected", "arrived"),
    [
        ({"RCPT": "550 5.1.1 nobody of that name"}, "RefusedError", False),
        ({"RCPT": "450 4.2.0 come again later"}, "DeliveryError", False),
        ({"RCPT": "450 later", "DATA": "354 go on anyway"}, "DeliveryError", False),
        ({"MAIL": "451 not now"}, "DeliveryError", False),
        ({"DATA": "554 no"}, "RefusedError", False),
        ({"DOT": "554 5.7.1 looks like spam"}, "RefusedError", False),
        ({"DOT": "452 4.3.1 disk full"}, "DeliveryError", False),
        ({"MAIL": "421 closing"}, "LostError", False),
        ({"RCPT": "421 closing"}, "LostError", False),
        ({"MAIL": None}, "LostError", False),
        ({"RCPT": None}, "LostError", False),
        ({"DATA": None}, "LostError", False),
        ({"BODY": None}, "LostError", False),
        ({"RCPT": "garbage"}, "LostError", False),
        ({"RCPT": "HANG"}, "LostError", False),
        ({"DOT": None}, "UncertainError", True),
        ({"DOT": "HANG"}, "UncertainError", True),
        ({"DOT": "garbage"}, "UncertainError", True),
        ({"DOT": "421 closing"}, "UncertainError", False),
    ],
)
def test_each_misbehaviour_of_a_server_has_its_outcome(
    tmp_path: Path, answers: dict[str, Answer], expected: str, arrived: bool, pipelining: bool
) -> None:
    with Sink(answers, pipelining=pipelining) as sink:
        journal = Memory()
        way = courier(tmp_path, sink.port, retries=1, timeout=0.4, connections=1)
        (delivery,) = letters(tmp_path, A)
        if "BODY" in answers:  # too large to be sent completely before the server hangs up
            big = LETTER.written().replace(b"It sails", b"It sails " * 500_000)
            delivery = replace(delivery, content=artifact(tmp_path, big, "", "big").content)
        way.deliver_all([delivery], journal)
    assert journal.kinds() == {A: expected}
    assert bool(sink.mails) == arrived


def test_a_refused_recipient_does_not_stop_the_others(tmp_path: Path) -> None:
    def rcpt(line: str) -> str:
        return "550 5.1.1 unknown" if B in line else "250 ok"

    with Sink({"RCPT": rcpt}) as sink:
        journal = Memory()
        way = courier(tmp_path, sink.port, connections=1)
        way.deliver_all(letters(tmp_path, A, B, C), journal)
    assert sink.recipients == [A, C]
    assert journal.kinds() == {A: "Receipt", B: "RefusedError", C: "Receipt"}


def test_a_deferred_mail_is_sent_again_with_the_same_message_id(tmp_path: Path) -> None:
    seen: list[str] = []

    def dot(recipient: str) -> str:
        seen.append(recipient)
        return "451 4.7.1 greylisted" if seen.count(recipient) < 3 else "250 ok"

    with Sink({"DOT": dot}, keep=True) as sink:
        journal = Memory()
        courier(tmp_path, sink.port).deliver_all(letters(tmp_path, A, B), journal)
    assert set(journal.kinds().values()) == {"Receipt"}
    assert sorted(sink.mails) == [(one, LETTER.message_id_for(Subscriber(one))) for one in (A, B)]


def test_a_lost_connection_is_reopened(tmp_path: Path) -> None:
    turns = iter(range(100))

    def rcpt(line: str) -> str | None:
        return None if next(turns) % 5 == 4 else "250 ok"

    with Sink({"RCPT": rcpt}) as sink:
        journal = Memory()
        courier(tmp_path, sink.port).deliver_all(letters(tmp_path, *people(20)), journal)
    assert sorted(sink.recipients) == people(20)


def test_a_server_that_accepts_few_connections_gets_all_mail_over_those(tmp_path: Path) -> None:
    with Sink() as sink:
        sink.answers["CONNECT"] = lambda _: "220 hello" if sink.connections < 3 else "421 too many"
        journal = Memory()
        way = courier(tmp_path, sink.port, connections=6, retries=1)
        way.deliver_all(letters(tmp_path, *people(40)), journal)
    assert sorted(sink.recipients) == people(40)


def test_the_run_stops_if_the_server_refuses_everything(tmp_path: Path) -> None:
    with Sink({"DOT": "554 5.7.1 you are on a list"}) as sink:
        journal = Memory()
        with pytest.raises(DeliveryError, match="you are on a list"):
            courier(tmp_path, sink.port).deliver_all(letters(tmp_path, *people(300)), journal)
    assert len(journal.outcomes) < 110


def test_a_refused_sender_leaves_all_recipients_pending(tmp_path: Path) -> None:
    with Sink({"MAIL": "550 5.7.1 not your domain"}) as sink:
        journal = Memory()
        with pytest.raises(ClosedError, match="not your domain"):
            courier(tmp_path, sink.port).deliver_all(letters(tmp_path, A, B), journal)
    assert journal.outcomes == {}


def test_a_server_that_is_down_leaves_all_recipients_pending(tmp_path: Path) -> None:
    with Sink() as sink:
        port = sink.port
    journal = Memory()
    with pytest.raises(DeliveryError, match="cannot be reached"):
        courier(tmp_path, port).deliver_all(letters(tmp_path, A, B), journal)
    assert journal.outcomes == {}


def test_people_who_unsubscribed_in_the_meantime_get_nothing(tmp_path: Path) -> None:
    (gone,) = letters(tmp_path, B)
    gone = replace(gone, subscriber=None)
    with Sink() as sink:
        journal = Memory()
        courier(tmp_path, sink.port).deliver_all([*letters(tmp_path, A), gone], journal)
    assert sink.recipients == [A]
    assert journal.kinds()[B] == "WithdrawnError"


def test_one_run_sends_no_more_than_most(tmp_path: Path) -> None:
    with Sink() as sink:
        journal = Memory()
        way = courier(tmp_path, sink.port, most=7)
        way.deliver_all(letters(tmp_path, *people(20)), journal)
    assert sorted(journal.outcomes) == people(7)


def test_a_missing_or_wrong_password_is_a_credentials_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sink(login=("desk", "harbour-lights")) as sink:
        way = courier(tmp_path, sink.port, username="desk", password_env="SINK_PASSWORD")
        with pytest.raises(CredentialsError, match="password for desk"):
            way.deliver_all(letters(tmp_path, A), Memory())
        monkeypatch.setenv("SINK_PASSWORD", "wrong")
        with pytest.raises(CredentialsError, match="535"):
            way.deliver_all(letters(tmp_path, A), Memory())
        monkeypatch.setenv("SINK_PASSWORD", "harbour-lights")
        way.deliver_all(letters(tmp_path, A), Memory())
    assert sink.recipients == [A]


def test_a_mail_too_large_for_the_server_is_refused(tmp_path: Path) -> None:
    with Sink(size=100) as sink:
        journal = Memory()
        courier(tmp_path, sink.port).deliver_all(letters(tmp_path, A), journal)
    assert isinstance(journal.outcomes[A], RefusedError)
    assert "the server takes 100" in str(journal.outcomes[A])


def test_a_book_is_sent_to_each_device_separately(tmp_path: Path) -> None:
    book = artifact(tmp_path, b"PK" + bytes(range(256)) * 9, "application/epub+zip", "digest.epub")
    keys = {"to": ["ines@kindle.example", A], "from": "desk@gazette.example.org"}
    with Sink(keep=True) as sink:
        way = courier(tmp_path, sink.port, **keys)
        units = list(way.addresses(book, ()))
        assert units == ["ines@kindle.example", A]
        assert list(way.addresses(artifact(tmp_path, b"x", "image/jpeg", "c.jpg"), ())) == []
        to_each = [replace(book, unit=unit) for unit in units]
        way.deliver_all(to_each, Memory())
        first = way.preview(to_each[0])
    assert first == way.preview(to_each[0])
    parsed = [email.message_from_bytes(one, policy=email.policy.default) for one in sink.contents]
    mails = {mail["To"]: mail for mail in parsed}
    assert set(mails) == set(units)
    mail = mails["ines@kindle.example"]
    text = mail.get_body()
    assert text and text.get_content().strip()
    (enclosed,) = mail.iter_attachments()
    assert enclosed.get_content_type() == "application/epub+zip"
    assert enclosed.get_filename() == "digest.epub"
    assert enclosed.get_content() == book.content.read_bytes()
    assert mail["Date"] == "Mon, 02 Nov 2026 07:00:00 +0000"
    assert mail["From"] == "desk@gazette.example.org"


def test_an_interrupt_ends_the_run_quickly(tmp_path: Path) -> None:
    def commit(delivery: Delivery) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise KeyboardInterrupt

    with Sink() as sink, pytest.raises((KeyboardInterrupt, DeliveryError)):
        courier(tmp_path, sink.port).deliver_all(letters(tmp_path, *people(500)), Memory(commit))
    assert len(sink.mails) == 0


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server context with a self-signed certificate, and the file of that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certified, private = folder / f"{name}.crt", folder / f"{name}.key"
    certified.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified, private)
    return context, certified


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_sent_to_a_server_with_an_untrusted_certificate(
    tmp_path: Path, security: str
) -> None:
    context, own = certificate(tmp_path, "localhost")
    with Sink(tls=context, implicit=security == "tls") as sink:
        keys = {"security": security, "host": "localhost"}
        with pytest.raises(ClosedError, match="certificate of localhost"):
            courier(tmp_path, sink.port, **keys).deliver_all(letters(tmp_path, A), Memory())
        wrong = {"security": security, "host": "127.0.0.1", "ca_file": own}
        with pytest.raises(ClosedError, match=r"certificate of 127\.0\.0\.1"):
            courier(tmp_path, sink.port, **wrong).deliver_all(letters(tmp_path, A), Memory())
        assert sink.mails == []
        trusted = courier(tmp_path, sink.port, ca_file=own, **keys)
        trusted.deliver_all(letters(tmp_path, A), Memory())
        assert sink.recipients == [A]


def test_nothing_is_sent_to_a_server_without_encryption(tmp_path: Path) -> None:
    with Sink() as sink:
        with pytest.raises(ClosedError, match="does not support"):
            courier(tmp_path, sink.port, security="starttls").deliver_all(
                letters(tmp_path, A), Memory()
            )
        assert sink.mails == []
