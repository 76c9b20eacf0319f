"""Tags, which screen readers depend on (ISO 14289-1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from syndicate.adapters.pdf.preflight.fault import Fault
from syndicate.adapters.pdf.preflight.scan import ScannedPage
from syndicate.adapters.pdf.tag_fixes import marked_content_of, tagged_elements, tagged_kids_of

_HEADING = re.compile(r"/H([1-6])")


def check_tags(pdf: Any, scanned: list[ScannedPage]) -> Iterator[Fault]:
    """Faults in the structure of the pikepdf document `pdf`; `scanned` are its pages."""
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked", False):
        yield Fault("pdf/untagged", "the file does not say that it is tagged")
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        yield Fault("pdf/untagged", "the file has no structure tree")
        return
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    referred: dict[int, Counter[int]] = {number: Counter() for number in numbers.values()}
    level = 0
    placed: set[tuple[int, int]] = set()
    for element in tagged_elements(root):
        if element.get("/S") in ("/Link", "/Annot", "/Form"):
            placed.update(kid.Obj.objgen for kid in tagged_kids_of(element) if "/Obj" in kid)
        page = element.get("/Pg")
        number = numbers.get(page.objgen) if page is not None else None
        yield from _element(element, number)
        found = _HEADING.fullmatch(str(element.get("/S", "")))
        if found:
            if int(found[1]) > level + 1:
                message = f"a heading of level {found[1]} follows a heading of level {level}"
                yield Fault("pdf/heading-skipped", message, number)
            level = int(found[1])
        for mark, where in marked_content_of(element):
            referred[numbers[where.objgen]][mark] += 1
    for number, (page, seen) in enumerate(zip(pdf.pages, scanned, strict=True), 1):
        yield from _order(seen, referred[number], number)
        for note in page.get("/Annots", []):
            if note.objgen not in placed:
                what = str(note.get("/Subtype", ""))[1:]
                message = f"a {what} is missing from the structure tree"
                yield Fault("pdf/annotation-untagged", message, number)


def _element(element: Any, number: int | None) -> Iterator[Fault]:
    kind = str(element.get("/S", ""))
    if kind in ("/Figure", "/Formula") and not str(element.get("/Alt", "")):
        yield Fault("pdf/no-alt", "a picture has no description", number)
    if kind == "/TH" and "/Scope" not in element.get("/A", {}):
        yield Fault("pdf/table-header", "a table header has no scope", number)
    if kind == "/LI" and any(
        kid.get("/S") not in ("/Lbl", "/LBody") for kid in tagged_kids_of(element)
    ):
        message = "a list item contains something other than label and body"
        yield Fault("pdf/list-item", message, number)
    if kind == "/Note" and not str(element.get("/ID", "")):
        yield Fault("pdf/note-id", "a note has no identifier", number)


def _order(seen: ScannedPage, referred: Counter[int], number: int) -> Iterator[Fault]:
    """Faults in the reading order: all content must be an artifact or be in it exactly once."""
    if seen.unmarked:
        message = f"content is not tagged ({seen.unmarked[0]})"
        yield Fault("pdf/untagged-content", message, number)
    if set(seen.marked) - set(referred):
        message = "tagged content is missing from the structure tree"
        yield Fault("pdf/reading-order", message, number)
    if any(count > 1 for count in referred.values()) or len(seen.marked) > len(set(seen.marked)):
        yield Fault("pdf/reading-order", "content is in the structure tree twice", number)
