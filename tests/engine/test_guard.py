"""A mistake in the settings or in many articles empties no feed: whatever would lose them waits."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from syndicate.engine.history import held_of
from syndicate.errors import Exit
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk
from tests.engine.test_withdrawal import withdrawn

HARBOUR = 'adapter = "rss"\n[select]\n'
ARCHIVED = 'adapter = "rss"\narchive = "month"\n[select]\n'
NAMES = tuple(f"n{number:02}" for number in range(12))


@pytest.fixture
def desk(first_desk: Desk, tmp_path: Path) -> Desk:
    """A copy of the newsroom with twelve articles."""
    return first_desk.copied_to(tmp_path / "newsroom")


@pytest.fixture(scope="module")
def first_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A newsroom with twelve articles, of which three are about the harbour."""
    desk = make_desk(tmp_path_factory.mktemp("first") / "newsroom")
    for folder in ("channels", "content"):
        for file in (desk.root / folder).iterdir():
            file.unlink()
    desk.channel("pages", 'adapter = "./own.py"\n')
    desk.channel("harbour", HARBOUR + 'section = "Harbour"\n')
    desk.channel("quays", HARBOUR + 'tags = "Quays"\n')
    desk.channel("lone", HARBOUR + 'tags = "Lone"\n')
    desk.channel("english", HARBOUR + 'language = "en"\n')
    desk.channel("tags", 'adapter = "atom"\n[split]\nby = "tag"\n')
    desk.channel("latest", 'adapter = "jsonfeed"\n[select]\nlimit = 3\n')
    desk.channel("map", 'adapter = "sitemap"\n')
    desk.channel("opml", 'adapter = "opml"\n')
    for name in NAMES:
        article(desk, name)
    desk.publish()
    return desk


def article(desk: Desk, name: str, age: int = 3600, **given: str) -> None:
    """Write an article; the first three are about the harbour."""
    first = NAMES.index(name) < 3 if name in NAMES else False
    values = {
        "section": "Harbour" if first else "Town",
        "tags": "[Quays]" if first else "[Streets, Lone]" if name == NAMES[-1] else "[Streets]",
        "published": "2026-05-04",
        **given,
    }
    head = "".join(f"{key}: {value}\n" for key, value in values.items())
    desk.write(f"{name}.md", f"---\ntitle: {name}\n{head}---\n\nWords about {name}.\n", age=age)


def _misspell_section(desk: Desk) -> None:
    desk.channel("harbour", HARBOUR + 'section = "Harbor"\n')


def _misspell_tag(desk: Desk) -> None:
    desk.channel("quays", HARBOUR + 'tags = "Quais"\n')


def _misspell_tag_of_one(desk: Desk) -> None:
    desk.channel("lone", HARBOUR + 'tags = "Lona"\n')


def _change_language(desk: Desk) -> None:
    desk.channel("english", HARBOUR + 'language = "eng"\n')


def _select_in_the_site_map(desk: Desk) -> None:
    desk.channel("map", 'adapter = "sitemap"\n[select]\nsection = "Harbor"\n')


def _select_in_pages(desk: Desk) -> None:
    desk.channel("pages", 'adapter = "./own.py"\n[select]\nsection = "Harbor"\n')


def _expire_many(desk: Desk) -> None:
    for name in NAMES[3:6]:
        article(desk, name, age=0, expires="2026-06-01")


def _postpone_many(desk: Desk) -> None:
    for name in NAMES:
        article(desk, name, age=0, published="2062-05-04")


def _rename_sections(desk: Desk) -> None:
    for name in NAMES[:3]:
        article(desk, name, age=0, section="Port")


MISTAKES = (
    _misspell_section,
    _misspell_tag,
    _misspell_tag_of_one,
    _change_language,
    _select_in_the_site_map,
    _select_in_pages,
    _expire_many,
    _postpone_many,
    _rename_sections,
)


def shown(desk: Desk, name: str) -> dict[str, bytes]:
    """The files that show the article called `name`."""
    word, page = f"Words about {name}.".encode(), f"/{name}/".encode()
    return {path: data for path, data in desk.files().items() if word in data or page in data}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.__name__.strip("_"))
def test_whatever_would_lose_them_waits(desk: Desk, mistake: object) -> None:
    before = {name: set(shown(desk, name)) for name in NAMES}
    lists = {name: data for name, data in desk.files().items() if "opml" in name}
    mistake(desk)  # type: ignore[operator]
    planned = desk.plan()
    assert planned.many
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    (error,) = outcome.errors
    assert error.hint == planned.many.hint
    assert {name: set(shown(desk, name)) for name in NAMES} == before
    assert lists.items() <= desk.files().items()
    held = held_of(load_newsroom(desk.root, {}))
    assert held
    assert held.hint == planned.many.hint
    number = planned.many.articles
    assert desk.publish(allow_removals=number - 1).errors
    assert desk.publish(allow_removals=number).exit is Exit.DONE
    assert {name: set(shown(desk, name)) for name in NAMES} != before
    assert held_of(load_newsroom(desk.root, {})) is None


def test_closed_months_of_a_feed_that_waits_stay(desk: Desk) -> None:
    article(desk, NAMES[3], age=0, published="2026-03-04")
    desk.channel("archived", ARCHIVED + 'tags = "Streets"\n')
    desk.publish()
    before = {name: data for name, data in desk.files().items() if "archived/" in name}
    closed = "out/archived/feed-2026-03.xml"
    assert closed in before
    desk.channel("archived", ARCHIVED + 'tags = "Street"\n')
    planned = desk.plan()
    assert all(map(planned.holds, planned.removals))
    assert desk.publish().exit is Exit.PARTLY
    assert before.items() <= desk.files().items()
    assert desk.publish(allow_removals=9).exit is Exit.DONE
    assert closed not in desk.files()


def test_a_mistake_that_is_corrected_has_changed_nothing(desk: Desk) -> None:
    before = desk.files()
    _misspell_section(desk)
    asked: list[str] = []
    desk.publish(ask_removal=asked.append)
    assert asked == ["nothing would be left in harbour, which would lose 3 articles"]
    desk.channel("harbour", HARBOUR + 'section = "Harbour"\n')
    assert desk.publish().exit is Exit.DONE
    assert desk.files() == before
    assert held_of(load_newsroom(desk.root, {})) is None


def _new_article(desk: Desk) -> None:
    article(desk, "newest", published="2026-06-04", section="Harbour", tags="[Quays]")


def _lower_limit(desk: Desk) -> None:
    desk.channel("latest", 'adapter = "jsonfeed"\n[select]\nlimit = 1\n')


def _move_between_tags(desk: Desk) -> None:
    for name in NAMES[3:]:
        article(desk, name, age=0, tags="[Roads, Lone]")


def _withdraw(desk: Desk) -> None:
    for name in NAMES[:3]:
        article(desk, name, age=0, status="withdrawn")


def _delete(desk: Desk) -> None:
    for name in NAMES:
        (desk.root / "content" / f"{name}.md").unlink()


FREE = (_new_article, _lower_limit, _move_between_tags, _withdraw, _delete)


@pytest.mark.parametrize("change", FREE, ids=lambda one: one.__name__.strip("_"))
def test_what_is_not_lost_does_not_count(desk: Desk, change: object) -> None:
    change(desk)  # type: ignore[operator]
    assert not desk.plan().many
    assert not desk.publish().errors


def test_what_has_left_feeds_counts_for_a_day(desk: Desk) -> None:
    for name in NAMES[3:5]:
        article(desk, name, age=0, language="de")
    assert not desk.publish("english").errors
    article(desk, NAMES[5], age=0, language="de")
    assert "3 of 12" in desk.publish("english").errors[0].message
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        assert len(list(ledger.events.newest(what=["left"]))) == 2


def test_plan_status_and_doctor_name_it_with_the_command(desk: Desk) -> None:
    _misspell_section(desk)
    desk.publish()
    for words in ("plan", "status", "doctor"):
        done = desk.command(words)
        assert "syndicate publish --allow-removals 3" in done.stdout + done.stderr, words
        assert "nothing would be left in harbour" in done.stdout + done.stderr, words


def test_what_is_withdrawn_leaves_a_feed_that_waits(desk: Desk) -> None:
    _misspell_section(desk)
    assert desk.publish().exit is Exit.PARTLY
    withdrawn(desk, "n01")
    feed = (desk.root / "out/harbour/feed.xml").read_text()
    assert ("n00" in feed, "n01" in feed, "n02" in feed) == (True, False, True)
    assert desk.publish().exit is Exit.PARTLY
    assert (desk.root / "out/harbour/feed.xml").read_text() == feed
    assert desk.publish(allow_removals=3).exit is Exit.DONE
    assert "n00" not in (desk.root / "out/harbour/feed.xml").read_text()
    assert desk.publish().planned == 0
