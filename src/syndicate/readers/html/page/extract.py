"""Finds the article on a page: the element with most of the text that reads like an article."""

from __future__ import annotations

from lxml.html import HtmlElement

from syndicate.readers.html.page import boilerplate, element_kinds
from syndicate.readers.html.tags import BLOCK
from syndicate.readers.html.tree import element_text

_SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "select",
        "svg",
        "textarea",
        "input",
        "link",
        "meta",
        "canvas",
        "option",
        "datalist",
        "noframes",
        "noscript",
    ]
)

_GROUPS = frozenset(["div", "ul", "ol", "section", "table", "dl"])


class ArticleFinder:
    """The text of a page, measured once for each element."""

    def __init__(self, body: HtmlElement) -> None:
        self.nodes: list[HtmlElement] = list(body.iter())
        n = len(self.nodes)
        self.index = {node: number for number, node in enumerate(self.nodes)}
        self.parent = [-1] * n
        self.own = [0] * n
        self.own_linked = [0] * n
        self._measure()
        self.score = [self._score(number) for number in range(n)]
        self.good = self._sums([max(0.0, one) for one in self.score])
        self.size = self._sums([float(one) for one in self.own])
        self.linked = self._sums([float(one) for one in self.own_linked])

    def _measure(self) -> None:
        index = self.index
        n = len(self.nodes)
        block, linked, silent = [0] * n, [False] * n, [False] * n
        own, own_linked, parent = self.own, self.own_linked, self.parent
        for number, node in enumerate(self.nodes):
            tag = node.tag
            up = index[node.getparent()] if number else 0
            if number:
                parent[number] = up
                silent[number] = silent[up] or tag in _SILENT
                linked[number] = linked[up] or tag == "a"
                block[number] = number if tag in BLOCK else block[up]
            if not silent[number] and (text := node.text) and (size := len(text.strip())):
                own[block[number]] += size
                if linked[number]:
                    own_linked[block[number]] += size
            if number and not silent[up] and (text := node.tail) and (size := len(text.strip())):
                own[block[up]] += size
                if linked[up]:
                    own_linked[block[up]] += size

    def _score(self, number: int) -> float:
        size, linked = self.own[number], self.own_linked[number]
        if not size:
            return 0.0
        if linked * 2 > size:
            return -0.6 * min(linked, 120)
        if size >= 80:
            return size - linked
        if self.nodes[number].tag in ("p", "li", "td", "dd", "h2", "h3", "h4"):
            return 0.4 * (size - linked)
        return 0.0

    def _sums(self, own: list[float]) -> list[float]:
        """For each element, the sum of `own` over it and all elements inside it."""
        total = list(own)
        for number in range(len(total) - 1, 0, -1):
            total[self.parent[number]] += total[number]
        return total

    def best(self) -> int:
        """The number of the element that contains the article."""
        out = self.out(0, self.good[0])
        weighed = [0.0 if number in out else one for number, one in enumerate(self.score)]
        total = self._sums(weighed)
        best = max(range(len(total)), key=lambda number: (total[number], number))
        return self._narrowed(best)

    def _narrowed(self, best: int) -> int:
        """The one element inside `best` that is marked as the body and has most of its text; else
        `best`."""
        named: list[int] = []
        number, end = best + 1, self.end(best)
        while number < end:
            node = self.nodes[number]
            if self.good[number] > 0.05 * self.good[best] and boilerplate.is_article_body(node):
                named.append(number)
                number = self.end(number)
            else:
                number += 1
        whole = sum(self.good[number] for number in named)
        if len(named) == 1 and whole > 0.5 * self.good[best]:
            return named[0]
        return best

    def out(self, top: int, whole: float, share: float = 0.35) -> dict[int, str]:
        """The elements below `top` that do not belong to the article, by number, with the reason.
        Elements with more than `share` of the text that reads like an article are not among them,
        unless they are hidden or a grid of teasers."""
        found: dict[int, str] = {}
        below = range(top + 1, self.end(top))
        # A class that most of the article has says nothing about other elements with that class.
        own = {self.nodes[n].get("class", "") for n in below if self.good[n] > share * whole}
        for number in below:
            up = self.parent[number]
            if up in found:
                found[number] = found[up]
            elif self.good[number] <= 0.6 * whole:
                node = self.nodes[number]
                why = boilerplate.boilerplate_reason(node, own) or self._leads_away(number)
                small = self.good[number] <= share * whole or why == "hidden"
                if why and (small or (why == "teasers" and self._is_half(number, top))):
                    found[number] = why
        return found

    def _is_half(self, number: int, top: int) -> bool:
        """Whether an element has at most half of the characters of `top`."""
        return self.size[number] <= 0.5 * self.size[top]

    def _leads_away(self, number: int) -> str | None:
        """The reason, if an element is a table of contents or a grid of teasers; else None."""
        node = self.nodes[number]
        if node.tag not in _GROUPS:
            return None
        if self.size[number] <= element_kinds.LONGEST_CARD * len(node) and element_kinds.teasers(
            node
        ):
            return "teasers"
        linked = self.linked[number]
        if linked < 20 or linked < 0.6 * self.size[number] or _announced(node):
            return None
        links = [link.get("href") or "" for link in node.iter("a")]
        if len(links) > 2 and all(link.startswith("#") for link in links):
            return "contents"
        if node.tag not in ("ul", "ol") and linked > 0.8 * self.size[number] and len(links) > 2:
            return "links"
        return None

    def end(self, top: int) -> int:
        """The number after the last element inside `top`."""
        last = self.nodes[top]
        while len(last):
            last = last[-1]
        return self.index[last] + 1


def _announced(node: HtmlElement) -> bool:
    """Whether the words before `node` end with a colon."""
    before = node.getprevious()
    return before is not None and element_text(before).endswith((":", "："))


def article_of(body: HtmlElement) -> tuple[HtmlElement, list[tuple[HtmlElement, str]]]:
    """The element that contains the article, and the elements in it that do not belong to the
    article, each with the reason."""
    put_streamed_in_place(body)
    join_drop_caps(body)
    page = ArticleFinder(body)
    best = page.best()
    out = page.out(best, page.good[best], 0.25)
    tops = [(page.nodes[n], why) for n, why in out.items() if page.parent[n] not in out]
    for header in [node for node, why in tops if why == "header"]:
        if (heading := element_kinds.heading_of(header)) is not None:
            header.addprevious(heading)
    for button in [
        button for button in page.nodes[best].iter("button") if element_kinds.asks(button)
    ]:
        headed = button.getparent().tag in (*element_kinds.HEADINGS, "summary")
        button.tag = "span" if headed else "h3"
    return page.nodes[best], tops


def put_streamed_in_place(body: HtmlElement) -> None:
    """Move what React streamed to the end of a page to where its scripts would put it."""
    pieces = {
        name[2:]: piece
        for piece in body.iter("div")
        if (name := piece.get("id") or "").startswith("S:") and "hidden" in piece.attrib
    }
    if not pieces:
        return
    for place in list(body.iter("template")):
        name = place.get("id") or ""
        piece = pieces.pop(name[2:], None) if name[:2] in ("B:", "P:") else None
        if piece is not None and place not in piece.iter():
            parent = place.getparent()
            parent.replace(place, piece)
            del piece.attrib["hidden"]
    for piece in pieces.values():
        del piece.attrib["hidden"]


def join_drop_caps(body: HtmlElement) -> None:
    """Move a drop cap that is in a block of its own back to the start of its word."""
    for element in list(body.iter("div", "p")):
        letter = (element.text or "").strip()
        if len(letter) != 1 or not letter.isupper() or len(element):
            continue
        word = element.getnext()
        while word is not None and not (word.text or "").strip() and len(word):
            word = word[0]
        if word is not None and (text := (word.text or "").lstrip())[:1].islower():
            word.text = letter + text
            element.drop_tree()
