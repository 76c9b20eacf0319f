"""The page numbers on which the articles of an edition begin."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from syndicate.adapters import Artifact
from syndicate.adapters.pdf.adapter import PDF
from syndicate.article import Figure
from syndicate.kit import Kit
from tests import waiting
from tests.adapters.pdf.pages import ROOT, edition
from tests.articles import article, para


def folios(printed: Artifact) -> dict[str, str]:
    """The last word on each page of `printed`, by the text of the page."""
    command = ["pdftotext", "-layout", "-", "-"]
    read = waiting.run(command, input=printed.content, check=True)
    pages = read.stdout.split("\f")
    return {page: page.split()[-1] for page in pages if page.split()}


def test_page_numbers_are_the_printed_ones(tmp_path: Path) -> None:
    Image.new("RGB", (1200, 800), "#557799").save(tmp_path / "pier.png")
    articles = (
        article("long", title="Headline Alpha", body=(para("The tide turned. " * 900),)),
        article("next", title="Headline Beta", lead_image=Figure(src="pier.png", alt="A pier")),
        article("last", title="Headline Gamma"),
    )
    tools = Kit((ROOT / "templates/pdf", ROOT / "templates"), tmp_path)
    adapter = PDF(scope="edition", profile="screen", first_page=7)
    issue = edition(*articles, number=3)
    (printed,) = adapter.render(issue, tools)
    found = adapter.pagination(issue, (printed,))
    assert found is not None
    assert found.source == "The Harbour Gazette, No. 3 (pdf-0003.pdf)"
    assert [one for one, _ in found.starts] == [one.id for one in articles]
    opened = {
        one.id: next(
            folio
            for text, folio in folios(printed).items()
            if one.title in text and "The Harbour Gazette, No" not in text and "By " in text
        )
        for one in articles
    }
    assert dict(found.starts) == opened
    assert int(opened[articles[1].id]) - int(opened[articles[0].id]) > 1
    assert PDF(scope="edition", folio=False).pagination(issue, (printed,)) is None
