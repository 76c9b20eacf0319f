"""Ids, slugs and first dates hold through edits and renames."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from syndicate.engine.content.identity import FoundArticle, Known, recognise
from syndicate.engine.planning.planner import Planner
from syndicate.newsroom.newsroom import load_newsroom
from tests.articles import article
from tests.engine.conftest import Desk

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
        found = FoundArticle(article(title=one.title), frozenset(), "new.md", MOMENT)
    twin = replace(other, id=f"{one.id}-twin", title=one.title)
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
