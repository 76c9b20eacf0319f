"""The article: its metadata, with the names of IPTC ninjs 3.1 where that has one, and its body."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import Field, field_validator

from syndicate.article.blocks import Blocks, Correction, Figure, Footnote, Paywall
from syndicate.article.inlines import FootnoteReference
from syndicate.article.values import (
    Direction,
    Language,
    Line,
    Moment,
    Node,
    Url,
    direction_of,
)
from syndicate.article.walk import nodes_in

Status = Literal["draft", "usable", "withheld", "withdrawn"]
Access = Literal["free", "members", "paid"]
Role = Literal["author", "editor", "photographer", "illustrator", "translator", "contributor"]


class Contributor(Node):
    """A person or desk that contributed to the article."""

    name: Line = Field(min_length=1)
    role: Role = "author"
    organisation: Line | None = None
    email: Line | None = None
    url: Url | None = None


class Tag(Node):
    """A subject. `scheme` is the URI of the vocabulary that it is from."""

    name: Line = Field(min_length=1)
    scheme: Url | None = None


class Credit(Node):
    """The origin of the article, its copyright and its terms of use."""

    source: Line | None = None
    source_url: Url | None = None
    copyright_holder: Line | None = None
    copyright_notice: Line | None = None
    usage_terms: Line | None = None


class Article(Node):
    """One article, the same for every channel.

    Times have a time zone and whole seconds. `language` is a BCP 47 tag. `id` is a `tag:` URI
    (RFC 4151) that never changes once it is in the ledger.
    """

    id: Line = Field(min_length=1)
    alt_ids: tuple[Line, ...] = ()
    url: Url
    slug: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=120)
    title: Line = Field(min_length=1)
    subtitle: Line | None = None
    summary: Line | None = None
    contributors: tuple[Contributor, ...] = ()
    dateline: Line | None = None
    section: Line | None = None
    tags: tuple[Tag, ...] = ()
    language: Language = "en"
    direction: Direction = Field(default=None, validate_default=True)
    first_published: Moment
    published: Moment
    updated: Moment
    embargoed: Moment | None = None
    expires: Moment | None = None
    status: Status = "usable"
    version: int = Field(default=1, ge=1)
    credit: Credit = Credit()
    access: Access = "free"
    lead_image: Figure | None = None
    body: Blocks = ()

    @field_validator("direction", mode="before")
    @classmethod
    def _direction_of_language(cls, direction: object, info: Any) -> object:
        if direction is None:
            return direction_of(info.data.get("language", "en"))
        return direction

    @property
    def authors(self) -> tuple[Contributor, ...]:
        """The contributors with the role of author, in order."""
        return tuple(one for one in self.contributors if one.role == "author")

    @property
    def byline(self) -> str:
        """The authors' names, separated by commas ("A, B and C" is left to templates)."""
        return ", ".join(author.name for author in self.authors)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The corrections in the body, newest first. Of those of one day, the last in the body is
        the newest: posts are answered by their order, and a new one must not move the others."""
        found = [block for block in reversed(self.body) if isinstance(block, Correction)]
        return tuple(sorted(found, key=lambda correction: correction.date, reverse=True))

    @property
    def revision(self) -> int:
        """The number of this text: the version that the source states, or 1, and one more for each
        correction."""
        return self.version + len(self.corrections)

    @property
    def open_body(self) -> Blocks:
        """The blocks that anyone may read. For a free article, all of them. Otherwise the blocks
        before the paywall marker (none if there is no marker), the footnotes that these refer to,
        and all corrections."""
        if self.access == "free":
            return self.body
        marks = (number for number, block in enumerate(self.body) if isinstance(block, Paywall))
        wall = next(marks, 0)
        seen = self.body[:wall]
        labels = {one.label for one in nodes_in(seen) if isinstance(one, FootnoteReference)}
        after = (
            block
            for block in self.body[wall:]
            if isinstance(block, Correction)
            or (isinstance(block, Footnote) and block.label in labels)
        )
        return (*seen, *after)

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON, in hexadecimal. Two articles have the same digest if,
        and only if, they are equal."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def article_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the canonical article."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Article.model_json_schema(),
    }
