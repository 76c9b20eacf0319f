"""Fixes posts that a reader could not understand, by adding what is missing from the article."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from syndicate.adapters.social.context import ThreadReader
from syndicate.adapters.social.judgement import is_marked_sentence, is_question_sentence
from syndicate.adapters.social.runs import Run, SentenceRuns
from syndicate.adapters.social.story import Spot, ThreadStory, is_sayable

_MOST_HEADING = 100
_MOST_BEFORE = 3  # sentences of the paragraph before that may be added


@dataclass(frozen=True)
class Chosen:
    """A chosen post: its `run`, `why` it was chosen, whether it is `last` in the thread, and
    whether the form of the story reserves a place for it (`reserved`)."""

    run: Run
    why: str
    last: bool = False
    reserved: bool = False


class PostFixer:
    """Checks posts from `story` in reading order and fixes those that a reader could not
    understand."""

    def __init__(self, story: ThreadStory, runs: SentenceRuns) -> None:
        self.story = story
        self.runs = runs

    def checked(
        self, reader: ThreadReader, chosen: list[Chosen], spare: int
    ) -> tuple[list[Chosen], set[Spot]]:
        """`chosen`, fixed so that `reader` can understand every post, with at most `spare` posts
        more; and the first sentences of the posts that could not be fixed."""
        kept: list[Chosen] = []
        lost: set[Spot] = set()
        claimed = {spot for one in chosen for spot in one.run.spots}
        for one in chosen:
            fixed = self._fixed(one, reader, claimed - set(one.run.spots), spare)
            if not fixed:
                lost.add(one.run.spots[0])
                continue
            spare -= len(fixed) - 1
            for good in fixed:
                reader.read(good.run.spots, good.run.above)
                claimed.update(good.run.spots)
                kept.append(good)
        return kept, lost

    def _fixed(
        self, one: Chosen, reader: ThreadReader, used: Set[Spot], spare: int
    ) -> list[Chosen]:
        """`one` so that `reader` understands it: unchanged; with the sentences before it in the
        article; after a post that introduces the person whom it names; or without its first
        sentences. Empty if nothing helps."""
        lacks = reader.lacks(one.run.spots, one.run.above)
        if not lacks:
            return [one]
        for run in self._longer(one.run):
            if used.isdisjoint(run.spots) and not reader.lacks(run.spots, run.above):
                return [replace(one, run=run)]
        for name in lacks if spare > 0 else ():
            first = self._introduction(name, one.run.spots[0])
            if first is None or not used.isdisjoint(first.spots) or reader.lacks(first.spots):
                continue
            later = reader.copy()
            later.read(first.spots)
            if not later.lacks(one.run.spots, one.run.above):
                return [Chosen(first, f"introduces {name}"), one]
        for run in self._shorter(one.run):
            if not reader.lacks(run.spots, run.above):
                return [replace(one, run=run)]
        return []

    def _shorter(self, run: Run) -> Iterator[Run]:
        """`run` cut so that it begins with one of its later figures or quotations."""
        for spot in run.spots[1:]:
            if spot.order == run.spots[0].order and is_marked_sentence(self.story.text(spot)):
                shorter = self.runs.run(spot, run.above)
                if shorter and set(shorter.spots) <= set(run.spots):
                    yield shorter

    def _longer(self, run: Run) -> Iterator[Run]:
        """`run` with the sentences before it, with its heading, with the paragraph before it."""
        first = run.spots[0]
        passage = self.story.passages[first.order]
        for at in range(first.at - 1, -1, -1):
            longer = self.runs.run(Spot(first.order, at), run.above)
            if longer and first in longer.spots:
                yield longer
        heading = passage.heading.text if passage.heading else ""
        if heading and not run.above and len(heading) <= _MOST_HEADING:
            text = f"{heading}\n\n{run.text}"
            sayable = not is_question_sentence(heading) and is_sayable(heading, self.story.words)
            if sayable and self.runs.fits(text):
                yield replace(run, text=text, above=heading)
        if first.at or not first.order or run.above:
            return
        before = self.story.passages[first.order - 1]
        if before.section == passage.section and before.kind == passage.kind == "paragraph":
            for at in range(len(before.sentences))[: -_MOST_BEFORE - 1 : -1]:
                spots = [Spot(first.order - 1, n) for n in range(at, len(before.sentences))]
                if longer := self.runs.exactly([*spots, *run.spots]):
                    yield longer

    def _introduction(self, name: str, before: Spot) -> Run | None:
        """The run in which the article introduces the person whom it later calls `name`."""
        at, full = self.story.people.introduced.get(name, (-1, ""))
        spot = self.story.sentence_at(at) if full else None
        return self.runs.run(spot) if spot and spot != before else None
