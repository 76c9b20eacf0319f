"""Figures and galleries: pictures with their captions and credits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from syndicate.article import Block, Embed, Figure, Gallery, Paragraph, Quote, Table, Text
from syndicate.article.inlines import Content
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.html.elements import images, tables
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.html.tree import element_text
from syndicate.readers.prose import Placed, caption_and_credit, is_blank_prose, trimmed_prose
from syndicate.readers.reader_state import shortened_for_note
from syndicate.readers.vocabulary import CAPTION as SAID
from syndicate.readers.vocabulary import CREDIT_LINE

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
_POINTS_AT = re.compile(
    r"(?:pictured|above|below|left|right|top|bottom|oben|unten|links|rechts|im bild|arriba|abajo"
    r"|izquierda|derecha|ci-dessus|ci-contre|à gauche|à droite|acima|abaixo)\s*"
    r"(?:\([^)]*\)\s*)?[:：]"
    r"|(?:fig(?:ure)?|abb(?:ildung)?|figura|foto|photo|bild)\.?\s*\d+[a-z]?\s*[.:：–—]",
    re.IGNORECASE,
)
LONGEST_CAPTION = 300
"""The most characters in a line under a picture that can be its caption."""
_MEDIA = ["table", "pre", "blockquote", "iframe", "video", "audio", "object", "embed", "ul", "ol"]


def captioned(nodes: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Elements that are figures without the tag: a picture, and a caption by its class."""
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
                words = len(element_text(holder)) - len(element_text(node))
                if words < 120 and len(pictures) == 1:
                    found.add(holder)
                break
    return found


def figure(reader: ElementReader, element: HtmlElement) -> Iterable[Placed]:
    """The blocks in a `figure`: a picture, several, or another block that gets its caption."""
    line = element.sourceline
    inner = [one for one in element.iter("figure") if one is not element]
    captions = _captions(element, inner)
    if inner:
        return _gallery(reader, element, captions)
    if any(True for _ in element.iter(*_MEDIA)) or not any(
        True for _ in element.iter("img", "amp-img", "noscript")
    ):
        return _captioned_block(reader, element, captions)
    shown = list(images.pictures(reader, element))
    content, credit = _caption(reader, element, captions)
    if len(shown) > 1:
        return [(Gallery(figures=tuple(shown), caption=content), line)]
    if shown:
        update = {"caption": content, "credit": credit or shown[0].credit}
        return [(shown[0].model_copy(update=update), line)]
    _without_picture(reader, element, content)
    return []


def figure_with_line_below(shown: Figure | Gallery, content: Content) -> Figure | Gallery | None:
    """`shown`, which has no caption, with the line below it as its caption or credit; None if that
    line is not marked as one ("Above: the sluice", "A pilot boat. (Photo: Ruth Abara)")."""
    text = plain(content).strip()
    if shown.caption or len(text) > LONGEST_CAPTION:
        return None
    if isinstance(shown, Figure) and (only := CREDIT_LINE.fullmatch(text)):
        return shown.model_copy(update={"credit": shown.credit or (only["credit"] or text).strip()})
    if not (_POINTS_AT.match(text) or SAID.fullmatch(text)):
        return None
    caption, credit = caption_and_credit(content)
    if isinstance(shown, Gallery) or credit is None:
        return shown.model_copy(update={"caption": content})
    return shown.model_copy(update={"caption": caption, "credit": credit})


def _without_picture(reader: ElementReader, element: HtmlElement, content: Content) -> None:
    """Note a caption whose picture the page loads by script: it makes no sense on its own."""
    if not is_blank_prose(content):
        text = shortened_for_note(plain(content))
        reader.left_out(f"the caption {text!r}: its picture has no address", element)


def _captions(element: HtmlElement, inner: list[HtmlElement]) -> list[HtmlElement]:
    """The captions of `element` itself, not those of figures inside it."""
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
        if named and element_text(one) and not any(True for _ in one.iter("img", "picture")):
            return [one]
    return []


def _caption(
    reader: ElementReader, element: HtmlElement, captions: list[HtmlElement]
) -> tuple[Content, str | None]:
    """The caption and the credit, which may be inside the caption or next to it."""
    credit: str | None = None
    skip = []
    for one in element.iter():
        name = f"{one.get('class') or ''} {one.get('itemprop') or ''}".strip()
        if name and one is not element and one not in captions and _CREDIT.search(name):
            if one.tag in ("img", "picture") or any(True for _ in one.iter("img", *captions)):
                continue
            text = _CREDIT_WORD.sub("", element_text(one)).strip("()[]| ")
            if text and len(text) <= 200 and not any(a in skip for a in one.iterancestors()):
                credit = credit or text
                skip.append(one)
    if not captions:
        return (), credit
    content = reader.content(captions[0], skip)
    content, said = caption_and_credit(content)
    content = _without_credit_word(content)
    return trimmed_prose(content), credit or said


def _without_credit_word(content: Content) -> Content:
    """`content` without a "Credit:" whose name was removed."""
    bare = re.sub(r"[\s|:：/,–—-]+$", "", plain(content))
    if re.fullmatch(
        r"(?:(?:photo|image|picture|video)?\s*(?:credits?|by|source)|photo|image)?", bare, re.I
    ):
        return ()
    return content


def _captioned_block(
    reader: ElementReader, element: HtmlElement, captions: list[HtmlElement]
) -> list[Placed]:
    content, _ = _caption(reader, element, captions)
    reader.taken.update(captions)
    only = list(element.iter("table"))
    if len(only) == 1:
        return list(tables.table(reader, only[0], content))
    placed = reader.inside(element)
    if not placed:
        _without_picture(reader, element, content)
    if is_blank_prose(content) or not placed:
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


def _gallery(
    reader: ElementReader, element: HtmlElement, captions: list[HtmlElement]
) -> list[Placed]:
    content, _ = _caption(reader, element, captions)
    reader.taken.update(captions)
    shown: list[Figure] = []
    others: list[Placed] = []
    for block, line in reader.inside(element):
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
    elif not is_blank_prose(content):
        made = [Paragraph(content=(Text(text=plain(content)),))]
    return [*((block, element.sourceline) for block in made), *others]
