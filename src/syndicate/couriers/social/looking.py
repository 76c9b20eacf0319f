"""Looks at posts that stand on a platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from syndicate.couriers.contract import Copy
from syndicate.couriers.looking import Contents, Seen
from syndicate.couriers.social.account import Account
from syndicate.couriers.social.limits import patiently
from syndicate.errors import MissingBlobError, PostponedError, Problems, SourceError
from syndicate.thread import read_draft

AT_ONCE = 100
"""The most posts that X shows in one answer."""
NOT_KNOWN = Seen("unknown", "the ledger does not know its id")


def look_at_posts(
    account: Account, copies: Iterable[Copy], content: Contents, patience: float
) -> Iterator[tuple[Copy, Seen]]:
    """See `Looks`: each post as people see it now, against the words of the thread. Rate limits
    that end within `patience` seconds are waited for."""
    rest = iter(copies)
    while some := list(islice(rest, AT_ONCE)):
        by_id = {one.remote_id: one for one in some if one.remote_id}
        yield from ((one, NOT_KNOWN) for one in some if not one.remote_id)
        texts = {id_: _text(one, content) for id_, one in by_id.items()}
        yield from ((by_id[id_], seen) for id_, seen in _asked(account, texts, patience))


def _asked(
    account: Account, texts: dict[str, str | None], patience: float
) -> Iterator[tuple[str, Seen]]:
    left, found = dict(texts), dict[str, Seen]()

    def ask() -> None:
        for id_, seen in account.look(dict(left)):
            found[id_] = seen
            del left[id_]

    limit: PostponedError | None = None
    try:
        if left:
            patiently(ask, patience)
    except PostponedError as error:
        limit = error
    yield from found.items()
    if limit:
        raise limit


def told_of(text: str, expected: str | None) -> Seen:
    """What it means that a post says `text`."""
    if expected is None:
        return Seen("there")
    return Seen("same") if text.strip() == expected.strip() else Seen("changed", f"says: {text}")


def _text(copy: Copy, content: Contents) -> str | None:
    """What the thread says in the post that `copy` is; None if it is no longer known."""
    if copy.digest is None:
        return None
    try:
        return read_draft(content(copy.digest), copy.artifact).units.get(copy.unit)
    except (MissingBlobError, SourceError, Problems):
        return None
