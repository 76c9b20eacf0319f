"""Measures how well plain text is read: the articles in `copies/` against their labels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from syndicate.article import FAQ, Callout, Heading
from syndicate.article.text import passages, plain
from syndicate.readers import Reading
from tests.readers.reading import read_one

COPIES = sorted((Path(__file__).parent / "copies").glob("*.txt"))
KINDS = ("heading", "callout", "question")
_LETTERS = re.compile(r"[^\w]+")


@dataclass
class Tally:
    """What was found correctly, what was found wrongly, and what was missed."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 if there is nothing to find."""
        right, others = len(self.right), len(self.wrong) + len(self.missed)
        return 2 * right / (2 * right + others) if right + others else 1.0

    def add(self, other: Tally) -> None:
        """Add the results of `other`."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed


def letters(text: str) -> str:
    """The letters and digits of `text`, in lower case."""
    return _LETTERS.sub("", text).lower()


def labels_of(path: Path) -> dict[int, str]:
    """The label of each labelled line in the text at `path`, by line number."""
    lines = path.with_suffix(".labels").read_text("utf-8").splitlines()
    return {int(number): label for number, label in (line.split() for line in lines)}


def tallies(path: Path) -> dict[str, Tally]:
    """For each kind of block, how much of the text at `path` is read as labelled. A callout counts
    only with exactly the labelled words, a question only with its answer."""
    lines = path.read_text("utf-8").splitlines()
    wanted = dict(_wanted(lines, labels_of(path)))
    found = dict(_found(read_one(path.read_bytes(), path.name)))
    counts = {}
    for kind in KINDS:
        want, got = wanted.get(kind, []), list(found.get(kind, []))
        tally = counts[kind] = Tally()
        for one in want:
            (tally.right if one in got else tally.missed).append(f"{path.stem}: {one}")
            if one in got:
                got.remove(one)
        tally.wrong += [f"{path.stem}: {one}" for one in got]
    return counts


def _wanted(lines: list[str], labels: dict[int, str]) -> Iterator[tuple[str, list[str]]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for number, label in sorted(labels.items()):
        words = letters(lines[number - 1])
        kind = label.removesuffix("…")
        if label.endswith("…") or kind == "answer":
            parts["question" if kind == "answer" else kind][-1] += _unmarked(lines[number - 1])
        else:
            parts[kind].append(_unmarked(lines[number - 1]) if kind == "question" else words)
    yield from parts.items()


def _unmarked(line: str) -> str:
    """The letters of a question or answer, without its label, number or bullet."""
    marked = re.sub(r"^(?:\w{1,8}\s?[:.]|\d+[.)]|[-•])\s+(?=\S)", "", line)
    return letters(marked)


def _found(reading: Reading) -> Iterator[tuple[str, list[str]]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for block in reading.article.body:
        match block:
            case Heading():
                parts["heading"].append(letters(plain(block.content)))
            case Callout():
                parts["callout"].append(letters(block.label + " ".join(passages(block.blocks))))
            case FAQ():
                for pair in block.pairs:
                    answer = " ".join(passages(pair.answer))
                    parts["question"].append(letters(plain(pair.question) + answer))
    yield from parts.items()
