"""The inlines that make up a paragraph. They never contain raw HTML."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from syndicate.article.values import CleanText, Direction, Language, Line, Node, Url


class Text(Node):
    """A run of characters."""

    type: Literal["text"] = "text"
    text: CleanText


class Emphasis(Node):
    """Stressed words (HTML `em`)."""

    type: Literal["emphasis"] = "emphasis"
    content: Content


class Strong(Node):
    """Important words (HTML `strong`)."""

    type: Literal["strong"] = "strong"
    content: Content


class Code(Node):
    """Computer code inside a sentence (HTML `code`)."""

    type: Literal["code"] = "code"
    text: CleanText


class Strike(Node):
    """Struck-through words that are no longer correct (HTML `s`)."""

    type: Literal["strike"] = "strike"
    content: Content


class Subscript(Node):
    """Lowered characters (HTML `sub`)."""

    type: Literal["sub"] = "sub"
    content: Content


class Superscript(Node):
    """Raised characters (HTML `sup`)."""

    type: Literal["sup"] = "sup"
    content: Content


class Link(Node):
    """A hyperlink. `url` may be relative to the URL of the publication."""

    type: Literal["link"] = "link"
    url: Url
    title: Line | None = None
    content: Content


class LineBreak(Node):
    """A line break inside a paragraph (HTML `br`)."""

    type: Literal["break"] = "break"


class FootnoteReference(Node):
    """A mark in the text that points to the footnote with the same label."""

    type: Literal["footnote_reference"] = "footnote_reference"
    label: Line


class Span(Node):
    """A passage in a different language from the article."""

    type: Literal["span"] = "span"
    language: Language
    direction: Direction | None = None
    content: Content


Inline = Annotated[
    Text
    | Emphasis
    | Strong
    | Code
    | Strike
    | Subscript
    | Superscript
    | Link
    | LineBreak
    | FootnoteReference
    | Span,
    Field(discriminator="type"),
]
Content = tuple[Inline, ...]
"""Inlines in reading order: a sentence, a caption, a table cell."""
