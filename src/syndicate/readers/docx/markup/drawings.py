"""Drawings (ECMA-376 part 1, chapters 20 and 21): pictures anywhere, the words of text boxes and
SmartArt, and notes on what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from syndicate.readers.docx.markup.names import (
    DGM,
    MC,
    PIC,
    VML,
    WP,
    A,
    DocxElement,
    R,
    W,
    text_run,
    under,
    unwrapped,
    words,
)
from syndicate.readers.docx.package import DocxPackage
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_BOX = f"{W}txbxContent"
_PLAIN = f"{A}graphic/{A}graphicData/{PIC}pic"
_CHART = "/chart"
"""The ends of the type URIs of charts; those of Office 2016 end in `/chartex`."""


def settle_alternatives(root: DocxElement) -> None:
    """Reduce alternative versions of the same content (ECMA-376 part 3) in `root` to one."""
    for choice in under(root, f"{MC}AlternateContent"):
        if choice.getparent() is not None:
            _choose(choice)


def settle_drawings(root: DocxElement, package: DocxPackage, part: str, state: ReaderState) -> None:
    """Replace the drawings in `root` by plain pictures and, after the paragraph that a drawing is
    anchored to, its words."""
    targets = _targets(package, part)
    for paragraph in under(root, f"{W}p"):
        if next(paragraph.iterancestors(_BOX), None) is not None:
            continue
        after: list[DocxElement] = []
        for drawing in under(paragraph, f"{W}drawing", f"{W}pict"):
            if next(drawing.iterancestors(_BOX), None) is None:
                after += _words_of(drawing, targets, package, state)
        for one in reversed(after):
            paragraph.addnext(one)


def _choose(choice: DocxElement) -> None:
    """Keep the first alternative that has a picture or words; Word's own comes first."""
    ways = [way for way in choice if way.tag in (f"{MC}Choice", f"{MC}Fallback")]
    seen = (f"{PIC}pic", _BOX, f"{VML}imagedata", f"{W}t", f"{A}t")
    best = next((way for way in ways if next(way.iter(*seen), None) is not None), None)
    if best is None:
        best = ways[0] if ways else None
    for way in list(choice):
        if way is not best:
            choice.remove(way)
    if best is not None:
        unwrapped(best)
    unwrapped(choice)


def _words_of(
    drawing: DocxElement, targets: dict[str, str], package: DocxPackage, state: ReaderState
) -> Iterator[DocxElement]:
    """The paragraphs to put after the paragraph with `drawing`, which becomes a plain picture or is
    removed."""
    for box in under(drawing, _BOX):
        if next(box.iterancestors(_BOX), None) is None:
            if text := words(box):
                state.guessed(
                    f"the text box {shortened_for_note(text)!r} belongs after its paragraph"
                )
            yield from list(box)
            box.getparent().remove(box)
    if drawing.tag == f"{W}pict":
        return
    for diagram in drawing.iter(f"{DGM}relIds"):
        points = _points(package.xml(targets.get(diagram.get(f"{R}dm", ""), "")))
        name = _name(drawing)
        if points:
            state.guessed(f"a list, from the words in the SmartArt graphic{name}")
        else:
            state.left_out(f"the SmartArt graphic{name}: paste it into the file as a picture")
        for point in points:
            paragraph = diagram.makeelement(f"{W}p")
            paragraph.append(text_run(f"• {point}"))
            yield paragraph
    pictures = under(drawing, f"{PIC}pic")
    if not pictures and (kind := _kind(drawing)):
        state.left_out(f"the {kind}{_name(drawing)}: paste it into the file as a picture")
    frame = next(iter(drawing), None)
    if pictures and frame is not None and not frame.findall(_PLAIN):
        for picture in pictures:
            drawing.addprevious(_framed(drawing, picture))
        drawing.getparent().remove(drawing)


def _kind(drawing: DocxElement) -> str:
    uri = next((data.get("uri", "") for data in drawing.iter(f"{A}graphicData")), "")
    if uri.endswith((_CHART, "/chartex")):
        return "chart"
    if uri.endswith(("wordprocessingShape", "Group", "Canvas", "/diagram", "/picture")) or not uri:
        return ""
    return "drawing"


def _name(drawing: DocxElement) -> str:
    """The drawing's name for a message, with a space before it; "" if it has none."""
    properties = next(drawing.iter(f"{WP}docPr"), None)
    if properties is None:
        return ""
    called = properties.get("descr") or properties.get("title") or properties.get("name")
    return f" {shortened_for_note(called)!r}" if called and called.strip() else ""


def _framed(drawing: DocxElement, picture: DocxElement) -> DocxElement:
    """`picture`, which was in a group, as a drawing of its own."""
    own = drawing.makeelement(f"{W}drawing")
    frame = own.makeelement(f"{WP}inline")
    own.append(frame)
    called = next(picture.iter(f"{PIC}cNvPr"), None)
    outer = next(drawing.iter(f"{WP}docPr"), None)
    named = called if called is not None and called.get("descr") else outer
    frame.append(frame.makeelement(f"{WP}docPr", {} if named is None else dict(named.attrib)))
    graphic = frame.makeelement(f"{A}graphic")
    frame.append(graphic)
    data = graphic.makeelement(f"{A}graphicData")
    graphic.append(data)
    data.append(deepcopy(picture))
    return own


def _points(model: DocxElement) -> list[str]:
    """The texts in a SmartArt data model, each before the texts below it."""
    if model is None:
        return []
    texts: dict[str, str] = {}
    for point in model.iter(f"{DGM}pt"):
        if point.get("type", "node") in ("node", "asst", "doc"):
            texts[point.get("modelId", "")] = " ".join("".join(point.itertext(f"{A}t")).split())
    links = [one for one in model.iter(f"{DGM}cxn") if one.get("type", "parOf") == "parOf"]
    links.sort(key=lambda one: (len(one.get("srcOrd", "0")), one.get("srcOrd", "0")))
    below: dict[str, list[str]] = {}
    for link in links:
        below.setdefault(link.get("srcId", ""), []).append(link.get("destId", ""))
    inner = {name for names in below.values() for name in names}
    waiting = [name for name in reversed([*below, *texts]) if name not in inner]
    ordered: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name not in ordered:
            ordered[name] = texts.get(name, "")
            waiting += reversed(below.get(name, ()))
    return [text for text in ordered.values() if text]


def _targets(package: DocxPackage, part: str) -> dict[str, str]:
    """The parts that `part` refers to, by the ids of their relations."""
    folder, _, name = part.rpartition("/")
    relations = package.xml(f"{folder}/_rels/{name}.rels")
    targets: dict[str, str] = {}
    for relation in () if relations is None else relations:
        target = str(relation.get("Target", ""))
        inside = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
        targets[str(relation.get("Id"))] = inside
    return targets
