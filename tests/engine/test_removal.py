"""What no longer belongs where it stands is removed, and nothing else is."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removals import make_removals
from syndicate.engine.withdrawal import lift
from syndicate.ledger.copies import CopyState
from syndicate.ledger.dispatch import State
from syndicate.ledger.leases import removal_lease
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk
from tests.ledger.taking import become, take

FERRY = "# The night ferry returns\n\nIt sails on Friday at nine.\n"
WITHDRAWN = f"---\nstatus: withdrawn\n---\n{FERRY}"


def planned(desk: Desk, *channels: str) -> set[tuple[str, str, str]]:
    """Channel, label and reason of what the plan would remove."""
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        removals = make_removals(planner.plan_inputs(), newsroom.chosen(channels))
        return {(one.channel, one.label, one.why) for one in removals}


def standing(desk: Desk) -> set[str]:
    """The addresses of everything in the inventory."""
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        return {row.copy.place.address for row in ledger.copies.of_channels(desk.channels())}


def test_the_file_of_a_withdrawn_article_is_removed(desk: Desk) -> None:
    desk.publish()
    desk.write("ferry.md", WITHDRAWN, age=0)
    assert planned(desk) == {("single", "ferry", "withdrawn")}
    outcome = desk.publish()
    assert outcome.removed == 1
    assert desk.told("removed") == ["out/single/ferry.txt"]
    assert "out/single/ferry.txt" not in desk.files()
    assert "out/single/tides.txt" in desk.files()
    assert desk.publish().removed == 0


def test_the_inventory_names_every_file_that_stands(desk: Desk) -> None:
    desk.publish()
    assert standing(desk) == {name for name in desk.files() if name.startswith("out/")}
    desk.write("ferry.md", WITHDRAWN, age=0)
    desk.publish()
    assert standing(desk) == {name for name in desk.files() if name.startswith("out/")}


def test_an_article_that_is_public_again_is_delivered_again(desk: Desk) -> None:
    desk.publish("single")
    before = desk.files()
    desk.write("ferry.md", WITHDRAWN, age=0)
    desk.publish("single")
    desk.write("ferry.md", FERRY)
    desk.publish("single")
    assert "out/single/ferry.txt" not in desk.files(), "an older file does not publish it again"
    lift(load_newsroom(desk.root, {}), "ferry", "Ines")
    desk.publish("single")
    assert desk.files().keys() == before.keys()


@pytest.mark.parametrize("state", ["embargoed: 2099-01-01", "published: 2099-01-01"])
def test_an_article_that_is_not_public_yet_is_removed(desk: Desk, state: str) -> None:
    desk.publish("single")
    desk.write("ferry.md", f"---\n{state}\n---\n{FERRY}", age=0)
    assert planned(desk, "single") == {("single", "ferry", "not public")}


def test_an_article_that_has_expired_is_removed(desk: Desk) -> None:
    desk.publish("single")
    desk.write("ferry.md", f"---\nexpires: 2026-01-01\n---\n{FERRY}", age=0)
    assert planned(desk, "single") == {("single", "ferry", "expired")}


def test_a_file_stays_that_a_limit_or_a_window_leaves_out(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\n[select]\nlimit = 1\nsince = "1 day"\n')
    assert planned(desk) == set()


def test_a_file_leaves_the_channel_that_its_section_leaves(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\n[select]\nsection = "Harbour"\n')
    desk.write("ferry.md", f"---\nsection: Harbour\n---\n{FERRY}")
    desk.publish("single")
    desk.write("ferry.md", f"---\nsection: Sport\n---\n{FERRY}", age=0)
    assert planned(desk, "single") == {("single", "ferry", "not selected")}


def test_the_file_of_an_article_whose_source_is_gone_stays(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "content" / "ferry.md").unlink()
    assert planned(desk) == set()


def test_a_numbered_edition_is_never_removed(desk: Desk) -> None:
    desk.publish("numbered")
    desk.write("ferry.md", WITHDRAWN, age=0)
    assert planned(desk, "numbered") == set()


def test_another_channel_keeps_the_file_that_it_has_taken_over(desk: Desk) -> None:
    desk.channel("old", 'adapter = "./own.py"\n[deliver]\npath = "out/shared"\n')
    desk.publish("old")
    desk.channel("new", 'adapter = "./own.py"\n[deliver]\npath = "out/shared"\n')
    desk.publish("new")
    desk.channel("old", 'adapter = "./own.py"\n[deliver]\npath = "out/old"\n')
    desk.publish()
    assert "out/shared/ferry.txt" in desk.files()


def test_what_stands_at_a_place_that_the_channel_has_left_stays(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\npath = "out/moved"\n')
    desk.publish("single")
    desk.write("ferry.md", WITHDRAWN, age=0)
    desk.publish("single")
    assert {name for name in desk.files() if "ferry" in name} == {"out/single/ferry.txt"}


def test_nothing_is_removed_under_another_runs_nose(desk: Desk) -> None:
    desk.publish("single")
    desk.write("ferry.md", WITHDRAWN, age=0)
    (key,) = _keys(desk)
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        take(ledger, removal_lease("single", key))
        outcome = desk.publish("single")
    assert outcome.removed == 0
    assert outcome.busy == {"single"}
    assert "out/single/ferry.txt" in desk.files()


def test_what_cannot_be_removed_is_named_until_it_is(desk: Desk) -> None:
    desk.publish("single")
    file = desk.root / "out" / "single" / "ferry.txt"
    file.unlink()
    file.mkdir()
    desk.write("ferry.md", WITHDRAWN, age=0)
    for _ in range(2):
        (error,) = desk.publish("single").errors
        assert "single: ferry: not removed" in error.message
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (row,) = (row for row in ledger.copies.of_channels(["single"]) if row.error)
        assert row.state is CopyState.STANDING
    file.rmdir()
    assert desk.publish("single").removed == 1


def test_a_copy_whose_delivery_was_cut_off_is_removed_too(desk: Desk) -> None:
    desk.publish("single")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (row,) = (
            row
            for dispatch, row in ledger.dispatches.find([State.DELIVERED])
            if dispatch.artifact == "ferry.txt"
        )
        become(ledger, replace(row, state=State.COMMITTING))
    desk.write("ferry.md", WITHDRAWN, age=0)
    assert desk.publish("single").removed == 1
    assert "out/single/ferry.txt" not in desk.files()


def test_what_stood_before_the_inventory_was_kept_is_taken_into_it(desk: Desk) -> None:
    desk.publish()
    with (
        closing(open_ledger(desk.ledger, desk.root)) as ledger,
        ledger.database.transaction() as db,
    ):
        db.exec_driver_sql("DELETE FROM copies")
        db.exec_driver_sql("DELETE FROM ledger WHERE key = 'inventory'")
    desk.publish()
    assert standing(desk) == {name for name in desk.files() if name.startswith("out/")}


def test_the_empty_folder_goes_with_its_last_file(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\npath = "out"\n')
    desk.publish("single")
    assert (desk.root / "out").is_dir()
    for name in ("ferry", "tides"):
        desk.write(f"{name}.md", WITHDRAWN, age=0)
    desk.publish("single")
    assert list((desk.root / "out").iterdir()) == []


# -- the guard ------------------------------------------------------------------------------


def expire(desk: Desk, *names: str) -> None:
    """Let articles expire."""
    for name in names:
        desk.write(f"{name}.md", f"---\nexpires: 2026-01-01\n---\n# {name}\n\nText.\n", age=0)


def many(desk: Desk, number: int) -> list[str]:
    """Publish so many more articles; their names."""
    names = [f"n{one:02}" for one in range(number)]
    for name in names:
        desk.write(f"{name}.md", f"# {name}\n\nText of {name}.\n")
    desk.publish("single")
    return names


def test_more_than_a_tenth_at_once_is_refused_and_named(desk: Desk) -> None:
    names = many(desk, 18)  # 20 with those of the desk
    expire(desk, *names[:3])
    (error,) = desk.publish("single").errors
    assert "3 of 20" in error.message
    assert "--allow-removals 3" in (error.hint or "")
    assert len([name for name in desk.files() if name.startswith("out/single")]) == 20
    assert desk.publish("single", allow_removals=2).errors
    assert desk.publish("single", allow_removals=3).removed == 3


def test_two_or_a_tenth_need_no_question(desk: Desk) -> None:
    names = many(desk, 28)
    expire(desk, *names[:3])
    assert desk.publish("single").removed == 3


def test_a_day_is_looked_at_as_a_whole(desk: Desk) -> None:
    names = many(desk, 18)
    expire(desk, *names[:2])
    assert desk.publish("single").removed == 2
    expire(desk, names[2])
    assert "3 of 20" in desk.publish("single").errors[0].message


def test_all_articles_are_never_removed_without_a_question(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\n[select]\nsection = "Harbor"\n')
    assert "all published articles" in desk.publish("single").errors[0].message
    asked: list[str] = []
    desk.publish("single", ask_removal=asked.append)
    assert len(asked) == 1
    assert desk.publish("single", ask_removal=lambda _: True).removed == 2


def test_withdrawals_are_not_counted(desk: Desk) -> None:
    desk.publish("single")
    for name in ("ferry", "tides"):
        desk.write(f"{name}.md", f"---\nstatus: withdrawn\n---\n# {name}\n\nText.\n", age=0)
    assert desk.publish("single").removed == 2


def test_a_plan_shows_what_would_be_removed(desk: Desk) -> None:
    desk.publish("single")
    desk.write("ferry.md", WITHDRAWN, age=0)
    done = desk.command("plan", "--channels", "single", "--exit-code")
    assert done.returncode == 8
    assert "single   ferry  remove  withdrawn" in done.stdout


def _keys(desk: Desk) -> set[str]:
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        return {one.key for one in make_removals(planner.plan_inputs(), newsroom.chosen(()))}
