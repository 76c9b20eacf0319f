"""What people subscribe to stays, and tells them what was withdrawn."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from xml.etree import ElementTree

import pytest

from syndicate.engine.check import check
from syndicate.engine.content.spellings import RULE
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A newsroom with feeds alone."""
    desk = make_desk(tmp_path_factory.mktemp("feeds") / "newsroom")
    for file in (desk.root / "channels").iterdir():
        file.unlink()
    for file in (desk.root / "content").iterdir():
        file.unlink()
    desk.channel("tags", 'adapter = "atom"\n[split]\nby = "tag"\n')
    desk.channel("sections", 'adapter = "rss"\n[split]\nby = "section"\n')
    desk.channel("opml", 'adapter = "opml"\n')
    return desk


def article(desk: Desk, name: str, *, tag: str = "Ferries", age: int = 3600, **given: str) -> None:
    """Write an article with a tag and other metadata."""
    values = {"published": "2026-05-04", "section": "Harbour", **given}
    head = "".join(f"{key}: {value}\n" for key, value in values.items())
    text = f"---\ntitle: {name}\n{head}tags: [{tag}]\n---\n\nWords about {name}.\n"
    desk.write(f"{name}.md", text, age=age)


def feed(desk: Desk, path: str) -> ElementTree.Element:
    """The root of a feed below `out/`."""
    return ElementTree.parse(desk.root / "out" / path).getroot()


def titles(desk: Desk, path: str) -> list[str]:
    """The titles of the entries of a feed."""
    root = feed(desk, path)
    found = root.iterfind(f"{ATOM}entry/{ATOM}title") if root.tag == f"{ATOM}feed" else None
    return [one.text or "" for one in found or root.iterfind("channel/item/title")]


def gone(desk: Desk, path: str) -> int:
    """How many withdrawn articles an Atom feed names."""
    return len(list(feed(desk, path).iter(TOMBSTONE)))


def updated(desk: Desk, path: str) -> datetime:
    """When an Atom feed says that it last changed."""
    return datetime.fromisoformat(feed(desk, path).findtext(f"{ATOM}updated") or "")


def test_a_corrected_tag_leaves_no_copy_in_the_old_feed(desk: Desk) -> None:
    article(desk, "vote", tag="electoin", section="Politcs")
    article(desk, "tides")
    desk.publish()
    article(desk, "vote", tag="election", section="Politics", age=0)
    desk.publish()
    assert titles(desk, "tags/electoin/feed.atom") == []
    assert titles(desk, "sections/politcs/feed.xml") == []
    assert titles(desk, "tags/election/feed.atom") == ["vote"]
    assert "electoin" not in (desk.root / "out/opml/feeds.opml").read_text()
    assert gone(desk, "tags/electoin/feed.atom") == 0, "it was not withdrawn"
    article(desk, "vote", tag="election", section="Politics", status="withdrawn", age=0)
    desk.publish()
    texts = [path.read_text() for path in (desk.root / "out").rglob("*") if path.is_file()]
    assert not [text for text in texts if "Words about vote" in text]
    assert gone(desk, "tags/electoin/feed.atom") == gone(desk, "tags/election/feed.atom") == 1


def test_an_emptied_feed_keeps_its_title_and_its_date(desk: Desk) -> None:
    article(desk, "vote", tag="Élections")
    article(desk, "tides")
    desk.publish()
    before = feed(desk, "tags/elections/feed.atom")
    article(desk, "vote", tag="Ferries", age=0)
    desk.publish()
    after = feed(desk, "tags/elections/feed.atom")
    for name in ("title", "id", "updated"):
        assert after.findtext(ATOM + name) == before.findtext(ATOM + name)


def test_a_feed_that_has_something_again_goes_on(desk: Desk) -> None:
    article(desk, "vote", tag="election")
    article(desk, "tides")
    desk.publish()
    article(desk, "vote", age=0)
    desk.publish()
    article(desk, "vote", tag="Election", age=0)
    desk.publish()
    assert titles(desk, "tags/election/feed.atom") == ["vote"]


def test_the_first_tag_keeps_its_folder(desk: Desk) -> None:
    for number in range(3):
        article(desk, f"n{number}", tag="COVID-19")
    desk.publish()
    article(desk, "other", tag="Covid 19", age=0)
    desk.publish()
    assert titles(desk, "tags/covid-19/feed.atom") == ["n0", "n1", "n2"]
    (second,) = (desk.root / "out" / "tags").glob("covid-19-*/feed.atom")
    assert titles(desk, str(second.relative_to(desk.root / "out"))) == ["other"]
    (told,) = desk.told("finding")
    assert second.parent.name in told
    desk.publish()
    assert not desk.told("finding")
    assert len(list((desk.root / "out" / "tags").glob("covid-19*"))) == 2


def test_check_names_what_is_written_in_two_ways(desk: Desk) -> None:
    article(desk, "a", tag="COVID-19", author="Ann Lee")
    article(desk, "b", tag="COVID-19", author="ann lee", section="Harbour!")
    article(desk, "c", tag="Covid 19", author="Ann-Lee")
    found = check(load_newsroom(desk.root, {})).findings
    told = {(str(one.where), one.message.partition(":")[0]) for one in found if one.rule == RULE}
    assert told == {
        ("content/c.md", "the tag 'Covid 19' is 'COVID-19' elsewhere"),
        ("content/c.md", "the author 'Ann-Lee' is 'Ann Lee' elsewhere"),
        ("content/b.md", "the section 'Harbour!' is 'Harbour' elsewhere"),
    }


@pytest.mark.parametrize("others", [(), ("2026-04-04",)])
def test_a_month_that_is_not_closed_gets_no_archive_when_its_articles_leave(
    desk: Desk, others: tuple[str, ...]
) -> None:
    desk.channel("tags", 'adapter = "atom"\narchive = "month"\n[split]\nby = "tag"\n')
    article(desk, "tides")
    for number, day in enumerate(others):
        article(desk, f"n{number}", published=day)
    desk.publish()
    article(desk, "tides", age=0, status="withdrawn")
    desk.publish()
    assert gone(desk, "tags/ferries/feed.atom") == 1
    assert not list((desk.root / "out" / "tags" / "ferries").glob("feed-2026-05*"))


def test_what_was_never_public_is_not_said_to_be_withdrawn(desk: Desk) -> None:
    article(desk, "tides")
    article(desk, "never", status="withdrawn")
    desk.publish()
    assert gone(desk, "tags/ferries/feed.atom") == 0


def test_the_date_of_a_feed_never_goes_back(desk: Desk) -> None:
    article(desk, "tides")
    article(desk, "late", published="2026-08-01")
    desk.publish()
    before = updated(desk, "tags/ferries/feed.atom")
    article(desk, "late", published="2026-08-01", tag="Other", age=0)
    desk.publish()
    assert titles(desk, "tags/ferries/feed.atom") == ["tides"]
    assert updated(desk, "tags/ferries/feed.atom") >= before


def test_a_story_that_moves_to_another_month_stands_in_that_alone(desk: Desk) -> None:
    desk.channel("months", 'adapter = "atom"\narchive = "month"\n')
    article(desk, "moves", published="2026-05-04")
    article(desk, "july", published="2026-07-04")
    article(desk, "newest", published="2026-08-04")
    desk.publish()
    archives = {path.name for path in (desk.root / "out/months").glob("*.atom")}
    article(desk, "moves", published="2026-07-05", age=0)
    desk.publish()
    assert len(archives) == 3
    left = {path.name for path in (desk.root / "out/months").glob("*.atom")}
    assert len(left) == 2
    holding = [n for n in left if "moves" in titles(desk, f"months/{n}")]
    assert set(holding) == {"feed-2026-07.atom", "feed.atom"}


def test_a_withdrawal_from_an_archive_is_told_in_the_feed_that_people_follow(desk: Desk) -> None:
    desk.channel("months", 'adapter = "atom"\narchive = "month"\n')
    article(desk, "old", published="2026-05-04")
    article(desk, "newest", published="2026-08-04")
    desk.publish()
    article(desk, "old", published="2026-05-04", status="withdrawn", age=0)
    desk.publish()
    assert gone(desk, "months/feed.atom") == 1


def test_what_feeds_have_shown_is_known_after_an_upgrade(desk: Desk) -> None:
    article(desk, "vote", tag="election")
    article(desk, "tides")
    article(desk, "before", status="withdrawn")
    desk.publish()
    with (
        closing(open_ledger(desk.ledger, desk.root)) as ledger,
        ledger.database.transaction() as db,
    ):
        db.exec_driver_sql("DELETE FROM appearances")
        db.exec_driver_sql("DELETE FROM folders")
        db.exec_driver_sql("DELETE FROM ledger WHERE key = 'parts'")
    desk.publish()
    article(desk, "vote", tag="election", status="withdrawn", age=0)
    desk.publish()
    assert titles(desk, "tags/election/feed.atom") == []
    assert gone(desk, "tags/election/feed.atom") == 1
