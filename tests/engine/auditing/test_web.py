"""Public URLs are looked at as readers see them: through caches, compressed, redirected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from syndicate.ledger.ledger import open_ledger
from tests.engine.auditing.desk import audited, repaired
from tests.engine.conftest import Desk
from tests.site import Site

CORRECTED = "# The night ferry returns\n\nIt sails on Friday at ten.\n"
WITHDRAWN = f"---\nstatus: withdrawn\n---\n{CORRECTED}"


@dataclass
class Public:
    """A newsroom whose channel `single` is served at a public URL."""

    desk: Desk
    site: Site
    url: str

    def found(self) -> set[tuple[str, str, str]]:
        """What is not as recorded: what, where, and the name of the file."""
        seen = audited(self.desk)
        assert seen.unseen == []
        return {(one.what, one.where, one.address.rpartition("/")[2]) for one in seen.findings}

    def cached(self) -> set[str]:
        """The files that a cache may still show."""
        return {one.address.rpartition("/")[2] for one in audited(self.desk).cached}

    def correct(self) -> bytes:
        """Correct the ferry. Returns what was there before."""
        before = (self.site.folder / "ferry.txt").read_bytes()
        self.desk.write("ferry.md", CORRECTED, age=0)
        self.desk.publish("single")
        return before

    def pass_time(self) -> None:
        """Let everything have been delivered and removed long ago."""
        opened = closing(open_ledger(self.desk.ledger, self.desk.root))
        with opened as ledger, ledger.database.transaction() as db:
            for table in ("copies", "events"):
                db.exec_driver_sql(f"UPDATE {table} SET at = '2026-01-01T00:00:00+00:00'")


@pytest.fixture
def public(desk: Desk) -> Iterator[Public]:
    site = Site(desk.root / "out" / "single")
    with site.serving() as url:
        desk.channel("single", f'adapter = "./own.py"\nurl = "{url}/"\n')
        desk.publish()
        yield Public(desk, site, url)


def test_readers_get_what_was_delivered(public: Public) -> None:
    assert public.found() == set()
    assert {path for path, _, _ in public.site.asked} == {"/ferry.txt", "/tides.txt"}


def test_a_channel_whose_url_is_only_a_guess_is_not_fetched(public: Public) -> None:
    public.desk.channel("single", 'adapter = "./own.py"\n')
    assert public.found() == set()
    assert public.site.asked == []
    assert audited(public.desk, web=False).looked == audited(public.desk).looked


@pytest.mark.parametrize("encoding", ["", "gzip", "identity"])
def test_other_bytes_are_found_however_they_are_sent(public: Public, encoding: str) -> None:
    public.site.encoding = encoding
    assert public.found() == set()
    public.site.cached["ferry.txt"] = b"We were hacked."
    assert public.found() == {("changed", "web", "ferry.txt")}
    (left,) = repaired(public.desk).left
    assert left.where == "web"


def test_an_edited_file_is_one_finding_although_readers_see_it_too(public: Public) -> None:
    (public.site.folder / "ferry.txt").write_text("We were hacked.")
    assert public.found() == {("changed", "destination", "ferry.txt")}


def test_what_was_there_before_may_be_shown_for_max_age(public: Public) -> None:
    public.site.cached["ferry.txt"] = public.correct()
    assert public.found() == set()
    assert public.cached() == {"ferry.txt"}
    public.pass_time()
    assert public.found() == {("changed", "web", "ferry.txt")}


@pytest.mark.parametrize(("max_age", "age"), [(0, None), (300, 0), (0, 900)])
def test_what_was_there_before_may_not_be_shown_by_other_caches(
    public: Public, max_age: int, age: int | None
) -> None:
    """None that asked after the change, and none that should have asked."""
    public.site.cached["ferry.txt"] = public.correct()
    public.pass_time() if age == 0 else None
    public.site.max_age, public.site.age = max_age, age
    assert public.found() == {("changed", "web", "ferry.txt")}


def test_a_page_that_was_never_there_is_not_from_a_cache(public: Public) -> None:
    public.correct()
    public.site.cached["ferry.txt"] = b"We were hacked."
    assert public.found() == {("changed", "web", "ferry.txt")}


def test_a_page_that_is_not_there_is_missing_unless_a_cache_says_so(public: Public) -> None:
    public.site.cached["ferry.txt"] = None
    assert public.found() == {("missing", "web", "ferry.txt")}
    public.site.age = 60
    assert public.cached() == {"ferry.txt"}


def test_a_removed_page_is_still_there_once_caches_have_expired(public: Public) -> None:
    before = (public.site.folder / "ferry.txt").read_bytes()
    public.desk.write("ferry.md", WITHDRAWN, age=0)
    public.desk.publish("single")
    assert public.found() == set()
    public.site.cached["ferry.txt"] = before
    assert public.found() == set()
    assert public.cached() == {"ferry.txt"}
    public.pass_time()
    assert public.found() == {("still there", "web", "ferry.txt")}
    public.site.cached["ferry.txt"] = b"Page not found"
    assert public.found() == set()


def test_redirects_are_followed_and_named(public: Public) -> None:
    public.site.redirects["ferry.txt"] = "/tides.txt"
    (one,) = audited(public.desk).findings
    assert one.what == "changed"
    assert f"redirects to {public.url}/tides.txt" in one.told
    public.site.redirects["ferry.txt"] = "/ferry.txt"
    (unseen,) = audited(public.desk).unseen
    assert "redirects more than" in unseen.why
    public.site.redirects["ferry.txt"] = "http://[broken"
    (unseen,) = audited(public.desk).unseen
    assert "which is no address" in unseen.why


def test_a_second_audit_asks_only_whether_something_has_changed(public: Public) -> None:
    public.found()
    public.site.asked.clear()
    assert public.found() == set()
    assert [(bool(etag), status) for _, etag, status in public.site.asked] == [(True, 304)] * 2
    public.site.cached["ferry.txt"] = b"We were hacked."
    assert public.found() == {("changed", "web", "ferry.txt")}
    del public.site.cached["ferry.txt"]
    public.correct()
    public.site.asked.clear()
    assert public.found() == set()
    assert ("/ferry.txt", "", 200) in public.site.asked


def test_weak_etags_prove_nothing(public: Public) -> None:
    public.site.etags, public.site.headers = False, {"ETag": 'W/"1"'}
    public.found()
    public.found()
    assert {etag for _, etag, _ in public.site.asked} == {""}


@pytest.mark.parametrize("status", [401, 500, 503])
def test_a_server_that_does_not_answer_leaves_copies_unseen(public: Public, status: int) -> None:
    public.site.status = status
    seen = audited(public.desk)
    assert seen.findings == []
    assert sum(one.number for one in seen.unseen) == 2
    assert all(one.error for one in seen.unseen)


def test_an_encoding_that_cannot_be_undone_is_named(public: Public) -> None:
    public.site.encoding = "br"
    seen = audited(public.desk)
    assert seen.findings == []
    assert all("'br'" in one.why for one in seen.unseen)


def test_a_host_that_asks_for_it_is_left_alone(public: Public) -> None:
    for number in range(20):
        public.desk.write(f"story-{number}.md", f"# Story {number}\n\nWords.\n")
    public.desk.publish("single")
    public.site.status = 429
    seen = audited(public.desk)
    assert sum(one.number for one in seen.unseen) == 22
    assert len(public.site.asked) <= 4  # those that were on their way
