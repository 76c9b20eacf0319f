"""Footnotes: marks and notes that link to each other, even if a note has several marks."""

from __future__ import annotations

from collections import defaultdict

from syndicate.article import Article
from syndicate.kit import Kit


class ChapterNotes:
    """The footnote marks of one chapter, in the order in which they are printed."""

    def __init__(self, article: Article, kit: Kit) -> None:
        self._article = article
        self._kit = kit
        self._marks: dict[int, list[str]] = defaultdict(list)
        self._notes: set[int] = set()

    def mark(self, number: int) -> str:
        """The id of a new mark for note `number`; "" after reporting a loss if `number` is 0."""
        if not number:
            self._kit.lossy(self._article, "footnote_reference", "the footnote does not exist")
            return ""
        marks = self._marks[number]
        marks.append(f"mark-{number}" + (f"-{len(marks) + 1}" if marks else ""))
        return marks[-1]

    def marks(self, number: int) -> tuple[str, ...]:
        """The ids of the marks for note `number` that have been printed so far."""
        return tuple(self._marks[number])

    def note(self, number: int) -> str:
        """The id of note `number`; "" if `number` is 0, or an earlier note has the same label."""
        if not number or number in self._notes:
            return ""
        self._notes.add(number)
        return f"note-{number}"
