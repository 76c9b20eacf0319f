"""Footnotes: a marker that links to a note, and a note that links back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from syndicate.article import Footnote
from syndicate.readers.html.elements.context import ElementReader, FootnoteMarks
from syndicate.readers.html.tree import element_text

_MARKER = re.compile(r"[\[(]?\s*(?:note\s)?(\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§]{1,3})\s*[\])]?", re.I)
_BACK = re.compile(
    r"[\s\d\[\]().,:^*†‡§↑↩⏎↵\ufe0e\ufe0fa-z]{0,8}|back.{0,20}|jump (?:up|back).{0,20}", re.I
)
_NOTE = re.compile(r"foot-?note|end-?note|(?:^|[\s_-])(?:fn|ftn|edn|cite_note|note)[\d_-]", re.I)
_HOLDERS = frozenset(("li", "p", "div", "aside", "dd", "section"))


def footnote_marks(nodes: Iterable[HtmlElement]) -> FootnoteMarks:
    """The footnotes among `nodes`, and the markers that link to them."""
    nodes = list(nodes)
    links = [n for n in nodes if n.tag == "a" and (n.get("href") or "").startswith("#")]
    found = FootnoteMarks()
    if not links:
        return found
    place = {name: number for number, node in enumerate(nodes) if (name := _name(node))}
    order = {node: number for number, node in enumerate(nodes)}
    sources: dict[int, list[HtmlElement]] = {}
    for link in links:
        target = place.get(link.get("href", "")[1:])
        marker = _MARKER.fullmatch(element_text(link))
        if target is None or marker is None or target < order[link]:
            continue
        if marker[1].isdigit() and _raised(link):
            if target not in sources:
                sources[target] = _sources(nodes[target])
            if 0 < (number := int(marker[1])) <= len(sources[target]):
                found.references[link] = marker[1]
                found.notes.setdefault(sources[target][number - 1], marker[1])
                continue
        note = _holder(nodes[target])
        if note is None or len(element_text(note)) <= len(marker[0]) + 2:
            continue
        back = [a for a in note.iter("a") if _leads_back(a, place, order[link])]
        if back or _NOTE.search(f"{nodes[target].get('id')} {note.get('class') or ''}"):
            found.references[link] = marker[1]
            found.notes.setdefault(note, marker[1])
            found.back.update(back)
    return found


def footnote(reader: ElementReader, element: HtmlElement) -> Footnote | None:
    """The footnote in `element`, without its marker and the link back; None if it is empty."""
    label = reader.marks.notes.pop(element)
    for link in reader.marks.back:
        if _BACK.fullmatch(element_text(link)):
            reader.taken.add(link)
    first = next((e for e in element.iter("sup", "span") if e.text), None)
    if first is not None and element_text(first).strip("[]().") == label:
        reader.taken.add(first)
    blocks = reader.blocks(element)
    return Footnote(label=label, blocks=blocks) if blocks else None


def _name(node: HtmlElement) -> str | None:
    return node.get("id") or (node.get("name") if node.tag == "a" else None)


def _holder(node: HtmlElement) -> HtmlElement | None:
    """The list item or paragraph of a marker's target: the target itself, or the element that
    begins with it."""
    for candidate in (node, *node.iterancestors()):
        if candidate.tag in _HOLDERS:
            return candidate
        if candidate.tag not in ("a", "span", "sup", "small", "cite"):
            return None
    return None


def _sources(target: HtmlElement) -> list[HtmlElement]:
    """The items of the numbered list of sources that `target` is, contains or is the heading of."""
    if target.tag not in ("li", "p", "a", "span", "sup"):
        for place in (target, *target.itersiblings()):
            if isinstance(place.tag, str) and (listed := next(place.iter("ol"), None)) is not None:
                return list(listed.findall("li"))
    return []


def _raised(link: HtmlElement) -> bool:
    return any(around.tag == "sup" for around in link.iterancestors()) or (
        next(link.iter("sup"), None) is not None
    )


def _leads_back(link: HtmlElement, place: dict[str, int], reference: int) -> bool:
    target = place.get((link.get("href") or "#")[1:])
    return target is not None and abs(target - reference) <= 3
