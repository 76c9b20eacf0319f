"""Problems found before anything leaves: in sources, in articles, and in what channels render."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

from syndicate.adapters import Scope
from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import Reports, SourceReport
from syndicate.engine.content.processes import Crash, done_apart
from syndicate.engine.content.reading import limits_of
from syndicate.engine.content.spellings import two_spellings
from syndicate.engine.content.summaries import Addresses, Summaries
from syndicate.engine.planning.plan import Plan, Step, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.withdrawn_articles import Remark, come_back, withdrawn_remarks
from syndicate.engine.rendering.render import render_all
from syndicate.engine.rendering.rendered import Rendered
from syndicate.errors import Location, SourceError, SyndicateError
from syndicate.findings import Finding
from syndicate.ledger.snapshot import NothingRendered
from syndicate.lint import ChannelNeeds, LintInput, LintSubject, RuleScope, lint, place
from syndicate.newsroom.newsroom import Newsroom

_ALONE = (RuleScope.ARTICLE, RuleScope.CHANNEL, RuleScope.ADDRESSES)


@dataclass(frozen=True)
class Checked:
    """The result of a check. `findings` are in the order of files, then channels; `reports` are
    those of sources of which a reader noted something; `errors` are sources and channels that could
    not be checked; `unread` is the number of files that no reader takes, `remarks` are about
    withdrawn articles."""

    articles: int
    reports: Mapping[str, SourceReport]
    findings: tuple[Finding, ...]
    errors: tuple[SyndicateError, ...]
    unread: int = 0
    remarks: tuple[Remark, ...] = ()


def check(
    newsroom: Newsroom,
    articles: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
    start: Callable[[int], None] = lambda _: None,
    watch: Callable[[Step], None] = lambda _: None,
) -> Checked:
    """Lint the articles named (all if none are), and render and judge the `channels` named.

    Renders what a first publish would: for a channel with editions, its next edition or else its
    last. Nothing is recorded or delivered.

    Raises:
        SyndicateError: a name is unknown, the ledger cannot be used, or another run is working.
    """
    asked = newsroom.chosen(channels) if channels else ()
    with Planner.open(newsroom) as planner:
        intake, summaries = planner.intake, planner.intake.summaries
        only = planner.asked_for(articles)
        view = NothingRendered(planner.ledger)
        plan = make_plan(planner.plan_inputs(view), asked, only=only)
        planner.cache.save()
        looked_at = [one.source for one in summaries.of(only).values()] if only else None
        findings, errors = _linted(newsroom, summaries, looked_at)
        if only:
            findings = [one for one in findings if one.article in only]
        if not only:
            findings += newsroom.with_severities(map(_not_read, intake.unread))
            findings += newsroom.with_severities(map(_numbered, intake.numbered))
            findings += newsroom.with_severities(two_spellings(planner.cache))
        errors = [*intake.errors, *errors]
        steps = _latest(newsroom, plan)
        start(len(steps))
        places = {(step.channel, step.key): place for place, step in enumerate(steps)}
        for rendered in sorted(
            _watched(render_all(newsroom, steps, newsroom.jobs), watch),
            key=lambda one: places[one.step.channel, one.step.key],
        ):
            findings += newsroom.with_severities(_of_channel(rendered))
            errors += [rendered.error] if rendered.error else []
        remarks = (
            *withdrawn_remarks(newsroom, planner.ledger, only),
            *come_back(planner, only or None),
        )
        number = sum(1 for _ in summaries.sources()) if looked_at is None else len(looked_at)
        noted = dict(intake.reports.noted())
    reports = {one: noted[one] for one in noted if looked_at is None or one in looked_at}
    unread = 0 if only else len(intake.unread)
    return Checked(number, reports, tuple(findings), tuple(errors), unread, remarks)


def _numbered(error: SourceError) -> Finding:
    return Finding("content/slug-taken", "warning", error.message, error.where, hint=error.hint)


def _not_read(error: SourceError) -> Finding:
    return Finding("content/unread-file", "warning", error.message, error.where, hint=error.hint)


def _linted(
    newsroom: Newsroom, summaries: Summaries, sources: Iterable[str] | None
) -> tuple[list[Finding], list[SyndicateError]]:
    """The findings about the articles from `sources` (all if None), in the order of files, and
    which could not be checked. Only one article at a time is in memory."""
    linter = _Linter(newsroom)
    findings: list[Finding] = []
    errors: list[SyndicateError] = []
    chosen = summaries.sources() if sources is None else sources
    for result in done_apart(chosen, linter, newsroom.jobs, limits_of(newsroom)):
        if isinstance(result, Crash):
            where = Location(f"content/{result.task}")
            errors.append(SourceError(f"the process that checked it {result.how}", where=where))
        else:
            findings += result
    whole = LintInput(
        _Subjects(summaries),
        newsroom.publication,
        newsroom.pictures.pixels_across,
        sketches=summaries.sketches(),
    )
    findings += lint(whole, newsroom.lint, (RuleScope.NEWSROOM,))
    return sorted(findings, key=place), errors


@dataclass
class _Linter:
    """Applies the rules that look at one article, in any process."""

    newsroom: Newsroom

    @cached_property
    def _summaries(self) -> Summaries:
        """Of the process that asks: no two may share a connection."""
        return Summaries(ContentCache.open(self.newsroom))

    def __call__(self, source: str) -> list[Finding]:
        subject = _subject(self._summaries, source)
        if subject is None:
            return []
        newsroom = self.newsroom
        one = LintInput(
            (subject,),
            newsroom.publication,
            newsroom.pictures.pixels_across,
            tuple(_asks(newsroom)),
            Addresses(self._summaries.cache),
        )
        return list(lint(one, newsroom.lint, _ALONE))


class _Subjects(Sequence[LintSubject]):
    """All articles, each of them read when it is asked for."""

    def __init__(self, summaries: Summaries) -> None:
        self._summaries, self._rows = summaries, array("q", summaries.rows())

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> LintSubject: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[LintSubject]: ...
    def __getitem__(self, index: int | slice) -> LintSubject | Sequence[LintSubject]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        subject = _subject(self._summaries, self._summaries.source_in(self._rows[index]))
        assert subject is not None
        return subject


def _subject(summaries: Summaries, source: str) -> LintSubject | None:
    article = summaries.cache.article(summaries.from_source(source).digest)
    account = Reports(summaries.cache)[source]
    if article is None:
        return None
    return LintSubject(article, f"content/{source}", account.lines, account.given)


def _asks(newsroom: Newsroom) -> Iterator[ChannelNeeds]:
    for channel in newsroom.channels.values():
        yield ChannelNeeds(channel.name, channel.adapter.headline, channel.adapter.picture)


def _latest(newsroom: Newsroom, plan: Plan) -> tuple[Step, ...]:
    """The steps of `plan`; for a channel with editions, only its newest edition."""
    newest: dict[str, int] = {}
    for step in plan.steps:
        newest[step.channel] = max(newest.get(step.channel, 0), step.number or 0)
    return tuple(
        step
        for step in plan.steps
        if newsroom.channels[step.channel].adapter.scope is not Scope.EDITION
        or step.number == newest[step.channel]
    )


def _watched(rendered: Iterable[Rendered], watch: Callable[[Step], None]) -> Iterator[Rendered]:
    for one in rendered:
        watch(one.step)
        yield one


def _of_channel(rendered: Rendered) -> Iterator[Finding]:
    """Problems that an adapter found in its own work, and what it could not show."""
    channel = rendered.step.channel
    for finding in rendered.findings:
        yield replace(finding, message=f"{channel}: {rendered.step.label}: {finding.message}")
    for loss in rendered.losses:
        yield Finding(
            rule="channel/cannot-carry",
            severity="warning",
            message=f"{channel}: {rendered.step.label}: not shown as written: "
            f"{loss.block}: {loss.reason}",
            article=loss.article,
        )
