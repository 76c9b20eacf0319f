"""PDFs that several tests use, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.article import Article, Callout, Figure
from syndicate.kit import Kit
from tests.adapters.pdf import pages
from tests.articles import article, every_block, para, words

OPENING = (
    "Recently the harbour board agreed that the night ferry should sail again, three winters "
    "after the last crossing was cancelled with eleven cars on board and a warning of storms "
    "pinned to the door of the ticket office for everyone to read."
)


@pytest.fixture(scope="session")
def press() -> bytes:
    """An article with every block, for the press."""
    return pages.render(every_block()).content


@pytest.fixture(scope="session")
def screen() -> bytes:
    """An article with every block, for the screen."""
    return pages.render(every_block(), profile="screen").content


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `content/` folder with pictures: in colour, grey, and with transparency."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("content")
    Image.linear_gradient("L").resize((900, 600)).convert("RGB").save(folder / "pier.jpg")
    Image.linear_gradient("L").save(folder / "grey.png")
    Image.new("RGBA", (300, 200), (200, 30, 30, 120)).save(folder / "glass.png")
    return folder


@pytest.fixture(scope="session")
def illustrated() -> Article:
    """An article with those pictures and a drop cap."""
    return article(
        "illustrated",
        section="Waterfront",
        lead_image=Figure(src="pier.jpg", alt="A pier", caption=words("The old pier.")),
        body=(
            para(OPENING),
            Figure(src="grey.png", alt="A gauge", caption=words("Read by hand.")),
            Figure(src="glass.png", alt=""),
            Callout(label="Did you know?", kind="note", blocks=(para("It had a piano."),)),
            para("Freight will carry the cost at first."),
        ),
    )


@pytest.fixture(scope="session")
def illustrated_press(illustrated: Article, content: Path) -> bytes:
    """The illustrated article, for the press."""
    return pages.render(illustrated, tools=pages.kit(content)).content


@pytest.fixture
def tools(content: Path) -> Kit:
    """A separate kit for a test that checks losses."""
    return pages.kit(content)
