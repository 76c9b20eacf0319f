"""The input of rules, and their remarks."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.article.similarity import Sketch, sketch
from syndicate.article.values import Node
from syndicate.article.walk import nodes_in
from syndicate.errors import Location


@dataclass(frozen=True)
class LintSubject:
    """An article as it was read.

    Args:
        source: the name of its file, for messages.
        lines: the source line of each block of the body.
        given: the names of the metadata that the source gives.
    """

    article: Article
    source: str
    lines: tuple[int | None, ...] = ()
    given: frozenset[str] = frozenset()

    def at(self, block: int | None) -> Location:
        """The place of block number `block` of the body (from 0), or, if None, of the article."""
        known = block is not None and block < len(self.lines)
        return Location(self.source, self.lines[block] if known and block is not None else None)

    @cached_property
    def nodes(self) -> tuple[tuple[int | None, Node], ...]:
        """Each block and inline, with the number of the block of the body that it is in."""
        lead = [(None, node) for node in nodes_in((self.article.lead_image,))]
        inside = [(n, node) for n, one in enumerate(self.article.body) for node in nodes_in((one,))]
        return (*lead, *inside)

    @cached_property
    def sketch(self) -> Sketch:
        """A sketch of the text, to find near-duplicates."""
        return sketch(self.article.body)


@dataclass(frozen=True)
class ChannelNeeds:
    """What a channel needs from an article: a headline of at most `headline` characters, and
    pictures at least `picture` pixels wide. None means no limit."""

    name: str
    headline: int | None = None
    picture: int | None = None


@dataclass(frozen=True)
class LintInput:
    """Everything under review, and what the rules check it against. `pixels_across` returns the
    width of one of the newsroom's own pictures by its `src`, or None for a drawing. It raises
    `RenderError` if there is no such picture. `addresses` are the canonical URLs of all articles of
    the newsroom, without the slash at the end, of which few are asked for; None if `subjects` are
    all. `sketches` are those of `subjects`, if they are known."""

    subjects: Sequence[LintSubject]
    publication: Publication
    pixels_across: Callable[[str], int | None]
    channels: tuple[ChannelNeeds, ...] = ()
    addresses: Container[str] | None = None
    sketches: Iterable[Sketch] | None = None

    @cached_property
    def known_addresses(self) -> Container[str]:
        """The canonical URLs of the newsroom's articles, without the slash at the end."""
        if self.addresses is not None:
            return self.addresses
        return frozenset(one.article.url.rstrip("/") for one in self.subjects)


class Remark(NamedTuple):
    """What a rule says about `subject`, at block number `block` of the body if it is about one."""

    subject: LintSubject
    block: int | None
    message: str
    hint: str | None = None


Remarks = Iterator[Remark]
