"""What an article's body is made of, in reading order."""

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
    """A heading inside the body; the headline itself is level 1."""

    type: Literal["heading"] = "heading"
    level: int = Field(default=2, ge=2, le=6)
    content: Content


class ListItem(Node):
    """One item; `checked` is set on task lists only."""

    blocks: Blocks
    checked: bool | None = None


class List(Node):
    """A bulleted or, if `ordered`, numbered list."""

    type: Literal["list"] = "list"
    ordered: bool = False
    start: int = 1
    items: tuple[ListItem, ...]


class Quote(Node):
    """A passage quoted at length, with who said it."""

    type: Literal["quote"] = "quote"
    blocks: Blocks
    cite: Content = ()
    url: Url | None = None


class PullQuote(Node):
    """Words from the article set large as an entry point; repeats text, never adds any."""

    type: Literal["pullquote"] = "pullquote"
    content: Content
    cite: Content = ()


class Callout(Node):
    """A boxed aside such as "Did you know?"; `label` is printed, `kind` chooses its look."""

    type: Literal["callout"] = "callout"
    kind: Literal["tip", "fact", "note", "warning"] = "note"
    label: Line
    blocks: Blocks


class QuestionAnswer(Node):
    """One question with its answer."""

    question: Content
    answer: Blocks


class FAQ(Node):
    """Questions and answers that belong together; its title is the heading before it."""

    type: Literal["faq"] = "faq"
    pairs: tuple[QuestionAnswer, ...]


class Figure(Node):
    """A picture. `src` is an http(s) URL or a path below the newsroom's `content/`.

    `alt` is None when nobody wrote one and "" when the picture is decorative;
    `width` and `height` are in pixels.
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
    """Pictures to be seen together."""

    type: Literal["gallery"] = "gallery"
    figures: tuple[Figure, ...]
    caption: Content = ()


class Table(Node):
    """A table; every row has as many cells as the widest, `header` may be empty."""

    type: Literal["table"] = "table"
    header: tuple[Content, ...] = ()
    rows: tuple[tuple[Content, ...], ...]
    align: tuple[Align | None, ...] = ()
    caption: Content = ()

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        widths = {len(row) for row in self.rows} | ({len(self.header)} if self.header else set())
        if len(widths) > 1:
            raise ValueError("the rows of a table must all have the same number of cells")
        return self


class CodeBlock(Node):
    """Computer code, kept to the character."""

    type: Literal["code"] = "code"
    text: CleanText
    language: Line | None = None


class Embed(Node):
    """Something that lives elsewhere (a video, a post); `text` stands in where it cannot."""

    type: Literal["embed"] = "embed"
    url: Url
    provider: Line | None = None
    text: Line


class Divider(Node):
    """A change of scene."""

    type: Literal["divider"] = "divider"


class Footnote(Node):
    """A note that one or more references of the same label point at."""

    type: Literal["footnote"] = "footnote"
    label: Line
    blocks: Blocks


class Correction(Node):
    """What was wrong and when it was put right."""

    type: Literal["correction"] = "correction"
    date: date
    content: Content


class RelatedLink(Node):
    """One link of a related list."""

    url: Url
    title: Line


class Related(Node):
    """Further reading that the newsroom chose."""

    type: Literal["related"] = "related"
    links: tuple[RelatedLink, ...]


class CallToAction(Node):
    """What the reader is asked to do next."""

    type: Literal["cta"] = "cta"
    content: Content
    url: Url | None = None


class Paywall(Node):
    """From here on the article is for those with access."""

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

for _node in (ListItem, List, Quote, Callout, QuestionAnswer, FAQ, Footnote):
    _node.model_rebuild(raise_errors=False)
