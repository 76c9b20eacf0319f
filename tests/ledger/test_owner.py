"""A ledger serves one newsroom, however that is found out, and refuses another."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import Exit, LedgerError
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.owner import own_id
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk
from tests.engine.ledgers import ERAS, restore_newsroom

SHARED = "../shared.sqlite"


def desk_at(root: Path, **settings: str) -> Desk:
    """A newsroom in `root` whose ledger others can open, too."""
    desk = make_desk(root, SHARED)
    change(desk, **settings)
    return desk


def change(desk: Desk, **settings: str) -> None:
    """Give the newsroom another title, base_url or id."""
    file = desk.root / "syndicate.toml"
    lines = file.read_text().splitlines()
    for key, value in settings.items():
        lines = [line for line in lines if not line.startswith(f"{key} =")]
        at = 0 if key == "id" else len(lines)
        lines.insert(at, f'{key} = "{value}"')
    file.write_text("\n".join(lines))


def test_another_newsroom_is_refused_with_both_names(tmp_path: Path) -> None:
    desk_at(tmp_path / "one", title="The Gazette").publish("single")
    other = desk_at(tmp_path / "two", title="The Echo", base_url="https://echo.example.org/")
    done = other.command("publish")
    assert done.returncode == 1
    assert "belongs to the newsroom 'The Gazette' (gazette.example.org" in done.stderr
    assert "this one is 'The Echo' (echo.example.org)" in done.stderr
    assert 'hint: give this newsroom its own ledger: ledger = "…"' in done.stderr
    assert not (other.root / "out").exists()


def test_the_hint_lets_it_in(tmp_path: Path) -> None:
    desk_at(tmp_path / "one").publish("single")
    other = desk_at(tmp_path / "two", base_url="https://echo.example.org/")
    with pytest.raises(LedgerError) as refused:
        other.publish("single")
    hint = refused.value.hint or ""
    change(other, id=hint.partition('id = "')[2].partition('"')[0])
    assert other.publish("single").exit is Exit.DONE


def test_title_and_host_may_change(tmp_path: Path) -> None:
    desk = desk_at(tmp_path / "one")
    desk.publish("single")
    change(desk, title="The Harbour Gazette")
    assert desk.publish("single").exit is Exit.DONE
    change(desk, base_url="https://news.example.com/")
    assert desk.publish("single").exit is Exit.DONE


def test_a_fresh_checkout_is_known_by_its_host(tmp_path: Path) -> None:
    """As on a machine that keeps nothing between two runs."""
    desk = desk_at(tmp_path / "one")
    desk.publish("single")
    change(desk, title="The Harbour Gazette")
    shutil.rmtree(desk.root / ".syndicate")
    assert desk.publish("single").exit is Exit.DONE
    assert own_id(load_newsroom(desk.root, {}))


def test_a_declared_id_counts_more_than_the_host(tmp_path: Path) -> None:
    desk_at(tmp_path / "one", id="gazette").publish("single")
    with pytest.raises(LedgerError, match="id echo"):
        desk_at(tmp_path / "two", id="echo").publish("single")
    elsewhere = desk_at(tmp_path / "three", id="gazette", base_url="https://other.example.org/")
    assert elsewhere.publish("single").exit is Exit.DONE


def test_an_old_ledger_becomes_that_of_who_opens_it_first(tmp_path: Path) -> None:
    desk = restore_newsroom(ERAS[0], tmp_path)
    done = desk.command("status")
    assert done.returncode == 0, done.stderr
    assert "the ledger now belongs to The Harbour Gazette" in done.stderr
    assert "now belongs to" not in desk.command("status").stderr
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (joined,) = ledger.events.newest(what=["joined"])
    assert joined.note.startswith("The Harbour Gazette (")


def test_a_new_ledger_says_nothing(tmp_path: Path) -> None:
    done = make_desk(tmp_path / "newsroom").command("publish", "--channels", "single")
    assert done.stderr == "2 rendered · 2 delivered\n"


@pytest.mark.parametrize("id_", ["", "gazette"])
@pytest.mark.parametrize("words", [("publish",), ("plan",), ("status",)])
def test_a_lost_ledger_is_not_made_anew(tmp_path: Path, id_: str, words: tuple[str, ...]) -> None:
    """With a new one, everything would be sent again."""
    desk = desk_at(tmp_path / "news", **({"id": id_} if id_ else {}))
    desk.publish("single")
    backup = desk.command("ledger", "backup").stdout.strip()
    file = desk.root / desk.ledger
    file.unlink()
    done = desk.command(*words)
    assert done.returncode != 0
    assert "there is no ledger, although this newsroom has had one" in done.stderr
    assert Path(backup).name in done.stderr
    assert "there is no ledger, although" in desk.command("doctor").stdout
    assert not file.exists()
    assert desk.command("ledger", "restore", backup).returncode == 0
    assert desk.command("status").returncode == 0


def test_who_wants_to_start_over_can(tmp_path: Path) -> None:
    desk = desk_at(tmp_path / "news")
    desk.publish("single")
    (desk.root / desk.ledger).unlink()
    (desk.root / ".syndicate" / "newsroom").unlink()
    assert desk.publish("single").exit is Exit.DONE
