"""Running text, for all readers: links, markers, credits, questions and answers."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from syndicate.article import (
    FAQ,
    Block,
    CallToAction,
    Embed,
    Emphasis,
    Heading,
    LineBreak,
    Link,
    Paragraph,
    QuestionAnswer,
    Strong,
    Text,
)
from syndicate.article.inlines import Content, Inline
from syndicate.article.text import plain
from syndicate.article.values import safe_url
from syndicate.readers.vocabulary import CREDIT, PROVIDERS

_URL = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "[", "}": "{"}
DIVIDER = re.compile(r"(?:[*_~=–—#•-]\s*){3,}|[⁂❦]")
"""A line of signs that separates the text above it from the text below."""
_ATTRIBUTION = re.compile(r"\s*(?:[—–―]|--)\s*")


def with_urls_linked(text: str) -> Content:
    """`text` with its http(s) URLs as links, without the punctuation that ends a sentence."""
    if "://" not in text:
        return (Text(text=text),) if text else ()
    parts: list[Inline] = []
    end = 0
    for found in _URL.finditer(text):
        url = _bare(found[0])
        try:
            safe = safe_url(url)
            host = urlsplit(safe).hostname
        except ValueError:
            continue
        if not host:
            continue
        if found.start() > end:
            parts.append(Text(text=text[end : found.start()]))
        parts.append(Link(url=safe, content=(Text(text=url),)))
        end = found.start() + len(url)
    if end < len(text):
        parts.append(Text(text=text[end:]))
    return tuple(parts)


def _bare(url: str) -> str:
    while url and (url[-1] in ".,;:!?'’*_" or _unopened(url)):
        url = url[:-1]
    return url


def _unopened(url: str) -> bool:
    opener = _CLOSERS.get(url[-1])
    return opener is not None and url.count(url[-1]) > url.count(opener)


_UNSEEN = f"{string.whitespace}\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""White space, and characters that only control how others are joined or in which direction."""


def is_blank_prose(content: Content) -> bool:
    """Whether `content` has nothing visible."""
    text = plain(content)
    return not text.strip() or not text.strip(_UNSEEN)


def trimmed_prose(content: Content) -> Content:
    """`content` without white space and line breaks at either end."""
    parts = list(content)
    while parts and (isinstance(parts[0], LineBreak) or _is_space(parts[0])):
        parts.pop(0)
    while parts and (isinstance(parts[-1], LineBreak) or _is_space(parts[-1])):
        parts.pop()
    if parts and isinstance(first := parts[0], Text):
        parts[0] = Text(text=first.text.lstrip())
    if parts and isinstance(last := parts[-1], Text):
        parts[-1] = Text(text=last.text.rstrip())
    return tuple(parts)


def _is_space(inline: Inline) -> bool:
    return isinstance(inline, Text) and not inline.text.strip()


def prose_without_start(content: Content, start: re.Pattern[str]) -> Content | None:
    """`content` without the marker that `start` matches at its beginning, None if there is none.
    The marker may be emphasised; if all of `content` is, the emphasis is removed too."""
    content = trimmed_prose(content)
    if not content:
        return None
    first, rest = content[0], content[1:]
    if isinstance(first, Text):
        found = start.match(first.text)
        if not found:
            return None
        return trimmed_prose((Text(text=first.text[found.end() :]), *rest))
    if isinstance(first, Strong | Emphasis):
        inner = prose_without_start(first.content, start)
        if inner is None:
            # "**Q:** text": the bold words are the marker without the space after it.
            marker = start.match(plain(first.content) + " ")
            if not marker or marker.end() <= len(plain(first.content)):
                return None
            inner = ()
        if not inner:
            return trimmed_prose(rest)
        return inner if not rest else ((type(first)(content=inner)), *rest)
    return None


_SENTENCE_END = re.compile(r"[.…:;,。！،؛][\"'”’»“)\]]*$")
_DATELINE = re.compile(r"[^\W\d_]{2,}[^()\n]{0,40}(?:\([^()\n]{2,40}\))?\s*(?:[—–]|--)\s+\S")
LONGEST_HEADLINE = 150


def reads_like_headline(text: str) -> bool:
    """Whether a first line could be a headline: short, without a full stop or a dateline."""
    words = text.strip()
    dateline = _DATELINE.match(words)
    located = dateline and words.split()[0].isupper()
    return 0 < len(words) <= LONGEST_HEADLINE and not _SENTENCE_END.search(words) and not located


def name_after_dash(content: Content) -> Content | None:
    """The name after a dash at the beginning ("— Name"), None without a dash."""
    return prose_without_start(content, _ATTRIBUTION)


def sole_link(content: Content) -> Link | None:
    """The link, if `content` is nothing but a link."""
    content = trimmed_prose(content)
    if len(content) == 1 and isinstance(content[0], Link):
        return content[0]
    return None


def caption_and_credit(caption: Content) -> tuple[Content, str | None]:
    """A caption, and the credit at its end ("Low tide. | Credit: Ruth Abara") or None."""
    if not caption or not isinstance(last := caption[-1], Text):
        return caption, None
    found = CREDIT.search(last.text)
    if not found:
        return caption, None
    return trimmed_prose((*caption[:-1], Text(text=last.text[: found.start()]))), found[
        "credit"
    ].strip()


def call_to_action_from(content: Content) -> CallToAction:
    """`content` as a call to action; if it has a single link, all of it leads there."""
    links = list(_links(content))
    if len(links) != 1:
        return CallToAction(content=content)
    return CallToAction(content=joined_prose(_unlinked(content)), url=links[0].url)


def _links(content: Content) -> Iterator[Link]:
    for inline in content:
        if isinstance(inline, Link):
            yield inline
        else:
            yield from _links(getattr(inline, "content", ()))


def _unlinked(content: Content) -> Iterator[Inline]:
    for inline in content:
        if isinstance(inline, Link):
            yield from inline.content
        elif inner := getattr(inline, "content", ()):
            yield inline.model_copy(update={"content": tuple(_unlinked(inner))})
        else:
            yield inline


def joined_prose(content: Iterable[Inline]) -> Content:
    """`content` with neighbouring runs of characters joined."""
    parts: list[Inline] = []
    for is_text, run in groupby(content, lambda inline: isinstance(inline, Text)):
        same = list(run)
        if is_text and len(same) > 1:
            parts.append(Text(text="".join(one.text for one in same if isinstance(one, Text))))
        else:
            parts.extend(same)
    return tuple(parts)


def embed_provider(url: str) -> str | None:
    """The name of the video or social service that `url` belongs to, if it is one of those."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if not parts.path.strip("/"):
        return None
    while host:
        if host in PROVIDERS:
            return PROVIDERS[host]
        host = host.partition(".")[2]
    return None


def embed_from(url: str, text: str | None = None, provider: str | None = None) -> Embed:
    """An embed of something at `url`; without a `text`, the address is its text."""
    bare = re.sub(r"^https?://(?:www\.)?", "", url)
    return Embed(url=url, provider=provider or embed_provider(url), text=text or bare)


@dataclass(frozen=True)
class Asked:
    """A question for an FAQ; `block` is used instead if no answer follows."""

    question: Content
    block: Block


@dataclass(frozen=True)
class Answered:
    """The beginning of an answer; `block` is used instead if there is no question before it."""

    blocks: tuple[Block, ...]
    block: Block


Part = Block | Asked | Answered
Placed = tuple[Block, int | None]
"""A block and the line of the source where it begins."""


def faqs_grouped(parts: Sequence[Part]) -> list[Block]:
    """`parts`, with each run of questions and answers as one FAQ. Blocks between an answer and the
    next question belong to the answer, up to a heading."""
    return [block for block, _ in placed_with_faqs([(part, None) for part in parts])]


def placed_with_faqs(parts: Sequence[tuple[Part, int | None]]) -> list[Placed]:
    """As `faqs_grouped`, for parts with lines; an FAQ has the line of its first question."""
    blocks: list[Placed] = []
    pairs: list[QuestionAnswer] = []
    begins: int | None = None
    at = 0
    while at < len(parts):
        part, line = parts[at]
        if isinstance(part, Asked) and at + 1 < len(parts):
            follower, _ = parts[at + 1]
            if isinstance(follower, Answered):
                more = _more_answer(parts, at + 2)
                answer = (*follower.blocks, *more)
                begins = begins if pairs else line
                pairs.append(QuestionAnswer(question=part.question, answer=answer))
                at += 2 + len(more)
                continue
        if pairs:
            blocks.append((FAQ(pairs=tuple(pairs)), begins))
            pairs = []
        blocks.append((part.block if isinstance(part, Asked | Answered) else part, line))
        at += 1
    if pairs:
        blocks.append((FAQ(pairs=tuple(pairs)), begins))
    return blocks


def _more_answer(parts: Sequence[tuple[Part, int | None]], start: int) -> tuple[Block, ...]:
    more: list[Block] = []
    for part, _ in parts[start : start + 20]:
        if isinstance(part, Asked):
            return tuple(more)
        if isinstance(part, Answered | Heading):
            break
        more.append(part)
    return ()


def paragraph_from(text: str) -> Paragraph:
    """`text` as a paragraph with its URLs as links."""
    return Paragraph(content=with_urls_linked(text))
