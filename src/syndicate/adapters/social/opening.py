"""How a thread begins: the headline with the dek or the lede, and how the story goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from syndicate.adapters.social.judgement import (
    are_alike,
    is_question,
    is_substantial,
    is_usable,
    is_whole,
    stands_alone,
    terms,
)
from syndicate.adapters.social.lexicon import Lexicon, fold
from syndicate.adapters.social.passages import ComposedPost, Passage, Sentence
from syndicate.adapters.social.sentences import sentences
from syndicate.article import Article

OPENERS = 2  # sentences that open a paragraph
_OPENING_PASSAGES = 3

Fits = Callable[[str], bool]


class ThreadOpening:
    """The first posts of the thread of one `article`, whose running text are `passages`."""

    def __init__(
        self, article: Article, passages: Sequence[Passage], words: Lexicon, fits: Fits
    ) -> None:
        self.article = article
        self.passages = passages
        self.words = words
        self.fits = fits

    def headline(self) -> list[ComposedPost]:
        title = self.article.title
        return [ComposedPost(title, (Sentence(title, "title"),))] if self.fits(title) else []

    def hook(self) -> list[ComposedPost]:
        """The headline with the dek or, if both fit one post, the lede; either alone if not."""
        headline = self.headline()
        for dek in self._deks():
            alone = dek.part != "body" or stands_alone(dek.text, self.words)
            if not headline:
                return [ComposedPost(dek.text, (dek,))] if alone and self.fits(dek.text) else []
            for more in (self._after(dek), ()):
                told = (dek, *more)
                said = " ".join(one.text for one in told)
                if self.fits(both := f"{headline[0].text}\n\n{said}"):
                    return [ComposedPost(both, (*headline[0].sentences, *told))]
                torn = any(self.words.dangling.match(fold(one.text)) for one in more)
                if torn and alone and self.fits(said):
                    return [*headline, ComposedPost(said, told)]
        return headline

    def _leads(self, sentence: Sentence) -> bool:
        """Whether `sentence` can be read first: before the article's first there is nothing that
        it could refer to."""
        text, folded = sentence.text, fold(sentence.text)
        if sentence != self.passages[0].sentences[0]:
            return stands_alone(text, self.words) and is_usable(text, self.words)
        if self.words.introduction.match(folded):
            return is_whole(text, self.words) and not self.words.boilerplate.search(folded)
        if self.words.dangling.match(folded) and not self.words.expletive.match(folded):
            return False
        return is_usable(text, self.words) or self._is_standfirst(text)

    def _is_standfirst(self, text: str) -> bool:
        """Whether `text` is all of the first paragraph, and ends without a stop, as a dek does."""
        alone = len(self.passages[0].sentences) == 1
        return alone and is_substantial(text) and is_usable(f"{text}.", self.words)

    def _after(self, lede: Sentence) -> tuple[Sentence, ...]:
        """The sentence that goes on from `lede` in the first paragraph."""
        opening = self.passages[0].sentences if self.passages else ()
        if lede not in opening:
            return ()
        following = opening[opening.index(lede) + 1 :][:1]
        return tuple(
            one for one in following if is_substantial(one.text) and is_usable(one.text, self.words)
        )

    def goes_on(self, hook: list[ComposedPost]) -> list[ComposedPost]:
        """How the story begins: the first two sentences of its first paragraphs that the hook
        does not have, in one post if they stand together and fit."""
        used = {sentence for post in hook for sentence in post.sentences}
        said = [terms(one.text, self.words) for one in used]
        opening: list[ComposedPost] = []
        for passage in self.passages[:_OPENING_PASSAGES]:
            if passage.kind != "paragraph" or passage.section != self.passages[0].section:
                break
            for at, sentence in enumerate(passage.sentences[:OPENERS]):
                post = self._run(passage, at, OPENERS - len(opening))
                about = terms(sentence.text, self.words)
                if sentence in used or not post or any(are_alike(about, one) for one in said):
                    continue
                opening.append(post)
                said += [terms(one.text, self.words) for one in post.sentences]
                break
            if sum(len(one.sentences) for one in opening) >= OPENERS:
                break
        return opening

    def _run(self, passage: Passage, first: int, most: int) -> ComposedPost | None:
        """The post of up to `most` sentences of `passage`, from the one `first` on."""
        if not self._begins(passage.sentences[first].text):
            return None
        for last in range(min(first + most, len(passage.sentences)) - 1, first - 1, -1):
            run = passage.sentences[first : last + 1]
            if self.fits(text := passage.run(first, last)) and all(
                is_usable(one.text, self.words) for one in run
            ):
                return ComposedPost(text, run)
        return None

    def _begins(self, text: str) -> bool:
        return (
            is_substantial(text) and is_usable(text, self.words) and stands_alone(text, self.words)
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
            if is_usable(first, self.words) and first.casefold().rstrip(".") != title:
                yield Sentence(first, "summary")
        if self.passages and self.passages[0].kind == "paragraph":
            openers = self.passages[0].sentences[:OPENERS]
            yield from islice((one for one in openers if self._leads(one)), 1)
