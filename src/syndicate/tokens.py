"""Addresses that only one member knows: a token in the place of a placeholder."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

PLACEHOLDER = "the-token-of-each-member"
"""What stands in names and URLs of what is made for members, until each gets their own copy."""


def token(secret: str, channel: str, address: str) -> str:
    """The token of the member at `address` for `channel`: 32 characters that say nothing about
    them, the same as long as `secret` is (HMAC-SHA-256, RFC 2104, 192 bits of it)."""
    said = f"{channel}\0{address.casefold()}".encode()
    return urlsafe_b64encode(hmac.digest(secret.encode(), said, "sha256")[:24]).decode()
