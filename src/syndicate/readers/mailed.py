"""Copy that was sent as a mail: reads its headers and removes what belongs to the mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

from syndicate.article import Contributor
from syndicate.article.values import one_line
from syndicate.readers.byline import authors_in
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_FIELDS = {
    "title": "subject betreff asunto objet assunto oggetto onderwerp الموضوع",
    "contributors": "from von de da van من",
    "published": "date sent datum gesendet fecha enviado envoyé data inviato verzonden التاريخ",
    "": "to an para à aan a cc bcc kopie copia reply-to message-id mime-version content-type"
    " content-transfer-encoding x-mailer user-agent in-reply-to references importance priority"
    " attachments anlagen إلى",
}
_NAMES = {name: field for field, names in _FIELDS.items() for name in names.split()}
_HEADER = re.compile(r"(?P<name>[^\W\d_][\w-]{0,40}):[ \t]*(?P<value>.*)")
_PREFIX = re.compile(r"(?:\s*(?:re|fwd?|aw|wg|tr|rv|enc|antw|vs)(?:\[\d+\])?\s*:)+\s*", re.I)
_SIGNATURE = re.compile(r"--\s*")
_DEVICE = re.compile(
    r"(?:sent|get|envoyé|gesendet|von meinem|enviado|inviato|verzonden|أرسلت)\b.{0,30}"
    r"\b(?:iphone|ipad|android|samsung|outlook|mobile|handy|gmail|smartphone|yahoo)\b.{0,40}",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:on|am|le|el|il|em|op)\b.{5,120}(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef)"
    r".{0,80}:",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine"
    r"|mensaje original|begin forwarded message)\s*-{2,}|begin forwarded message:",
    re.IGNORECASE,
)
LONGEST_SIGNATURE = 40
"""In lines. A longer ending is not a signature, whatever comes before it."""


def take_mail(text: str, line: int, state: ReaderState) -> tuple[dict[str, Any], str, int]:
    """The metadata from the mail headers at the top of `text`, by the article's field names; the
    text below them without quoted mails and signature; and the line where that text begins. If
    there are no mail headers at the top, these are {}, `text` and `line` unchanged.

    Args:
        line: the line of the source on which `text` begins, from 1.
    """
    lines = text.split("\n")
    at = next((number for number, one in enumerate(lines) if one.strip()), 0)
    headers: dict[str, str] = {}
    names: list[str] = []
    while at < len(lines) and lines[at].strip():
        found = _HEADER.fullmatch(lines[at])
        name = found["name"].casefold() if found else ""
        if found and (name in _NAMES or name.startswith("x-")):
            field = _NAMES.get(name, "")
            names.append(name)
            headers[field] = found["value"]
        elif names and lines[at][:1] in " \t":
            headers[_NAMES.get(names[-1], "")] += " " + lines[at].strip()
        else:
            return {}, text, line
        at += 1
    if len(names) < 2 or "title" not in headers or len(headers) < 2:
        return {}, text, line
    body = without_mail_ends("\n".join(lines[at:]), line + at, state)
    return read_mail_headers(headers, state), body, line + at


def read_mail_headers(headers: dict[str, str], state: ReaderState) -> dict[str, Any]:
    """The title, author and date in the `headers` of a mail, both by the article's field names."""
    found: dict[str, Any] = {}
    if title := _PREFIX.sub("", one_line(_decoded(headers.get("title", ""))), count=1):
        found["title"] = title
    people: list[Contributor] = []
    sender = one_line(_decoded(headers.get("contributors", "")))
    if sender and "@" not in sender:
        people = [*(authors_in(f"By {sender}") or (Contributor(name=sender),))]
    for name, address in getaddresses([sender]) if "@" in sender else ():
        if one_line(name):
            people.append(Contributor(name=one_line(name)))
        elif address:
            state.left_out(f"the sender {address!r}: no name given")
    if people:
        found["contributors"] = tuple(people)
    try:
        if when := headers.get("published"):
            found["published"] = state.source.moment(when, state.language)
    except ValueError:
        state.left_out(f"the date {shortened_for_note(headers['published'])!r}: it cannot be read")
    return found


def without_mail_ends(text: str, line: int, state: ReaderState) -> str:
    """`text`, which begins at `line`, without quoted and forwarded mails and the signature. Lines
    that are left out become empty, so that the others keep their numbers."""
    lines = text.split("\n")
    end = next((n for n, one in enumerate(lines) if _FORWARDED.match(one.strip())), len(lines))

    def note(what: str) -> Callable[[int], None]:
        return lambda number: state.left_out(what, line + number)

    _clear(lines, range(end, len(lines)), note("the mail that this one answers or forwards"))
    quoted = [n for n, one in enumerate(lines) if one.startswith(">")]
    for number in quoted:
        before = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
        if before is not None and _WROTE.fullmatch(lines[before].strip()):
            lines[before] = ""
        lines[number] = ""
    if quoted:
        count = "1 quoted line" if len(quoted) == 1 else f"{len(quoted)} quoted lines"
        state.left_out(count, line + quoted[0])
    while filled := [n for n, one in enumerate(lines) if one.strip()]:
        last = filled[-1]
        if not _DEVICE.fullmatch(lines[last].strip()):
            break
        _clear(lines, range(last, last + 1), note("the line that the device adds"))
    signed = [n for n, one in enumerate(lines) if _SIGNATURE.fullmatch(one) and one.strip()]
    if signed and any(one.strip() for one in lines[: signed[-1]]):
        first = signed[0] if len(lines) - signed[0] <= LONGEST_SIGNATURE else signed[-1]
        if len([one for one in lines[first:] if one.strip()]) <= LONGEST_SIGNATURE:
            _clear(lines, range(first, len(lines)), note("the signature"))
    return "\n".join(lines)


def _clear(lines: list[str], span: range, note: Callable[[int], None]) -> None:
    """Empty the lines of `span`; call `note` with its first line if any of them had text."""
    if any(lines[number].strip() for number in span):
        note(span.start)
        lines[span.start : span.stop] = [""] * len(span)


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, UnicodeError, ValueError):
        return value
