"""Web pages that Google Docs exports: their styles, links, lists and comments as plain HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from lxml import html
from lxml.html import HtmlElement

from syndicate.readers.html.tree import element_text
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_RULE = re.compile(r"\.(?P<name>[\w-]+)\s*\{(?P<style>[^{}]*)\}")
_EFFECTS = (
    ("strong", re.compile(r"font-weight:\s*(?:bold|[6-9]00)")),
    ("em", re.compile(r"font-style:\s*italic")),
    ("s", re.compile(r"text-decoration:[^;]*line-through")),
    ("sup", re.compile(r"vertical-align:\s*super")),
    ("sub", re.compile(r"vertical-align:\s*sub\b")),
)
_LIST = re.compile(r"lst-kix_(?P<id>[\w.]+)-(?P<level>\d)\b")
_CREDITED = re.compile(r"\b(?:photo|foto|picture|image|credit|bild|crédit|fotografía)\s*:", re.I)


def is_google_doc(root: HtmlElement) -> bool:
    """Whether the page was exported by Google Docs."""
    style = " ".join(str(one.text or "") for one in root.iter("style"))
    listed = any(_LIST.search(one.get("class") or "") for one in root.iter("ul", "ol"))
    body = (root.body.get("class") or "").split()
    return "doc-content" in body or (
        ("themes.googleusercontent.com" in style or listed) and bool(_RULE.search(style))
    )


def settle_google_doc(root: HtmlElement, state: ReaderState) -> str | None:
    """Turn the page into plain HTML: elements instead of classes, links without Google's redirect,
    nested lists, no comments. Returns the document's subtitle, if it has one."""
    body = root.body
    _take_out_comments(body, state)
    _apply_styles(root)
    for link in body.iter("a"):
        link.set("href", _straight(link.get("href") or ""))
    _nest_lists(body)
    for table in body.iter("table"):
        _mark_header(table)
    _gather_captions(body)
    subtitle = None
    for paragraph in list(body.iter("p")):
        kind = (paragraph.get("class") or "").split()
        if "title" in kind:
            paragraph.tag = "h1"
        elif "subtitle" in kind and subtitle is None:
            subtitle = element_text(paragraph) or None
            paragraph.drop_tree()
    return subtitle


def _take_out_comments(body: HtmlElement, state: ReaderState) -> None:
    for mark in [a for a in body.iter("a") if (a.get("id") or "").startswith("cmnt_ref")]:
        raised = mark.getparent()
        (raised if raised is not None and raised.tag == "sup" else mark).drop_tree()
    for anchor in [a for a in body.iter("a") if re.fullmatch(r"cmnt\d+", a.get("id") or "")]:
        holder = next((one for one in anchor.iterancestors("div")), anchor.getparent())
        if holder is None or holder is body:
            continue
        said = (
            " ".join(map(element_text, holder.iter("p"))).removeprefix(element_text(anchor)).strip()
        )
        state.left_out(f"the comment {shortened_for_note(said)!r}", anchor.sourceline)
        holder.drop_tree()

    for rule in [*body.iter("hr")]:
        after = [one for one in rule.itersiblings() if isinstance(one.tag, str)]
        if all(one.tag == "div" and one.find(".//a[@id]") is not None for one in after):
            rule.drop_tree()


def _apply_styles(root: HtmlElement) -> None:
    rules = "".join(str(one.text or "") for one in root.iter("style"))
    looks = {found["name"]: found["style"] for found in _RULE.finditer(rules)}
    for span in list(root.body.iter("span")):
        names = (span.get("class") or "").split()
        style = ";".join([*(looks.get(name, "") for name in names), span.get("style") or ""])
        inside = {one.tag for one in span.iterancestors()}
        if inside & {"h1", "h2", "h3", "h4", "h5", "h6"} or span.find(".//img") is not None:
            continue
        for tag, look in _EFFECTS:
            if look.search(style) and tag not in inside:
                _wrap(span, tag)


def _wrap(span: HtmlElement, tag: str) -> None:
    """Put the content of `span` into a new element inside it."""
    inner = html.Element(tag)
    inner.text, span.text = span.text, None
    for child in list(span):
        inner.append(child)
    span.append(inner)


def _straight(href: str) -> str:
    """The address that a link through Google's redirect leads to."""
    parts = urlsplit(href)
    if parts.hostname in ("www.google.com", "google.com") and parts.path == "/url":
        asked = parse_qs(parts.query)
        return (asked.get("q") or asked.get("url") or [href])[0]
    return href


def _nest_lists(body: HtmlElement) -> None:
    """Nest lists: Google writes a list of a deeper level after the list that it belongs in, and
    each piece of a list as a list of its own."""
    open_lists: list[HtmlElement] = []
    name, before = "", None
    for one in [*body.iter("ul", "ol")]:
        found = _LIST.search(one.get("class") or "")
        if not found:
            open_lists = []
            continue
        level = int(found["level"])
        if before is None or one.getprevious() is not before or found["id"] != name:
            open_lists = []
        name = found["id"]
        del open_lists[level + 1 :]
        if len(open_lists) == level + 1 and open_lists[level].tag == one.tag:
            open_lists[level].extend(list(one))
            one.drop_tree()
            continue
        if open_lists and level:
            above = open_lists[min(level, len(open_lists)) - 1]
            items = above.findall("li")
            if items:
                del open_lists[level:]
                items[-1].append(one)
                open_lists.append(one)
                continue
        open_lists, before = [one], one


def _mark_header(table: HtmlElement) -> None:
    """Mark the first row of a table as its header if all of it is bold."""
    rows = list(table.iter("tr"))
    cells = list(rows[0].iter("td")) if len(rows) > 1 else []
    told = [cell for cell in cells if element_text(cell)]
    if told and all(
        sum(len(element_text(one)) for one in cell.iter("strong"))
        >= len(element_text(cell).strip())
        for cell in told
    ):
        for cell in cells:
            cell.tag = "th"
            for bold in list(cell.iter("strong")):
                bold.drop_tag()


def _gather_captions(body: HtmlElement) -> None:
    for paragraph in list(_pictured(body)):
        caption = paragraph.getnext()
        if caption is None or caption.tag != "p" or not (text := element_text(caption)):
            continue
        italic = sum(len(element_text(one)) for one in caption.iter("em")) >= len(text)
        if len(text) < 300 and (italic or _CREDITED.search(text)):
            paragraph.tag, caption.tag = "figure", "figcaption"
            for em in list(caption.iter("em")) if italic else ():
                em.drop_tag()
            paragraph.append(caption)


def _pictured(body: HtmlElement) -> Iterator[HtmlElement]:
    """The paragraphs that contain only a picture."""
    for paragraph in body.iter("p"):
        if paragraph.find(".//img") is not None and not element_text(paragraph):
            yield paragraph
