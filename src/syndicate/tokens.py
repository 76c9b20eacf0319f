"""Tokens for private addresses: each member's token replaces a placeholder."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

PLACEHOLDER = "the-token-of-each-member"
"""The placeholder in file names and URLs made for members, until each member gets a copy."""


def member_token(secret: str, channel: str, address: str) -> str:
    """The token of the member at `address` for `channel`: 32 characters that reveal nothing about
    the member. It changes only with `secret` (the first 192 bits of an HMAC-SHA-256, RFC 2104)."""
    message = f"{channel}\0{address.casefold()}".encode()
    return urlsafe_b64encode(hmac.digest(secret.encode(), message, "sha256")[:24]).decode()
