"""What still clings to an article when its element is found: headline, byline, calls, teasers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from syndicate.article import (
    Block,
    Divider,
    Embed,
    Figure,
    Gallery,
    Heading,
    Link,
    List,
    Paragraph,
)
from syndicate.article.inlines import Content
from syndicate.article.text import passages, plain
from syndicate.readers.contract import Note
from syndicate.readers.copy import shortened
from syndicate.readers.html import phrases
from syndicate.readers.prose import Placed

_WORD = re.compile(r"\w+")
_DOES = "is|was|has|writes|works|covers|joined|studied|leads|lives"
_MARKS = re.compile(r"^[^\w«“\"'(]+")
_SIGNED = re.compile(r"[—–-]\s*\w")
_SENTENCE = re.compile(r"[.!?:;…。！？؟۔][\"'”’»)\]]*\s*(?:\[?\d*\]?)$")


@dataclass
class Known:
    """What the page says of the article: its titles, description and who wrote it."""

    titles: Sequence[str] = ()
    descriptions: Sequence[str] = ()
    authors: Sequence[str] = ()


@dataclass
class Trimmed:
    """The blocks of the article; `subtitle` is the line under the headline, if there was one."""

    blocks: list[Placed] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    subtitle: str | None = None


def trimmed(placed: Sequence[Placed], known: Known) -> Trimmed:
    """`placed` without what belongs to the page."""
    made = Trimmed()
    rest = _after_headline(list(placed), known, made)
    rest = _inside(rest, known, made)
    made.blocks = _before_teasers(rest, known, made)
    return made


def words(text: str) -> list[str]:
    """The words of `text`, in lower case."""
    return _WORD.findall(text.lower())


def text_of(block: Block) -> str:
    """All words of `block`."""
    return " ".join(passages((block,)))


def alike(one: str, other: str) -> bool:
    """Whether two lines say the same, one perhaps with the site's name or cut short."""
    a, b = words(one), words(other)
    if not a or not b:
        return False
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and len(short) * 2 >= len(long) and long[: len(short)] == short


def _leave(made: Trimmed, placed: Iterable[Placed], why: str) -> None:
    for block, line in placed:
        if text := text_of(block):
            made.notes.append(Note("left out", f"{shortened(text)!r}, {why}", line))


def _after_headline(placed: list[Placed], known: Known, made: Trimmed) -> list[Placed]:
    """What follows the headline and the lines about the article under it."""
    total = sum(len(text_of(block)) for block, _ in placed) or 1
    before = 0
    start = 0
    for number, (block, _) in enumerate(placed):
        if isinstance(block, Heading) and any(alike(plain(block.content), t) for t in known.titles):
            start = number + 1
            break
        text = text_of(block)
        before += len(text)
        if (before > 0.15 * total and before > 600) or _reads_on(block, text, known):
            break
    pictures = [p for p in placed[:start] if isinstance(p[0], Figure | Gallery | Embed)]
    _leave(made, [p for p in placed[:start] if p not in pictures], "above the article")
    rest = placed[start:]
    kept: list[Placed] = []
    while rest:
        block = rest[0][0]
        if isinstance(block, Figure | Gallery | Embed):
            kept.append(rest.pop(0))
            continue
        text = text_of(block)
        if made.subtitle is None and _is_subtitle(block, text, known, rest[1:], bool(start)):
            made.subtitle = text
        elif not _about_the_article(block, text, known):
            break
        _leave(made, [rest.pop(0)], "under the headline")
    return [*pictures, *kept, *rest]


def _reads_on(block: Block, text: str, known: Known) -> bool:
    """Whether `block` is a passage of the article, not a line above its headline."""
    return (
        isinstance(block, Paragraph)
        and len(words(text)) >= 30
        and bool(_SENTENCE.search(text))
        and not phrases.DISCLOSURE.search(text)
        and not any(alike(text, one) for one in known.descriptions)
    )


def _is_subtitle(
    block: Block, text: str, known: Known, rest: Sequence[Placed], titled: bool
) -> bool:
    if len(text) > 400 or not any(isinstance(b, Paragraph) for b, _ in rest):
        return False
    if isinstance(block, Heading) and titled:
        return any(alike(text, one) for one in known.descriptions)
    if isinstance(block, Paragraph) and any(alike(text, one) for one in known.descriptions):
        following = next((b for b, _ in rest if not isinstance(b, Figure | Divider)), None)
        return titled or (
            following is not None and _about_the_article(following, text_of(following), known)
        )
    return False


def _about_the_article(block: Block, text: str, known: Known) -> bool:
    """Whether `block` is a byline, a date, a section, a share bar: a short line about the page."""
    if isinstance(block, Divider):
        return True
    if not isinstance(block, Paragraph | List | Heading):
        return False
    count = len(words(text))
    if isinstance(block, Heading):
        return any(alike(text, one) for one in (*known.titles, *known.authors))
    if isinstance(block, List):
        return count <= 25 and all(len(words(t)) <= 5 for t in passages((block,)))
    if phrases.ABOUT.search(text) and count <= 30:
        return True
    if phrases.DISCLOSURE.search(text) and count <= 60:
        return True
    if any(_introduces(text, name) for name in known.authors) and count <= 120:
        return True
    return count <= 12 and not _SENTENCE.search(text)


def _inside(placed: Sequence[Placed], known: Known, made: Trimmed) -> list[Placed]:
    """`placed` without lines that lead elsewhere or are the page's own."""
    kept: list[Placed] = []
    for block, line in placed:
        why = _foreign(block, known)
        if why:
            _leave(made, [(block, line)], why)
        else:
            kept.append((block, line))
    return kept


def _foreign(block: Block, known: Known) -> str | None:
    text = text_of(block).strip()
    if isinstance(block, Paragraph):
        count = len(words(text))
        if count <= 20 and phrases.LINE.fullmatch(text.strip(" .!:…»>→▼▾+|«<←↓➜")):
            return "which belongs to the page"
        linked = len(_linked(block.content))
        if phrases.UNREAD.search(text):
            return "which belongs to the page"
        if linked > 0.9 * len(text) and count <= 14 and not _SENTENCE.search(text):
            return "which leads to another page"
        if linked > 0.9 * len(text) and count <= 30 and phrases.OFFER.match(text):
            return "which leads to another page"
        if phrases.LEADS.match(text) and linked > 0.4 * len(text) and count <= 40:
            return "which leads to another page"
        if phrases.DISCLOSURE.search(text) and phrases.OWN.search(text) and count <= 60:
            return "which belongs to the page"
    elif isinstance(block, Heading):
        line = text.strip(" .!:…»>→▼▾+|«<←↓")
        if phrases.LINE.fullmatch(line) and not phrases.NETWORK.fullmatch(line):
            return "which belongs to the page"
    elif isinstance(block, List):
        lines = list(passages((block,)))
        if lines and all(phrases.LINE.fullmatch(one.strip(" .!:…»>→▼▾+|«<←")) for one in lines):
            return "which belongs to the page"
    return None


def _linked(content: Content) -> str:
    """The characters of `content` that are linked."""
    parts = []
    for inline in content:
        if isinstance(inline, Link):
            parts.append(plain(inline.content))
        elif hasattr(inline, "content"):
            parts.append(_linked(inline.content))
    return "".join(parts)


def _before_teasers(placed: list[Placed], known: Known, made: Trimmed) -> list[Placed]:
    """`placed` up to where the page goes on to other things."""
    sizes = [_reads(block) for block, _ in placed]
    total = sum(sizes) or 1
    after = 0
    end = len(placed)
    for number in range(len(placed) - 1, -1, -1):
        block = placed[number][0]
        text = _MARKS.sub("", text_of(block)).strip(" :.…")
        if (
            isinstance(block, Heading | Paragraph)
            and (phrases.ENDS.fullmatch(text) or _names(text, known.authors) or _owned(text))
            and after < 0.25 * total
        ):
            end = number
        after += sizes[number]
    pictures: list[Placed] = []
    while end:
        block = placed[end - 1][0]
        if isinstance(block, Figure) and not block.caption:
            pictures.insert(0, placed[end - 1])
        elif not _trails(block, known):
            break
        end -= 1
    kept = [*placed[:end], *pictures]
    _leave(
        made, [one for one in placed[end:] if one not in pictures], "after the end of the article"
    )
    return kept


def _reads(block: Block) -> int:
    if isinstance(block, Figure | Gallery | Embed | Heading):
        return 0
    return len(text_of(block))


def _trails(block: Block, known: Known) -> bool:
    """Whether `block`, the last one, is not how an article ends."""
    if isinstance(block, Heading | Divider):
        return True
    if not isinstance(block, Paragraph):
        return False
    text = text_of(block)
    count = len(words(text))
    if count <= 8 and not _SENTENCE.search(text):
        return not _SIGNED.match(text)
    if phrases.ABOUT.search(text) and count <= 20:
        return True
    if any(_introduces(text, name) for name in known.authors) and count <= 120:
        return True
    if phrases.CLOSING.search(text) and count <= 100:
        return True
    return bool(phrases.COPYRIGHT.search(text)) and count <= 90


def _names(text: str, authors: Iterable[str]) -> bool:
    """Whether a line is the name of an author: the box about them begins."""
    return any(words(text) == words(name) for name in authors if len(words(name)) > 1)


def _owned(text: str) -> bool:
    """Whether a line says whose the page is: nothing of the article follows."""
    return bool(re.match(r"(?:©|\(c\)|copyright)\s.{0,60}\ball rights reserved\b", text, re.I))


def _introduces(text: str, name: str) -> bool:
    """Whether `text` tells who the author is."""
    if not name.split():
        return False
    called = f"(?:{re.escape(name)}|{re.escape(name.split()[0])})"
    return bool(re.match(rf"{called}\b.{{0,60}}?\b(?:{_DOES})\b", text))
