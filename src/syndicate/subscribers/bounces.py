"""Mail that comes back: bounces (RFC 3464), complaints (RFC 5965) and requests to unsubscribe.

Anyone can forge such a mail. It is acted on only if it contains a link that was signed for that
subscription. All others are reported, so that a person can decide.
"""

from __future__ import annotations

import imaplib
import mailbox
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

from syndicate.errors import DeliveryError, UsageError
from syndicate.subscribers.links import TOKEN
from syndicate.subscribers.store import Entry, Status, Subscribers

_TOKEN = re.compile(rf"(?:[?&]t=|unsubscribe(?:%20| ))({TOKEN})", re.ASCII)
_LARGEST = 2_000_000  # bytes of a report that are read; the rest is ignored
_TIMEOUT = 60  # seconds


@dataclass(frozen=True)
class Report:
    """What one mail reports. `token` is that of the signed link in it, or "" if it has none."""

    kind: Status | None
    cause: str
    token: str


def understand_bounce(content: bytes) -> Report:
    """What a mail reports: a permanent failure, a complaint, a request to unsubscribe, or nothing
    (None)."""
    mail = message_from_bytes(content[:_LARGEST])
    found = _TOKEN.search(unquote(_returned(mail)))
    token = found[1] if found else ""
    kinds = {part.get_content_type(): part for part in mail.walk()}
    if report := kinds.get("message/feedback-report"):
        fields = _fields(report)
        kind = fields.get("feedback-type", "")
        complains = kind in ("abuse", "fraud", "opt-out")
        return Report(Status.COMPLAINED if complains else None, f"reported: {kind}", token)
    if report := kinds.get("message/delivery-status"):
        fields = _fields(report)
        failed = fields.get("action") == "failed" and fields.get("status", "").startswith("5")
        reason = " ".join(fields.get("diagnostic-code", "").split())[:200]
        return Report(
            Status.BOUNCED if failed else None,
            f"bounced: {fields.get('status', '')} {reason}".strip(),
            token,
        )
    subject = " ".join(str(mail.get("Subject", "")).split())
    if subject.lower().startswith("unsubscribe"):
        found = _TOKEN.search(subject)
        return Report(Status.UNSUBSCRIBED, "asked by mail", found[1] if found else "")
    return Report(None, "", "")


def record_bounce(subscribers: Subscribers, report: Report) -> Entry | None:
    """Act on `report` if its token proves it. Returns the subscription that the report is about, or
    None if it proves nothing."""
    entry = subscribers.behind(report.token) if report.token else None
    if entry is None or report.kind is None:
        return None
    if report.kind is Status.UNSUBSCRIBED:
        subscribers.unsubscribe(entry.channel, entry.address, report.cause)
    else:
        subscribers.suppress(entry.address, report.kind, report.cause)
    return entry


def bounces_in_maildir(folder: Path) -> Iterator[bytes]:
    """Every unread mail in `folder`. Each is marked as read when the next one is requested.

    Raises:
        UsageError: `folder` is not a Maildir.
    """
    if not (folder / "new").is_dir():
        raise UsageError(
            f"{folder} is not a Maildir",
            hint="name the folder that contains the folders cur, new and tmp",
        )
    box = mailbox.Maildir(folder, create=False)
    for key in sorted(box.keys()):
        message = box.get_message(key)
        if "S" in message.get_flags():
            continue
        yield message.as_bytes()
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message


def bounces_in_imap(
    host: str, port: int, username: str, password: str, folder: str
) -> Iterator[bytes]:
    """Every unread mail in a mailbox, over TLS. Each is marked as read when the next one is
    requested.

    Raises:
        DeliveryError: the server cannot be reached or refuses the request.
    """
    try:
        # imaplib checks no certificates by default.
        trusted = ssl.create_default_context()
        with imaplib.IMAP4_SSL(host, port, ssl_context=trusted, timeout=_TIMEOUT) as server:
            server.login(username, password)
            answer, _ = server.select(_quoted(folder))
            if answer != "OK":
                raise DeliveryError(f"{host} has no mail folder {folder!r}")
            _, found = server.uid("SEARCH", "UNSEEN")
            for uid in (found[0] or b"").split():
                _, parts = server.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                yield next((part[1] for part in parts if isinstance(part, tuple)), b"")
                server.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
    except (OSError, imaplib.IMAP4.error) as error:
        raise DeliveryError(f"{host}: {error}") from error


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _returned(mail: Message) -> str:
    """The List-Unsubscribe headers, with our signed links, of our own mail enclosed in a report."""
    found: list[str] = []
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            own = message_from_bytes(headers if isinstance(headers, bytes) else b"")
            found += own.get_all("List-Unsubscribe", [])
        elif part.get_content_type() == "message/rfc822":
            for own in _groups(part):
                found += own.get_all("List-Unsubscribe", [])
    return "".join("".join(found).split())


def _fields(report: Message) -> dict[str, str]:
    """The fields of a report's machine-readable part, with names in lower case. If it has several
    recipients, the fields of the last one."""
    fields: dict[str, str] = {}
    for group in _groups(report):
        fields |= {name.lower(): str(value).strip() for name, value in group.items()}
    for name in ("action", "feedback-type"):
        fields[name] = fields.get(name, "").lower()
    return fields


def _groups(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
