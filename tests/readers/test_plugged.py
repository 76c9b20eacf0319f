"""Readers from an installed package are found by their suffixes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.errors import SourceError
from syndicate.readers import SUFFIXES, read, reader_suffixes
from syndicate.readers.reader_state import ReaderState
from tests.readers.reading import source

MODULE = '''
from syndicate.article import Article, Paragraph, Text
from syndicate.readers import Reader, Reading
from syndicate.readers.reader_state import ReaderState
from syndicate.readers import metadata


class Telex(Reader):
    """A reader of files with one paragraph per line; the first line is the headline."""

    suffixes = (".telex", ".md")

    def read(self, source):
        title, *lines = source.data.decode().splitlines()
        blocks = [(Paragraph(content=(Text(text=line),)), n) for n, line in enumerate(lines, 2)]
        yield metadata.reading(ReaderState(source, "en"), {}, {"title": title}, blocks)
'''


@pytest.fixture
def telex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package with a reader for `.telex` files."""
    (tmp_path / "telex_reader.py").write_text(MODULE)
    info = tmp_path / "telex_reader-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: telex-reader\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[syndicate.readers]\ntelex = telex_reader:Telex\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    reader_suffixes.cache_clear()
    yield
    reader_suffixes.cache_clear()


@pytest.mark.usefixtures("telex")
def test_a_package_can_add_a_reader_for_a_suffix() -> None:
    (reading,) = read(source("Night ferry returns\nThe boat sails at one.\n", "wire.telex"))
    assert reading.article.title == "Night ferry returns"
    assert reading.lines == (2,)


@pytest.mark.usefixtures("telex")
def test_a_package_cannot_replace_a_built_in_reader() -> None:
    assert reader_suffixes()[".md"] == SUFFIXES[".md"]
    (reading,) = read(source("# Night ferry returns\n\nThe boat *sails* at one.\n", "note.md"))
    assert reading.article.title == "Night ferry returns"


def test_the_error_for_an_unknown_suffix_lists_suffixes_from_packages() -> None:
    with pytest.raises(SourceError, match=r"files ending in '\.telex' cannot be read") as caught:
        read(source("x", "wire.telex"))
    assert ".docx" in (caught.value.hint or "")


def test_the_old_name_of_the_state_works_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match="reader_state.ReaderState"):
        from syndicate.readers.copy import Copy
    assert Copy is ReaderState
