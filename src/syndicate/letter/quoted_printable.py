"""Quoted-printable encoding (RFC 2045, section 6.7), one piece of text at a time.

Every piece begins at the start of a line. No line begins with a full stop, which SMTP would have
to double, or with "From ", which mbox files would have to quote.
"""

from __future__ import annotations

import re
from binascii import b2a_qp

SOFT_BREAK = b"=\r\n"
_DOTS = re.compile(rb"(?m)^\.+")
_FROM = re.compile(rb"(?m)^From ")
_ENCODED = [bytes([n]) if bytes([n]).isalnum() else b"=%02X" % n for n in range(256)]
_LINE = re.compile(rb".{1,75}(?<!=)(?<!=.)")


def quoted_printable(text: str) -> bytes:
    """`text` in lines of at most 76 characters; the next piece begins a new line."""
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    lines = b2a_qp(data, istext=True)
    lines = _FROM.sub(b"=46rom =\n", _DOTS.sub(_encoded_dots, lines)).replace(b"\n", b"\r\n")
    if not lines or lines.endswith(b"\n"):
        return lines
    if len(lines) - lines.rfind(b"\n") > 76:  # no room for the soft break: put it one token earlier
        token = 3 if lines[-3:-2] == b"=" else 1
        lines = lines[:-token] + SOFT_BREAK + lines[-token:]
    return lines + SOFT_BREAK


def quoted_printable_value(text: str) -> bytes:
    """A short `text` without line breaks, encoded like `quoted_printable` but faster."""
    data = text.encode()
    encoded = b2a_qp(data, quotetabs=True, istext=False)
    if len(encoded) < 76 and not encoded.startswith(b"."):
        return encoded and encoded + SOFT_BREAK
    encoded = b"".join([_ENCODED[byte] for byte in data])
    return SOFT_BREAK.join([*_LINE.findall(encoded), b""])


def _encoded_dots(dots: re.Match[bytes]) -> bytes:
    whole, rest = divmod(len(dots[0]), 24)
    runs = [24] * whole + [rest] * bool(rest)
    return b"".join(b"=2E" * run + b"=\n" for run in runs)
