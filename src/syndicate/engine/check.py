"""Problems found before anything leaves: in sources, in articles, and in what channels render."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from syndicate.adapters import Scope
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.cache import Cache
from syndicate.engine.content.intake import SourceReport
from syndicate.engine.planning.plan import Plan, Step, make_plan
from syndicate.engine.planning.planner import Planner
from syndicate.engine.rendering.render import render_all
from syndicate.engine.rendering.rendered import Rendered
from syndicate.errors import SourceError, SyndicateError
from syndicate.findings import Finding
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.lint import ChannelNeeds, LintInput, LintSubject, lint
from syndicate.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Checked:
    """The result of a check. `findings` are in the order of files, then channels; `reports` say how
    each source was read; `errors` are sources and channels that could not be checked; `unread` is
    the number of files that no reader takes."""

    articles: int
    reports: Mapping[str, SourceReport]
    findings: tuple[Finding, ...]
    errors: tuple[SyndicateError, ...]
    unread: int = 0


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
        intake, cache = planner.intake, planner.cache
        only = planner.asked_for(articles)
        snapshot = replace(LedgerSnapshot.of(planner.ledger), renderings={})
        plan = make_plan(planner.plan_inputs(snapshot), asked, only=only)
        cache.save()
        subjects = tuple(_subjects(cache, intake.summaries, intake.reports))
        lint_input = LintInput(
            subjects,
            newsroom.publication,
            newsroom.pictures.pixels_across,
            tuple(_asks(newsroom)),
        )
        findings = [
            one for one in lint(lint_input, newsroom.lint) if not only or one.article in only
        ]
        if not only:
            findings += newsroom.with_severities(map(_not_read, intake.unread))
        errors = list(intake.errors)
        steps = _latest(newsroom, plan)
        start(len(steps))
        for rendered in sorted(
            _watched(render_all(newsroom, steps, newsroom.jobs), watch),
            key=lambda one: steps.index(one.step),
        ):
            findings += newsroom.with_severities(_of_channel(rendered))
            errors += [rendered.error] if rendered.error else []
    looked_at = [one for one in intake.summaries if not only or one.id in only]
    named = {one.source for one in looked_at}
    reports = {
        source: account for source, account in intake.reports.items() if not only or source in named
    }
    unread = 0 if only else len(intake.unread)
    return Checked(len(looked_at), reports, tuple(findings), tuple(errors), unread)


def _not_read(error: SourceError) -> Finding:
    return Finding("content/unread-file", "warning", error.message, error.where, hint=error.hint)


def _subjects(
    cache: Cache, summaries: Iterable[ArticleSummary], reports: Mapping[str, SourceReport]
) -> Iterator[LintSubject]:
    for one in summaries:
        article, account = cache.article(one.digest), reports[one.source]
        if article:
            yield LintSubject(article, f"content/{one.source}", account.lines, account.given)


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
