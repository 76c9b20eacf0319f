"""The body of news copy: the kind of each block is recognised by what it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from syndicate.article import (
    FAQ,
    Block,
    Callout,
    Divider,
    Figure,
    Heading,
    List,
    ListItem,
    Paragraph,
    QuestionAnswer,
)
from syndicate.article.blocks import Blocks
from syndicate.readers.newscopy.boxes import correction_in_copy
from syndicate.readers.newscopy.faq import FAQPair, faq_pairs_in, without_faq_mark
from syndicate.readers.newscopy.headings import newscopy_headings
from syndicate.readers.newscopy.pieces import BULLET, CopyPiece
from syndicate.readers.newscopy.quotes import Found, pull_quote, quote
from syndicate.readers.newscopy.text import newscopy_content
from syndicate.readers.overrides import recast_block
from syndicate.readers.prose import (
    DIVIDER,
    Answered,
    Asked,
    Placed,
    call_to_action_from,
    embed_from,
    embed_provider,
)
from syndicate.readers.reader_state import ReaderState, shortened_for_note
from syndicate.readers.vocabulary import (
    ACTION,
    ANSWER,
    CAPTION,
    CREDIT_LINE,
    LEAD_IN,
    QUESTION,
    QUESTION_MARKS,
    TO_THE_READER,
    callout_opening,
)

LONGEST_ACTION = 320
_SENTENCES = re.compile(r"(?<=[.!?؟。！？])\s+")
_SHOWN = re.compile(
    r"(?:\[?(?:image|photo|picture|foto|bild|imagen|imagem|video|vídeo|vidéo|صورة|فيديو)\s*[:：]\s*)?"
    r"(?P<address>\S{1,500})\]?",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"[^?#]+\.(?:jpe?g|png|gif|webp|avif)(?:[?#]\S*)?", re.IGNORECASE)


def newscopy_blocks(
    pieces: list[CopyPiece], state: ReaderState, known: Mapping[str, object]
) -> list[Placed]:
    """The blocks of `pieces` with their lines; each guess has a note. `known` is the metadata from
    the head."""
    return _Body(pieces, state, known).placed()


def is_call_to_action_in_copy(text: str) -> bool:
    """Whether `text` asks the reader to do something: "Want more? Read our archive."."""
    if len(text) > LONGEST_ACTION or QUESTION.match(text) or ANSWER.match(text) or "\n" in text:
        return False
    sentences = [sentence for sentence in _SENTENCES.split(text) if sentence]
    asked = any(sentence.endswith(QUESTION_MARKS) for sentence in sentences[:-1])
    last = LEAD_IN.sub("", sentences[-1], count=1)
    return bool(ACTION.match(last)) and (asked or bool(TO_THE_READER.search(text)))


class _Body:
    def __init__(
        self, pieces: list[CopyPiece], state: ReaderState, known: Mapping[str, object]
    ) -> None:
        self._pieces = pieces
        self._state = state
        self._known = dict(known)
        self._headings = newscopy_headings(pieces)
        self._pairs = {pair.at: pair for pair in faq_pairs_in(pieces, self._headings)}
        self._action = self._last_action()
        self._forms: tuple[Callable[[int], Found], ...] = (
            self._stated,
            self._divider,
            self._shown,
            self._question,
            self._correction,
            self._heading,
            self._callout,
            self._list,
            self._quote,
            self._pull_quote,
            self._call_to_action,
        )

    def placed(self, start: int = 0, end: int | None = None) -> list[Placed]:
        """The blocks of the pieces from `start` to before `end`, with their lines."""
        found: list[Placed] = []
        at, end = start, len(self._pieces) if end is None else end
        while at < end:
            made, taken = self._read(at)
            for block in made:
                before = found[-1][0] if found else None
                if isinstance(block, FAQ) and isinstance(before, FAQ):
                    found[-1] = FAQ(pairs=(*before.pairs, *block.pairs)), found[-1][1]
                else:
                    found.append((block, self._pieces[at].line))
            at += taken
        return found

    def _blocks(self, span: range) -> Blocks:
        return tuple(block for block, _ in self.placed(span.start, span.stop))

    def _read(self, at: int) -> tuple[Sequence[Block], int]:
        for form in self._forms:
            if found := form(at):
                return found
        piece = self._pieces[at]
        if CAPTION.fullmatch(piece.text):
            self._state.guessed("the caption of a picture that is not here", piece.line)
        return [Paragraph(content=newscopy_content(piece.text))], 1

    def _stated(self, at: int) -> Found:
        """The block that an editor states the piece to be."""
        piece = self._pieces[at]
        if piece.form is None or piece.form.name == "question" or _mark(piece):
            return None
        text = piece.text
        if piece.form.name == "paragraph":
            return [Paragraph(content=newscopy_content(text))], 1
        opened = callout_opening(text)
        if opened and opened.text and piece.form.name in ("tip", "fact", "note", "warning"):
            inside = (Paragraph(content=newscopy_content(opened.text)),)
            label = piece.form.label or opened.label
            return [Callout(kind=piece.form.name, label=label, blocks=inside)], 1
        whole = Paragraph(content=newscopy_content(without_faq_mark(text)))
        parts = recast_block(whole, piece.form, self._state.language)
        return [one.block if isinstance(one, Asked | Answered) else one for one in parts], 1

    def _divider(self, at: int) -> Found:
        return ([Divider()], 1) if DIVIDER.fullmatch(self._pieces[at].text) else None

    def _shown(self, at: int) -> Found:
        """The address of a picture or video alone in a paragraph, with the caption after it."""
        piece = self._pieces[at]
        found = _SHOWN.fullmatch(piece.text)
        if not found:
            return None
        address = found["address"].rstrip("]")
        if address.startswith(("http://", "https://")) and embed_provider(address):
            return [embed_from(address)], 1
        if not _PICTURE.fullmatch(address):
            return None
        src = self._state.picture(address, piece.line)
        if src is None:
            return None
        figure, taken = Figure(src=src), 1
        after = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
        caption = CAPTION.fullmatch(after.text) if after else None
        if caption and after:
            words = next(text for text in caption.groupdict().values() if text)
            credit = CREDIT_LINE.fullmatch(after.text[len(words) :].strip(" |/"))
            figure = figure.model_copy(
                update={
                    "caption": newscopy_content(words.strip()),
                    "credit": credit["credit"] if credit else None,
                }
            )
            taken = 2
        return [figure], taken

    def _question(self, at: int) -> Found:
        pair = self._pairs.get(at)
        if pair is None:
            return None
        self._state.guessed("a question of an FAQ", self._pieces[at].line)
        return [FAQ(pairs=(self._answered(pair),))], 1 + len(pair.answer)

    def _answered(self, pair: FAQPair) -> QuestionAnswer:
        first = pair.answer.start
        piece = self._pieces[first]
        inside: Blocks = ()
        if found := ANSWER.match(piece.text):
            inside = (Paragraph(content=newscopy_content(piece.text[found.end() :])),)
            first += 1
        rest = self._blocks(range(first, pair.answer.stop))
        return QuestionAnswer(question=newscopy_content(pair.question), answer=(*inside, *rest))

    def _correction(self, at: int) -> Found:
        found = correction_in_copy(self._pieces[at], self._state, self._known)
        return ([found], 1) if found else None

    def _callout(self, at: int) -> Found:
        piece = self._pieces[at]
        opened = callout_opening(piece.text)
        if opened is None:
            return None
        inside: Blocks = (Paragraph(content=newscopy_content(opened.text)),) if opened.text else ()
        taken = 1
        following = self._list(at + 1) if at + 1 < len(self._pieces) else None
        if following and (not opened.text or opened.text.endswith(":")):
            # A list right below the label, or below the words that introduce it.
            inside = (*inside, *following[0])
            taken += following[1]
        elif not opened.text:
            if at + 1 >= len(self._pieces) or not self._is_plain(at + 1):
                return None
            inside = (Paragraph(content=newscopy_content(self._pieces[at + 1].text)),)
            taken = 2
        self._state.guessed(f"the callout {opened.label!r} ({opened.kind})", piece.line)
        return [Callout(kind=opened.kind, label=opened.label, blocks=inside)], taken

    def _is_plain(self, at: int) -> bool:
        """Whether nothing suggests that the piece is anything but a paragraph."""
        return (
            at not in self._headings
            and at not in self._pairs
            and self._pieces[at].form is None
            and callout_opening(self._pieces[at].text) is None
        )

    def _heading(self, at: int) -> Found:
        if at not in self._headings:
            return None
        piece = self._pieces[at]
        self._state.guessed(f"the heading {shortened_for_note(piece.text)!r}", piece.line)
        return [Heading(content=newscopy_content(piece.text))], 1

    def _list(self, at: int) -> Found:
        first = _mark(self._pieces[at])
        if not first:
            return None
        ordered = _is_number(first)
        end = at
        while end < len(self._pieces) and self._goes_on(end, ordered, self._pieces[at].indent):
            end += 1
        if end - at == 1 and first != "•":
            # A single dash begins direct speech, a single number a sentence.
            return None
        items = self._items(at, end)
        start = int(first.strip("(.)")) if ordered else 1
        count = "1 item" if len(items) == 1 else f"{len(items)} items"
        self._state.guessed(f"a list of {count}", self._pieces[at].line)
        return [List(ordered=ordered, start=start, items=items)], end - at

    def _goes_on(self, at: int, ordered: bool, indent: int) -> bool:
        piece = self._pieces[at]
        mark = _mark(piece)
        if not mark or at in self._headings or at in self._pairs:
            return False
        return _is_number(mark) == ordered or piece.indent >= indent + 2

    def _items(self, start: int, end: int) -> tuple[ListItem, ...]:
        """The items of the pieces from `start` to `end`; more deeply indented items belong to the
        item above them."""
        items: list[ListItem] = []
        at = start
        while at < end:
            piece = self._pieces[at]
            found = BULLET.match(piece.text)
            words = Paragraph(
                content=newscopy_content(piece.text[found.end() :] if found else piece.text)
            )
            below = at + 1
            while below < end and self._pieces[below].indent >= piece.indent + 2:
                below += 1
            inner: Blocks = ()
            if below > at + 1:
                mark = _mark(self._pieces[at + 1])
                inner = (List(ordered=_is_number(mark), items=self._items(at + 1, below)),)
            items.append(ListItem(blocks=(words, *inner)))
            at = below
        return tuple(items)

    def _quote(self, at: int) -> Found:
        return quote(self._pieces, at, self._state)

    def _pull_quote(self, at: int) -> Found:
        return pull_quote(self._pieces, at, self._state)

    def _last_action(self) -> int | None:
        """The last piece if it asks the reader to do something; corrections may follow it."""
        for at in range(len(self._pieces) - 1, max(0, len(self._pieces) - 4), -1):
            piece = self._pieces[at]
            if piece.form is None and is_call_to_action_in_copy(piece.text):
                return at
            if not piece.text.startswith(("(", "[", "©")) and not callout_opening(piece.text):
                return None
        return None

    def _call_to_action(self, at: int) -> Found:
        if at != self._action:
            return None
        piece = self._pieces[at]
        self._state.guessed("a call to action", piece.line)
        return [call_to_action_from(newscopy_content(piece.text))], 1


def _mark(piece: CopyPiece) -> str:
    if piece.form is not None:
        return {"item": "•", "numbered item": "1."}.get(piece.form.name, "")
    found = BULLET.match(piece.text)
    return found["mark"] if found else ""


def _is_number(mark: str) -> bool:
    return mark.strip("(.)").isdigit()
