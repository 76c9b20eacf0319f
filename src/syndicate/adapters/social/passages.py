"""What an article offers a thread: its sentences, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from syndicate.adapters.social.sentences import spans
from syndicate.article import (
    FAQ,
    Article,
    Callout,
    Heading,
    List,
    Paragraph,
    QuestionAnswer,
    Quote,
)
from syndicate.article.blocks import Blocks
from syndicate.article.text import plain

Part = Literal["title", "subtitle", "summary", "body"]
Kind = Literal["paragraph", "item", "quote", "callout"]


@dataclass(frozen=True)
class Sentence:
    """A sentence as the article has it: in which `part`, which top-level `block` of the body
    (from 0), the how-manyth of that block (from 0)."""

    text: str
    part: Part
    block: int = 0
    index: int = 0


@dataclass(frozen=True)
class ComposedPost:
    """One post of a thread: the `text` to publish and the `sentences` it is made of."""

    text: str
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A paragraph's `text` in one line, and its sentences with where they start and end in it.

    `section` counts the headings before it; `cite` names who is quoted.
    """

    text: str
    sentences: tuple[Sentence, ...]
    spans: tuple[tuple[int, int], ...]
    kind: Kind
    section: int
    cite: str = ""

    def run(self, first: int, last: int) -> str:
        """The words from sentence `first` to sentence `last` (from 0, both included)."""
        return self.text[self.spans[first][0] : self.spans[last][1]]


@dataclass(frozen=True)
class Answer:
    """A question with the first paragraph of its answer."""

    question: Sentence
    passage: Passage


def passages(article: Article) -> tuple[list[Passage], list[Answer]]:
    """The running text and the answered questions of `article`, in order.

    Headings, tables, code, captions and whatever only members may read are left out.
    """
    found: list[Passage] = []
    answers: list[Answer] = []
    section = 0
    for number, block in enumerate(article.open_body):
        reader = _SentenceReader(article.language, number, section)
        match block:
            case Heading():
                section += 1
            case FAQ(pairs=pairs):
                answers += (answer for pair in pairs if (answer := reader.answer(pair)))
            case Quote(blocks=blocks, cite=cite):
                found += reader.paragraphs(blocks, "quote", _line(plain(cite)))
            case Callout(blocks=blocks):
                found += reader.paragraphs(blocks, "callout")
            case List(items=items):
                for item in items:
                    found += reader.paragraphs(item.blocks[:1], "item")
            case Paragraph():
                found += reader.paragraphs((block,), "paragraph")
            case _:
                pass
    return found, answers


@dataclass
class _SentenceReader:
    """Numbers the sentences of one block as it takes them out."""

    language: str
    block: int
    section: int
    taken: int = 0

    def paragraphs(self, blocks: Blocks, kind: Kind, cite: str = "") -> Iterator[Passage]:
        for block in blocks:
            if isinstance(block, Paragraph) and (text := _line(plain(block.content))):
                yield self.passage(text, kind, cite)

    def passage(self, text: str, kind: Kind, cite: str = "") -> Passage:
        where = tuple(spans(text, self.language))
        sentences = tuple(self.sentence(text[start:end]) for start, end in where)
        return Passage(text, sentences, where, kind, self.section, cite)

    def sentence(self, text: str) -> Sentence:
        self.taken += 1
        return Sentence(text, "body", self.block, self.taken - 1)

    def answer(self, pair: QuestionAnswer) -> Answer | None:
        question = self.sentence(_line(plain(pair.question)))
        first = next(self.paragraphs(pair.answer[:1], "paragraph"), None)
        return Answer(question, first) if first and question.text else None


def _line(text: str) -> str:
    return " ".join(text.split())
