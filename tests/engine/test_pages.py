"""A book that names the pages of the printed edition with its number."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from lxml import etree
from PIL import Image

from syndicate.errors import Problems
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk

BOOK = 'adapter = "epub"\nfonts = false\npages_of = "press"\n'
PRESS = 'adapter = "pdf"\nprofile = "screen"\nscope = "edition"\n'
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def house(desk: Desk) -> Desk:
    """A desk with a book, and the press that prints the same issues, whose name comes later."""
    Image.new("RGB", (900, 600), "#557799").save(desk.root / "content" / "pier.png")
    desk.write(
        "pier.md", "---\nimage: pier.png\n---\n# The pier\n\n![A pier](pier.png)\n\nIt is.\n"
    )
    desk.channel("book", BOOK)
    desk.channel("press", PRESS)
    return desk


def pages(desk: Desk, number: int = 1) -> list[str]:
    """The page list of a book."""
    with ZipFile(io.BytesIO(desk.files()[f"out/book/book-{number:04}.epub"])) as book:
        root = etree.fromstring(book.read("EPUB/nav.xhtml"))
    return [str(a.text) for a in root.iterfind(f".//{XHTML}nav[@role='doc-pagelist']//{XHTML}a")]


def test_both_in_one_run(house: Desk) -> None:
    house.publish("book", "press")
    assert pages(house) == ["3", "4", "5"]
    assert house.plan("book", "press").steps == ()
    assert house.publish("book", "press").rendered == 0


def test_what_was_printed_before(house: Desk) -> None:
    house.publish("press")
    house.publish("book")
    assert pages(house) == ["3", "4", "5"]


def test_what_was_not_printed(house: Desk) -> None:
    house.publish("book")
    assert pages(house) == []
    house.write("gulls.md", "# The gulls\n\nThey never left.\n")
    house.publish("press", "book")
    # Number 2 of the press is not there: its first holds what the second of the book does.
    assert pages(house, 2) == []


def test_a_press_that_is_none_is_named_with_its_line(house: Desk) -> None:
    house.channel("press", PRESS.replace('scope = "edition"\n', ""))
    with pytest.raises(Problems) as caught:
        load_newsroom(house.root, {})
    (error,) = caught.value.errors
    assert str(error).startswith("channels/book.toml:3")
    assert "'press'" in str(error)
