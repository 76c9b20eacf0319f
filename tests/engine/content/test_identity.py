"""Ids, slugs and first dates hold through edits and renames."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syndicate.article import Paragraph, Text
from syndicate.article.blocks import Blocks
from syndicate.article.similarity import similarity, sketch
from syndicate.engine.check import check
from syndicate.engine.content.identity import (
    ALIKE,
    REDATED,
    FoundArticle,
    Known,
    recognise,
    settle,
)
from syndicate.engine.planning.planner import Planner
from syndicate.ledger.records import KnownArticle
from syndicate.newsroom.newsroom import load_newsroom
from tests.articles import PUBLICATION, article
from tests.engine.conftest import CHANNELS, Desk
from tests.engine.test_withdrawal import withdrawn

MOMENT = datetime(2026, 10, 6, tzinfo=UTC)

LONG = " ".join(f"word{n}" for n in range(200))


def identity(desk: Desk, label: str) -> list[str]:
    """Id, URL and dates of an article as the channel `single` printed them."""
    name = f"out/single/{label}.txt"
    return desk.files()[name].decode().splitlines()[0].split(" ")[:6]


def test_editing_title_and_text_keeps_identity_and_moves_updated(desk: Desk) -> None:
    desk.publish("single")
    before = identity(desk, "ferry")
    desk.write("ferry.md", "# The ferry is cancelled\n\nNothing sails.\n", age=0)
    desk.publish("single")
    after = identity(desk, "ferry")
    assert after[:4] == before[:4]
    assert after[4:6] > before[4:6]


def test_touching_a_file_moves_nothing(desk: Desk) -> None:
    desk.publish("single")
    text = (desk.root / "content" / "ferry.md").read_text()
    desk.write("ferry.md", text, age=0)
    assert not desk.plan("single").steps


def test_a_renamed_file_is_the_same_article(desk: Desk) -> None:
    desk.publish("single")
    before = identity(desk, "ferry")
    (desk.root / "content" / "ferry.md").rename(desk.root / "content" / "boat.md")
    desk.publish("single")
    assert identity(desk, "ferry") == before
    assert "out/single/boat.txt" not in desk.files()


def test_renamed_and_edited_at_once(desk: Desk) -> None:
    path = desk.write("long.md", f"# A long one\n\n{LONG}\n")
    desk.publish("single")
    before = identity(desk, "long")
    path.unlink()
    desk.write("other.md", f"# Quite another title\n\n{LONG} and a new end.\n", age=0)
    desk.publish("single")
    assert identity(desk, "long")[:4] == before[:4]
    assert "out/single/other.txt" not in desk.files()


def test_another_article_under_an_old_name_is_another_article(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "content" / "ferry.md").unlink()
    desk.publish("single")
    desk.write("market.md", "# The fish market\n\nHerring is back in the hall.\n")
    desk.publish("single")
    assert "out/single/market.txt" in desk.files()


def test_a_slug_edited_later_does_not_move_the_article(desk: Desk) -> None:
    desk.publish("single")
    before = identity(desk, "ferry")
    text = "---\nslug: new-slug\n---\n# The night ferry returns\n\nIt sails on Friday at nine.\n"
    desk.write("ferry.md", text)
    desk.publish("single")
    assert identity(desk, "ferry")[:2] == before[:2]


def test_a_stated_id_is_kept(desk: Desk) -> None:
    text = "---\nid: urn:x-own:77\n---\n# With an id\n\nText.\n"
    path = desk.write("own.md", text)
    desk.publish("single")
    assert identity(desk, "own")[0] == "urn:x-own:77"
    path.rename(path.with_name("moved.md"))
    desk.publish("single")
    assert identity(desk, "own")[0] == "urn:x-own:77"


def test_of_two_that_are_alike_it_is_the_first_by_id(desk: Desk) -> None:
    """So that it does not depend on the order in which the ledger gives them."""
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        one, other = planner.intake.known
    body = article().body
    one = replace(one, sketch=sketch(body))
    found = FoundArticle(article(), frozenset(), "new.md", MOMENT)
    twin = replace(other, id=f"{one.id}-twin", sketch=one.sketch)
    for orphans in ((one, twin), (twin, one)):
        known = Known({}, {}, {each.id: each for each in orphans})
        assert recognise(found, known) == one


def test_an_address_with_a_date_keeps_the_first_one(desk: Desk) -> None:
    settings = desk.root / "syndicate.toml"
    dated = 'permalink = "/{year}/{month}/{slug}/"\n'
    settings.write_text(settings.read_text().replace("[publication]\n", f"[publication]\n{dated}"))
    desk.write("quay.md", "---\npublished: 2026-05-31T09:00:00Z\n---\n# The quay\n\nIt opens.\n")
    desk.publish("single")
    before = identity(desk, "quay")[1]
    desk.write("quay.md", "---\npublished: 2026-07-01T09:00:00Z\n---\n# The quay\n\nIt opens.\n")
    desk.publish("single")
    assert identity(desk, "quay")[1] == before == "https://gazette.example.org/2026/05/quay/"


def test_of_several_it_is_the_one_with_the_most_in_common() -> None:
    texts = {"a": LONG.replace("word1", "other1"), "z": LONG}
    orphans = {name: known_as(name, text) for name, text in texts.items()}
    assert recognised(LONG + " and a new end", orphans) == "z"


# -- regular columns ------------------------------------------------------------------------

BRIEFING = "Good morning from the harbour. This is what you need to know before the day begins. "


@pytest.mark.parametrize("stated", ["", "published: 2026-10-07\n"])
@pytest.mark.parametrize("shared", ["", BRIEFING])
def test_todays_briefing_is_never_yesterdays_by_its_title(
    desk: Desk, stated: str, shared: str
) -> None:
    for name in CHANNELS.keys() - {"numbered"}:
        (desk.root / "channels" / f"{name}.toml").unlink()
    path = desk.write("monday.md", f"# Morning briefing\n\n{shared}{' '.join(NEWS[:30])}\n")
    desk.publish()
    path.unlink()
    head = f"---\n{stated}---\n" if stated else ""
    desk.write("tuesday.md", f"{head}# Morning briefing\n\n{shared}{' '.join(NEWS[30:])}\n", age=0)
    desk.publish()
    assert "out/numbered/2.txt" in desk.files()
    assert NEWS[-1] in desk.files()["out/numbered/2.txt"].decode()


NEWS = tuple(f"event{number}" for number in range(60))


@pytest.mark.parametrize(
    ("kept", "stated", "is_same"),
    [(30, 0, True), (21, 0, True), (20, 0, False), (0, 0, False), (26, 1, False), (27, 1, True)],
)
def test_how_much_of_a_text_makes_it_the_same(kept: int, stated: int, is_same: bool) -> None:
    """Of 30 words in their order, so many are left, and the others are new."""
    before, fresh = NEWS[:30], NEWS[30:]
    now = " ".join((*before[:kept], *fresh[: 30 - kept]))
    orphans = {"old": known_as("old", " ".join(before))}
    share = similarity(sketch(body_of(now)), orphans["old"].sketch)
    assert (share >= (REDATED if stated else ALIKE)) == is_same, "the borderline is measured"
    given = frozenset({"published"} if stated else ())
    assert (recognised(now, orphans, given) == "old") == is_same


def body_of(text: str) -> Blocks:
    return (Paragraph(content=(Text(text=text),)),)


def known_as(name: str, text: str) -> KnownArticle:
    """An article of the ledger with this text, of the day before `article()`'s."""
    found = article(body=body_of(text))
    _, known = settle(FoundArticle(found, frozenset(), f"{name}.md", MOMENT), None, PUBLICATION)
    day = found.published - timedelta(days=1)
    return replace(known, id=name, slug=name, words="", first_seen=day.isoformat())


def recognised(
    text: str, orphans: dict[str, KnownArticle], given: frozenset[str] = frozenset()
) -> str | None:
    found = FoundArticle(article(body=body_of(text)), given, "new.md", MOMENT)
    known = recognise(found, Known({}, {}, orphans))
    return known.id if known else None


NEW = "# Storm warning\n\nSchools on the coast stay closed on Monday, and no train runs.\n"


@pytest.mark.parametrize("left", ["withdrawn", "deleted"])
def test_a_story_that_left_keeps_its_slug_and_a_new_one_gets_a_number(
    desk: Desk, left: str
) -> None:
    desk.publish("single")
    first = identity(desk, "ferry")
    if left == "withdrawn":
        withdrawn(desk)
    else:
        (desk.root / "content" / "ferry.md").unlink()
    desk.write("late/ferry.md", NEW, age=0)
    outcome = desk.publish("single")
    assert not outcome.errors
    second = identity(desk, "ferry-2")
    assert second[0] != first[0]
    assert second[1] == first[1].replace("/ferry/", "/ferry-2/")
    assert "content/late/ferry.md: its slug is 'ferry-2'" in "".join(desk.told("unread"))
    found = check(load_newsroom(desk.root, {})).findings
    assert [str(one.where) for one in found if one.rule == "content/slug-taken"] == [
        "content/late/ferry.md"
    ]
    desk.write("late/ferry.md", NEW.replace("Monday", "Tuesday"), age=0)
    desk.publish("single")
    assert identity(desk, "ferry-2")[:2] == second[:2]
    assert not desk.told("unread")


def test_two_stories_with_one_slug_are_still_an_error(desk: Desk) -> None:
    desk.publish("single")
    desk.write("late/ferry.md", NEW, age=0)
    (error,) = desk.publish("single").errors
    assert "ferry" in str(error)
