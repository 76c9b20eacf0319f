"""The newsletter: a numbered edition (or one article) as a mail, its web page and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import Formatter
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from syndicate.adapters.contract import Adapter, Artifact, Edition, Scope
from syndicate.adapters.mail.layout import Layout, Links, Theme, dek
from syndicate.adapters.mail.message import Envelope, Mailbox, ascii_host, ascii_url, message
from syndicate.adapters.mail.pictures import Pictures
from syndicate.article.values import one_line
from syndicate.errors import Location, RenderError
from syndicate.kit import Kit

GMAIL_CLIPS_AT = 102_400  # bytes of HTML
_FIELDS = ("title", "publication", "number", "date")


def _pattern(text: str) -> str:
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None and (name not in _FIELDS or form or conversion):
            known = ", ".join(f"{{{field}}}" for field in _FIELDS)
            raise ValueError(f"{{{name}}} is not known here; {known} are")
    return one_line(text)


def _mailbox(text: str) -> str:
    Mailbox.parse(text)
    return text


def _https(url: str) -> str:
    if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
        raise ValueError("must be an https URL: mail services post to it (RFC 8058)")
    if ascii_url(url) != url:
        raise ValueError("must be written in ASCII, without spaces")
    return url


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(_mailbox)]
HttpsUrl = Annotated[str, Field(max_length=800), AfterValidator(_https)]


class Email(Adapter):
    """A newsletter as `.eml` to send, `.html` to read in a browser, and `.txt`.

    `subject` and `preheader` may hold `{title}` and `{date}` (the lead article's title, the
    edition's day), `{publication}` and `{number}`. `sender` and `reply_to` are addresses such as
    `Name <user@host>`. With `body = "full"` every article stands in the mail whole; with
    "summary" the first does, and the others are told in a line or two with a link.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.EDITION, Scope.ARTICLE)
    templates: ClassVar[str | None] = "email"
    scope: Scope = Scope.EDITION
    theme: Theme = "broadsheet"
    body: Literal["full", "summary"] = "full"
    subject: Pattern = "{title}"
    preheader: Pattern | None = None
    sender: Address | None = None
    reply_to: Address | None = None
    unsubscribe: HttpsUrl | None = None

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The pictures, the `.html`, the `.txt` and the `.eml` of each mail.

        Raises:
            RenderError: there is no article, no usable sender, or a template fails.
        """
        if not edition.articles:
            raise RenderError("a newsletter needs at least one article")
        if self.scope is Scope.EDITION:
            number = edition.number
            name = f"{edition.date:%Y-%m-%d}" if number is None else f"{number:04}"
            yield from self._mail(name, edition, kit)
            return
        for article in edition.articles:
            alone = replace(edition, articles=(article,), date=article.updated, number=None)
            yield from self._mail(article.slug, alone, kit)

    def _mail(self, name: str, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        sender = self._sender(edition)
        pictures = Pictures(edition, kit)
        links = Links(
            archive=edition.url_of(f"{name}.html"),
            unsubscribe=self.unsubscribe or edition.publication.absolute("unsubscribe/"),
        )
        layout = Layout(
            edition,
            kit,
            pictures,
            theme=self.theme,
            whole=len(edition.articles) if self.body == "full" else 1,
            subject=self._filled(self.subject, edition),
            preheader=self._preheader(edition),
            links=links,
        )
        html, page, text = layout.html(archived=False), layout.html(archived=True), layout.text()
        self._weigh(html, edition, kit)
        envelope = Envelope(
            sender=sender,
            reply_to=Mailbox.parse(self.reply_to) if self.reply_to else None,
            subject=layout.subject,
            date=edition.date.astimezone(edition.publication.zone),
            list_name=edition.publication.title,
            channel=edition.channel,
            issue=name,
            authority=ascii_host(edition.publication.authority),
            unsubscribe=ascii_url(links.unsubscribe),
            archive=ascii_url(links.archive),
            language=edition.publication.language,
        )
        yield from pictures.artifacts.values()
        yield Artifact(f"{name}.html", "text/html", page.encode())
        yield Artifact(f"{name}.txt", "text/plain", text.encode())
        yield Artifact(f"{name}.eml", "message/rfc822", message(envelope, text, html))

    def _sender(self, edition: Edition) -> Mailbox:
        publication = edition.publication
        given = self.sender or publication.email or f"news@{ascii_host(publication.authority)}"
        try:
            mailbox = Mailbox.parse(given)
        except ValueError as error:
            raise RenderError(
                f"the newsletter cannot be sent from {given!r}",
                where=Location(f"channels/{edition.channel}.toml"),
                hint=f'set sender = "{publication.title} <news@example.org>"',
            ) from error
        return mailbox if mailbox.name else replace(mailbox, name=publication.title)

    def _preheader(self, edition: Edition) -> str:
        if self.preheader:
            return self._filled(self.preheader, edition)
        return dek(edition.articles[0])

    def _filled(self, pattern: str, edition: Edition) -> str:
        publication, lead = edition.publication, edition.articles[0]
        day = edition.date.astimezone(publication.zone).date()
        number = "" if edition.number is None else str(edition.number)
        filled = pattern.format(
            title=lead.title, publication=publication.title, number=number, date=day.isoformat()
        )
        return one_line(filled) or lead.title

    def _weigh(self, html: str, edition: Edition, kit: Kit) -> None:
        size = len(html.encode())
        if size > GMAIL_CLIPS_AT:
            reason = f"Gmail clips mail of more than {GMAIL_CLIPS_AT:,} bytes; this has {size:,}"
            kit.lossy(edition.articles[-1], "email", reason)
