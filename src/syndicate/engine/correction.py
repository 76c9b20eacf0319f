"""Corrects an article: writes the note into its source, brings every channel up to date that shows
the latest state, and prepares what people are told who have the wrong version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from syndicate.adapters import Scope
from syndicate.article import Article, Correction
from syndicate.article.values import one_line
from syndicate.atomic import write_public
from syndicate.couriers import EditsPosts, PostsThreads, Previews
from syndicate.engine.delivery.outcome import Outcome, Watch
from syndicate.engine.delivery.recipients import mailing_couriers
from syndicate.engine.delivery.run import Order
from syndicate.engine.delivery.unsent import issues_with
from syndicate.engine.notices import (
    Matter,
    Prepared,
    is_corrected,
    notice_of,
    people_to_tell,
    prepare_notices,
    versions_without,
)
from syndicate.engine.planning.planner import Planner
from syndicate.engine.publish import publish
from syndicate.engine.source_correction import corrected_file
from syndicate.engine.whereabouts import Whereabouts, article_called, where_is
from syndicate.errors import UsageError
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers.prose import with_urls_linked
from syndicate.stop import Stop

What = Literal["replaced", "answered", "edited", "letter", "next issue", "stays"]


@dataclass(frozen=True)
class CorrectionOrder:
    """Who corrects the article called `article` (its slug or its file), with which `note`. `major`:
    those who were sent the wrong version get a letter."""

    article: str
    note: str
    by: str
    major: bool = False
    day: date | None = None


@dataclass(frozen=True)
class Effect:
    """What a correction means for the copies of one channel.

    `what`: files and feeds are "replaced"; below posts there is an answer to approve ("answered"),
    or an edit of them ("edited"); a "letter" to approve goes to `number` people; the "next issue"
    has the correction; what cannot be changed "stays". `places` are their addresses.
    """

    channel: str
    what: What
    number: int
    places: tuple[str, ...]


@dataclass(frozen=True)
class PlannedCorrection:
    """A correction that has not been made. `file` gets the content `after` in place of `before`
    (None if it does not exist); both are the same if it has the correction already. `leaving` is
    mail with the wrong version that is still being sent: channel, issue, how many are left."""

    order: CorrectionOrder
    article: str
    slug: str
    correction: Correction
    file: Path
    before: bytes | None
    after: bytes
    effects: tuple[Effect, ...]
    leaving: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Corrected:
    """What became of a correction: what the run did, and what waits to be approved."""

    outcome: Outcome
    prepared: tuple[Prepared, ...]


def plan_correction(newsroom: Newsroom, order: CorrectionOrder) -> PlannedCorrection:
    """What `correct` would do. Nothing is changed.

    Raises:
        UsageError: there is no such article, or its source cannot be edited.
        SyndicateError: the source or the ledger cannot be read.
    """
    note = one_line(order.note)
    if not note:
        raise UsageError("the note is empty", hint='say what was wrong: --note "…"')
    day = order.day or datetime.now(newsroom.publication.zone).date()
    correction = Correction(date=day, content=with_urls_linked(note))
    with Planner.open(newsroom) as planner:
        ledger = planner.ledger
        id_ = article_called(planner, order.article)
        summary = planner.intake.summaries.get(id_)
        if summary is None:
            raise UsageError(
                f"the file of {order.article} no longer exists",
                hint="put it back into content/, or withdraw the article: syndicate withdraw"
                f" {order.article} --reason …",
            )
        if summary.status == "withdrawn":
            raise UsageError(
                f"{order.article} is withdrawn",
                hint=f"to publish it again first: syndicate restore {summary.slug}",
            )
        present = planner.cache.article(summary.digest)
        if present:
            _refuse_too_early(present, day)
        if present and is_corrected(present, correction):
            file = newsroom.content / summary.source.partition("#")[0]
            after = file.read_bytes()
            before: bytes | None = after
        else:
            file, before, after = corrected_file(newsroom, summary.source, correction, summary.slug)
        wrong = versions_without(newsroom, ledger, id_, correction) | {summary.digest}
        if present and is_corrected(present, correction):
            wrong -= {summary.digest}
        matter = Matter(id_, summary.slug, notice_of("correction", day, note), "", wrong, "", False)
        people = people_to_tell(newsroom, ledger, matter)
        leaving = tuple(_leaving(newsroom, ledger, id_))
    copies = where_is(newsroom, summary.slug)
    effects = tuple(_effects(newsroom, copies, people, order.major))
    return PlannedCorrection(
        order, id_, summary.slug, correction, file, before, after, effects, leaving
    )


def _leaving(newsroom: Newsroom, ledger: Ledger, article: str) -> Iterator[tuple[str, str, int]]:
    """Mail with `article` of which some has been sent and some has not."""
    mailing = {one for one in newsroom.channels if mailing_couriers(newsroom, one)}
    keys = {one for one in issues_with(ledger, article) if one[0] in mailing}
    keys |= {(channel, article) for channel in mailing}
    for channel, key in sorted(ledger.dispatches.under_way(keys)):
        if number := ledger.dispatches.pending([(channel, key)]):
            yield channel, key if key != article else "", number


def correct(newsroom: Newsroom, planned: PlannedCorrection, watch: Watch, stop: Stop) -> Corrected:
    """Make the correction `planned`. Whatever a crash leaves undone, the same command does.

    Nothing goes to people: answers and letters wait to be approved.

    Raises:
        UsageError: the source was edited meanwhile.
        SyndicateError: as `publish`.
    """
    order = planned.order
    _write(planned)
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        note = f"{'major' if order.major else 'minor'}: {one_line(order.note)}"
        about = {"rendering": planned.article, "name": planned.slug, "note": note}
        ledger.events.add(LedgerEvent("corrected", order.by, **about))
    outcome = Outcome()
    if latest := tuple(_latest(newsroom)):
        only = {one.name: frozenset({planned.article}) for one in latest if _posts(one)}
        names = tuple(one.name for one in latest)
        run = Order(names, (planned.slug,), renderings=only)
        outcome = publish(newsroom, run, watch, lambda _: None, stop)
    prepared: tuple[Prepared, ...] = ()
    if outcome.stopped is None and order.major:
        prepared = _prepared(newsroom, planned)
    if prepared:
        keys: dict[str, frozenset[str]] = {one.row.channel: frozenset() for one in prepared}
        for one in prepared:
            keys[one.row.channel] |= {one.row.key}
        run = Order(tuple(keys), (planned.slug,), renderings=keys)
        outcome.errors += publish(newsroom, run, watch, lambda _: None, stop).errors
    with Planner.open(newsroom) as planner:
        outcome.leave_out_others(planned.article, planned.slug, planner.intake.errors)
    return Corrected(outcome, prepared)


def _refuse_too_early(article: Article, day: date) -> None:
    """Raise UsageError if `day` is before the last correction of `article`: notices are numbered in
    the order of their dates, so those that went out would be mixed up."""
    last = max((one.date for one in article.corrections), default=day)
    if day < last:
        raise UsageError(
            f"{article.slug} was last corrected on {last:%d %b %Y}, after {day:%d %b %Y}",
            hint=f"--date {last} or later; without --date, it is today",
        )


def _prepared(newsroom: Newsroom, planned: PlannedCorrection) -> tuple[Prepared, ...]:
    with Planner.open(newsroom) as planner, shared_lock(newsroom.state):
        ledger, correction = planner.ledger, planned.correction
        summary = planner.intake.summaries.get(planned.article)
        if summary is None:
            return ()
        wrong = versions_without(newsroom, ledger, planned.article, correction)
        notice = notice_of("correction", correction.date, one_line(planned.order.note))
        by, about = planned.order.by, (planned.article, planned.slug)
        matter = Matter(*about, notice, summary.digest, wrong, by, posts=False)
        return prepare_notices(newsroom, ledger, matter)


def _latest(newsroom: Newsroom) -> Iterator[Channel]:
    """The channels that show the latest state, and those whose drafts do."""
    for channel in newsroom.channels.values():
        mails = any(isinstance(one, Previews) for one in channel.couriers.values())
        if channel.adapter.scope is not Scope.EDITION and not mails:
            yield channel


def _posts(channel: Channel) -> bool:
    return any(courier.final for courier in channel.couriers.values())


def _effects(
    newsroom: Newsroom, copies: tuple[Whereabouts, ...], people: dict[str, int], major: bool
) -> Iterator[Effect]:
    for name, channel in newsroom.channels.items():
        couriers = channel.couriers.values()
        threads = any(isinstance(one, PostsThreads) for one in couriers)
        edits = any(isinstance(one, EditsPosts) for one in couriers)
        amends = channel.adapter.amends and channel.adapter.scope is Scope.EDITION
        own = [one for one in copies if one.channel == name]
        letter = people.get(name, 0) if major else 0
        becomes: tuple[tuple[What, tuple[str, ...]], ...] = (
            ("replaced", ("file", "feed")),
            ("edited" if edits else "answered" if threads else "stays", ("post",)),
            *((("letter", ("issue", "mail")),) if letter else ()),
            *((("next issue" if amends else "stays", ("issue", "mail")),) if not letter else ()),
        )
        for what, kinds in becomes:
            if places := _places(own, *kinds):
                yield Effect(name, what, letter if what == "letter" else len(places), places)


def _places(copies: Iterable[Whereabouts], *kinds: str) -> tuple[str, ...]:
    return tuple(one.address for one in copies if one.kind in kinds)


def _write(planned: PlannedCorrection) -> None:
    """Write the source, unless it has the correction.

    Raises:
        UsageError: somebody has edited it, or it cannot be written.
    """
    if planned.before == planned.after:
        return
    try:
        present = planned.file.read_bytes() if planned.file.exists() else None
        if present != planned.before:
            raise UsageError(
                f"{planned.file.name} was edited meanwhile; nothing was changed",
                hint="run this again",
            )
        write_public(planned.file.resolve(), planned.after)
    except OSError as error:
        raise UsageError(f"{planned.file}: {error.strerror}") from error
