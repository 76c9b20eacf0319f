"""From the elements of a tree to the blocks of an article. Every element left in it is content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from syndicate.article import (
    FAQ,
    Block,
    CodeBlock,
    Divider,
    Figure,
    Heading,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    Strong,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import plain
from syndicate.article.values import one_line, safe_url
from syndicate.readers.contract import Note
from syndicate.readers.copy import shortened
from syndicate.readers.html import boxes, embeds, figures, footnotes, running, tables
from syndicate.readers.html.inlines import Run, paragraphs
from syndicate.readers.html.tags import BLOCK, LEFT_OUT, SILENT
from syndicate.readers.html.tree import words_of
from syndicate.readers.prose import (
    Placed,
    embed,
    is_blank,
    provider_of,
)

MOST_NESTED = 30
"""Lists and quotes inside one another; what stands deeper stays, as paragraphs."""

_LANGUAGE = re.compile(r"(?:^|\s)(?:language|lang|highlight-source|brush:?\s?)-?([\w+#-]+)")
_GUTTER = re.compile(r"gutter|linenos?|line-?numbers?(?:-rows)?|lnum", re.IGNORECASE)


class Body:
    """Reads the blocks below `root`. Addresses are resolved against `base`; `language` is the
    one that needs no mention; `picture` turns a picture's address into what the model wants,
    None if it is unsafe."""

    def __init__(
        self,
        root: HtmlElement,
        *,
        base: str | None = None,
        language: str | None = None,
        picture: Callable[[str], str | None] | None = None,
    ) -> None:
        self.notes: list[Note] = []
        self.base = base
        self.run = Run()
        self.taken: set[HtmlElement] = set()
        self._picture = picture
        self.language = (language or "").lower()
        self._nodes = list(root.iter())  # keeps the proxies, which are compared by identity
        self.figures = figures.captioned(self._nodes)
        self.marks = footnotes.marks(self._nodes)
        self.holding = self._holders()
        self._footnotes: list[Placed] = []
        self.pictures: list[Placed] = []
        self._nested = 0
        self._lowered = int(any(node.tag == "h1" for node in self._nodes))
        self._handlers: dict[str, Callable[[HtmlElement], Iterable[Placed]]] = {
            **dict.fromkeys(("ul", "ol", "menu", "dir"), self._list),
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
            **dict.fromkeys(("iframe", "video", "audio", "object", "embed"), self._embed),
            "dl": self._definitions,
            "hr": lambda element: [(Divider(), element.sourceline)],
            "pre": self._code,
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
        outer, self.run = self.run, Run()
        pictures, self.pictures = self.pictures, []
        self._nested += 1
        found: list[Placed] = []
        self.flow(element, found)
        self.flush(found, element.sourceline)
        self._nested -= 1
        self.run, self.pictures = outer, pictures
        return _together(found)

    def flow(self, element: HtmlElement, found: list[Placed]) -> None:
        """Read what stands in `element` as if its tags were not there."""
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
                figures.noscript(self, element, found)
            elif tag == "script":
                self.left_out("a script", element)
            return
        if element in self.marks.notes:
            self._footnote(element)
        elif tag in LEFT_OUT:
            self._form(element, found)
        elif tag in ("img", "amp-img", "picture"):
            self._image(element, found)
        elif tag not in BLOCK and element not in self.holding and tag not in self._handlers:
            running.inline(self, element)
        else:
            self.flush(found)
            found.extend(self._block(element))

    def _block(self, element: HtmlElement) -> Iterable[Placed]:
        tag = element.tag
        if tag in self._handlers and self._nested < MOST_NESTED:
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
        return running.in_language(self, element, placed)

    def flush(self, found: list[Placed], line: int | None = None) -> None:
        """End the current paragraph."""
        found.extend((_paragraph(content), line) for content in paragraphs(self.run.take()))
        found.extend(self.pictures)
        self.pictures = []

    def content(self, element: HtmlElement, skip: Iterable[HtmlElement] = ()) -> Content:
        """All of `element` as one run of text; its blocks are parted by line breaks."""
        outer, self.run = self.run, Run()
        hidden = set(skip) - self.taken
        self.taken |= hidden
        running.line(self, element)
        self.taken -= hidden
        content = self.run.take()
        self.run = outer
        lines: list[Inline] = []
        for number, part in enumerate(paragraphs(content)):
            lines.extend((LineBreak(), *part) if number else part)
        return tuple(lines)

    def left_out(self, what: str, element: HtmlElement) -> None:
        """Account for something that is in the source but not in the article."""
        self.notes.append(Note("left out", what, element.sourceline))

    def guessed(self, what: str, element: HtmlElement) -> None:
        """Account for a guess."""
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
            self.left_out(f"the unsafe link {shortened(url)!r}", element)
            return None
        return resolved

    def picture(self, src: str, element: HtmlElement) -> str | None:
        """A picture's address as the model wants it; None, with a note, if it is unsafe."""
        resolved = self.address(src, element)
        if resolved is None or self._picture is None or urlsplit(resolved).netloc:
            return resolved
        safe = self._picture(resolved)
        if safe is None:
            self.left_out(f"the picture {shortened(src)!r}", element)
        return safe

    def _holders(self) -> set[HtmlElement]:
        """The elements with a block inside them, of whatever kind they are themselves."""
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
            figures.in_text(self, image, shown)
            self.taken.add(image)
        content = self.content(element, _permalinks(element))
        if not is_blank(content):
            yield Heading(level=min(6, max(2, level)), content=content), element.sourceline
        yield from shown

    def _list(self, element: HtmlElement) -> Iterable[Placed]:
        items: list[ListItem] = []
        for child in element:
            if not isinstance(child.tag, str) or child in self.taken:
                continue
            if child in self.marks.notes:
                self._footnote(child)
                continue
            if child.tag in SILENT:
                continue
            blocks = self._loose(child) if child.tag in ("ul", "ol") else self.blocks(child)
            if not blocks:
                continue
            if child.tag != "li" and items:
                items[-1] = items[-1].model_copy(update={"blocks": (*items[-1].blocks, *blocks)})
            else:
                items.append(ListItem(blocks=blocks, checked=_checked(child)))
        if items:
            start = element.get("start") or ""
            first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
            made = List(ordered=element.tag == "ol", start=first, items=tuple(items))
            yield made, element.sourceline

    def _loose(self, element: HtmlElement) -> Blocks:
        self._nested += 1
        made = self._list(element) if self._nested < MOST_NESTED else self.inside(element)
        blocks = tuple(block for block, _ in made)
        self._nested -= 1
        return blocks

    def _definitions(self, element: HtmlElement) -> Iterable[Placed]:
        """A definition list as a list whose items begin with the term in bold."""
        items: list[list[Block]] = []
        pairs = [
            inner
            for child in element
            if isinstance(child.tag, str)
            for inner in (child if child.tag == "div" else (child,))
        ]
        for child in pairs:
            if child.tag == "dt":
                if content := self.content(child):
                    items.append([Paragraph(content=(Strong(content=content),))])
            elif blocks := self.blocks(child):
                if items:
                    items[-1].extend(blocks)
                else:
                    items.append(list(blocks))
        if items:
            made = List(items=tuple(ListItem(blocks=tuple(item)) for item in items))
            yield made, element.sourceline

    def _code(self, element: HtmlElement) -> Iterable[Placed]:
        for inner in element.iter():
            if inner is not element and _GUTTER.search(inner.get("class") or ""):
                tail = inner.tail
                inner.clear()
                inner.tail = tail
        for broken in element.iter("br"):
            broken.tail = "\n" + (broken.tail or "")
        text = "".join(element.itertext()).replace("\r\n", "\n").strip("\n")
        if text.strip():
            yield (
                CodeBlock(text=text.rstrip(), language=_code_language(element)),
                element.sourceline,
            )

    def _embed(self, element: HtmlElement) -> Iterable[Placed]:
        made = embeds.embedded(self, element)
        return [(made, element.sourceline)] if made else []

    def _image(self, element: HtmlElement, found: list[Placed]) -> None:
        """A picture: before the paragraph it opens, after the one that runs around it."""
        figures.in_text(self, element, found if self.run.blank else self.pictures)

    def _footnote(self, element: HtmlElement) -> None:
        made = footnotes.footnote(self, element)
        if made:
            self._footnotes.append((made, element.sourceline))

    def _form(self, element: HtmlElement, found: list[Placed]) -> None:
        if element.tag == "label" or (element.tag == "form" and len(words_of(element)) > 1500):
            self.flush(found)  # old sites wrap a whole page in one form
            self.flow(element, found)
        elif element.tag not in ("svg", "input", "canvas"):
            self.left_out(f"a {element.tag}", element)


def _permalinks(element: HtmlElement) -> list[HtmlElement]:
    """The links of a heading to itself, shown as a mark or as its address."""
    return [
        link
        for link in element.iter("a")
        if (href := (link.get("href") or "").strip()).startswith("#")
        and words_of(link) in ("#", "¶", "§", "🔗", "link", "Link", "permalink", href)
    ]


def _paragraph(content: Content) -> Block:
    """A paragraph; the bare address of a post or video is what it shows."""
    if len(content) == 1:
        only = content[0]
        words = plain(content).strip()
        url = only.url if isinstance(only, Link) else words
        if url == words and re.fullmatch(r"https?://\S+", url) and provider_of(url):
            return embed(url)
    return Paragraph(content=content)


def _together(found: list[Placed]) -> list[Placed]:
    """`found` with neighbouring FAQs as one, and pictures said twice said once."""
    placed: list[Placed] = []
    for block, line in found:
        last = placed[-1][0] if placed else None
        if isinstance(block, FAQ) and isinstance(last, FAQ):
            placed[-1] = (FAQ(pairs=(*last.pairs, *block.pairs)), placed[-1][1])
        elif isinstance(block, Figure) and isinstance(last, Figure) and last.src == block.src:
            placed[-1] = (last if last.caption else block, placed[-1][1])
        elif isinstance(block, Divider) and isinstance(last, Divider):
            continue
        else:
            placed.append((block, line))
    return placed


def _checked(element: HtmlElement) -> bool | None:
    box = next((i for i in element.iter("input") if i.get("type") == "checkbox"), None)
    return None if box is None else box.get("checked") is not None


def _code_language(element: HtmlElement) -> str | None:
    inner = next(element.iter("code"), None)
    for place in (element, inner, element.getparent()):
        if place is None:
            continue
        for name in (place.get("data-lang"), place.get("data-language")):
            if name:
                return one_line(name)
        if found := _LANGUAGE.search(place.get("class") or ""):
            return found[1]
    return None
