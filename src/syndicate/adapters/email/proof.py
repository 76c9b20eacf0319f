"""Checks a mail before it is sent, in the form that a recipient without any data gets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from syndicate.adapters.edition import Artifact
from syndicate.adapters.email.contrast import illegible_in_mail
from syndicate.adapters.email.features import unsupported_in_mail
from syndicate.adapters.email.palette import READABLE
from syndicate.article.publication import Publication
from syndicate.errors import Location
from syndicate.findings import Finding, Severity
from syndicate.letter import Letter, Subscriber
from syndicate.letter.merge import fill_merge, merge_fields

GMAIL_CLIPS_AT = 102_400  # bytes of HTML
HEAVY_MAIL, HEAVY_PICTURE = 1_500_000, 400_000  # bytes
LITTLE_TEXT = 250  # bytes per picture
LONG_SUBJECT = 90  # characters; phones show 40, desktops 60 to 90
_TRACKING = re.compile(
    r"utm_|mc_[ce]id|fbclid|gclid|dclid|msclkid|yclid|igshid|_hs(?:enc|mi)|mkt_tok"
)
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "t.co", "tinyurl.com"}
)
# Link text that reads like an address. Other endings are left out: Node.js and ASP.NET are names.
_ADDRESS = re.compile(
    r"(?:https?://(?:www\.)?|www\.)(?P<whole>[\w.-]+)(?:/\S*)?"
    r"|(?P<bare>(?:[\w-]+\.)+(?:com|edu|gov|net|org))(?:/\S*)?"
)
_SHOUTS = re.compile(r"[!?$]{2,}|!.*!|\$\$|(?i:100% free|act now|click here|risk[- ]free)")


@dataclass(frozen=True)
class MailProof:
    """The mail to check; `weights` are the sizes in bytes of our own pictures by URL."""

    name: str
    letter: Letter
    publication: Publication
    weights: Mapping[str, int]

    @cached_property
    def html(self) -> str:
        """The HTML as it is shown."""
        return fill_merge(self.letter.html, Subscriber(), escaped=True)

    @cached_property
    def text(self) -> str:
        """The text part as it is shown."""
        return fill_merge(self.letter.text, Subscriber())

    @cached_property
    def page(self) -> Any:
        """The HTML as lxml's element tree."""
        from lxml.html import document_fromstring

        return document_fromstring(self.html)

    @cached_property
    def subject(self) -> str:
        """The subject as it is shown."""
        return self.letter.subject_for(Subscriber())

    def found(
        self, rule: str, message: str, hint: str | None = None, severity: Severity = "error"
    ) -> Finding:
        """A finding about this mail."""
        return Finding(f"email/{rule}", severity, message, Location(self.name), hint=hint)


def proof_mail(
    artifact: Artifact, publication: Publication, weights: Mapping[str, int]
) -> Iterator[Finding]:
    """The problems of the letter in `artifact`."""
    letter = Letter.read(artifact.content)
    mail = MailProof(artifact.name.removesuffix(".letter") + ".eml", letter, publication, weights)
    for rule in RULES:
        yield from rule(mail)


def _size(mail: MailProof) -> Iterator[Finding]:
    size = len(mail.html.encode())
    if size > GMAIL_CLIPS_AT:
        yield mail.found(
            "too-large",
            f"Gmail clips mail of more than {GMAIL_CLIPS_AT:,} bytes; this mail has {size:,}",
            'set body = "summary", or a smaller limit in [select]',
        )


def _features(mail: MailProof) -> Iterator[Finding]:
    for feature in unsupported_in_mail(mail.page):
        yield mail.found(
            "unsupported-feature",
            f"{feature.name} is not supported by {', '.join(feature.lacking)}",
            f"see https://www.caniemail.com/features/{feature.name}/",
            "warning" if feature.is_image else "error",
        )


def _alternatives(mail: MailProof) -> Iterator[Finding]:
    for image in mail.page.iter("img"):
        if image.get("alt") is None:
            hint = 'describe the picture; write alt="" if it is only decoration'
            yield mail.found("missing-alt", f"{_file(image.get('src', ''))} has no alt text", hint)


def _legibility(mail: MailProof) -> Iterator[Finding]:
    for scheme in ("light", "dark"):
        for text, ratio in illegible_in_mail(mail.html, scheme):
            yield mail.found(
                "low-contrast",
                f"{text[:40]!r} has a contrast of {ratio:.1f} : 1 ({scheme} scheme)",
                f"choose colours with a contrast of at least {READABLE} : 1 (WCAG 2.2, 1.4.3)",
            )


def _links(mail: MailProof) -> Iterator[Finding]:
    for link in mail.page.iter("a"):
        href = link.get("href")
        if href is None:
            continue
        if problem := _broken(href):
            yield mail.found("broken-link", f"{link.text_content().strip()[:40]!r} {problem}")
            continue
        parts = urlsplit(href)
        names = {name for name, _ in parse_qsl(parts.query) if _TRACKING.match(name.lower())}
        if names or parts.hostname in _SHORTENERS:
            what = ", ".join(sorted(names)) or parts.hostname
            hint = "link to the page directly; spam filters and readers distrust tracking links"
            yield mail.found("tracking-link", f"{href} tracks the reader ({what})", hint, "warning")
        words = _ADDRESS.fullmatch(link.text_content().strip())
        said = (words["whole"] or words["bare"]).lower() if words else ""
        if said and parts.hostname and not _same_site(said, parts.hostname):
            message = f"a link that says {said} leads to {parts.hostname}"
            yield mail.found("misleading-link", message)


def _broken(href: str) -> str | None:
    try:
        parts = urlsplit(href.strip())
        host = parts.hostname or ""
    except ValueError:
        return f"links to {href!r}, which is not an address"
    if parts.scheme in ("mailto", "tel"):
        return None if parts.path else f"links to {href!r}, which leads nowhere"
    if href.startswith("#"):
        return f"links to {href!r}; mail clients do not support links within a mail"
    if parts.scheme not in ("http", "https"):
        return f"links to {href!r}, which is not a web address"
    if "." not in host or re.search(r"[\s<>\"{}]", href):
        return f"links to {href!r}, which no reader can reach"
    return None


def _same_site(host: str, other: str) -> bool:
    """Whether the two hosts are the same, or one is a subdomain of the other."""
    return f".{host}".endswith(f".{other}") or f".{other}".endswith(f".{host}")


def _file(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])[:60] or url


def _unsubscribing(mail: MailProof) -> Iterator[Finding]:
    url = mail.letter.unsubscribe
    links = [link.get("href") for link in mail.page.iter("a")]
    if url not in links or url not in mail.text:
        hint = "print {{ unsubscribe }} in the footer of the HTML and the text template"
        yield mail.found("no-unsubscribe", "the mail has no unsubscribe link", hint)
    if not url.startswith("https:"):
        hint = "set unsubscribe to an https URL; large mail services require it (RFC 8058)"
        yield mail.found(
            "no-one-click", f"one-click unsubscribe does not work with {url}", hint, "warning"
        )
    if not mail.publication.address:
        hint = "set address in [publication]"
        message = "there is no postal address, which the law of many countries requires"
        yield mail.found("no-address", message, hint, "warning")


def _subject(mail: MailProof) -> Iterator[Finding]:
    if len(mail.subject) > LONG_SUBJECT:
        message = (
            f"the subject has {len(mail.subject)} characters; "
            f"few mail programs show more than {LONG_SUBJECT}"
        )
        hint = "set a shorter `subject` in the channel's file"
        yield mail.found("subject-too-long", message, hint, "warning")


def _spam(mail: MailProof) -> Iterator[Finding]:
    subject = mail.subject
    letters = [character for character in subject if character.isalpha()]
    if len(letters) > 8 and all(character.isupper() for character in letters):
        yield mail.found("spam-signal", "the subject is all in capitals", None, "warning")
    if signs := _SHOUTS.search(subject):
        message = f"the subject looks like spam: {signs[0]!r}"
        yield mail.found("spam-signal", message, None, "warning")
    size = len(mail.text.encode())
    pictures = len(list(mail.page.iter("img")))
    if size < LITTLE_TEXT * min(pictures, 5):
        counted = "1 picture" if pictures == 1 else f"{pictures} pictures"
        message = f"{counted} and little text look like an advertisement to spam filters"
        yield mail.found("spam-signal", message, None, "warning")


def _weight(mail: MailProof) -> Iterator[Finding]:
    shown = {image.get("src") for image in mail.page.iter("img")}
    weights = {url: size for url, size in mail.weights.items() if url in shown}
    weights |= {f"cid:{picture.cid}": len(picture.content) for picture in mail.letter.enclosures}
    for url, size in weights.items():
        if size > HEAVY_PICTURE:
            message = (
                f"{_file(url)} has {size:,} bytes; a picture should have at most {HEAVY_PICTURE:,}"
            )
            yield mail.found("heavy-picture", message, None, "warning")
    if sum(weights.values()) > HEAVY_MAIL:
        message = (
            f"the pictures have {sum(weights.values()):,} bytes in total; "
            f"a mail should have at most {HEAVY_MAIL:,}"
        )
        yield mail.found("heavy-pictures", message, None, "warning")


def _fields(mail: MailProof) -> Iterator[Finding]:
    always = ("address", "unsubscribe_url", "unsubscribe_mailto")
    merge = (*mail.letter.subject, *mail.letter.text, *mail.letter.html)
    for name in dict.fromkeys(f.name for f in merge_fields(merge) if not f.filters):
        if name not in always:
            message = f"subscriber.{name} prints nothing for subscribers who do not have it"
            hint = f'write {{{{ subscriber.{name} | default("…") }}}}'
            yield mail.found("field-without-default", message, hint, "warning")


RULES: tuple[Callable[[MailProof], Iterator[Finding]], ...] = (
    _size,
    _features,
    _alternatives,
    _legibility,
    _links,
    _unsubscribing,
    _subject,
    _spam,
    _weight,
    _fields,
)
