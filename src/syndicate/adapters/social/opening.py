"""The beginning of a thread: the lede, with the headline if that says something else."""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.adapters.social.judgement import (
    are_alike_terms,
    in_own_voice,
    is_question_sentence,
    is_substantial_sentence,
    is_usable,
    is_whole,
    stands_alone,
)
from syndicate.adapters.social.lexicon import fold_for_lexicon, lexicon
from syndicate.adapters.social.passages import ComposedPost, Sentence
from syndicate.adapters.social.runs import Run, SentenceRuns
from syndicate.adapters.social.sentences import split_sentences
from syndicate.adapters.social.story import Spot, ThreadStory, is_linked_sentence
from syndicate.article import Article

_OPENING_PASSAGES = 3
OPENERS = 2  # sentences that open a paragraph
_SAME = 50  # per cent: headline and lede say the same if they share more of the shorter's words


class ThreadOpening:
    """Composes the first posts of a thread about `story`, each short enough for `runs.fits`."""

    def __init__(self, story: ThreadStory, runs: SentenceRuns) -> None:
        self.story = story
        self.runs = runs
        self.words = story.words
        self.lede = self._lede()

    def title(self) -> str:
        """The headline as it is posted: for a column with its label and byline; for a headline in
        the first person, in quotation marks with the author's name."""
        story, title = self.story, self.story.article.title
        byline = story.article.byline
        if story.form == "column" and byline:
            return f"{title}\n\n{thread_label(story.article)}"
        if byline and in_own_voice(title, self.words):
            return f"{story.quoted(title)}\n— {byline}" if "“" not in title else title
        return title

    def headline(self) -> list[ComposedPost]:
        """A post of the headline alone; empty if it does not fit."""
        title = self.title()
        if not self.runs.fits(title):
            title = self.story.article.title
        if self._is_misplaced(title):
            return []
        sentence = Sentence(self.story.article.title, "title")
        return [ComposedPost(title, (sentence,), "headline")] if self.runs.fits(title) else []

    def posts(self) -> tuple[list[ComposedPost], Run | None]:
        """The hook (one or two posts), and the run in it that is the lede."""
        headline, dek = self.headline(), self._dek()
        run = self._run()
        if self.story.form == "live":
            return self._as_it_happens(headline)
        if run is None:
            return [self._under(headline, dek)] if headline and dek else headline, None
        lede = ComposedPost(run.text, self.story.sentences(run.spots), "lede")
        if not headline or self.is_said(run.spots[0]):
            return [lede], run
        for middle in ((dek,) if dek and not self._covers(run, dek) else ()), ():
            for shorter in self._shorter(run):
                voiced = self.story.needs_speaker(shorter.spots)  # and one speaker is enough
                above = self.story.article.title if voiced else headline[0].text
                text = "\n\n".join((above, *(one.text for one in middle), shorter.text))
                used = (*headline[0].sentences, *middle, *self.story.sentences(shorter.spots))
                if self.runs.fits(text):
                    return [ComposedPost(text, used, "headline and lede")], shorter
        return [self._under(headline, dek), lede], run

    def hooks(self) -> Iterator[ComposedPost]:
        """All the ways to begin: headline and lede, lede alone, headline and dek, headline."""
        headline, dek, run = self.headline(), self._dek(), self._run()
        lede = ComposedPost(run.text, self.story.sentences(run.spots), "lede") if run else None
        if headline and lede:
            both = f"{headline[0].text}\n\n{lede.text}"
            used = (*headline[0].sentences, *lede.sentences)
            if self.runs.fits(both):
                yield ComposedPost(both, used, "headline and lede")
        yield from [lede] if lede else []
        if headline and dek:
            yield self._under(headline, dek)
        yield from headline

    def _as_it_happens(self, headline: list[ComposedPost]) -> tuple[list[ComposedPost], Run | None]:
        """The headline of a live blog with the key points at its top."""
        passages = self.story.passages
        items = []
        for order, passage in enumerate(passages):
            if passage.kind != "item":
                break
            items.append(order)
        if not headline or not (points := self.runs.listing(items, headline[0].text)):
            return headline, None
        used = (*headline[0].sentences, *self.story.sentences(points.spots))
        return [ComposedPost(points.text, used, "headline and key points")], points

    def _under(self, headline: list[ComposedPost], dek: Sentence | None) -> ComposedPost:
        """The headline with the dek, if both fit."""
        first = headline[0]
        about = self.story.terms(dek.text) if dek else frozenset()
        if (
            dek is None
            or are_alike_terms(self.story.topic, about, _SAME)
            or not self.runs.fits(both := f"{first.text}\n\n{dek.text}")
        ):
            return first
        return ComposedPost(both, (*first.sentences, dek), "headline and dek")

    def _shorter(self, run: Run) -> Iterator[Run]:
        """`run`, then `run` without its last sentence, without its last two and so on."""
        yield run
        for last in range(len(run.spots) - 1, 0, -1):
            torn = self.runs.follows(run.spots[last])
            needs = self.words.dangling.match(fold_for_lexicon(self.story.text(run.spots[last])))
            if not (torn or needs) and (shorter := self.runs.exactly(run.spots[:last])):
                yield shorter

    def _run(self) -> Run | None:
        if self.lede is None:
            return None
        run = self.runs.run(self.lede)
        if run is None:
            run = self.runs.exactly((self.lede,))
        bare = run is None and not self.story.needs_speaker((self.lede,))
        if bare and self.runs.fits(text := self.story.text(self.lede)):
            return Run((self.lede,), text)
        return run

    def is_said(self, spot: Spot) -> bool:
        """Whether the headline says the same as the sentence at `spot`."""
        if self.story.form in ("column", "live"):
            return False
        return are_alike_terms(self.story.topic, self.story.terms(self.story.text(spot)), _SAME)

    def _is_misplaced(self, title: str) -> bool:
        """Whether the headline is in the first person without saying who is speaking."""
        bare = title == self.story.article.title and self.story.form != "column"
        return bare and in_own_voice(title, self.words)

    def _covers(self, run: Run, dek: Sentence) -> bool:
        said = self.story.topic | frozenset[str]().union(
            *(self.story.terms(self.story.text(one)) for one in run.spots)
        )
        return are_alike_terms(self.story.terms(dek.text), said, _SAME)

    def _lede(self) -> Spot | None:
        """The first sentence that a thread can begin with."""
        for order, passage in enumerate(self.story.passages[:_OPENING_PASSAGES]):
            section = self.story.passages[0].section
            if passage.kind != "paragraph" or passage.section != section or passage.question:
                return None
            for at in range(min(OPENERS, len(passage.sentences))):
                if self._leads(Spot(order, at)):
                    return Spot(order, at)
        return None

    def _leads(self, spot: Spot) -> bool:
        """Whether a thread can begin with the sentence at `spot`. The article's first sentence
        nearly always can: there is nothing before it that it could refer to."""
        text = self.story.text(spot)
        folded = fold_for_lexicon(text)
        if is_linked_sentence(text) and not is_whole(text, self.words):
            return False
        voiced = in_own_voice(text, self.words)
        if voiced and self.story.form != "column" and not self.story.byline_may_speak(spot):
            return False
        if spot != Spot(0, 0):
            return stands_alone(text, self.words) and is_usable(text, self.words)
        if self.words.introduction.match(folded):
            return is_whole(text, self.words) and not self.words.boilerplate.search(folded)
        if self.words.dangling.match(folded) and not self.words.expletive.match(folded):
            return False
        return self.story.is_usable(spot) or self._is_standfirst(text)

    def _is_standfirst(self, text: str) -> bool:
        """Whether `text` is the whole first paragraph and would be usable with a full stop: a
        dek."""
        alone = len(self.story.passages[0].sentences) == 1
        return alone and is_substantial_sentence(text) and is_usable(f"{text}.", self.words)

    def _dek(self) -> Sentence | None:
        """The subtitle, or the first sentence of the summary, unless it repeats the headline."""
        article = self.story.article
        title = article.title.casefold().rstrip(".")
        if (subtitle := article.subtitle) and subtitle.casefold().rstrip(".") != title:
            ending = subtitle.rstrip("\"'”’»)")
            whole = not ending.endswith(("…", "...", ":")) and not is_question_sentence(subtitle)
            if (
                whole
                and not in_own_voice(subtitle, self.words)
                and not is_linked_sentence(subtitle)
            ):
                return Sentence(subtitle, "subtitle")
        if article.summary:
            first = split_sentences(article.summary, article.language)[0]
            voiced = in_own_voice(first, self.words)
            if is_usable(first, self.words) and first.casefold().rstrip(".") != title:
                return None if voiced or is_linked_sentence(first) else Sentence(first, "summary")
        return None


def thread_label(article: Article) -> str:
    """The line above a column: "Opinion" and the byline."""
    return " · ".join(filter(None, (lexicon(article.language).opinion, article.byline)))
