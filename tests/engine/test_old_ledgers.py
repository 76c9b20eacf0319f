"""Newsrooms of older releases: publishing with them sends nothing twice."""

from __future__ import annotations

from contextlib import closing

from syndicate.errors import Exit
from syndicate.ledger.ledger import open_ledger
from tests.engine.conftest import Desk
from tests.engine.ledgers import EACH, Era, make
from tests.golden.ledgers.make import PUT_OFF
from tests.platforms.x import SECRETS, X
from tests.sink import Sink

__all__ = ["make"]


@EACH
def test_nothing_is_mailed_or_posted_twice(make: object, era: Era) -> None:
    with Sink() as sink, X() as platform:
        platform.first = 1_900_000_000_000_000_000  # no platform gives an id twice
        desk: Desk = make(era, smtp=sink.port, api=platform.url)  # type: ignore[operator]
        end = Exit.PARTLY if era.mails else Exit.DONE  # one mail is uncertain, until it is settled
        done = desk.command("publish", "--yes", **SECRETS)
        assert done.returncode == end, done.stderr
        assert "the ledger was upgraded from version" in done.stderr
        again = desk.command("publish", "--yes", **SECRETS)
        assert again.returncode == end, again.stderr
        assert "upgraded" not in again.stderr
        assert sink.recipients == ([PUT_OFF] if era.mails else [])
        posts = [one.text for one in platform.posts]
    if era.posts:
        assert posts
        assert len(set(posts)) == len(posts)
        assert not any("full boat" in post for post in posts)
        with closing(open_ledger(desk.ledger, desk.root)) as ledger:
            dispatches = {one.artifact: one for one in ledger.dispatches.current()}
            assert dispatches[era.approved].delivered
    else:
        folder = "x" if era.mails else "social"
        assert (desk.root / "out" / folder / era.approved).is_file()
        assert posts == []
