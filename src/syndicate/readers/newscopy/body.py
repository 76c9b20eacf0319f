"""The body of news copy: what each piece looks like is what it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from syndicate.article import (
    Callout,
    CallToAction,
    Divider,
    Heading,
    LineBreak,
    List,
    ListItem,
    Paragraph,
    Quote,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content, Inline
from syndicate.readers.copy import Copy, shortened
from syndicate.readers.newscopy.pieces import ATTRIBUTION, BULLET, DIVIDER, Piece
from syndicate.readers.prose import Answered, Asked, Part, call_to_action, linked, with_faqs
from syndicate.readers.vocabulary import (
    ACTION,
    ANSWER,
    CALLOUTS,
    FAQ_HEADING,
    QUESTION,
    TO_THE_READER,
    Kind,
)

LONGEST_HEADING = 110
LONGEST_ACTION = 320
_QUOTED = re.compile(
    r"[\"“„«‘](?P<words>[^\n]+)[\"”“»’]\s*\n?\s*(?:[—–―]|--)\s*(?P<cite>[^\n]{2,120})"
)
_SENTENCES = re.compile(r"(?<=[.!?؟。！？])\s+")
_LEAD_IN = re.compile(
    r"(?:please|for more\b[^,]*,|to \w+[^,]*,|if you\b[^,]*,|and|then|you can)\s+", re.I
)
_QUESTION_MARKS = ("?", "？", "؟")

Found = tuple[list[Part], int] | None
"""The parts read and how many pieces they took; None if the piece is something else."""


def blocks(pieces: list[Piece], copy: Copy) -> Blocks:
    """The blocks of `pieces`; each guess has its note."""
    last: CallToAction | None = None
    if len(pieces) > 1 and _is_action(pieces[-1].text):
        last = call_to_action(content_of(pieces[-1].text))
        copy.guessed("the call to action", pieces[-1].line)
        pieces = pieces[:-1]
    reader = _Body(pieces, copy)
    found = with_faqs(reader.parts())
    return (*found, *([last] if last else []))


def content_of(text: str) -> Content:
    """`text` with its URLs as links and its line breaks kept."""
    parts: list[Inline] = []
    for line in text.split("\n"):
        if parts:
            parts.append(LineBreak())
        parts.extend(linked(line.strip()))
    return tuple(parts)


def _is_action(text: str) -> bool:
    """Whether `text` asks its reader to do something: "Want more? Read our archive."."""
    if len(text) > LONGEST_ACTION or QUESTION.match(text) or ANSWER.match(text):
        return False
    sentences = [sentence for sentence in _SENTENCES.split(text) if sentence]
    asked = any(sentence.endswith(_QUESTION_MARKS) for sentence in sentences[:-1])
    last = _LEAD_IN.sub("", sentences[-1], count=1)
    return bool(ACTION.match(last)) and (asked or bool(TO_THE_READER.search(text)))


class _Body:
    def __init__(self, pieces: list[Piece], copy: Copy) -> None:
        self._pieces = pieces
        self._copy = copy
        self._in_faq = False
        self._forms: tuple[Callable[[int], Found], ...] = (
            self._divider,
            self._question,
            self._callout,
            self._heading,
            self._list,
            self._quote,
            self._bare_question,
        )

    def parts(self) -> list[Part]:
        parts: list[Part] = []
        at = 0
        while at < len(self._pieces):
            found, taken = self._read(at)
            parts.extend(found)
            at += taken
        return parts

    def _read(self, at: int) -> tuple[list[Part], int]:
        for form in self._forms:
            found = form(at)
            if found:
                return found
        return [Paragraph(content=content_of(self._pieces[at].text))], 1

    def _divider(self, at: int) -> Found:
        return ([Divider()], 1) if DIVIDER.fullmatch(self._pieces[at].text) else None

    def _question(self, at: int) -> Found:
        piece = self._pieces[at]
        whole = Paragraph(content=content_of(piece.text))
        if found := QUESTION.match(piece.text):
            if any(ANSWER.match(after.text) for after in self._pieces[at + 1 : at + 2]):
                self._copy.guessed("a question of an FAQ", piece.line)
            return [Asked(content_of(piece.text[found.end() :]), whole)], 1
        if found := ANSWER.match(piece.text):
            answer = Paragraph(content=content_of(piece.text[found.end() :]))
            return [Answered((answer,), whole)], 1
        return None

    def _bare_question(self, at: int) -> Found:
        """Under an FAQ heading a question needs no marker."""
        piece = self._pieces[at]
        if not self._in_faq or not piece.text.endswith(_QUESTION_MARKS) or len(piece.text) > 200:
            return None
        if at + 1 >= len(self._pieces) or self._pieces[at + 1].text.endswith(_QUESTION_MARKS):
            return None
        self._copy.guessed("a question of an FAQ", piece.line)
        content = content_of(piece.text)
        answer = Paragraph(content=content_of(self._pieces[at + 1].text))
        return [Asked(content, Paragraph(content=content)), Answered((answer,), answer)], 2

    def _callout(self, at: int) -> Found:
        piece = self._pieces[at]
        opened = _opened(piece.text)
        if opened is None:
            return None
        kind, label, text = opened
        inside: Blocks = (Paragraph(content=content_of(text)),) if text else ()
        taken = 1
        following = self._list(at + 1) if at + 1 < len(self._pieces) else None
        if following:
            # An item list right under the label, or under the words that introduce it.
            if not text or text.endswith(":"):
                inside = (*inside, *with_faqs(following[0]))
                taken += following[1]
        elif not text:
            if at + 1 >= len(self._pieces) or _opened(self._pieces[at + 1].text):
                return None
            inside = (Paragraph(content=content_of(self._pieces[at + 1].text)),)
            taken = 2
        self._copy.guessed(f"the callout {label!r} ({kind})", piece.line)
        return [Callout(kind=kind, label=label, blocks=inside)], taken

    def _heading(self, at: int) -> Found:
        piece = self._pieces[at]
        numbered = BULLET.match(piece.text)
        if not self._looks_like_heading(piece) or at + 1 >= len(self._pieces):
            return None
        after = self._pieces[at + 1]
        if numbered and (not numbered["mark"][0].isdigit() or _is_item(after) or not piece.alone):
            return None
        is_faq = bool(FAQ_HEADING.fullmatch(piece.text.rstrip(":")))
        if not is_faq and self._looks_like_heading(after) and not _is_item(after):
            beyond = self._pieces[at + 2 : at + 3]
            if not beyond or self._looks_like_heading(beyond[0]):
                return None
        self._in_faq = is_faq
        self._copy.guessed(f"the heading {shortened(piece.text)!r}", piece.line)
        return [Heading(content=content_of(piece.text))], 1

    def _looks_like_heading(self, piece: Piece) -> bool:
        text = piece.text
        if len(text) > LONGEST_HEADING or "\n" in text or len(text.split()) > 16:
            return False
        first = next((character for character in text if character.isalnum()), "")
        if not first or first.islower() or ATTRIBUTION.match(text) or text[0] in '"“„«‘':
            return False
        if FAQ_HEADING.fullmatch(text.rstrip(":")):
            return True
        if QUESTION.match(text) or ANSWER.match(text) or _opened(text):
            return False
        if text.endswith(_QUESTION_MARKS):
            return piece.alone and not self._in_faq and len(text.split()) <= 12
        return not piece.ends_sentence and not text.endswith((",", "-", "–", "—"))

    def _list(self, at: int) -> Found:
        first = BULLET.match(self._pieces[at].text)
        if not first:
            return None
        ordered = first["mark"][0].isdigit()
        items: list[ListItem] = []
        for piece in self._pieces[at:]:
            mark = BULLET.match(piece.text)
            if not mark or mark["mark"][0].isdigit() != ordered:
                break
            words = content_of(piece.text[mark.end() :])
            items.append(ListItem(blocks=(Paragraph(content=words),)))
        if len(items) == 1 and first["mark"] != "•":
            # A lone dash opens direct speech, a lone number a sentence.
            return None
        start = int(first["mark"][:-1]) if ordered else 1
        self._copy.guessed(f"a list of {len(items)}", self._pieces[at].line)
        return [List(ordered=ordered, start=start, items=tuple(items))], len(items)

    def _quote(self, at: int) -> Found:
        piece = self._pieces[at]
        text, taken = piece.text, 1
        after = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
        if after and ATTRIBUTION.match(after.text) and len(after.text) <= 120:
            text, taken = f"{text}\n{after.text}", 2
        found = _QUOTED.fullmatch(text)
        if not found:
            return None
        self._copy.guessed(f"the quote by {shortened(found['cite'])!r}", piece.line)
        words = Paragraph(content=content_of(found["words"].strip()))
        return [Quote(blocks=(words,), cite=content_of(found["cite"].strip()))], taken


def _is_item(piece: Piece) -> bool:
    return bool(BULLET.match(piece.text))


def _opened(text: str) -> tuple[Kind, str, str] | None:
    """The kind, label and words of the callout that `text` opens."""
    for kind, pattern in CALLOUTS:
        found = pattern.fullmatch(text)
        if found:
            return kind, found["label"].strip(), found["text"].strip()
    return None
