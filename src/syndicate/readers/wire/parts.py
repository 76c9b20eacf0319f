"""Finds elements in agencies' XML by their local names, as some agencies use prefixes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from syndicate.article.values import one_line

_KEPT = frozenset(
    [
        *("p", "a", "br", "ul", "ol", "li", "table", "caption", "tr", "th", "td", "thead", "tbody"),
        *("q", "pre", "hr", "em", "strong", "b", "i", "sub", "sup", "blockquote", "figure", "img"),
        *("figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "code", "s", "cite"),
    ]
)
_RENAMED = {"hl2": "h2", "bq": "blockquote", "block": "div", "lang": "span", "note": "aside"}
_ATTRIBUTES = ("href", "src", "alt", "title", "colspan", "rowspan", "lang")
_SILENT = frozenset(("script", "style", "head", "media-metadata", "media-producer", "tagline"))


def wire_name_of(element: Any) -> str:
    """The local name of an element, "" for a comment or processing instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def wire_elements_below(element: Any, *names: str) -> Iterator[Any]:
    """The elements with these names below `element`."""
    return (one for one in element.iter() if one is not element and wire_name_of(one) in names)


def first_wire_element(element: Any, *path: str) -> Any:
    """The element at `path`, each step anywhere below the step before; None if there is none."""
    for name in path:
        element = None if element is None else next(wire_elements_below(element, name), None)
    return element


def wire_words(element: Any) -> str:
    """The characters of an element on one line, "" for None."""
    return "" if element is None else one_line(" ".join("".join(element.itertext()).split()))


def wire_markup(element: Any) -> str:
    """The content of `element` as HTML."""
    parts = [escape(element.text or "")]
    for child in element:
        parts += (_element(child), escape(child.tail or ""))
    return "".join(parts)


def _element(child: Any) -> str:
    name = wire_name_of(child)
    if not name or name in _SILENT:
        return ""
    if name == "media":
        return _figure(child)
    tag = _RENAMED.get(name, name if name in _KEPT else "span")
    if name == "em" and "bold" in (child.get("class") or ""):
        tag = "strong"
    given = "".join(
        f' {key}="{escape(child.get(key))}"' for key in _ATTRIBUTES if child.get(key) is not None
    )
    if tag in ("br", "hr", "img"):
        return f"<{tag}{given}>"
    return f"<{tag}{given}>{wire_markup(child)}</{tag}>"


def _figure(media: Any) -> str:
    """NITF's `media` as a figure."""
    reference = first_wire_element(media, "media-reference")
    src = "" if reference is None else reference.get("source") or ""
    if "image" not in (media.get("media-type") or "image") or not src:
        return ""
    alt = escape((reference.get("alternate-text") or "").strip())
    caption = escape(wire_words(first_wire_element(media, "media-caption")))
    credit = escape(wire_words(first_wire_element(media, "media-producer")))
    told = f"{caption} | Credit: {credit}" if credit else caption
    return f'<figure><img src="{escape(src)}" alt="{alt}"><figcaption>{told}</figcaption></figure>'
