"""The blocks that make up the body of an article, in reading order."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from syndicate.article.inlines import Content
from syndicate.article.values import CleanText, Line, Node, Url

Align = Literal["start", "center", "end"]


class Paragraph(Node):
    """A paragraph of running text."""

    type: Literal["paragraph"] = "paragraph"
    content: Content


class Heading(Node):
    """A heading inside the body. The headline of the article is level 1."""

    type: Literal["heading"] = "heading"
    level: int = Field(default=2, ge=2, le=6)
    content: Content


class ListItem(Node):
    """One item of a list. `checked` is only set in task lists."""

    blocks: Blocks
    checked: bool | None = None


class List(Node):
    """A bulleted or, if `ordered`, numbered list."""

    type: Literal["list"] = "list"
    ordered: bool = False
    start: int = 1
    items: tuple[ListItem, ...]


class Quote(Node):
    """A long quotation, with its source."""

    type: Literal["quote"] = "quote"
    blocks: Blocks
    cite: Content = ()
    url: Url | None = None


class PullQuote(Node):
    """A passage of the article repeated in large type. It never adds any text."""

    type: Literal["pullquote"] = "pullquote"
    content: Content
    cite: Content = ()


class Callout(Node):
    """A boxed aside such as "Did you know?". `label` is its title, `kind` selects its style."""

    type: Literal["callout"] = "callout"
    kind: Literal["tip", "fact", "note", "warning"] = "note"
    label: Line
    blocks: Blocks


class QuestionAnswer(Node):
    """One question with its answer."""

    question: Content
    answer: Blocks


class FAQ(Node):
    """Questions and answers that belong together. Their title is the heading before them."""

    type: Literal["faq"] = "faq"
    pairs: tuple[QuestionAnswer, ...]


class Figure(Node):
    """A picture. `src` is an http(s) URL or a path below the newsroom's `content/`.

    `alt` is None if no one has written it, and "" if the picture is only decoration. `width` and
    `height` are in pixels.
    """

    type: Literal["figure"] = "figure"
    src: Url
    alt: CleanText | None = None
    caption: Content = ()
    credit: Line | None = None
    width: int | None = Field(default=None, gt=0)
    height: int | None = Field(default=None, gt=0)
    media_type: Line | None = None


class Gallery(Node):
    """Pictures that are shown together."""

    type: Literal["gallery"] = "gallery"
    figures: tuple[Figure, ...]
    caption: Content = ()


class Table(Node):
    """A table. All rows have the same number of cells. `header` may be empty."""

    type: Literal["table"] = "table"
    header: tuple[Content, ...] = ()
    rows: tuple[tuple[Content, ...], ...]
    align: tuple[Align | None, ...] = ()
    caption: Content = ()

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        widths = {len(row) for row in self.rows} | ({len(self.header)} if self.header else set())
        if len(widths) > 1:
            raise ValueError("all rows of a table must have the same number of cells")
        return self


class CodeBlock(Node):
    """Computer code, shown exactly as written."""

    type: Literal["code"] = "code"
    text: CleanText
    language: Line | None = None


class Embed(Node):
    """Something on another site, such as a video or a post. `text` replaces it on channels that
    cannot embed it."""

    type: Literal["embed"] = "embed"
    url: Url
    provider: Line | None = None
    text: Line


class Divider(Node):
    """A break between two parts of the text."""

    type: Literal["divider"] = "divider"


class Footnote(Node):
    """A footnote. One or more references with the same label point to it."""

    type: Literal["footnote"] = "footnote"
    label: Line
    blocks: Blocks


class Correction(Node):
    """A correction: what was wrong, and when it was corrected."""

    type: Literal["correction"] = "correction"
    date: date
    content: Content


class RelatedLink(Node):
    """One link in a list of related articles."""

    url: Url
    title: Line


class Related(Node):
    """Links to further reading, chosen by the newsroom."""

    type: Literal["related"] = "related"
    links: tuple[RelatedLink, ...]


class CallToAction(Node):
    """A call to action: what the reader is asked to do next."""

    type: Literal["cta"] = "cta"
    content: Content
    url: Url | None = None


class Paywall(Node):
    """The paywall marker. Everything after it is only for readers with access."""

    type: Literal["paywall"] = "paywall"


Block = Annotated[
    Paragraph
    | Heading
    | List
    | Quote
    | PullQuote
    | Callout
    | FAQ
    | Figure
    | Gallery
    | Table
    | CodeBlock
    | Embed
    | Divider
    | Footnote
    | Correction
    | Related
    | CallToAction
    | Paywall,
    Field(discriminator="type"),
]
Blocks = tuple[Block, ...]
