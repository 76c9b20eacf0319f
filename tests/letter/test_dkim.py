"""DKIM: another implementation verifies our signatures, and a changed mail fails."""

from __future__ import annotations

import base64
from contextlib import suppress

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from syndicate.errors import DeliveryError
from syndicate.letter import Subscriber
from syndicate.letter.dkim import Signer
from tests.letter.people import people
from tests.letter.test_letter import letter

RSA = rsa.generate_private_key(65537, 2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()
URL = "https://u.example.org/" + "k" * 278


def pem(key: object) -> bytes:
    assert isinstance(
        key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def record(name: bytes, timeout: int = 5) -> bytes:
    """The answer of DNS."""
    assert name in (b"r1._domainkey.gazette.example.org.", b"e1._domainkey.gazette.example.org.")
    if name.startswith(b"r1"):
        public = RSA.public_key().public_bytes(
            Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    raw = ED25519.public_key().public_bytes(Encoding.Raw, serialization.PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)


def signed() -> bytes:
    mail = letter().to(Subscriber("a@example.org", {"first_name": "Zoë"}, unsubscribe_url=URL))
    once = Signer("gazette.example.org", "e1", pem(ED25519)).sign(mail)
    return Signer("gazette.example.org", "r1", pem(RSA)).sign(once)


def verified(mail: bytes, which: int) -> bool:
    return bool(dkim.DKIM(mail).verify(idx=which, dnsfunc=record))


def test_both_signatures_verify_and_cover_the_unsubscribe_headers() -> None:
    mail = signed()
    assert verified(mail, 0) and verified(mail, 1)
    for mark in (b"list-unsubscribe:", b"list-unsubscribe-post:"):
        assert mail.replace(b"\r\n ", b"").count(mark) == 2
    assert max(map(len, mail.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (URL.encode(), URL.encode()[:-1] + b"x"),
        (b"One-Click", b"No-Click"),
        (b"To: a@", b"To: b@"),
        (b"MIME-Version", b"From: x@example.net\r\nMIME-Version"),
        (b"Dear", b"Bear"),
    ],
)
def test_a_changed_mail_does_not_verify(before: bytes, after: bytes) -> None:
    mail = signed()
    assert before in mail
    changed = mail.replace(before, after)
    for which in (0, 1):
        with suppress(dkim.DKIMException):
            assert not verified(changed, which)


def test_mails_to_hostile_subscribers_are_signed() -> None:
    signer, made = Signer("gazette.example.org", "e1", pem(ED25519)), letter()
    assert all(verified(signer.sign(made.to(one)), 0) for one in people(40))


def test_an_unusable_key_or_domain_is_refused() -> None:
    weak = pem(rsa.generate_private_key(65537, 1024)).replace(b"PRIVATE", b"PUBLIC")
    curve = pem(ec.generate_private_key(ec.SECP256R1()))
    for key in (b"", b"x", weak, curve):
        with pytest.raises(DeliveryError):
            Signer("gazette.example.org", "r1", key)
    with pytest.raises(DeliveryError):
        Signer("gazette.example.org; b=x", "r1", pem(RSA))
