"""Turns the elements of a tree into the blocks of an article. Every element left is content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from syndicate.article import (
    FAQ,
    Block,
    Divider,
    Figure,
    Gallery,
    Heading,
    LineBreak,
    Link,
    Paragraph,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import plain
from syndicate.article.values import safe_url
from syndicate.readers.contract import Note
from syndicate.readers.html.elements import (
    boxes,
    embeds,
    figures,
    footnotes,
    images,
    inlines,
    lists,
    tables,
)
from syndicate.readers.html.elements.code import code
from syndicate.readers.html.elements.lists import MOST_NESTED
from syndicate.readers.html.elements.text_run import HTMLParagraph, paragraphs_at_breaks
from syndicate.readers.html.tags import BLOCK, LEFT_OUT, SILENT
from syndicate.readers.html.tree import element_text
from syndicate.readers.prose import DIVIDER, Placed, embed_from, embed_provider, is_blank_prose
from syndicate.readers.reader_state import shortened_for_note


class HTMLBlockReader:
    """Reads the blocks below `root`. Addresses are resolved against `base`; text in `language` is
    not marked as such; `picture` turns a picture's address into its `src` in the article, or None
    if it is unsafe. If there is an `h1` other than the `headline`, all headings go down by one."""

    def __init__(
        self,
        root: HtmlElement,
        *,
        base: str | None = None,
        language: str | None = None,
        picture: Callable[[str], str | None] | None = None,
        headline: HtmlElement | None = None,
    ) -> None:
        self.notes: list[Note] = []
        self.base = base
        self.run = HTMLParagraph()
        self.taken: set[HtmlElement] = set()
        self._picture = picture
        self.language = (language or "").lower()
        self._nodes = list(root.iter())  # keeps the proxies, which are compared by identity
        self.figures = figures.captioned(self._nodes)
        self.marks = footnotes.footnote_marks(self._nodes)
        self.holding = self._holders()
        self._footnotes: list[Placed] = []
        self.pictures: list[Placed] = []
        self.nested = 0
        self._lowered = int(any(n.tag == "h1" and n is not headline for n in self._nodes))
        self._handlers: dict[str, Callable[[HtmlElement], Iterable[Placed]]] = {
            **dict.fromkeys(
                ("ul", "ol", "menu", "dir"), lambda element: lists.listed(self, element)
            ),
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
            **dict.fromkeys(("iframe", "video", "audio", "object", "embed"), self._embed),
            "dl": lambda element: lists.definitions(self, element),
            "hr": lambda element: [(Divider(), element.sourceline)],
            "pre": code,
            "table": lambda element: tables.table(self, element),
            "figure": lambda element: figures.figure(self, element),
            "blockquote": lambda element: boxes.quote(self, element),
            "details": lambda element: boxes.details(self, element),
        }

    def read(self, elements: Iterable[HtmlElement]) -> list[Placed]:
        """The blocks of `elements`, one after the other; the footnotes last."""
        found: list[Placed] = []
        for element in elements:
            self.node(element, found)
        self.flush(found)
        return [*_together(found), *self._footnotes]

    def blocks(self, element: HtmlElement) -> Blocks:
        """The blocks inside `element`."""
        return tuple(block for block, _ in self.inside(element))

    def inside(self, element: HtmlElement) -> list[Placed]:
        """The blocks inside `element`, with their lines."""
        outer, self.run = self.run, HTMLParagraph()
        pictures, self.pictures = self.pictures, []
        self.nested += 1
        found: list[Placed] = []
        self.flow(element, found)
        self.flush(found, element.sourceline)
        self.nested -= 1
        self.run, self.pictures = outer, pictures
        return _together(found)

    def flow(self, element: HtmlElement, found: list[Placed]) -> None:
        """Read the content of `element` as if its tags were not there."""
        self.run.text(element.text)
        for child in element:
            self.node(child, found)
            self.run.text(child.tail)

    def node(self, element: HtmlElement, found: list[Placed]) -> None:
        """Read `element`: into the current paragraph, or as blocks of its own."""
        if element in self.taken:
            return
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT:
            if tag == "noscript":
                images.noscript(self, element, found)
            elif tag == "script":
                self.left_out("a script", element)
            return
        if element in self.marks.notes:
            self.footnote(element)
        elif tag in LEFT_OUT:
            self._form(element, found)
        elif tag in ("img", "amp-img", "picture"):
            self._image(element, found)
        elif tag not in BLOCK and element not in self.holding and tag not in self._handlers:
            inlines.inline(self, element)
        else:
            self.flush(found)
            found.extend(self._block(element))

    def _block(self, element: HtmlElement) -> Iterable[Placed]:
        tag = element.tag
        if tag in self._handlers and self.nested < MOST_NESTED:
            return self._handlers[tag](element)
        if element in self.figures:
            return figures.figure(self, element)
        if (box := boxes.box(self, element)) is not None:
            return box
        if element.get("role") == "heading":
            return self._heading(element)
        placed: list[Placed] = []
        self.flow(element, placed)
        self.flush(placed, element.sourceline)
        return inlines.in_language(self, element, placed)

    def flush(self, found: list[Placed], line: int | None = None) -> None:
        """End the current paragraph."""
        found.extend(
            (_paragraph(content), line) for content in paragraphs_at_breaks(self.run.take())
        )
        found.extend(self.pictures)
        self.pictures = []

    def content(self, element: HtmlElement, skip: Iterable[HtmlElement] = ()) -> Content:
        """All of `element` as inlines, with line breaks between its blocks."""
        outer, self.run = self.run, HTMLParagraph()
        hidden = set(skip) - self.taken
        self.taken |= hidden
        inlines.line(self, element)
        self.taken -= hidden
        content = self.run.take()
        self.run = outer
        lines: list[Inline] = []
        for number, part in enumerate(paragraphs_at_breaks(content)):
            lines.extend((LineBreak(), *part) if number else part)
        return tuple(lines)

    def left_out(self, what: str, element: HtmlElement) -> None:
        """Note something that is in the source but not in the article."""
        self.notes.append(Note("left out", what, element.sourceline))

    def guessed(self, what: str, element: HtmlElement) -> None:
        """Note a guess."""
        self.notes.append(Note("guessed", what, element.sourceline))

    def address(self, url: str | None, element: HtmlElement) -> str | None:
        """`url`, absolute if there is a base; None, with a note, if it is unsafe."""
        if not url or not url.strip():
            return None
        try:
            safe = safe_url(url)
            resolved = safe_url(urljoin(self.base, safe)) if self.base else safe
            urlsplit(resolved)
        except ValueError:
            self.left_out(f"the unsafe link {shortened_for_note(url)!r}", element)
            return None
        return resolved

    def picture(self, src: str, element: HtmlElement) -> str | None:
        """A picture's `src` in the article; None, with a note, if its address is unsafe."""
        resolved = self.address(src, element)
        if resolved is None or self._picture is None or urlsplit(resolved).netloc:
            return resolved
        safe = self._picture(resolved)
        if safe is None:
            self.left_out(f"the picture {shortened_for_note(src)!r}", element)
        return safe

    def _holders(self) -> set[HtmlElement]:
        """The elements, of any kind, that contain a block."""
        found: set[HtmlElement] = set()
        for node in self._nodes:
            if node.tag in BLOCK or node in self.marks.notes:
                parent = node.getparent()
                while parent is not None and parent not in found:
                    found.add(parent)
                    parent = parent.getparent()
        return found

    def _heading(self, element: HtmlElement) -> Iterable[Placed]:
        tag = element.tag
        given = tag[1] if len(tag) == 2 else element.get("aria-level", "2")
        level = int(given) + self._lowered if given.isdigit() and len(given) == 1 else 2
        shown: list[Placed] = []
        for image in element.iter("img"):
            images.in_text(self, image, shown)
            self.taken.add(image)
        content = self.content(element, _permalinks(element))
        if not is_blank_prose(content):
            yield Heading(level=min(6, max(2, level)), content=content), element.sourceline
        yield from shown

    def _embed(self, element: HtmlElement) -> Iterable[Placed]:
        made = embeds.embedded(self, element)
        return [(made, element.sourceline)] if made else []

    def _image(self, element: HtmlElement, found: list[Placed]) -> None:
        """A picture: before a paragraph that it begins, after a paragraph that surrounds it."""
        images.in_text(self, element, found if self.run.blank else self.pictures)

    def footnote(self, element: HtmlElement) -> None:
        """Save a footnote for the end of the article."""
        made = footnotes.footnote(self, element)
        if made:
            self._footnotes.append((made, element.sourceline))

    def _form(self, element: HtmlElement, found: list[Placed]) -> None:
        if element.tag == "label" or (element.tag == "form" and len(element_text(element)) > 1500):
            self.flush(found)  # old sites wrap a whole page in one form
            self.flow(element, found)
        elif element.tag not in ("svg", "input", "canvas"):
            self.left_out(f"a {element.tag}", element)


def _permalinks(element: HtmlElement) -> list[HtmlElement]:
    """The links of a heading to itself, shown as a sign or as the address."""
    return [
        link
        for link in element.iter("a")
        if (href := (link.get("href") or "").strip()).startswith("#")
        and element_text(link) in ("#", "¶", "§", "🔗", "link", "Link", "permalink", href)
    ]


def _paragraph(content: Content) -> Block:
    """A paragraph; or an embed if it is just the address of a post or video, or a divider if it is
    a line of signs."""
    if len(content) == 1:
        only = content[0]
        words = plain(content).strip()
        url = only.url if isinstance(only, Link) else words
        if url == words and re.fullmatch(r"https?://\S+", url) and embed_provider(url):
            return embed_from(url)
        if DIVIDER.fullmatch(words):
            return Divider()
    return Paragraph(content=content)


def _together(found: list[Placed]) -> list[Placed]:
    """`found` with neighbouring FAQs joined, repeated pictures only once, and captions attached to
    the pictures above them."""
    placed: list[Placed] = []
    for block, line in found:
        last = placed[-1][0] if placed else None
        if isinstance(block, FAQ) and isinstance(last, FAQ):
            placed[-1] = (FAQ(pairs=(*last.pairs, *block.pairs)), placed[-1][1])
        elif isinstance(block, Figure) and isinstance(last, Figure) and last.src == block.src:
            placed[-1] = (last if last.caption else block, placed[-1][1])
        elif isinstance(block, Divider) and isinstance(last, Divider):
            continue
        elif (
            isinstance(last, Figure | Gallery)
            and isinstance(block, Paragraph)
            and (shown := figures.figure_with_line_below(last, block.content))
        ):
            placed[-1] = (shown, placed[-1][1])
        else:
            placed.append((block, line))
    return placed
