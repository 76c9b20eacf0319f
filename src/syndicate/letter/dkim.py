"""DKIM signatures (RFC 6376) with RSA-SHA256 or Ed25519-SHA256 (RFC 8463)."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from syndicate.errors import DeliveryError

SIGNED = (
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
)
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_SPACE = re.compile(rb"[ \t]+")
SHORTEST_RSA = 1024  # bits; RFC 8301, section 3.2


class Signer:
    """Signs mail for `domain` with the private `key` (PEM).

    The public key is published in DNS at `<selector>._domainkey.<domain>`.

    Raises:
        DeliveryError: the key cannot be read, is neither RSA (1,024 bits or more) nor Ed25519, or
            the domain or selector is not a valid DNS name.
    """

    def __init__(self, domain: str, selector: str, key: bytes) -> None:
        for name in (domain, selector):
            if not _NAME.fullmatch(name):
                raise DeliveryError(
                    f"{name!r} is not a valid DNS name", hint="write it in ASCII (IDNA)"
                )
        try:
            private = load_pem_private_key(key, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            hint = "create a key: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"
            raise DeliveryError(f"the DKIM key cannot be read: {error}", hint=hint) from error
        if isinstance(private, RSAPrivateKey):
            if private.key_size < SHORTEST_RSA:
                raise DeliveryError(
                    f"the DKIM key has {private.key_size} bits; receivers ignore keys below "
                    f"{SHORTEST_RSA} bits"
                )
        elif not isinstance(private, Ed25519PrivateKey):
            raise DeliveryError("the DKIM key must be an RSA or Ed25519 key")
        self._key: RSAPrivateKey | Ed25519PrivateKey = private
        algorithm = "rsa" if isinstance(private, RSAPrivateKey) else "ed25519"
        self._tags = f"v=1; a={algorithm}-sha256; c=relaxed/simple; d={domain}; s={selector}"

    def sign(self, message: bytes) -> bytes:
        """`message` (CRLF lines) with its DKIM-Signature at the top.

        Every header of `SIGNED` that the message has is signed. From is listed twice, so that no
        one can add a second From header.
        """
        head, _, body = message.partition(b"\r\n\r\n")
        fields = _relaxed(head)
        names = [name for name in SIGNED if name.encode() in fields]
        body_hash = b64encode(hashlib.sha256(_simple(body)).digest()).decode()
        value = (
            f"{self._tags};\r\n h={':'.join(names[:6])}\r\n :{':'.join([*names[6:], 'from'])};"
            f"\r\n bh={body_hash};\r\n b="
        )
        signed = b"".join(fields[name.encode()] + b"\r\n" for name in names)
        (own,) = _relaxed(b"DKIM-Signature: " + value.encode()).values()
        signature = b64encode(self._signature(signed + own)).decode()
        folded = "\r\n ".join(re.findall(".{1,72}", signature))
        return f"DKIM-Signature: {value}{folded}\r\n".encode() + message

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(hashlib.sha256(data).digest())


def _relaxed(head: bytes) -> dict[bytes, bytes]:
    """The last header of each name, in the "relaxed" form of RFC 6376, section 3.4.2."""
    found: dict[bytes, bytes] = {}
    for line in _FOLD.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        name = name.strip().lower()
        found[name] = name + b":" + _SPACE.sub(b" ", value).strip()
    return found


def _simple(body: bytes) -> bytes:
    """`body` without empty lines at its end (RFC 6376, section 3.4.3)."""
    return body.rstrip(b"\r\n") + b"\r\n"
