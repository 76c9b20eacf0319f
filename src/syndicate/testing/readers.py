"""The contract of readers, as tests that pytest collects from a subclass."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import ClassVar

from syndicate.article import Article
from syndicate.errors import SourceError
from syndicate.readers import Reading, Source, read
from syndicate.testing.articles import PUBLICATION

WHEN = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)


class ReaderContract:
    """Tests for a reader. Subclass it and set `suffix` and a valid `sample`; pytest collects the
    subclass."""

    suffix: ClassVar[str]
    sample: ClassVar[bytes]
    is_utf8: ClassVar[bool] = True
    """Whether sources must be UTF-8 throughout, so that other bytes are refused."""

    def read(self, data: bytes) -> list[Reading]:
        """The articles in `data`."""
        name = PurePosixPath(f"harbour-notes{self.suffix}")
        return read(Source(name, data, WHEN, PUBLICATION))

    def refused(self, data: bytes) -> str:
        """The error message for `data`. The test fails if `data` is accepted."""
        try:
            self.read(data)
        except SourceError as error:
            assert error.where is not None
            assert "harbour-notes" in error.where.file
            assert "\n" not in error.message
            return error.message
        raise AssertionError("the invalid input was accepted")

    def test_the_sample_is_a_whole_article(self) -> None:
        """The article has a title, a body, a URL and an id."""
        for reading in self.read(self.sample):
            article = reading.article
            assert article.title
            assert article.body
            assert article.url.startswith("https://gazette.example.org/")
            assert article.id.startswith("tag:") or "id" in reading.given

    def test_model_to_json_to_model_is_the_identity(self) -> None:
        """Nothing is lost when the article is written to JSON and read back."""
        for reading in self.read(self.sample):
            again = Article.model_validate_json(reading.article.model_dump_json())
            assert again == reading.article

    def test_reading_twice_gives_the_same(self) -> None:
        """Reading does not depend on the clock or on earlier reading."""
        assert self.read(self.sample) == self.read(self.sample)

    def test_an_undated_article_takes_the_time_of_its_file(self) -> None:
        """If the source has no date, `published` is the file's own time."""
        for reading in self.read(self.sample):
            if "published" not in reading.given:
                assert reading.article.published == WHEN

    def test_bad_input_is_refused_in_one_line(self) -> None:
        """Empty input, bytes that are not text, and a binary file are refused."""
        self.refused(b"")
        self.refused(b" \n\n\t")
        if self.is_utf8:
            assert "UTF-8" in self.refused(self.sample + b"\n\xff\xfe\xfa")
        self.refused(b"\x00\x01\x02\x03" * 64)
