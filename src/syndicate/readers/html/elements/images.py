"""Single pictures: their address, size and alternative text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate.article import Figure
from syndicate.article.values import one_line
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.prose import Placed

_PLACEHOLDER = re.compile(
    r"^data:|blank\.(?:gif|png)|spacer|placeholder|1x1|pixel\.|transparent\.|lazy[-_]?load\.|grey\.gif",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"emoji|smiley", re.IGNORECASE)
_SOURCES = (
    "src",
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-url",
    "data-image",
)
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_WIDEST = 2400


def in_text(reader: ElementReader, element: HtmlElement, found: list[Placed]) -> None:
    """A picture without a figure around it: a block of its own, or the character that it shows."""
    image = element if element.tag != "picture" else next(element.iter("img"), None)
    if image is None:
        return
    alt = one_line(image.get("alt") or "")
    if _EMOJI.search(image.get("class") or "") and len(alt) <= 12:
        reader.run.text(alt)
    elif made := _picture(reader, image):
        found.append((made, element.sourceline))


def noscript(reader: ElementReader, element: HtmlElement, found: list[Placed]) -> None:
    """The fallback for a lazily loaded picture, if that picture has no address."""
    images = list(element.iter("img"))
    before = element.getprevious()
    if len(images) != 1 or (before is not None and before.tag == "img" and _address(before)):
        return
    in_text(reader, images[0], found)


def words_for(element: HtmlElement) -> str:
    """The words that replace a picture where pictures are impossible: in a cell or a caption."""
    return one_line(element.get("alt") or "")


def pictures(reader: ElementReader, element: HtmlElement) -> Iterator[Figure]:
    """The pictures in `element`, each once."""
    seen: set[str] = set()
    images = [image for image in element.iter("img", "amp-img") if _address(image)]
    for image in images:
        if any(a.tag == "noscript" for a in image.iterancestors()) and len(images) > 1:
            continue
        made = _picture(reader, image)
        if made and made.src not in seen:
            seen.add(made.src)
            yield made


def _picture(reader: ElementReader, image: HtmlElement) -> Figure | None:
    src = _address(image)
    if not src:
        reader.left_out("a picture without an address", image)
        return None
    width, height = _pixels(image.get("width")), _pixels(image.get("height"))
    if (width and width <= 2) or (height and height <= 2):
        reader.left_out("a tracking picture", image)
        return None
    resolved = reader.picture(src, image)
    if resolved is None or urlsplit(resolved).scheme in ("mailto", "tel"):
        return None
    alt = image.get("alt")
    same = src == (image.get("src") or "").strip()
    return Figure(
        src=resolved,
        alt=None if alt is None else one_line(alt),
        width=width if same and height else None,
        height=height if same and width else None,
    )


def _address(image: HtmlElement) -> str:
    """The address of the picture itself, not of its placeholder."""
    plain_src = ""
    for name in _SOURCES:
        value = (image.get(name) or "").strip()
        if value and not _PLACEHOLDER.search(value[:300]):
            plain_src = value
            break
    sets = [image.get(name) for name in _SETS]
    parent = image.getparent()
    if parent is not None and parent.tag == "picture":
        sets += [source.get(name) for source in parent.iter("source") for name in _SETS[:2]]
    if not plain_src:
        return max((one for value in sets if value for one in _set(value)), default=(0, ""))[1]
    return plain_src


def _set(value: str) -> Iterator[tuple[int, str]]:
    """Widths in pixels and addresses in a `srcset`, without those wider than print needs."""
    for part in re.split(r",\s+|,(?=https?:)", value[:20_000]):
        address, _, size = part.strip().partition(" ")
        found = re.fullmatch(r"(\d{1,5})w", size.strip())
        width = int(found[1]) if found else 1
        if address and not address.startswith("data:"):
            yield (width if width <= _WIDEST else 0), address


def _pixels(value: str | None) -> int | None:
    text = (value or "").strip().removesuffix("px")
    return int(text) if re.fullmatch(r"[1-9]\d{0,4}", text) else None
