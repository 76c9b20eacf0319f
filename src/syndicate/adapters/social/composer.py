"""An article as a thread, the way a desk editor would pick: offline, the same every time.

Headline and dek, one idea a post, in the article's own whole sentences and order, one question
with its answer, the link once at the end. What does not fit is left out, never cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syndicate.adapters.social.judgement import (
    are_alike,
    has_figure,
    is_balanced,
    is_content,
    is_marked,
    is_question,
    is_substantial,
    is_usable,
    is_whole,
    stands_alone,
    terms,
    worth,
)
from syndicate.adapters.social.lexicon import Lexicon, lexicon
from syndicate.adapters.social.opening import OPENERS, Fits, ThreadOpening
from syndicate.adapters.social.passages import Answer, ComposedPost, Passage, passages
from syndicate.article import Article

_LONGEST = 4_000  # no platform takes more, and counting costs time
_LEDE, _OPENING, _CALLOUT = 8, 2, 3  # points beside those of `worth`
_FEWEST_POSTS = 4  # that leave room for how the story begins
_FEWEST_IDEAS = 2  # and one more for each minute of reading
_CHARACTERS_A_MINUTE = {True: 1_200, False: 500}  # of reading, spaces between words or none
_MOST_IN_SECTION = 2
_QUOTATION_MARKS = {"de": "„“", "fr": "«»", "es": "«»", "it": "«»", "ar": "«»", "ja": "「」"}


@dataclass(frozen=True)
class Idea:
    """What a post could be made of: the sentence `at` (from 0) of a passage, the `order`th."""

    passage: Passage
    order: int
    at: int
    points: int


def compose(article: Article, link: str, fits: Fits, *, posts: int = 8) -> tuple[ComposedPost, ...]:
    """The thread of `article`: at most `posts` posts, the last of which holds `link`.

    `fits` tells whether a text can be one post. A thread is shorter where the article has less
    to say, about one idea a minute of reading; it is empty if not even `link` fits.
    """
    desk = _Desk(article, lexicon(article.language), lambda text: _within(text, fits))
    return desk.thread(link, posts)


def _within(text: str, fits: Fits) -> bool:
    return len(text) <= _LONGEST and fits(text)


class _Desk:
    def __init__(self, article: Article, words: Lexicon, fits: Fits) -> None:
        self.article = article
        self.words = words
        self.fits = fits
        self.passages, self.answers = passages(article)
        self.opening = ThreadOpening(article, self.passages, words, fits)
        self.topic = terms(article.title, words)
        start = " " if words.spaced else ""
        self.topical = frozenset(start + term for term in self.topic)

    def thread(self, link: str, posts: int) -> tuple[ComposedPost, ...]:
        if posts == 1:
            return self._closed(self.opening.headline()[:1], link, 1)
        hook = self.opening.hook()
        hook += self.opening.goes_on(hook) if posts > _FEWEST_POSTS else []
        room = posts - 1 - len(hook)
        answer = self._answer() if room > 1 else []
        characters = sum(len(passage.text) for passage in self.passages)
        minutes = characters // _CHARACTERS_A_MINUTE[self.words.spaced]
        wanted = min(room - len(answer), _FEWEST_IDEAS + minutes)
        chosen = self._choose(hook + answer, wanted)
        return self._closed([*hook, *chosen, *answer], link, posts)

    def _closed(
        self, thread: Sequence[ComposedPost], link: str, posts: int
    ) -> tuple[ComposedPost, ...]:
        """`thread` with `link` at its end, in a post of its own if the last one is full."""
        if thread and self.fits(joined := f"{thread[-1].text}\n\n{link}"):
            return (*thread[:-1], ComposedPost(joined, thread[-1].sentences))
        if not self.fits(link):
            return tuple(thread)
        return (*thread[: posts - 1], ComposedPost(link))

    def _candidate(self, text: str, at: int) -> bool:
        """Whether `text`, sentence `at` of its paragraph, is worth a closer look."""
        if at >= OPENERS and not is_marked(text):
            return False
        return is_substantial(text) and is_whole(text, self.words)

    # ---- the ideas ----

    def _choose(self, beside: list[ComposedPost], wanted: int) -> list[ComposedPost]:
        """The `wanted` best ideas that repeat neither each other nor `beside`, in order.

        Whether an idea makes a post is asked last, of those alone that are worth it.
        """
        used = {sentence for post in beside for sentence in post.sentences}
        said = [terms(sentence.text, self.words) for sentence in used]
        crowded = len({passage.section for passage in self.passages}) > _MOST_IN_SECTION
        chosen: dict[int, ComposedPost] = {}
        sections: Counter[int] = Counter()
        for idea in sorted(self._ideas(), key=lambda one: (-one.points, one.order, one.at)):
            if len(chosen) == wanted:
                break
            full = crowded and sections[idea.passage.section] == _MOST_IN_SECTION
            if idea.order in chosen or full:
                continue
            about = terms(idea.passage.sentences[idea.at].text, self.words)
            if any(are_alike(about, one) for one in said):
                continue
            post = self._post(idea)
            if post is None or used & set(post.sentences):
                continue
            chosen[idea.order] = post
            said.append(about)
            sections[idea.passage.section] += 1
        return [chosen[order] for order in sorted(chosen)]

    def _ideas(self) -> Iterator[Idea]:
        """The openings of the paragraphs, and all that holds a figure or a quotation."""
        for order, passage in enumerate(self.passages):
            sentences = passage.sentences[:1] if passage.kind == "quote" else passage.sentences
            for at, sentence in enumerate(sentences):
                if self._candidate(sentence.text, at):
                    quote = passage.kind == "quote"
                    text = self._quoted(sentence.text) if quote else sentence.text
                    points = worth(text, self.words, self.topical)
                    yield Idea(passage, order, at, points + self._bonus(passage, order, at))

    def _bonus(self, passage: Passage, order: int, at: int) -> int:
        if passage.kind == "quote":
            return _CALLOUT
        if order == 0:
            return _LEDE if at == 0 else _OPENING
        bonus = _OPENING if at == 0 and self.passages[order - 1].section != passage.section else 0
        if passage.kind == "callout" and has_figure(passage.text, self.words):
            bonus += _CALLOUT
        return bonus

    def _post(self, idea: Idea) -> ComposedPost | None:
        """The post that `idea` makes; None if it does not fit, or cannot be understood alone."""
        passage, at = idea.passage, idea.at
        if passage.kind == "quote":
            return self._quotation(passage)
        first = self._antecedent(passage, at)
        if first is None or not self.fits(text := passage.run(first, at)):
            return None
        return ComposedPost(text, passage.sentences[first : at + 1])

    def _antecedent(self, passage: Passage, at: int) -> int | None:
        """The sentence from which on the one `at` is understood; None if it needs two or more."""
        text = passage.sentences[at].text
        if not is_content(text, self.words):
            return None
        if stands_alone(text, self.words):
            return at
        before = passage.sentences[at - 1].text if at else ""
        return (
            at - 1 if is_usable(before, self.words) and stands_alone(before, self.words) else None
        )

    def _quotation(self, passage: Passage) -> ComposedPost | None:
        """A block quotation and whose words they are; none without that."""
        if not passage.cite or not all(is_balanced(one.text) for one in passage.sentences):
            return None
        for last in range(len(passage.sentences) - 1, -1, -1):
            said = passage.run(0, last)
            text = f"{self._quoted(said)}\n— {passage.cite}"
            if self.fits(text) and not is_question(said):
                return ComposedPost(text, passage.sentences[: last + 1])
        return None

    def _quoted(self, text: str) -> str:
        if text[0] in "“\"„«»「『‘'":
            return text
        marks = _QUOTATION_MARKS.get(self.article.language.split("-")[0], "“”")
        return f"{marks[0]}{text}{marks[1]}"

    # ---- the question ----

    def _answer(self) -> list[ComposedPost]:
        """The question nearest to the headline whose answer fits beside it."""
        found = [
            (-len(self.topic & terms(answer.question.text, self.words)), order, post)
            for order, answer in enumerate(self.answers)
            if (post := self._answered(answer))
        ]
        return [min(found, key=lambda entry: entry[:2])[2]] if found else []

    def _answered(self, answer: Answer) -> ComposedPost | None:
        question, passage, words = answer.question, answer.passage, self.words
        if not (is_question(question.text) and is_balanced(question.text)):
            return None
        for last in range(len(passage.sentences) - 1, -1, -1):
            used = passage.sentences[: last + 1]
            text = f"{question.text}\n\n{passage.run(0, last)}"
            if not self.fits(text) or not all(is_balanced(one.text) for one in used):
                continue
            if all(is_content(one.text, words) for one in used) and not is_question(used[-1].text):
                return ComposedPost(text, (question, *used))
        return None
