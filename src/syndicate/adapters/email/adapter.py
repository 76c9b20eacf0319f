"""The newsletter: a numbered edition or one article as a mail, a web page and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.email.excerpts import mail_dek
from syndicate.adapters.email.layout import FrameLinks, MailLayout, Theme
from syndicate.adapters.email.message import (
    Envelope,
    Mailbox,
    compose_letter,
    mail_header_url,
    mail_host,
)
from syndicate.adapters.email.notice import NoticeLayout, notice_subject
from syndicate.adapters.email.pictures import MailPictures
from syndicate.article.publication import Publication
from syndicate.article.values import Line, one_line
from syndicate.errors import Location, RenderError
from syndicate.findings import Finding
from syndicate.kit import Kit
from syndicate.letter import MEDIA_TYPE, Enclosure, Letter, Subscriber
from syndicate.letter.merge import fill_merge
from syndicate.letter.placeholders import parse_merge, teach_merge_fields

_KNOWN = ("title", "publication", "number", "date", "subscriber")
_ONE_BRACE = re.compile(r"(?<!\{)\{\w+\}(?!\})")


def _pattern(text: str) -> str:
    from jinja2 import Environment, TemplateError, meta

    try:
        names = meta.find_undeclared_variables(Environment().parse(text))  # noqa: S701 - no HTML
    except TemplateError as error:
        raise ValueError(f"is not a valid template: {error}") from error
    if single := _ONE_BRACE.search(text):
        raise ValueError(f"{single[0]} has single braces; write {{{single[0]}}}")
    if unknown := sorted(names - set(_KNOWN)):
        known = ", ".join(f"{{{{ {name} }}}}" for name in _KNOWN)
        raise ValueError(f"{{{{ {unknown[0]} }}}} is not available here; use one of {known}")
    return one_line(text)


def _mailbox(text: str) -> str:
    Mailbox.parse(text)
    return text


def _https(url: str) -> str:
    if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
        raise ValueError("must be an https URL, because mail services post to it (RFC 8058)")
    if mail_header_url(url) != url:
        raise ValueError("must be written in ASCII, without spaces")
    return url


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(_mailbox)]
HttpsUrl = Annotated[str, Field(max_length=800), AfterValidator(_https)]


class Email(Adapter):
    """A newsletter as `.letter` and `.eml` to send, `.html` to read in a browser, and `.txt`.

    `subject` and `preheader` are short templates that can use `title` (of the lead article),
    `date` (of the edition), `publication`, `number` and `subscriber`, as in
    `{{ subscriber.first_name | default("Reader") }}: {{ title }}`. `sender` and `reply_to` are
    addresses such as `Name <user@host>`. With `body = "full"` the mail contains every article in
    full; with "summary" only the first, and a line or two with a link for each of the others.
    `reason` tells subscribers why they receive the mail. `theme` names the templates: broadsheet,
    magazine, letter, or one of the newsroom's own. `pictures` are linked, or part of the mail if
    "embedded".
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.EDITION, Scope.ARTICLE)
    templates: ClassVar[str | None] = "email"
    headline: ClassVar[int | None] = 90
    amends: ClassVar[bool] = True
    scope: Scope = Scope.EDITION
    theme: Theme = "broadsheet"
    body: Literal["full", "summary"] = "full"
    subject: Pattern = "{{ title }}"
    preheader: Pattern | None = None
    sender: Address | None = None
    reply_to: Address | None = None
    unsubscribe: HttpsUrl | None = None
    reason: Line | None = None
    pictures: Literal["linked", "embedded"] = "linked"

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The pictures, the `.html`, the `.txt`, the `.eml` and the `.letter` of each mail.

        The letter is what subscribers are sent; the other three files show the same mail as a
        recipient without any data sees it.

        Raises:
            RenderError: there is no article, no usable sender, or a template fails.
        """
        if not edition.articles:
            raise RenderError("a newsletter needs at least one article")
        kit = replace(kit, extend=teach_merge_fields)
        if self.scope is Scope.EDITION:
            number = edition.number
            name = f"{edition.date:%Y-%m-%d}" if number is None else f"{number:04}"
            yield from self._mail(name, edition, kit)
            return
        for article in edition.articles:
            alone = replace(edition, articles=(article,), date=article.updated, number=None)
            yield from self._mail(article.slug, alone, kit)

    def write_notice(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The `.letter` that tells people of a correction or a withdrawal.

        Raises:
            RenderError: there is no usable sender, or a template fails.
        """
        kit = replace(kit, extend=teach_merge_fields)
        (article,), notice, publication = edition.articles, edition.notice, edition.publication
        assert notice is not None
        withdrawn = notice.kind == "withdrawal"
        online = publication.base_url if withdrawn else publication.absolute(article.url)
        layout = NoticeLayout(
            edition,
            kit,
            MailPictures(edition, kit),
            theme=self.theme,
            whole=0,
            subject=notice_subject(edition, kit),
            preheader=notice.notes[-1][1],
            reason=self.reason,
            links=FrameLinks(online, self._unsubscribe(publication)),
        )
        name = f"{article.slug}.{edition.channel}.{notice.name}"
        letter = self._letter(name, edition, layout)
        yield Artifact(f"{name}.letter", MEDIA_TYPE, letter.written())

    def inspect(
        self, edition: Edition, artifacts: tuple[Artifact, ...], kit: Kit
    ) -> Iterator[Finding]:
        """Problems that each mail would have with mail programs, spam filters, law or readers."""
        from syndicate.adapters.email.proof import proof_mail

        weights = {edition.url_of(file.name): len(file.content) for file in artifacts}
        for artifact in artifacts:
            if artifact.media_type == MEDIA_TYPE:
                yield from proof_mail(artifact, edition.publication, weights)

    def _mail(self, name: str, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        publication = edition.publication
        pictures = MailPictures(edition, kit)
        layout = MailLayout(
            edition,
            kit,
            pictures,
            theme=self.theme,
            whole=len(edition.articles) if self.body == "full" else 1,
            subject=self._filled(self.subject, edition, kit),
            preheader=self._preheader(edition, kit),
            reason=self.reason,
            links=FrameLinks(edition.url_of(f"{name}.html"), self._unsubscribe(publication)),
        )
        page = layout.html(archived=True)
        letter = self._letter(name, edition, layout)
        unknown = Subscriber()
        page = fill_merge(parse_merge(page), unknown, escaped=True)
        text = fill_merge(letter.text, unknown)
        yield from pictures.artifacts.values()
        yield Artifact(f"{name}.html", "text/html", page.encode())
        yield Artifact(f"{name}.txt", "text/plain", text.encode())
        yield Artifact(f"{name}.eml", "message/rfc822", letter.to(unknown))
        yield Artifact(f"{name}.letter", MEDIA_TYPE, letter.written())

    def _letter(self, name: str, edition: Edition, layout: MailLayout) -> Letter:
        """The letter `name` with this `layout`."""
        publication = edition.publication
        html, text = layout.html(archived=False), layout.text()
        enclosed: tuple[Enclosure, ...] = ()
        if self.pictures == "embedded":
            html, enclosed = layout.pictures.embedded(html, mail_host(publication.authority))
        envelope = Envelope(
            sender=self._sender(edition),
            reply_to=Mailbox.parse(self.reply_to) if self.reply_to else None,
            subject=layout.subject,
            date=edition.date.astimezone(publication.zone),
            list_name=publication.title,
            channel=edition.channel,
            issue=name,
            authority=mail_host(publication.authority),
            unsubscribe=mail_header_url(self._unsubscribe(publication)),
            archive=mail_header_url(layout.links.archive),
            language=publication.language,
        )
        return compose_letter(envelope, text, html, enclosed)

    def _unsubscribe(self, publication: Publication) -> str:
        return self.unsubscribe or publication.absolute("unsubscribe/")

    def _sender(self, edition: Edition) -> Mailbox:
        publication = edition.publication
        given = self.sender or publication.email or f"news@{mail_host(publication.authority)}"
        try:
            mailbox = Mailbox.parse(given)
        except ValueError as error:
            raise RenderError(
                f"the newsletter cannot be sent from {given!r}: it is not a mail address",
                where=Location(f"channels/{edition.channel}.toml"),
                hint=f'set sender = "{publication.title} <news@example.org>"',
            ) from error
        return mailbox if mailbox.name else replace(mailbox, name=publication.title)

    def _preheader(self, edition: Edition, kit: Kit) -> str:
        if self.preheader:
            return self._filled(self.preheader, edition, kit)
        return mail_dek(edition.articles[0])

    def _filled(self, pattern: str, edition: Edition, kit: Kit) -> str:
        publication, lead = edition.publication, edition.articles[0]
        filled = kit.fill(
            pattern,
            title=lead.title,
            publication=publication.title,
            number="" if edition.number is None else edition.number,
            date=edition.date.astimezone(publication.zone).date(),
        )
        return " ".join(filled.split()) or lead.title
