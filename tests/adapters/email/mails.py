"""Mails with test articles, as the adapter makes them and as a mail program reads them."""

from __future__ import annotations

from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from lxml.html import document_fromstring

from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.email.adapter import Email
from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.kit import Kit
from tests.articles import NOON, PUBLICATION

TEMPLATES = Path(__file__).parents[3] / "templates"


def edition(
    *articles: Article, number: int | None = 12, publication: Publication = PUBLICATION
) -> Edition:
    """A numbered edition of `articles`."""
    url = publication.absolute("email/")
    return Edition(publication, "email", url, articles, NOON, number)


def kit(content: Path = Path("no-content-here")) -> Kit:
    """A new kit with the project's templates."""
    return Kit(folders=(TEMPLATES / "email", TEMPLATES), content=content)


def render(*articles: Article, adapter: Email | None = None) -> dict[str, Artifact]:
    """The artifacts of an edition by name."""
    return named((adapter or Email()).render(edition(*articles), kit()))


def named(artifacts: Iterable[Artifact]) -> dict[str, Artifact]:
    """`artifacts` by name."""
    return {artifact.name: artifact for artifact in artifacts}


def parsed(content: bytes) -> EmailMessage:
    """A mail as the standard library parses it."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def tree(page: str) -> Any:
    """An HTML page as lxml's element tree (`lxml.html.HtmlElement`)."""
    return document_fromstring(page)


def body(message: EmailMessage, kind: str) -> str:
    """The text of the alternative `kind` ("plain" or "html")."""
    part = message.get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")
