"""An article as a thread, the way a desk editor would pick: offline, the same every time.

Headline and dek, one idea a post, in the article's own whole sentences and order, one question
with its answer, the link once at the end. What does not fit is left out, never cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from syndicate.adapters.threads.judgement import (
    has_figure,
    is_balanced,
    is_content,
    is_marked,
    is_question,
    is_substantial,
    is_whole,
    stands_alone,
    terms,
    worth,
)
from syndicate.adapters.threads.lexicon import Lexicon, fold, lexicon
from syndicate.adapters.threads.passages import Answer, Passage, Post, Sentence, passages
from syndicate.adapters.threads.sentences import sentences
from syndicate.article import Article

Fits = Callable[[str], bool]

_LONGEST = 4_000  # no platform takes more, and counting costs time
_LEDE, _OPENING, _CALLOUT = 8, 2, 3  # points beside those of `worth`
_FEWEST_POSTS = 4  # that leave room for how the story begins
_OPENING_PASSAGES = 3
_FEWEST_IDEAS = 2  # and one more for each minute of reading
_OPENERS = 2  # sentences that open a paragraph
_CHARACTERS_A_MINUTE = {True: 1_200, False: 500}  # of reading, spaces between words or none
_MOST_ALIKE = 60  # per cent of the shorter idea's terms
_MOST_IN_SECTION = 2
_QUOTATION_MARKS = {"de": "„“", "fr": "«»", "es": "«»", "it": "«»", "ar": "«»", "ja": "「」"}


@dataclass(frozen=True)
class Idea:
    """What a post could be made of: the sentence `at` (from 0) of a passage, the `order`th."""

    passage: Passage
    order: int
    at: int
    points: int


def compose(article: Article, link: str, fits: Fits, *, posts: int = 8) -> tuple[Post, ...]:
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
        self.topic = terms(article.title, words)
        start = " " if words.spaced else ""
        self.topical = frozenset(start + term for term in self.topic)

    def thread(self, link: str, posts: int) -> tuple[Post, ...]:
        if posts == 1:
            return self._closed(self._headline()[:1], link, 1)
        hook = self._hook()
        hook += self._opening(hook) if posts > _FEWEST_POSTS else []
        room = posts - 1 - len(hook)
        answer = self._answer() if room > 1 else []
        characters = sum(len(passage.text) for passage in self.passages)
        minutes = characters // _CHARACTERS_A_MINUTE[self.words.spaced]
        wanted = min(room - len(answer), _FEWEST_IDEAS + minutes)
        chosen = self._choose(hook + answer, wanted)
        return self._closed([*hook, *chosen, *answer], link, posts)

    def _closed(self, thread: Sequence[Post], link: str, posts: int) -> tuple[Post, ...]:
        """`thread` with `link` at its end, in a post of its own if the last one is full."""
        if thread and self.fits(joined := f"{thread[-1].text}\n\n{link}"):
            return (*thread[:-1], Post(joined, thread[-1].sentences))
        if not self.fits(link):
            return tuple(thread)
        return (*thread[: posts - 1], Post(link))

    # ---- the hook ----

    def _headline(self) -> list[Post]:
        title = self.article.title
        return [Post(title, (Sentence(title, "title"),))] if self.fits(title) else []

    def _hook(self) -> list[Post]:
        """The headline with the dek or, if both fit one post, the lede; either alone if not."""
        headline = self._headline()
        for dek in self._deks():
            alone = dek.part != "body" or stands_alone(dek.text, self.words)
            if not headline:
                return [Post(dek.text, (dek,))] if alone and self.fits(dek.text) else []
            for more in (self._after(dek), ()):
                told = (dek, *more)
                said = " ".join(one.text for one in told)
                if self.fits(both := f"{headline[0].text}\n\n{said}"):
                    return [Post(both, (*headline[0].sentences, *told))]
                torn = any(self.words.dangling.match(fold(one.text)) for one in more)
                if torn and alone and self.fits(said):
                    return [*headline, Post(said, told)]
        return headline

    def _leads(self, sentence: Sentence) -> bool:
        """Whether `sentence` can be read first: before the article's first there is nothing that
        it could refer to."""
        text, folded = sentence.text, fold(sentence.text)
        if sentence != self.passages[0].sentences[0]:
            return stands_alone(text, self.words) and self._usable(text)
        if self.words.introduction.match(folded):
            return is_whole(text, self.words) and not self.words.boilerplate.search(folded)
        if self.words.dangling.match(folded) and not self.words.expletive.match(folded):
            return False
        return self._usable(text) or self._is_standfirst(text)

    def _is_standfirst(self, text: str) -> bool:
        """Whether `text` is all of the first paragraph, and ends without a stop, as a dek does."""
        alone = len(self.passages[0].sentences) == 1
        return alone and is_substantial(text, self.words) and self._usable(f"{text}.")

    def _after(self, lede: Sentence) -> tuple[Sentence, ...]:
        """The sentence that goes on from `lede` in the first paragraph."""
        opening = self.passages[0].sentences if self.passages else ()
        if lede not in opening:
            return ()
        following = opening[opening.index(lede) + 1 :][:1]
        goes_on = all(
            is_substantial(one.text, self.words) and self._usable(one.text) for one in following
        )
        return following if goes_on else ()

    def _opening(self, hook: list[Post]) -> list[Post]:
        """How the story begins: the first two sentences of its first paragraphs that the hook
        does not have, in one post if they stand together and fit."""
        used = {sentence for post in hook for sentence in post.sentences}
        said = [terms(one.text, self.words) for one in used]
        opening: list[Post] = []
        for passage in self.passages[:_OPENING_PASSAGES]:
            if passage.kind != "paragraph" or passage.section != self.passages[0].section:
                break
            for at, sentence in enumerate(passage.sentences[:_OPENERS]):
                post = self._run(passage, at, _OPENERS - len(opening))
                about = terms(sentence.text, self.words)
                if sentence in used or not post or any(_alike(about, one) for one in said):
                    continue
                opening.append(post)
                said += [terms(one.text, self.words) for one in post.sentences]
                break
            if sum(len(one.sentences) for one in opening) >= _OPENERS:
                break
        return opening

    def _run(self, passage: Passage, first: int, most: int) -> Post | None:
        """The post of up to `most` sentences of `passage`, from the one `first` on."""
        if not self._begins(passage.sentences[first].text):
            return None
        for last in range(min(first + most, len(passage.sentences)) - 1, first - 1, -1):
            run = passage.sentences[first : last + 1]
            if self.fits(text := passage.run(first, last)) and all(
                self._usable(one.text) for one in run
            ):
                return Post(text, run)
        return None

    def _begins(self, text: str) -> bool:
        return (
            is_substantial(text, self.words)
            and self._usable(text)
            and stands_alone(text, self.words)
        )

    def _deks(self) -> Iterator[Sentence]:
        article = self.article
        title = article.title.casefold().rstrip(".")
        if (subtitle := article.subtitle) and subtitle.casefold().rstrip(".") != title:
            ending = subtitle.rstrip("\"'”’»)")
            if not ending.endswith(("…", "...", ":")) and not is_question(subtitle):
                yield Sentence(subtitle, "subtitle")
        if article.summary:
            first = sentences(article.summary, article.language)[0]
            if self._usable(first) and first.casefold().rstrip(".") != title:
                yield Sentence(first, "summary")
        if self.passages and self.passages[0].kind == "paragraph":
            openers = self.passages[0].sentences[:_OPENERS]
            yield from islice((one for one in openers if self._leads(one)), 1)

    def _usable(self, text: str) -> bool:
        return is_whole(text, self.words) and is_content(text, self.words)

    def _candidate(self, text: str, at: int) -> bool:
        """Whether `text`, sentence `at` of its paragraph, is worth a closer look."""
        if at >= _OPENERS and not is_marked(text):
            return False
        return is_substantial(text, self.words) and is_whole(text, self.words)

    # ---- the ideas ----

    def _choose(self, beside: list[Post], wanted: int) -> list[Post]:
        """The `wanted` best ideas that repeat neither each other nor `beside`, in order.

        Whether an idea makes a post is asked last, of those alone that are worth it.
        """
        used = {sentence for post in beside for sentence in post.sentences}
        said = [terms(sentence.text, self.words) for sentence in used]
        crowded = len({passage.section for passage in self.passages}) > _MOST_IN_SECTION
        chosen: dict[int, Post] = {}
        sections: Counter[int] = Counter()
        for idea in sorted(self._ideas(), key=lambda one: (-one.points, one.order, one.at)):
            if len(chosen) == wanted:
                break
            full = crowded and sections[idea.passage.section] == _MOST_IN_SECTION
            if idea.order in chosen or full:
                continue
            about = terms(idea.passage.sentences[idea.at].text, self.words)
            if any(_alike(about, one) for one in said):
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

    def _post(self, idea: Idea) -> Post | None:
        """The post that `idea` makes; None if it does not fit, or cannot be understood alone."""
        passage, at = idea.passage, idea.at
        if passage.kind == "quote":
            return self._quotation(passage)
        first = self._antecedent(passage, at)
        if first is None or not self.fits(text := passage.run(first, at)):
            return None
        return Post(text, passage.sentences[first : at + 1])

    def _antecedent(self, passage: Passage, at: int) -> int | None:
        """The sentence from which on the one `at` is understood; None if it needs two or more."""
        text = passage.sentences[at].text
        if not is_content(text, self.words):
            return None
        if stands_alone(text, self.words):
            return at
        before = passage.sentences[at - 1].text if at else ""
        return at - 1 if self._usable(before) and stands_alone(before, self.words) else None

    def _quotation(self, passage: Passage) -> Post | None:
        """A block quotation and whose words they are; none without that."""
        if not passage.cite or not all(is_balanced(one.text) for one in passage.sentences):
            return None
        for last in range(len(passage.sentences) - 1, -1, -1):
            said = passage.run(0, last)
            text = f"{self._quoted(said)}\n— {passage.cite}"
            if self.fits(text) and not is_question(said):
                return Post(text, passage.sentences[: last + 1])
        return None

    def _quoted(self, text: str) -> str:
        if text[0] in "“\"„«»「『‘'":
            return text
        marks = _QUOTATION_MARKS.get(self.article.language.split("-")[0], "“”")
        return f"{marks[0]}{text}{marks[1]}"

    # ---- the question ----

    def _answer(self) -> list[Post]:
        """The question nearest to the headline whose answer fits beside it."""
        found = [
            (-len(self.topic & terms(answer.question.text, self.words)), order, post)
            for order, answer in enumerate(self.answers)
            if (post := self._answered(answer))
        ]
        return [min(found, key=lambda entry: entry[:2])[2]] if found else []

    def _answered(self, answer: Answer) -> Post | None:
        question, passage, words = answer.question, answer.passage, self.words
        if not (is_question(question.text) and is_balanced(question.text)):
            return None
        for last in range(len(passage.sentences) - 1, -1, -1):
            used = passage.sentences[: last + 1]
            text = f"{question.text}\n\n{passage.run(0, last)}"
            if not self.fits(text) or not all(is_balanced(one.text) for one in used):
                continue
            if all(is_content(one.text, words) for one in used) and not is_question(used[-1].text):
                return Post(text, (question, *used))
        return None


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) * 100 > _MOST_ALIKE * shorter
