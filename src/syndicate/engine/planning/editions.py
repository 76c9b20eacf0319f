"""Numbered editions: the contents of the next one, and a reissue of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.ledger.records import FrozenEdition
from syndicate.newsroom.channel import Channel


def next_edition(
    channel: Channel,
    chosen: Iterable[ArticleSummary],
    past: Iterable[ArticleSummary],
    frozen: tuple[FrozenEdition, ...],
    only: frozenset[str],
) -> FrozenEdition | None:
    """The next edition of `channel`: articles that no earlier edition contained. None if there are
    none.

    It also lists articles of earlier editions that have changed since, as found in `past`.
    """
    held = {a: digest for one in frozen for a, digest in (*one.members, *one.revised)}
    new = [one for one in chosen if one.id not in held and (not only or one.id in only)]
    if not new:
        return None
    return FrozenEdition(
        channel.name,
        frozen[-1].number + 1 if frozen else 1,
        max(one.updated for one in new).isoformat(),
        tuple((one.id, one.digest) for one in new),
        frozen[-1].date if frozen else None,
        tuple((one.id, one.digest) for one in past if held.get(one.id, one.digest) != one.digest),
    )


def appeared_before(
    edition: FrozenEdition, frozen: Iterable[FrozenEdition]
) -> tuple[tuple[str, int, str], ...]:
    """For each article that `edition` lists as revised: its id, the number of the last of the
    `frozen` editions before it that contained it, and the page there ("" if it has none)."""
    found: dict[str, tuple[str, int, str]] = {}
    revised = {article for article, _ in edition.revised}
    for one in frozen:
        pages = dict(one.pagination.starts) if one.pagination else {}
        for article, _ in one.members if one.number < edition.number else ():
            if article in revised:
                found[article] = (article, one.number, pages.get(article, ""))
    return tuple(found[article] for article, _ in edition.revised if article in found)


def reissued_edition(edition: FrozenEdition, by_id: Mapping[str, ArticleSummary]) -> FrozenEdition:
    """`edition` with its articles as they are now. Articles that are gone stay as they were, and
    those that were withdrawn are left out, unless nothing else is in it."""
    members = tuple(
        (article, by_id[article].digest if article in by_id else digest)
        for article, digest in edition.members
        if article not in by_id or by_id[article].status != "withdrawn"
    )
    if not members:
        return edition
    dates = [by_id[article].updated for article, _ in members if article in by_id]
    date = max([datetime.fromisoformat(edition.date), *dates])
    return replace(edition, date=date.isoformat(), members=members)
