"""Mails (.eml): copy that correspondents file, and press releases.

Title, author and date come from the headers; addresses are never published. The signature and
quoted and forwarded mails are left out. Pictures become part of the article; other attachments are
noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from typing import ClassVar

from syndicate.article import Block, Figure
from syndicate.errors import SourceError
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.reader_state import ReaderState, shortened_for_note

MOST_HEADER = 100_000  # characters; to decode a header takes thousands of times its size
MOST_PARTS = 1_000
_DEEP = "this mail is nested too deeply"
_MAILS_OWN = (
    "//*[contains(@class,'gmail_quote') or contains(@class,'gmail_signature')"
    " or contains(@class,'moz-signature') or contains(@class,'yahoo_quoted')"
    " or contains(@class,'moz-cite-prefix') or @id='appendonsend' or @id='divRplyFwdMsg'"
    " or (self::blockquote and @type='cite')]"
)


class EmlReader(Reader):
    """Internet messages (RFC 5322, MIME); one article per mail."""

    suffixes: ClassVar[tuple[str, ...]] = (".eml",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it is not a mail, or it is encrypted, nested too deeply or without text.
        """
        try:
            message = message_from_bytes(source.data, policy=policy.default)
            parts = [part for part in message.walk() if isinstance(part, EmailMessage)]
        except RecursionError as error:
            raise SourceError(_DEEP, where=source.at()) from error
        for name, value in (field for part in parts for field in part.raw_items()):
            if len(value) > MOST_HEADER:
                raise SourceError(
                    f"the header {name!r} of this mail has more than {MOST_HEADER:,} characters",
                    where=source.at(),
                    hint="shorten it, or copy the text into a .txt file",
                )
        if not isinstance(message, EmailMessage) or not (message["subject"] or message["from"]):
            raise SourceError("not a mail (.eml)", where=source.at())
        if len(parts) > MOST_PARTS:
            raise SourceError(_DEEP, where=source.at())
        if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
            raise SourceError(
                "this mail is encrypted",
                where=source.at(),
                hint="open it and copy its text into a .txt file",
            )
        yield _reading(source, message, parts)


def _reading(source: Source, message: EmailMessage, parts: list[EmailMessage]) -> Reading:
    state = ReaderState(source, source.publication.language)
    plain, markup = (_text(message, kind) for kind in ("plain", "html"))
    pictures = dict(_pictures(parts, state))
    shown = re.sub(r"<style.*?</style>|<[^>]*>", " ", markup, flags=re.DOTALL | re.IGNORECASE)
    if not plain.strip() and not markup.strip():
        raise SourceError("this mail has no text", where=source.at())
    if len(plain.split()) * 2 >= len(shown.split()):
        reading = _of_plain(source, message, plain)
        kept = dict.fromkeys(pictures)
    else:
        reading, kept = _of_markup(state, message, markup, pictures)
    return _with_pictures(state, reading, {src: pictures[src] for src in kept})


def _of_plain(source: Source, message: EmailMessage, plain: str) -> Reading:
    """The reading of a plain-text mail, read as news copy with the headers above the text."""
    from syndicate.readers.newscopy import NewsCopyReader

    head = [
        f"{name.title()}: {' '.join(str(message[name]).split())}"
        for name in ("subject", "from", "date")
        if message[name]
    ]
    text = "\n".join(head) + "\n\n" + plain
    (reading,) = NewsCopyReader().read(replace(source, data=text.encode("utf-8", "replace")))
    notes = tuple(replace(note, line=None) for note in reading.notes)
    return replace(reading, notes=notes, lines=())


def _of_markup(
    state: ReaderState, message: EmailMessage, markup: str, pictures: dict[str, bytes]
) -> tuple[Reading, dict[str, None]]:
    """The reading of an HTML mail, and the pictures that its text does not show."""
    from lxml import html

    from syndicate.readers.document import document
    from syndicate.readers.html.tree import TooDeepError, element_text, parse_html
    from syndicate.readers.mailed import read_mail_headers

    try:
        root = parse_html(markup)
    except TooDeepError as error:
        raise SourceError(_DEEP, where=state.source.at()) from error
    for element in root.body.xpath(_MAILS_OWN):
        if words := element_text(element):
            state.left_out(f"{shortened_for_note(words)!r}: a quoted mail or the signature")
        element.drop_tree()
    inside: dict[str, bytes] = {}
    for image in root.body.iter("img"):
        named = (image.get("src") or "").removeprefix("cid:")
        if named in pictures:
            image.set("src", f"picture-{len(inside) + 1}")
            inside[image.get("src", "")] = pictures.pop(named)
    fields = {"subject": "title", "from": "contributors", "date": "published"}
    headers = {field: str(message[name]) for name, field in fields.items() if message[name]}
    found = read_mail_headers(headers, state)
    if title := found.pop("title", None):
        found["styled_title"] = title
    body = "".join(html.tostring(child, encoding="unicode") for child in root.body)
    fragment = f"<p>{escape(root.body.text or '')}</p>{body}"
    return document(state, fragment, found, inside), dict.fromkeys(pictures)


def _text(message: EmailMessage, kind: str) -> str:
    """The mail's own text of this type ("plain", "html"), "" if it has none."""
    try:
        part = message.get_body((kind,))
        content = part.get_content() if part is not None else ""
    except (KeyError, LookupError, ValueError, AttributeError):
        return ""
    return content if isinstance(content, str) else ""


def _pictures(parts: list[EmailMessage], state: ReaderState) -> Iterator[tuple[str, bytes]]:
    """The pictures among `parts`, by their content ids; other attachments are noted."""
    for number, part in enumerate(parts):
        if part.is_multipart() or (
            part.get_content_maintype() == "text" and not part.get_filename()
        ):
            continue
        name = part.get_filename() or part.get_content_type()
        data = part.get_payload(decode=True)
        if part.get_content_maintype() == "image" and isinstance(data, bytes) and data:
            yield (part["content-id"] or f"part-{number}").strip().strip("<>"), data
        else:
            state.left_out(
                f"the attachment {shortened_for_note(str(name))!r}: save it and add it separately"
            )


def _with_pictures(state: ReaderState, reading: Reading, pictures: dict[str, bytes]) -> Reading:
    """`reading` with `pictures` at its end and the notes of `state`."""
    from syndicate.readers.document import kept_picture

    figures: list[Block] = []
    data = dict(reading.pictures)
    for src, content in pictures.items():
        if name := kept_picture(state, src, content):
            figures.append(Figure(src=name))
            data[name] = content
    notes = tuple(dict.fromkeys((*reading.notes, *state.account())))
    article = reading.article
    if figures:
        article = article.model_copy(update={"body": (*article.body, *figures)})
    return replace(reading, article=article, notes=notes, pictures=data)
