"""Pictures with what belongs to them: caption, credit, size; lone pictures and galleries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndicate.article import Block, Embed, Figure, Gallery, Paragraph, Quote, Table, Text
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.copy import shortened
from syndicate.readers.html.tree import words_of
from syndicate.readers.prose import is_blank, trimmed, with_credit
from syndicate.readers.vocabulary import CAPTION as SAID
from syndicate.readers.vocabulary import CREDIT_LINE

if TYPE_CHECKING:
    from syndicate.readers.html.blocks import Body
    from syndicate.readers.prose import Placed

CAPTION = re.compile(
    r"(?:^|[\s_-])(?:fig-?)?(?:caption|legend|cutline|image-?description|photo-?description)"
    r"(?:[\s_-]|text|$)|caption(?:text|-text|__|$)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:credits?|byline|copyright|photographer|image-?source|photo-?source|attribution"
    r"|courtesy|photo-?by|rights)(?:[\s_-]|text|$)|(?:image|photo|picture|media)-?_?credit",
    re.IGNORECASE,
)
_CREDIT_WORD = re.compile(
    r"^(?:(?:photo(?:graph)?|image|picture|illustration|foto|bild|video)?\s*"
    r"(?:credits?|source|quelle|crédit|crédito)|photo(?:graph)?|image|foto|bild)\s*(?:by)?\s*[:：]\s*",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"^data:|blank\.(?:gif|png)|spacer|placeholder|1x1|pixel\.|transparent\.|lazy[-_]?load\.|grey\.gif",
    re.IGNORECASE,
)
_POINTS_AT = re.compile(
    r"(?:pictured|above|below|left|right|top|bottom|oben|unten|links|rechts|im bild|arriba|abajo"
    r"|izquierda|derecha|ci-dessus|ci-contre|à gauche|à droite|acima|abaixo)\s*"
    r"(?:\([^)]*\)\s*)?[:：]"
    r"|(?:fig(?:ure)?|abb(?:ildung)?|figura|foto|photo|bild)\.?\s*\d+[a-z]?\s*[.:：–—]",
    re.IGNORECASE,
)
LONGEST_CAPTION = 300
"""Characters of a line under a picture that may be its caption."""
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
_MEDIA = ["table", "pre", "blockquote", "iframe", "video", "audio", "object", "embed", "ul", "ol"]


def captioned(nodes: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Elements that are figures in all but name: a picture and a caption by its class."""
    found = set()
    for node in nodes:
        name = node.get("class")
        if not name or not CAPTION.search(name) or node.tag in ("figcaption", "caption", "img"):
            continue
        holder = node
        for _ in range(3):
            parent = holder.getparent()
            if parent is None or parent.tag in ("body", "article", "main", "figure", "td"):
                break
            holder = parent
            pictures = [image for image in holder.iter("img") if node not in image.iterancestors()]
            if pictures:
                words = len(words_of(holder)) - len(words_of(node))
                if words < 120 and len(pictures) == 1:
                    found.add(holder)
                break
    return found


def figure(body: Body, element: HtmlElement) -> Iterable[Placed]:
    """What a `figure` holds: a picture, several, or another block that its caption is given to."""
    line = element.sourceline
    inner = [one for one in element.iter("figure") if one is not element]
    captions = _captions(element, inner)
    if inner:
        return _gallery(body, element, captions)
    if any(True for _ in element.iter(*_MEDIA)) or not any(
        True for _ in element.iter("img", "amp-img", "noscript")
    ):
        return _captioned_block(body, element, captions)
    shown = list(_pictures(body, element))
    content, credit = _caption(body, element, captions)
    if len(shown) > 1:
        return [(Gallery(figures=tuple(shown), caption=content), line)]
    if shown:
        update = {"caption": content, "credit": credit or shown[0].credit}
        return [(shown[0].model_copy(update=update), line)]
    _without_picture(body, element, content)
    return []


def with_line_below(shown: Figure | Gallery, content: Content) -> Figure | Gallery | None:
    """`shown`, which has no caption, with the line below it as its caption or credit; None if the
    line does not say that it is one ("Above: the sluice", "A pilot boat. (Photo: Ruth Abara)")."""
    text = plain(content).strip()
    if shown.caption or len(text) > LONGEST_CAPTION:
        return None
    if isinstance(shown, Figure) and (only := CREDIT_LINE.fullmatch(text)):
        return shown.model_copy(update={"credit": shown.credit or (only["credit"] or text).strip()})
    if not (_POINTS_AT.match(text) or SAID.fullmatch(text)):
        return None
    caption, credit = with_credit(content)
    if isinstance(shown, Gallery) or credit is None:
        return shown.model_copy(update={"caption": content})
    return shown.model_copy(update={"caption": caption, "credit": credit})


def _without_picture(body: Body, element: HtmlElement, content: Content) -> None:
    """Account for a caption whose picture the page fetches by script: it says nothing alone."""
    if not is_blank(content):
        text = shortened(plain(content))
        body.left_out(f"the caption {text!r}, whose picture has no address", element)


def in_text(body: Body, element: HtmlElement, found: list[Placed]) -> None:
    """A picture without a figure around it: a block of its own, or a character that it draws."""
    image = element if element.tag != "picture" else next(element.iter("img"), None)
    if image is None:
        return
    alt = one_line(image.get("alt") or "")
    if _EMOJI.search(image.get("class") or "") and len(alt) <= 12:
        body.run.text(alt)
    elif made := _picture(body, image):
        found.append((made, element.sourceline))


def noscript(body: Body, element: HtmlElement, found: list[Placed]) -> None:
    """A picture that stands in for a lazy one, where the lazy one has no address."""
    images = list(element.iter("img"))
    before = element.getprevious()
    if len(images) != 1 or (before is not None and before.tag == "img" and _address(before)):
        return
    in_text(body, images[0], found)


def words_for(element: HtmlElement) -> str:
    """The words that stand for a picture where none can be: in a cell, in a caption."""
    return one_line(element.get("alt") or "")


def _pictures(body: Body, element: HtmlElement) -> Iterator[Figure]:
    seen: set[str] = set()
    images = [image for image in element.iter("img", "amp-img") if _address(image)]
    for image in images:
        if any(a.tag == "noscript" for a in image.iterancestors()) and len(images) > 1:
            continue
        made = _picture(body, image)
        if made and made.src not in seen:
            seen.add(made.src)
            yield made


def _picture(body: Body, image: HtmlElement) -> Figure | None:
    src = _address(image)
    if not src:
        body.left_out("a picture without an address", image)
        return None
    width, height = _pixels(image.get("width")), _pixels(image.get("height"))
    if (width and width <= 2) or (height and height <= 2):
        body.left_out("a tracking picture", image)
        return None
    resolved = body.picture(src, image)
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
    """The address of the picture itself, not of what stands there until it is loaded."""
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
    """Widths in pixels and addresses of a `srcset`, none wider than print needs."""
    for part in re.split(r",\s+|,(?=https?:)", value[:20_000]):
        address, _, size = part.strip().partition(" ")
        found = re.fullmatch(r"(\d{1,5})w", size.strip())
        width = int(found[1]) if found else 1
        if address and not address.startswith("data:"):
            yield (width if width <= _WIDEST else 0), address


def _captions(element: HtmlElement, inner: list[HtmlElement]) -> list[HtmlElement]:
    """The captions of `element` itself, not of figures in it."""
    found = [
        one
        for one in element.iter("figcaption")
        if not any(ancestor in inner for ancestor in one.iterancestors("figure"))
    ]
    if found:
        return found
    for one in element.iter():
        name = one.get("class")
        named = name and one is not element and CAPTION.search(name)
        if named and words_of(one) and not any(True for _ in one.iter("img", "picture")):
            return [one]
    return []


def _caption(
    body: Body, element: HtmlElement, captions: list[HtmlElement]
) -> tuple[Content, str | None]:
    """The caption and the credit, which may stand in it or beside it."""
    credit: str | None = None
    skip = []
    for one in element.iter():
        name = f"{one.get('class') or ''} {one.get('itemprop') or ''}".strip()
        if name and one is not element and one not in captions and _CREDIT.search(name):
            if one.tag in ("img", "picture") or any(True for _ in one.iter("img", *captions)):
                continue
            text = _CREDIT_WORD.sub("", words_of(one)).strip("()[]| ")
            if text and len(text) <= 200 and not any(a in skip for a in one.iterancestors()):
                credit = credit or text
                skip.append(one)
    if not captions:
        return (), credit
    content = body.content(captions[0], skip)
    content, said = with_credit(content)
    content = _without_credit_word(content)
    return trimmed(content), credit or said


def _without_credit_word(content: Content) -> Content:
    """`content` without the "Credit:" whose name was taken out."""
    bare = re.sub(r"[\s|:：/,–—-]+$", "", plain(content))
    if re.fullmatch(
        r"(?:(?:photo|image|picture|video)?\s*(?:credits?|by|source)|photo|image)?", bare, re.I
    ):
        return ()
    return content


def _captioned_block(body: Body, element: HtmlElement, captions: list[HtmlElement]) -> list[Placed]:
    from syndicate.readers.html import tables

    content, _ = _caption(body, element, captions)
    body.taken.update(captions)
    only = list(element.iter("table"))
    if len(only) == 1:
        return list(tables.table(body, only[0], content))
    placed = body.inside(element)
    if not placed:
        _without_picture(body, element, content)
    if is_blank(content) or not placed:
        return placed
    if len(placed) == 1:
        block, line = placed[0]
        if isinstance(block, Quote) and not block.cite:
            return [(block.model_copy(update={"cite": content}), line)]
        if isinstance(block, Table) and not block.caption:
            return [(block.model_copy(update={"caption": content}), line)]
        if isinstance(block, Embed):
            return [(block.model_copy(update={"text": one_line(plain(content))}), line)]
    return [*placed, (Paragraph(content=content), captions[0].sourceline)]


def _gallery(body: Body, element: HtmlElement, captions: list[HtmlElement]) -> list[Placed]:
    content, _ = _caption(body, element, captions)
    body.taken.update(captions)
    shown: list[Figure] = []
    others: list[Placed] = []
    for block, line in body.inside(element):
        if isinstance(block, Figure):
            shown.append(block)
        elif isinstance(block, Gallery):
            shown.extend(block.figures)
        else:
            others.append((block, line))
    made: list[Block] = []
    if len(shown) > 1:
        made = [Gallery(figures=tuple(shown), caption=content)]
    elif shown:
        made = [shown[0].model_copy(update={"caption": shown[0].caption or content})]
    elif not is_blank(content):
        made = [Paragraph(content=(Text(text=plain(content)),))]
    return [*((block, element.sourceline) for block in made), *others]


def _pixels(value: str | None) -> int | None:
    text = (value or "").strip().removesuffix("px")
    return int(text) if re.fullmatch(r"[1-9]\d{0,4}", text) else None
