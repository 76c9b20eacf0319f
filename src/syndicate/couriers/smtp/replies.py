"""What the reply of a mail server is about: the address, a limit of the service, or something else.

The enhanced status codes are those of RFC 3463; the words are those of large mail services.
"""

from __future__ import annotations

import re
from typing import Literal

_REPLY = re.compile(
    r"\s*(?P<code>[245]\d\d)(?:[ -]#?[245]\.(?P<subject>\d{1,3})\.(?P<detail>\d{1,3}))?"
)
_MUCH = re.compile(
    r"quota|throttl|\brate\b|rate.?limit|too (?:many|much)|limit|exceed|threshold|allowance", re.I
)
_SIZE = re.compile(r"\bsize\b|\b(?:large|big|long)\b", re.I)
_SENDING = re.compile(r"submission|outbound|\bsen(?:d|ds|ding|t|der|ders)\b", re.I)
_HOUR = re.compile(r"\bhour(?:ly)?\b", re.I)
_CONGESTION = ("4", "5")  # RFC 3463, section 3.5; Gmail's for a day's limit
_SENDERS = ("1.7", "1.8")  # about the sender's address, not the recipient's
_ABOUT_ADDRESSES = ("450", "550", "551", "553")  # RFC 5321, if there is no enhanced code
DAY, HOUR = 24 * 3600.0, 3600.0

Subject = Literal["address", "limit", "other"]


def subject_of(reply: str) -> Subject:
    """What a reply that refuses or defers a mail is about.

    "address": the recipient's address or mailbox. "limit": how much this sender may send. "other":
    anything else, such as a policy or the size of the mail.
    """
    found = _REPLY.match(reply)
    if found is None or _SIZE.search(reply):
        return "other"
    subject, detail = found["subject"], found["detail"]
    about_mailbox = subject in ("1", "2") and f"{subject}.{detail}" not in _SENDERS
    if (subject, detail) == _CONGESTION:
        return "limit"
    if _MUCH.search(reply) and not (about_mailbox and not _SENDING.search(reply)):
        return "limit"
    if about_mailbox or (subject is None and found["code"] in _ABOUT_ADDRESSES):
        return "address"
    return "other"


def wait_for(reply: str) -> float:
    """The seconds to wait until a limit that `reply` is about has ended."""
    return HOUR if _HOUR.search(reply) and not re.search(r"24.?h", reply, re.I) else DAY
