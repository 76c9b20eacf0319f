"""Quotes, pull quotes, callouts, questions and answers: boxes with their own HTML tag or class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from syndicate.article import (
    FAQ,
    Callout,
    LineBreak,
    List,
    Paragraph,
    PullQuote,
    QuestionAnswer,
    Quote,
    Strong,
    Text,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import passages, plain
from syndicate.article.values import one_line
from syndicate.readers.html.elements import embeds
from syndicate.readers.html.elements.context import ElementReader
from syndicate.readers.html.tree import element_text
from syndicate.readers.prose import (
    Placed,
    is_blank_prose,
    name_after_dash,
    prose_without_start,
    sole_link,
)
from syndicate.readers.vocabulary import CALLOUTS, KINDS, QUESTION_MARKS, Kind

_PULL = re.compile(r"pull[-_]?quote|quote[-_]?pull", re.IGNORECASE)
_BOX = re.compile(
    r"(?:^|\s)(?:admonition|callout|wp-block-callout|info-?box|fact-?box|tip-?box|note-?box"
    r"|alert|notice|markdown-alert|kg-callout-card|highlight-?box)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_BOX_TITLE = re.compile(r"title|heading|label|header", re.IGNORECASE)
_CITE = re.compile(
    r"(?:^|[\s_-])(?:cite|citation|attribution|author|source|name)(?:[\s_-]|$)", re.I
)


def quote(reader: ElementReader, element: HtmlElement) -> Iterable[Placed]:
    """A `blockquote`: a post, a pull quote, or a quote with its attribution."""
    line = element.sourceline
    if shown := embeds.post(reader, element):
        return [(shown, line)]
    cite = _cite(reader, element)
    blocks = reader.blocks(element)
    if not cite:
        blocks, cite = _after_dash(blocks)
    if not blocks:
        return [(Paragraph(content=cite), line)] if cite else []
    if not cite and (made := _labelled(element, blocks, [])):
        return [(made, line)]
    if _is_pull(element):
        return [(PullQuote(content=_content(blocks), cite=cite), line)]
    link = sole_link(cite)
    url = link.url if link else reader.address(element.get("cite"), element)
    return [(Quote(blocks=blocks, cite=link.content if link else cite, url=url), line)]


def details(reader: ElementReader, element: HtmlElement) -> Iterable[Placed]:
    """A `details`: a question with its answer, or a bold summary with text below it."""
    summary = next(element.iter("summary"), None)
    if summary is None:
        return reader.inside(element)
    asked = reader.content(summary)
    reader.taken.add(summary)
    inside = reader.inside(element)
    answer = tuple(block for block, _ in inside)
    if is_blank_prose(asked):
        return inside
    if plain(asked).rstrip().endswith(QUESTION_MARKS) and answer:
        pair = QuestionAnswer(question=asked, answer=answer)
        return [(FAQ(pairs=(pair,)), element.sourceline)]
    return [(Paragraph(content=(Strong(content=asked),)), element.sourceline), *inside]


def box(reader: ElementReader, element: HtmlElement) -> list[Placed] | None:
    """The box that a `div`, `aside` or `section` is by its class or type; None if it is plain."""
    kind = element.get("itemtype") or ""
    if kind.endswith("schema.org/Question"):
        return _question(reader, element)
    name = element.get("class")
    if not name or element.tag in ("body", "main", "article"):
        return None
    if (
        _is_pull(element)
        and len(element_text(element)) < 600
        and not any(True for _ in element.iter("blockquote", "h2", "h3"))
    ):
        return list(quote(reader, element))
    if _BOX.search(name):
        return _callout(reader, element, name)
    return None


def _question(reader: ElementReader, element: HtmlElement) -> list[Placed] | None:
    named = [e for e in element.iter() if e is not element and e.get("itemprop") == "name"]
    answers = [e for e in element.iter() if e.get("itemprop") == "text"]
    if not named or not answers:
        return None
    pair = QuestionAnswer(question=reader.content(named[0]), answer=reader.blocks(answers[0]))
    return [(FAQ(pairs=(pair,)), element.sourceline)] if pair.question and pair.answer else None


def _callout(reader: ElementReader, element: HtmlElement, name: str) -> list[Placed] | None:
    """A callout, if it has a title of its own or a label before its text; else None."""
    kinds = [KINDS[word] for word in re.split(r"[\s_-]+", name.lower()) if word in KINDS]
    title = next(_titles(element), None)
    if title is not None:
        label = one_line(plain(reader.content(title)))
        reader.taken.add(title)
        blocks = reader.blocks(element)
        if label and blocks:
            return [(_made(kinds, label, blocks), element.sourceline)]
        reader.taken.discard(title)
        return None
    made = _labelled(element, reader.blocks(element), kinds)
    return [(made, element.sourceline)] if made else None


def _labelled(element: HtmlElement, blocks: Blocks, kinds: list[Kind]) -> Callout | None:
    """`blocks`, the content of `element`, as a callout if their first words are a label."""
    text = element_text(element)
    for _, pattern in CALLOUTS:
        found = pattern.fullmatch(text)
        if not found or not (found["mark"] or found["label"].endswith(QUESTION_MARKS)):
            continue
        if rest := _without_label(blocks, found["label"] + found["mark"]):
            return _made(kinds, found["label"], rest)
    return None


def _made(kinds: list[Kind], label: str, blocks: Blocks) -> Callout:
    said = [kind for kind, pattern in CALLOUTS if pattern.fullmatch(label)]
    return Callout(kind=[*said, *kinds, "note"][0], label=label, blocks=blocks)


def _titles(element: HtmlElement) -> Iterator[HtmlElement]:
    for inner in element.iter():
        if inner is element or not isinstance(inner.tag, str):
            continue
        if re.fullmatch("h[1-6]", inner.tag) or (
            _BOX_TITLE.search(inner.get("class") or "") and len(element_text(inner)) < 80
        ):
            yield inner
        if inner.tag == "p":
            return


def _without_label(blocks: Blocks, label: str) -> Blocks:
    if not blocks or not isinstance(first := blocks[0], Paragraph):
        return ()
    start = re.compile(r"\s*".join(map(re.escape, label.split())) + r"\s*")
    rest = prose_without_start(first.content, start)
    if rest is None:
        return ()
    rest = rest[1:] if rest and isinstance(rest[0], LineBreak) else rest
    return (Paragraph(content=rest), *blocks[1:]) if rest else blocks[1:]


def _is_pull(element: HtmlElement) -> bool:
    parent = element.getparent()
    around = parent.get("class") or "" if parent is not None and parent.tag == "figure" else ""
    return bool(_PULL.search(f"{element.get('class') or ''} {around}"))


def _cite(reader: ElementReader, element: HtmlElement) -> Content:
    """The attribution at the end of a quote, removed from the quote."""
    last: HtmlElement | None = None
    for inner in element.iter():
        if inner is element or not isinstance(inner.tag, str):
            continue
        by_tag = inner.tag in ("footer", "cite", "figcaption")
        by_class = inner.get("class") and _CITE.search(inner.get("class") or "")
        if (by_tag or by_class) and not _text_after(inner, element):
            last = inner
            break
    if last is None or element_text(last) == element_text(element):
        return ()
    content = reader.content(last)
    reader.taken.add(last)
    return name_after_dash(content) or content


def _text_after(inner: HtmlElement, element: HtmlElement) -> bool:
    node = inner
    while node is not element:
        if (node.tail or "").strip() or any(element_text(one) for one in node.itersiblings()):
            return True
        parent = node.getparent()
        if parent is None:
            return False
        node = parent
    return False


def _after_dash(blocks: Blocks) -> tuple[Blocks, Content]:
    """`blocks`, and the name after a dash in a last line of its own."""
    if not blocks or not isinstance(last := blocks[-1], Paragraph):
        return blocks, ()
    breaks = [n for n, inline in enumerate(last.content) if isinstance(inline, LineBreak)]
    before, line = (
        (last.content[: breaks[-1]], last.content[breaks[-1] + 1 :])
        if breaks
        else ((), last.content)
    )
    cite = name_after_dash(line)
    if cite is None or len(plain(cite)) > 120 or not (before or len(blocks) > 1):
        return blocks, ()
    return (*blocks[:-1], *((Paragraph(content=before),) if before else ())), cite


def _content(blocks: Blocks) -> Content:
    """The words of `blocks` as inlines, with line breaks between the blocks."""
    parts: list[Inline] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            words: Content = block.content
        elif isinstance(block, List):
            words = (Text(text=" · ".join(passages((block,)))),)
        else:
            words = tuple(Text(text=text) for text in passages((block,)))
        if parts and words:
            parts.append(LineBreak())
        parts.extend(words)
    return tuple(parts)
