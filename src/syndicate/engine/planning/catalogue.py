"""The files that a channel has delivered so far, for catalogues that list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.adapters import Issued, Scope
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.newsroom.channel import Channel


@dataclass(frozen=True)
class _Entry:
    """What a catalogue says about an edition or an article, the same for each of its files."""

    rendering: str
    number: int | None
    date: datetime
    language: str
    titles: tuple[str, ...]


def issues_to_catalogue(plan_inputs: PlanInputs, name: str) -> tuple[Issued, ...]:
    """The files that the channel `name` has delivered completely, newest first.

    If the channel makes one file per article, only articles that it still selects are included. A
    channel for members only has none.
    """
    source = plan_inputs.newsroom.channels.get(name)
    if source is None or source.private:
        return ()
    plan_inputs = replace(plan_inputs, snapshot=plan_inputs.view.of_channel(name))
    edition = source.adapter.scope is Scope.EDITION
    entries = _editions(plan_inputs, source) if edition else _articles(plan_inputs, source)
    return tuple(file for entry in entries for file in _files(plan_inputs, source, entry))


def _editions(plan_inputs: PlanInputs, source: Channel) -> Iterator[_Entry]:
    language = plan_inputs.newsroom.publication.language
    for edition in reversed(plan_inputs.view.editions(source.name)):
        here = plan_inputs.summaries.of(article for article, _ in edition.members)
        held = tuple(here[article].title for article, _ in edition.members if article in here)
        date = datetime.fromisoformat(edition.date)
        yield _Entry(str(edition.number), edition.number, date, language, held)


def _articles(plan_inputs: PlanInputs, source: Channel) -> Iterator[_Entry]:
    for one in plan_inputs.chosen(source):
        yield _Entry(one.id, None, one.updated, one.language, (one.title,))


def _files(plan_inputs: PlanInputs, source: Channel, entry: _Entry) -> Iterator[Issued]:
    snapshot = plan_inputs.snapshot
    for artifact in snapshot.artifacts.get((source.name, entry.rendering), ()):
        key = (source.name, entry.rendering, artifact.name)
        dispatches = (snapshot.dispatches.get((*key, courier)) for courier in source.couriers)
        if any(one and one.delivered and one.digest == artifact.digest for one in dispatches):
            yield Issued(
                channel=source.name,
                rendering=entry.rendering,
                number=entry.number,
                date=entry.date,
                language=entry.language,
                titles=entry.titles,
                url=source.url_of(artifact.name),
                media_type=artifact.media_type,
                size=artifact.size,
                digest=artifact.digest,
            )
