"""Keeps articles published although their files are gone, and lists those that are undecided."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from syndicate.engine.content.kept import KeptArticle
from syndicate.engine.delivery.deleted import keep_in_ledger
from syndicate.engine.planning.planner import Planner
from syndicate.engine.whereabouts import article_called
from syndicate.errors import UsageError
from syndicate.ledger.lock import shared_lock
from syndicate.newsroom.newsroom import Newsroom


def articles_without_file(newsroom: Newsroom) -> tuple[KeptArticle, ...]:
    """The published articles whose file is gone or cannot be read, and of which nobody has decided
    yet what becomes of them, in the order of files.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    with Planner.open(newsroom) as planner:
        return planner.intake.kept(planner.now)


def keep(newsroom: Newsroom, names: Sequence[str], by: str) -> tuple[KeptArticle, ...]:
    """Let the articles called `names` (slugs or files; all whose file is gone if there are none)
    stay published without their file. Returns them.

    That ends when a file of the article appears again, or when it is withdrawn.

    Raises:
        UsageError: there is no such article, its file is there, or it was never published.
        LedgerError: the ledger cannot be used.
    """
    with Planner.open(newsroom) as planner, shared_lock(newsroom.state):
        missing = {one.id: one for one in planner.intake.kept(planner.now)}
        if names:
            ids = [_named(planner, name, missing) for name in names]
        else:
            ids = [id_ for id_, one in missing.items() if not (one.is_broken or one.is_lost)]
        keep_in_ledger(planner.ledger, [missing[id_] for id_ in ids], by)
        Planner.of(newsroom, planner.ledger)  # for `status`, which asks what was read last
        return tuple(missing[id_] for id_ in ids)


def _named(planner: Planner, name: str, missing: Collection[str]) -> str:
    id_ = article_called(planner, name)
    one = planner.intake.summaries.get(id_)
    if id_ not in missing:
        told = f"{name} was never published" if one is None else f"the file of {name} is there"
        if one is not None and one.kept == "decided":
            told = f"{name} is kept already"
        elif one is not None and one.kept:
            told = f"{name} is not public"
        raise UsageError(told, hint="what can be kept: syndicate keep")
    if one is None:
        raise UsageError(
            f"the text of {name} is lost, so it cannot be kept",
            hint=f"put its file back, or: syndicate withdraw {name} --reason TEXT",
        )
    if one.kept == "broken":
        raise UsageError(
            f"the file of {name} is there, but cannot be read",
            hint=f"correct it: content/{one.source}; until then the article stays as it was",
        )
    return id_
