"""Rendering and reading PDFs for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from syndicate.adapters import Artifact, Edition
from syndicate.adapters.pdf.adapter import PDF
from syndicate.article import Article
from syndicate.kit import Kit
from tests import waiting
from tests.articles import NOON, PUBLICATION

ROOT = Path(__file__).parents[3]


def kit(content: Path = ROOT / "content") -> Kit:
    """The kit of a PDF channel with the templates of this repository."""
    return Kit((ROOT / "templates/pdf", ROOT / "templates"), content)


def edition(*articles: Article, number: int | None = None) -> Edition:
    """An edition of the shared publication."""
    return Edition(PUBLICATION, "pdf", "https://gazette.example.org/pdf/", articles, NOON, number)


def render(*articles: Article, tools: Kit | None = None, **options: object) -> Artifact:
    """The single artifact of `articles` with the channel `options`."""
    (artifact,) = PDF.model_validate(options).render(edition(*articles), tools or kit())
    return artifact


def text_of(content: bytes) -> str:
    """The text that pdftotext extracts, with white space collapsed."""
    return " ".join(texts_of(content)).strip()


def texts_of(content: bytes) -> list[str]:
    """The text of each page."""
    read = waiting.run(["pdftotext", "-", "-"], input=content, check=True)
    return [" ".join(page.split()) for page in read.stdout.removesuffix("\f").split("\f")]
