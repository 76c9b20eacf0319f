"""What rules look at, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from syndicate.article import Article
from syndicate.article.likeness import Sketch, sketch
from syndicate.article.publication import Publication
from syndicate.article.values import Node
from syndicate.article.walk import nodes
from syndicate.errors import Location


@dataclass(frozen=True)
class Subject:
    """An article as it was read. `source` is its file for people, `lines` the source lines of
    its body's blocks, `given` the metadata that the source states."""

    article: Article
    source: str
    lines: tuple[int | None, ...] = ()
    given: frozenset[str] = frozenset()

    def at(self, block: int | None) -> Location:
        """The place of the body's block number `block` (from 0); None is the article itself."""
        known = block is not None and block < len(self.lines)
        return Location(self.source, self.lines[block] if known and block is not None else None)

    @cached_property
    def nodes(self) -> tuple[tuple[int | None, Node], ...]:
        """Each block and inline, with the number of the body's block that it stands in."""
        lead = [(None, node) for node in nodes((self.article.lead_image,))]
        inside = [(n, node) for n, one in enumerate(self.article.body) for node in nodes((one,))]
        return (*lead, *inside)

    @cached_property
    def sketch(self) -> Sketch:
        """What near-duplicates are found by."""
        return sketch(self.article.body)


@dataclass(frozen=True)
class ChannelNeeds:
    """What a channel asks of an article: `headline` is the number of characters that it shows
    whole, `picture` the width in pixels that a picture needs there; None asks for nothing."""

    name: str
    headline: int | None = None
    picture: int | None = None


@dataclass(frozen=True)
class LintInput:
    """All that is under review, and what it is held against. `pixels_across` tells the width of
    one of the newsroom's own pictures by its `src`, None for a drawing; it raises `RenderError`
    if there is no such picture."""

    subjects: tuple[Subject, ...]
    publication: Publication
    pixels_across: Callable[[str], int | None]
    channels: tuple[ChannelNeeds, ...] = ()

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The canonical URLs of the articles, without a closing slash."""
        return frozenset(one.article.url.rstrip("/") for one in self.subjects)


class Remark(NamedTuple):
    """What a rule says of a subject, at the body's block number `block` if it has one."""

    subject: Subject
    block: int | None
    message: str
    hint: str | None = None


Remarks = Iterator[Remark]
