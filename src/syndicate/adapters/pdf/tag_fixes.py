"""Fixes the tags in WeasyPrint's PDF: drop caps, lists, headers, empty elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_HOLDERS = ("/Span", "/P", "/LI")
_MARKED = re.compile(rb"/\w+\s*<</MCID (\d+)>>\s*BDC")


def fix_pdf_tags(pdf: Any, openings: tuple[str, ...]) -> None:
    """Complete the structure tree of the pikepdf `pdf`.

    `openings` are the words that begin with a drop cap, in reading order.
    """
    _join(pdf, openings)
    everything = list(tagged_elements(pdf.Root.StructTreeRoot))
    for element in everything:
        if element.get("/S") == "/TH":
            _scope(element)
        elif element.get("/S") == "/LI":
            _set_body(pdf, element)
        elif element.get("/S") == "/Figure" and "/Pg" in element:
            _place(element)
    _prune(everything)
    _mark_page_furniture(pdf, everything)


def tagged_elements(root: Any) -> Iterator[Any]:
    """`root` and every structure element below it, in reading order."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += reversed(tagged_kids_of(element))


def _scope(header: Any) -> None:
    """Set the scope of a table header (ISO 14289-1, 7.5): ours are all column headers."""
    from pikepdf import Dictionary, Name

    if "/Scope" not in header.get("/A", {}):
        header.A = Dictionary(O=Name.Table, Scope=Name.Column)


def _place(figure: Any) -> None:
    """Set the position of `figure` in points from the bottom of its page.

    WeasyPrint writes CSS pixels from the top (ISO 32000-1, 14.8.5.4.3).
    """
    from pikepdf import Array

    left, top, right, bottom = (float(side) * 0.75 for side in figure.A.BBox)
    page = figure.Pg
    height = float(page.get("/TrimBox", page.MediaBox)[3])
    figure.A.BBox = Array([round(side, 3) for side in (left, height - bottom, right, height - top)])


def _set_body(pdf: Any, item: Any) -> None:
    """Give a list `item` a single body after its label (ISO 32000-1, 14.8.4.3.3).

    WeasyPrint writes no body for an item with several paragraphs.
    """
    from pikepdf import Array, Dictionary, Name

    kids = tagged_kids_of(item)
    loose = [kid for kid in kids if kid.get("/S") not in ("/Lbl", "/LBody")]
    if loose:
        body = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, Pg=item.Pg, K=Array(loose))
        )
        for kid in loose:
            kid.P = body
        item.K = Array([*(kid for kid in kids if kid.get("/S") in ("/Lbl", "/LBody")), body])


def _prune(everything: list[Any]) -> None:
    """Remove empty elements, such as the span of the end mark."""
    import pikepdf

    for element in reversed(everything):
        kids = element.get("/K")
        if isinstance(kids, pikepdf.Array):
            kept = [kid for kid in kids if not _is_empty(kid)]
            if len(kept) < len(kids):
                element.K = pikepdf.Array(kept)


def _mark_page_furniture(pdf: Any, everything: list[Any]) -> None:
    """Mark running heads and page numbers as artifacts, so that they are not read aloud.

    WeasyPrint marks them as content, but does not put them into the structure (ISO 14289-1, 7.8).
    """
    placed: dict[tuple[int, int], set[int]] = {page.objgen: set() for page in pdf.pages}
    for element in everything:
        for number, page in marked_content_of(element):
            placed[page.objgen].add(number)
    for page in pdf.pages:
        known = placed[page.objgen]

        def marked(found: re.Match[bytes], known: set[int] = known) -> bytes:
            return found[0] if int(found[1]) in known else b"/Artifact\n<</Type/Pagination>>\nBDC"

        page.Contents.write(_MARKED.sub(marked, page.Contents.read_bytes()))


def marked_content_of(element: Any) -> Iterator[tuple[int, Any]]:
    """The numbers of the marked content in `element`, each with its page."""
    import pikepdf

    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield kid, element.Pg
        elif isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid:
            yield int(kid.MCID), kid.get("/Pg", element.get("/Pg"))


def _is_empty(kid: Any) -> bool:
    import pikepdf

    if not isinstance(kid, pikepdf.Dictionary) or kid.get("/S") not in _HOLDERS:
        return False
    return "/K" not in kid or (isinstance(kid.K, pikepdf.Array) and len(kid.K) == 0)


def _join(pdf: Any, openings: tuple[str, ...]) -> None:
    """Make each word that begins with a drop cap readable and copyable as one word.

    The ActualText (ISO 32000-1, 14.9.4) of the rest of the word is the whole word, and that of the
    initial is a space, because PDF readers ignore an empty one.
    """
    for word, (initial, rest) in zip(openings, _initials(pdf.Root.StructTreeRoot), strict=False):
        if rest is not None:
            _say(initial, " ")
            _say(rest, word)


def _initials(element: Any) -> Iterator[tuple[Any, Any]]:
    """The marked content of drop caps, in reading order, each with the rest of its word.

    They are recognised by the two nested spans around an initial; nothing else at the start of a
    paragraph has these.
    """
    kids = tagged_kids_of(element)
    if element.get("/S") == "/P" and kids:
        initial = _only_span(_only_span(kids[0]))
        if initial is not None and _marked(initial):
            yield initial, _rest(kids[1:])
        return
    for kid in kids:
        yield from _initials(kid)


def _rest(kids: list[Any]) -> Any:
    """The marked content after an initial, whose lines are inside an anonymous paragraph."""
    while kids and kids[0].get("/S") == "/P":
        kids = tagged_kids_of(kids[0])
    rest = _only_span(kids[0]) if kids else None
    return rest if rest is not None and _marked(rest) else None


def tagged_kids_of(element: Any) -> list[Any]:
    """The child structure elements of `element`."""
    import pikepdf

    kids = element.get("/K", [])
    if isinstance(kids, pikepdf.Dictionary):
        return [kids]
    if not isinstance(kids, pikepdf.Array):
        return []
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]


def _only_span(element: Any) -> Any:
    kids = tagged_kids_of(element) if element is not None and element.get("/S") == "/Span" else []
    return kids[0] if len(kids) == 1 and kids[0].get("/S") == "/Span" else None


def _marked(element: Any) -> bool:
    return isinstance(element.K[0], int)


def _say(element: Any, text: str) -> None:
    page, number = element.Pg, int(element.K[0])
    written = ("\ufeff" + text).encode("utf-16-be").hex().upper()
    content = page.Contents.read_bytes()
    mark = f"/Span\n<</MCID {number}>>\nBDC".encode()
    said = f"/Span\n<</MCID {number}/ActualText<{written}>>>\nBDC".encode()
    page.Contents.write(content.replace(mark, said, 1))
