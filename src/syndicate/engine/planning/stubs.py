"""What stands in the place of withdrawn articles: notices where their pages were, and what formats
such as ninjs say of them. And the addresses that are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from urllib.parse import urljoin

from syndicate.adapters import Cancels, GoneArticle, Scope
from syndicate.adapters.web.notice_page import is_page
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.release import mirrors_of
from syndicate.engine.planning.renderings import PlannedRendering, rendering_of_stub
from syndicate.ledger.records import KnownArticle
from syndicate.ledger.withdrawals import GoneFile, WithdrawalRow
from syndicate.newsroom.channel import Channel


def is_replaced(channel: Channel, artifact: str, media_type: str, *, notice: bool) -> bool:
    """Whether something stands in the place of a withdrawn article's file in `channel`.

    Args:
        media_type: "" if it is not known.
        notice: whether the withdrawal asks for notices.
    """
    if channel.adapter.scope is not Scope.ARTICLE:
        return False
    return isinstance(channel.adapter, Cancels) or (notice and is_page(artifact, media_type))


def stubs(
    plan_inputs: PlanInputs, channel: Channel, only: Collection[str] = ()
) -> Iterator[PlannedRendering]:
    """What stands in `channel` in the place of withdrawn articles.

    Args:
        only: ids of the articles asked for; empty means all.
    """
    if channel.adapter.scope is not Scope.ARTICLE or not mirrors_of(channel):
        return
    ledger = plan_inputs.view.ledger
    withdrawn = {one.id: one for one in ledger.articles.withdrawn() if not only or one.id in only}
    rows, files = ledger.withdrawals.of(withdrawn), ledger.withdrawals.files(withdrawn)
    for id_ in sorted(withdrawn.keys() & files.keys()):
        row = rows.get(id_, WithdrawalRow(id_, "", ""))
        own = [
            (one.artifact, one.media_type)
            for one in _files(channel, files[id_])
            if is_replaced(channel, one.artifact, one.media_type, notice=row.notice)
        ]
        if own:
            gone = _gone(plan_inputs, withdrawn[id_], row)
            yield rendering_of_stub(gone, tuple(own))


def gone_articles(plan_inputs: PlanInputs) -> Iterator[GoneArticle]:
    """Every withdrawn article with the addresses at which readers found it."""
    ledger = plan_inputs.view.ledger
    withdrawn = {one.id: one for one in ledger.articles.withdrawn()}
    rows, files = ledger.withdrawals.of(withdrawn), ledger.withdrawals.files(withdrawn)
    for id_ in sorted(withdrawn):
        row = rows.get(id_, WithdrawalRow(id_, "", ""))
        gone = _gone(plan_inputs, withdrawn[id_], row)
        page = row.page or _page(plan_inputs, id_)
        found = dict(_addresses(plan_inputs, files.get(id_, ()), notice=row.notice))
        if page:
            found.setdefault(urljoin(plan_inputs.newsroom.publication.base_url, page), False)
        yield GoneArticle(id_, gone.slug, gone.time, addresses=tuple(sorted(found.items())))


def _files(channel: Channel, files: Collection[GoneFile]) -> Iterator[GoneFile]:
    mirrors = mirrors_of(channel)
    return (one for one in files if one.channel == channel.name and one.courier in mirrors)


def _addresses(
    plan_inputs: PlanInputs, files: Collection[GoneFile], *, notice: bool
) -> Iterator[tuple[str, bool]]:
    for channel in plan_inputs.newsroom.channels.values():
        if channel.private or isinstance(channel.adapter, Cancels):
            continue  # the file is still there, and says that the article is withdrawn
        for one in _files(channel, files):
            stands = is_replaced(channel, one.artifact, one.media_type, notice=notice)
            yield channel.url_of(one.artifact), stands


def _gone(plan_inputs: PlanInputs, known: KnownArticle, row: WithdrawalRow) -> GoneArticle:
    return GoneArticle(
        known.id,
        known.slug,
        datetime.fromisoformat(known.withdrawn or known.updated),
        row.language,
        row.note,
        known.title if plan_inputs.newsroom.shows_titles and not row.legal else "",
    )


def _page(plan_inputs: PlanInputs, article: str) -> str:
    one = plan_inputs.summaries.get(article)
    return one.url if one else ""
