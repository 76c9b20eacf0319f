"""Removes what is left around an article's text: headline, byline, calls to action, teasers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from syndicate.article import (
    Block,
    Divider,
    Embed,
    Figure,
    Gallery,
    Heading,
    LineBreak,
    List,
    Paragraph,
    Quote,
)
from syndicate.article.text import passages, plain
from syndicate.readers.contract import Note
from syndicate.readers.html.page import article_end, phrases
from syndicate.readers.html.page.lines import (
    SENTENCE,
    PageFacts,
    are_alike_on_page,
    introduces_author,
    page_line_text,
    page_line_words,
    share_linked,
)
from syndicate.readers.prose import Placed, sole_link
from syndicate.readers.reader_state import shortened_for_note

LOOK_AHEAD = 20
"""How many blocks after a subtitle must include a paragraph."""
_ELSEWHERE = "a link to another page"
_PAGE = "not part of the article"
_EDGES = " .!:…»>→▼▾+|«<←↓➜"
"""Signs at the start or end of a button's words."""


@dataclass
class Trimmed:
    """The blocks of the article; `subtitle` is the line under the headline, if there was one."""

    blocks: list[Placed] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    subtitle: str | None = None


def without_page_boilerplate(placed: Sequence[Placed], known: PageFacts) -> Trimmed:
    """`placed` without boilerplate."""
    made = Trimmed()
    rest = _after_headline(list(placed), known, made)
    rest = _inside(rest, made)
    made.blocks, after = article_end.parted_at_article_end(rest, known)
    _leave(made, after, "after the end of the article")
    return made


def _leave(made: Trimmed, placed: Iterable[Placed], why: str) -> None:
    for block, line in placed:
        if text := page_line_text(block):
            made.notes.append(Note("left out", f"{shortened_for_note(text)!r}: {why}", line))


def _after_headline(placed: list[Placed], known: PageFacts, made: Trimmed) -> list[Placed]:
    """The blocks after the headline and the lines about the article below it."""
    total = sum(len(page_line_text(block)) for block, _ in placed) or 1
    before = 0
    start = 0
    for number, (block, _) in enumerate(placed):
        if isinstance(block, Heading) and any(
            are_alike_on_page(plain(block.content), t) for t in known.titles
        ):
            start = number + 1
            break
        text = page_line_text(block)
        before += len(text)
        if (before > 0.15 * total and before > 600) or _reads_on(block, text, known):
            break
    pictures = [p for p in placed[:start] if isinstance(p[0], Figure | Gallery | Embed)]
    _leave(made, [p for p in placed[:start] if p not in pictures], "above the article")
    kept: list[Placed] = []
    under: list[Placed] = []
    for number, (block, line) in enumerate(placed[start:], start + 1):
        if isinstance(block, Figure | Gallery | Embed):
            kept.append((block, line))
            continue
        text = page_line_text(block)
        following = placed[number : number + LOOK_AHEAD]
        if made.subtitle is None and _is_subtitle(block, text, known, following, bool(start)):
            made.subtitle = text
        elif not _about_the_article(block, text, known):
            break
        under.append((block, line))
    _leave(made, under, "under the headline")
    return [*pictures, *kept, *placed[start + len(kept) + len(under) :]]


def _reads_on(block: Block, text: str, known: PageFacts) -> bool:
    """Whether `block` is part of the article's text, not a line above its headline."""
    return (
        isinstance(block, Paragraph)
        and len(page_line_words(text)) >= 30
        and bool(SENTENCE.search(text))
        and not phrases.DISCLOSURE.search(text)
        and not any(are_alike_on_page(text, one) for one in known.descriptions)
    )


def _is_subtitle(
    block: Block, text: str, known: PageFacts, rest: Sequence[Placed], titled: bool
) -> bool:
    if len(text) > 400 or not any(isinstance(b, Paragraph) for b, _ in rest):
        return False
    if isinstance(block, Heading) and titled:
        return any(are_alike_on_page(text, one) for one in known.descriptions)
    if isinstance(block, Paragraph) and any(
        are_alike_on_page(text, one) for one in known.descriptions
    ):
        following = next((b for b, _ in rest if not isinstance(b, Figure | Divider)), None)
        return titled or (
            following is not None
            and _about_the_article(following, page_line_text(following), known)
        )
    return False


def _about_the_article(block: Block, text: str, known: PageFacts) -> bool:
    """Whether `block` is a byline, a date, a section, a share bar: a short line about the page."""
    if isinstance(block, Divider):
        return True
    if not isinstance(block, Paragraph | List | Heading):
        return False
    count = len(page_line_words(text))
    if isinstance(block, Heading):
        return any(are_alike_on_page(text, one) for one in (*known.titles, *known.authors))
    if isinstance(block, List):
        return count <= 25 and all(len(page_line_words(t)) <= 5 for t in passages((block,)))
    if phrases.ABOUT.search(text) and count <= 30:
        return True
    if phrases.DISCLOSURE.search(text) and count <= 60:
        return True
    if any(introduces_author(text, name) for name in known.authors) and count <= 120:
        return True
    return count <= 12 and not SENTENCE.search(text)


def _inside(placed: Sequence[Placed], made: Trimmed) -> list[Placed]:
    """`placed` without boilerplate and links to other pages, and without headings that have nothing
    else below them."""
    said = Counter(
        page_line_text(block) for block, _ in placed if isinstance(block, Heading | Paragraph)
    )
    kept: list[Placed] = []
    bare: Heading | None = None
    introduced = False
    for block, line in placed:
        if bare and isinstance(block, Heading) and block.level <= bare.level:
            _leave(made, [kept.pop()], "a heading with nothing left below it")
        why = _foreign(block, introduced) or _repeated(block, said)
        if why:
            _leave(made, [(block, line)], why)
            last = kept[-1][0] if kept else None
            bare = last if isinstance(last, Heading) else None
            introduced = False
        else:
            introduced = (introduced and share_linked(block) > 0.9) or page_line_text(
                block
            ).rstrip().endswith(":")
            kept.append((block, line))
            bare = None
    return kept


def _repeated(block: Block, said: Counter[str]) -> str | None:
    """Why `block` is not part of the article, if the page repeats the same call again and again."""
    text = page_line_text(block)
    calls = said[text] > 1 and phrases.OFFER.match(text) and not text.endswith((":", "?"))
    return _PAGE if calls else None


def _foreign(block: Block, introduced: bool) -> str | None:
    """Why `block` is not part of the article, None if it is. Links that a line with a colon before
    them introduces are part of it."""
    text = page_line_text(block).strip()
    match block:
        case Paragraph():
            if _page_says(text) or _discloses(text):
                return _PAGE
            if _leads_away(block, text, introduced):
                return _ELSEWHERE
        case Heading():
            if _line(text) and not phrases.NETWORK.fullmatch(text.strip(_EDGES)):
                return _PAGE
        case List() | Quote():
            lines = list(passages((block,)))
            if lines and share_linked(block) > 0.4 and all(map(_leads, lines)):
                return _ELSEWHERE
            if lines and all(map(_line, lines)):
                return _PAGE
    return None


def _line(text: str) -> bool:
    """Whether `text` is a line of boilerplate."""
    return len(page_line_words(text)) <= 20 and bool(phrases.LINE.fullmatch(text.strip(_EDGES)))


def _page_says(text: str) -> bool:
    return _line(text) or bool(phrases.UNREAD.search(text))


def _discloses(text: str) -> bool:
    """Whether `text` discloses how the page earns its money."""
    if len(page_line_words(text)) > 60:
        return False
    return bool(phrases.DISCLOSURE.search(text) and phrases.OWN.search(text))


def _leads_away(paragraph: Paragraph, text: str, introduced: bool) -> bool:
    """Whether a paragraph exists only for its link, to another article or something for sale."""
    count, share = len(page_line_words(text)), share_linked(paragraph)
    offers = share > 0.9 and count <= 30 and phrases.OFFER.match(text)
    alone = share > 0.9 and count <= 14 and not introduced and not SENTENCE.search(text)
    points = share > 0 and count <= 25 and phrases.POINTS.match(text)
    leads = share > 0.4 and count <= 40 and _leads(text)
    return bool(offers or alone or points or leads or (count <= 30 and _calls(paragraph)))


def _calls(paragraph: Paragraph) -> bool:
    """Whether the last line of `paragraph` is a button to buy what the lines before praise."""
    breaks = [n for n, inline in enumerate(paragraph.content) if isinstance(inline, LineBreak)]
    if not breaks:
        return False
    link = sole_link(paragraph.content[breaks[-1] + 1 :])
    return link is not None and bool(phrases.OFFER.match(plain(link.content).strip()))


def _leads(line: str) -> bool:
    """Whether `line` begins like a line that leads to another page."""
    if phrases.LEADS.match(line):
        return True
    return bool(phrases.INVITES.match(line)) and not SENTENCE.search(line)
