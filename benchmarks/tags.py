"""How much of a page's structure survives: F1 of list items, table rows, quotes and captions,
beside trafilatura in the same run.

Run: python benchmarks/tags.py [folder] [pages]

The folder is that of `extraction.py`. What is true is the page's own markup as far as its words
stand in the true text: an `li` that is a line of it, a table's row all of whose cells are in it, a
`blockquote`'s paragraph; and the `figcaption` of a picture with an address in the smallest element
that holds most of the true lines. Without a folder one page made up here is read.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import trafilatura
from extraction import PUBLICATION, WHEN, made_up, pages_in
from lxml import html

from syndicate.article import Article, Figure, Gallery, List, Quote, Table
from syndicate.article.blocks import Blocks
from syndicate.article.text import passages, plain
from syndicate.errors import SourceError
from syndicate.readers import Source, read

KINDS = ("lists", "tables", "quotes", "captions")
Tags = dict[str, Counter[str]]
_CREDIT = frozenset(
    ("photo", "image", "picture", "credit", "credits", "courtesy", "source", "by", "of")
)
_MARK = re.compile(r"^(?:[-*•–]|\d{1,3}[.)])\s+")


def folded(text: str) -> str:
    """The words of `text` in lower case, and nothing between them but a space."""
    return " ".join(re.findall(r"\w+", text.lower()))


def bare(line: str) -> str:
    """A line without the mark of a list."""
    return folded(_MARK.sub("", line.strip()))


def credited(caption: str) -> str:
    """The words of a caption and of its credit, in whatever order, without those that only say
    that it is one."""
    return " ".join(sorted(set(caption.split()) - _CREDIT))


def words(element: Any) -> str:
    """All words in `element`, scripts left out."""
    return folded(" ".join(element.xpath(".//text()[not(ancestor::script or ancestor::style)]")))


def true(page: bytes, text: str) -> Tags:
    """What the page marks up of what is true."""
    root: Any = html.fromstring(page)
    lines = {bare(line) for line in text.splitlines()} - {""}
    said = f" {folded(text)} "
    tags: Tags = {kind: Counter() for kind in KINDS}
    for item in root.iter("li"):
        if not item.xpath(".//ul | .//ol") and words(item) in lines:
            tags["lists"][words(item)] += 1
    for row in root.iter("tr"):
        cells = [cell for cell in map(words, row.xpath("./td | ./th")) if cell]
        if len(cells) > 1 and all(f" {cell} " in said for cell in cells):
            tags["tables"][" ".join(cells)] += 1
    for quote in root.iter("blockquote"):
        for part in quote.xpath(".//p | .//li[not(.//p)] | .//h2 | .//h3 | .//h4") or [quote]:
            if words(part) and f" {words(part)} " in said:
                tags["quotes"][words(part)] += 1
    for caption in _around(root, lines).iter("figcaption"):
        figure = caption.getparent()
        addresses = figure.xpath(".//img/@src | .//img/@srcset | .//img/@data-src")
        shown = any(not address.startswith("data:") for address in addresses)
        if shown and credited(words(caption)):
            tags["captions"][credited(words(caption))] += 1
    return tags


def _around(root: Any, lines: set[str]) -> Any:
    """The smallest element that holds most of `lines`."""
    holds: Counter[Any] = Counter()
    for element in root.iter("p", "li", "h2", "h3"):
        if words(element) in lines:
            holds.update(element.iterancestors())
    most = max(holds.values(), default=0)
    inside = [element for element, count in holds.items() if count >= 0.8 * most]
    return max(inside, key=lambda element: sum(1 for _ in element.iterancestors()), default=root)


def ours(page: bytes) -> Tags:
    """The blocks that Syndicate makes of a page."""
    tags: Tags = {kind: Counter() for kind in KINDS}
    try:
        (reading,) = read(Source(PurePosixPath("page.html"), page, WHEN, PUBLICATION))
    except SourceError:
        return tags
    for kind, text in _of(_all(reading.article)):
        made = credited(folded(text)) if kind == "captions" else folded(text)
        tags[kind][made] += bool(made)
    return tags


def _all(article: Article) -> Blocks:
    return (*((article.lead_image,) if article.lead_image else ()), *article.body)


def _of(blocks: Blocks) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, List):
            for item in block.items:
                own = tuple(one for one in item.blocks if not isinstance(one, List))
                if len(own) == len(item.blocks):
                    yield "lists", " ".join(passages(own))
                yield from _of(item.blocks)
        elif isinstance(block, Table):
            for row in (block.header, *block.rows):
                if sum(bool(plain(cell).strip()) for cell in row) > 1:
                    yield "tables", " ".join(map(plain, row))
        elif isinstance(block, Quote):
            yield from (("quotes", text) for text in passages(block.blocks))
        elif isinstance(block, Figure | Gallery):
            shown = block.figures if isinstance(block, Gallery) else (block,)
            for figure in shown:
                if said := f"{plain(figure.caption)} {figure.credit or ''}".strip():
                    yield "captions", said
            if isinstance(block, Gallery) and block.caption:
                yield "captions", plain(block.caption)


def theirs(page: bytes) -> Tags:
    """The elements that trafilatura keeps."""
    tags: Tags = {kind: Counter() for kind in KINDS}
    found: Any = trafilatura.bare_extraction(
        page, include_comments=False, include_formatting=True, include_images=True
    )
    for kind, name in (("lists", "item"), ("tables", "row"), ("quotes", "quote")):
        for element in found.body.iter(name) if found is not None else ():
            if kind != "lists" or element.find(".//item") is None:
                tags[kind][words(element)] += 1
    return tags


def counted(found: Tags, known: Tags, kind: str) -> tuple[int, int, int]:
    """How many are right, found and true."""
    a, b = found[kind], known[kind]
    return sum((a & b).values()), sum(a.values()), sum(b.values())


def main(folder: str | None = None, most: str = "1000") -> None:
    """Print a line for each reader."""
    pages = list(pages_in(Path(folder), int(most)) if folder else made_up())
    known = [true(page, answer["body"]) for page, answer in pages]
    for name, reader in (("syndicate", ours), ("trafilatura", theirs)):
        line = f"{name:12}"
        found = [reader(page) for page, _ in pages]
        for kind in KINDS:
            columns = (counted(a, b, kind) for a, b in zip(found, known, strict=True))
            right, made, real = map(sum, zip(*columns, strict=True))
            line += f"  {kind} {2 * right / ((made + real) or 1):.3f} ({right}/{made} of {real})"
        print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
