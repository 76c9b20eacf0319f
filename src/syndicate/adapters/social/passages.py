"""The sentences of an article that a thread can use, each with its place in the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from syndicate.adapters.social.judgement import is_question_sentence
from syndicate.adapters.social.sentences import sentence_spans
from syndicate.article import (
    FAQ,
    Article,
    Callout,
    Correction,
    Heading,
    List,
    Paragraph,
    QuestionAnswer,
    Quote,
    Strong,
)
from syndicate.article.blocks import Blocks
from syndicate.article.text import plain

Part = Literal["title", "subtitle", "summary", "body"]
Kind = Literal["paragraph", "item", "quote", "callout", "correction"]

_LONGEST_QUESTION = 300
_FEWEST_QUESTIONS = 2  # with fewer, a question in a paragraph of its own must be in bold
_SPACE = re.compile(r"[^\S\u3000]+")  # an ideographic space is a character of its language
_DATELINE = re.compile(
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’/-]*(?:,? [^\W\d_a-zß-öø-ÿ(][\w.'’/)-]*){0,4}|\w+(?: \w+)?)"
    r"(?: \([^)]{2,20}\))? [—–-] (?=[\"“„«‘'¿¡]?(?![a-zß-öø-ÿ])\w)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence as the article has it, and its place: the `part`, the top-level `block` of the
    body (from 0), and its `index` among the block's sentences (from 0)."""

    text: str
    part: Part
    block: int = 0
    index: int = 0


@dataclass(frozen=True)
class ComposedPost:
    """One post of a thread: the `text` to publish, the `sentences` it is made of, and `why` it
    was chosen (the rule that found it, for people to read)."""

    text: str
    sentences: tuple[Sentence, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class StoryPassage:
    """A paragraph: its `text` in one line, its sentences, and where each starts and ends in `text`.

    `section` is the number of headings before it and `heading` the last of them. `question` is the
    question that it answers, in an interview or under a heading that asks. `cite` is the name of
    the person quoted.
    """

    text: str
    sentences: tuple[Sentence, ...]
    spans: tuple[tuple[int, int], ...]
    kind: Kind
    section: int
    cite: str = ""
    heading: Sentence | None = None
    question: Sentence | None = None

    @cached_property
    def lowered(self) -> str:
        """The text in lower case with straight apostrophes, after a space: as the patterns of
        `forms.toml` expect it."""
        return " " + self.text.lower().replace("’", "'")

    def run(self, first: int, last: int) -> str:
        """The text from sentence `first` to sentence `last` (from 0, both included)."""
        return self.text[self.spans[first][0] : self.spans[last][1]]


@dataclass(frozen=True)
class Answer:
    """A question with the first paragraph of its answer."""

    question: Sentence
    passage: StoryPassage


def story_passages(article: Article) -> tuple[list[StoryPassage], list[Answer]]:
    """The running text and the answered questions of `article`, in order.

    Headings, questions, tables, code, captions and everything for members only are left out, and
    so is a dateline before the first sentence.
    """
    found: list[StoryPassage] = []
    answers: list[Answer] = []
    section = 0
    heading: Sentence | None = None
    for number, block in enumerate(article.open_body):
        reader = _SentenceReader(article.language, number, section, heading)
        match block:
            case Heading():
                section += 1
                heading = Sentence(_line(plain(block.content)), "body", number)
            case FAQ(pairs=pairs):
                answers += (answer for pair in pairs if (answer := reader.answer(pair)))
            case Quote(blocks=blocks, cite=cite):
                found += reader.paragraphs(blocks, "quote", _line(plain(cite)))
            case Callout(blocks=blocks):
                found += reader.paragraphs(blocks, "callout")
            case List(items=items):
                for item in items:
                    found += reader.paragraphs(item.blocks[:1], "item")
            case Correction(content=content):
                found += reader.paragraphs((Paragraph(content=content),), "correction")
            case Paragraph():
                found += reader.paragraphs((block,), "paragraph")
            case _:
                pass
    bold = {n for n, block in enumerate(article.open_body) if _is_bold(block)}
    return _asked(_without_dateline(found, article.language), bold), answers


def sentence_without_dateline(text: str) -> str:
    """`text` without its dateline, the place before the first sentence: "CALDER — "."""
    place = _DATELINE.match(text)
    return text[place.end() :] if place else text


def _without_dateline(found: list[StoryPassage], language: str) -> list[StoryPassage]:
    if not found or found[0].kind != "paragraph":
        return found
    first = found[0]
    text = sentence_without_dateline(first.text)
    if text == first.text:
        return found
    where = tuple(sentence_spans(text, language))
    renumbered = tuple(
        replace(first.sentences[0], text=text[start:end], index=at)
        for at, (start, end) in enumerate(where)
    )
    return [replace(first, text=text, spans=where, sentences=renumbered), *found[1:]]


def _is_bold(block: object) -> bool:
    return isinstance(block, Paragraph) and all(isinstance(one, Strong) for one in block.content)


def _asked(found: list[StoryPassage], bold: set[int]) -> list[StoryPassage]:
    """`found` without the questions that are paragraphs of their own; each becomes the `question`
    of the paragraphs that answer it."""
    asking = {
        n
        for n, passage in enumerate(found)
        if passage.kind == "paragraph"
        and len(passage.text) <= _LONGEST_QUESTION
        and is_question_sentence(passage.text)
        and n
    }
    if len(asking) < _FEWEST_QUESTIONS:
        asking = {n for n in asking if found[n].sentences[0].block in bold}
    answered: list[StoryPassage] = []
    question: Sentence | None = None
    section = 0
    for n, passage in enumerate(found):
        if passage.section != section:
            question, section = None, passage.section
        if n in asking:
            first = passage.sentences[0]
            question = Sentence(passage.text, "body", first.block, first.index)
            continue
        under = (
            passage.heading
            if passage.heading and is_question_sentence(passage.heading.text)
            else None
        )
        asked = question or under
        answered.append(replace(passage, question=asked) if asked else passage)
    return answered


@dataclass
class _SentenceReader:
    """Reads the sentences of one block and numbers them."""

    language: str
    block: int
    section: int
    heading: Sentence | None
    taken: int = 0

    def paragraphs(self, blocks: Blocks, kind: Kind, cite: str = "") -> Iterator[StoryPassage]:
        for block in blocks:
            if isinstance(block, Paragraph) and (text := _line(plain(block.content))):
                yield self.passage(text, kind, cite)

    def passage(self, text: str, kind: Kind, cite: str = "") -> StoryPassage:
        where = tuple(sentence_spans(text, self.language))
        sentences = tuple(self.sentence(text[start:end]) for start, end in where)
        return StoryPassage(text, sentences, where, kind, self.section, cite, self.heading)

    def sentence(self, text: str) -> Sentence:
        self.taken += 1
        return Sentence(text, "body", self.block, self.taken - 1)

    def answer(self, pair: QuestionAnswer) -> Answer | None:
        question = self.sentence(_line(plain(pair.question)))
        first = next(self.paragraphs(pair.answer[:1], "paragraph"), None)
        return Answer(question, first) if first and question.text else None


def _line(text: str) -> str:
    return " ".join(text.split()) if text.isascii() else _SPACE.sub(" ", text).strip()
