"""New drafts take the place of those before, unless somebody has edited them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from syndicate.engine.planning.plan import Step
from syndicate.engine.rendering.rendered import Rendered
from syndicate.engine.review.draft_files import DraftFiles
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom


def place_drafts(
    newsroom: Newsroom, ledger: Ledger, rendered: Rendered, snapshot: LedgerSnapshot
) -> Iterator[tuple[Literal["drafted", "stale"], str]]:
    """Put the drafts of `rendered` where people edit them. Yields what to tell people of each: that
    it was drafted, or what is stale.

    Raises:
        OSError: a file cannot be written.
        StoreError: bytes cannot be read.
    """
    step, files = rendered.step, DraftFiles(newsroom, ledger)
    before = {a.name: a for a in snapshot.artifacts.get((step.channel, step.key), ())}
    for artifact in rendered.artifacts:
        if not artifact.draft:
            continue
        last = before[artifact.name].digest if artifact.name in before else None
        shown = f"{newsroom.drafts.name}/{artifact.name}"
        key, content = (step.channel, step.key, artifact.name), newsroom.store.read(artifact.digest)
        is_other = artifact.digest != last
        approved = files.approvers(key, snapshot.reviews) if is_other else ()
        placed = files.place(key, content, last)
        if placed:
            yield "drafted", shown
        if approved:
            which = "the new draft" if placed else "it"
            text = f"{shown}: {_what_changed(step)}, so the approval by {', '.join(approved)}"
            yield "stale", f"{text} no longer counts; read {which} and approve it again"
        elif is_other and not placed:
            yield "stale", f"{shown} was edited by hand and is kept; {_what_changed(step)} since"


def _what_changed(step: Step) -> str:
    """Why `step` is rendered again, for people."""
    changed = step.changes[0] if step.changes else "articles"
    words = {"articles": "the article has", "pictures": "a picture has"}
    return f"{words.get(changed, f'the {changed} have')} changed"
