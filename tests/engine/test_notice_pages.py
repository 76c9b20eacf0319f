"""A notice stands where the page of a withdrawn article stood, until the article is restored."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.couriers.contract import Commit, Delivery, Receipt
from syndicate.couriers.files import FilesCourier
from syndicate.engine.audit import AuditOrder, audit
from syndicate.engine.export import export_ninjs
from syndicate.engine.whereabouts import where_is
from syndicate.engine.withdrawal import Withdrawal, WithdrawalOrder, lift, withdraw
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk, make_desk
from tests.engine.test_nine_channels_killed import in_child
from tests.readers.test_ninjs import wrong

PAGES = '''
from syndicate.adapters import Adapter, Artifact


class Pages(Adapter):
    """A page for each article, with a style sheet and a text next to it."""

    def render(self, edition, kit):
        for one in edition.articles:
            page = f"<!doctype html><title>{one.title}</title>{kit.body(one)}"
            yield Artifact(f"{one.slug}/index.html", "text/html", page.encode())
            yield Artifact(f"{one.slug}/print.txt", "text/plain", kit.body(one, "txt").encode())
'''
PAGE = "out/site/ferry/index.html"
MARK = b"night ferry"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return furnished(desk)


@pytest.fixture
def copied(tmp_path: Path) -> Desk:
    """A newsroom whose ledger is copied with its folder."""
    return furnished(make_desk(tmp_path / "newsroom"))


def furnished(desk: Desk) -> Desk:
    (desk.root / "pages.py").write_text(PAGES)
    desk.channel("site", 'adapter = "./pages.py"\nurl = "https://gazette.example.org/"\n')
    desk.channel("json", 'adapter = "ninjs"\n')
    return desk


def withdrawn(desk: Desk, **order: object) -> Withdrawal:
    """Withdraw an article, with notices."""
    asked = WithdrawalOrder("ferry", "the figures were wrong", "Ines", notice=True)
    asked = WithdrawalOrder(**{**vars(asked), **order})
    return withdraw(load_newsroom(desk.root, {}), asked, lambda _: None, Stop())


def copies(desk: Desk, channel: str) -> list[tuple[str, str]]:
    """What stands of the article in a channel."""
    found = where_is(load_newsroom(desk.root, {}), "ferry")
    return [(one.kind, one.address) for one in found if one.channel == channel]


def test_a_page_becomes_a_notice_and_other_files_go(desk: Desk) -> None:
    desk.publish()
    assert MARK in desk.files()[PAGE]
    done = withdrawn(desk, note="The fares were invented.")
    page = desk.files()[PAGE].decode()
    assert page.startswith("<!doctype html>")
    assert '<meta name="robots" content="noindex">' in page
    assert "The fares were invented." in page
    assert "night ferry" not in page, "the title may be what was wrong"
    assert "figures" not in page, "the reason is not for readers"
    assert "out/site/ferry/print.txt" not in desk.files()
    assert copies(desk, "site") == [("notice", PAGE)]
    assert done.report.notices == ("out/json/ferry.json", PAGE)
    assert PAGE not in done.report.removed
    assert done.still_public == ()


def test_without_it_the_page_goes_and_a_notice_can_follow(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk, notice=False)
    assert PAGE not in desk.files()
    withdrawn(desk)
    assert "withdrawn" in desk.files()[PAGE].decode()
    withdrawn(desk, notice=False)
    assert PAGE in desk.files(), "what was asked for stays asked for"


def test_restore_puts_the_article_back(desk: Desk) -> None:
    desk.publish()
    before = desk.files()
    for _ in range(2):
        withdrawn(desk)
        lift(load_newsroom(desk.root, {}), "ferry", "Ines")
        desk.publish()
        assert desk.files() == before
        assert copies(desk, "site") == [
            ("file", PAGE),
            ("file", "out/site/ferry/print.txt"),
        ]


def test_a_restored_article_that_no_longer_belongs_there_leaves_nothing(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    desk.channel("site", 'adapter = "./pages.py"\n[select]\ntags = ["ships"]\n')
    lift(load_newsroom(desk.root, {}), "ferry", "Ines")
    desk.publish(allow_removals=9)
    assert PAGE not in desk.files()
    assert copies(desk, "site") == []


def test_it_is_delivered_once(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    desk.publish()
    assert desk.told("delivered") == []
    assert desk.plan().steps == ()


def test_the_newsroom_has_a_template_and_a_title_of_its_own(desk: Desk) -> None:
    templates = desk.root / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "withdrawn.html.j2").write_text("GONE {{ title }} {{ note }} {{ date|iso }}")
    settings = desk.root / "syndicate.toml"
    desk.publish()
    withdrawn(desk, note="Sorry.")
    assert desk.files()[PAGE].startswith(b"GONE  Sorry. 20")
    settings.write_text(settings.read_text() + "\n[withdrawal]\ntitle = true\n")
    desk.publish()
    assert desk.files()[PAGE].startswith(b"GONE The night ferry returns Sorry. 20")


def test_it_survives_the_erasure_of_the_text_and_shows_no_title(desk: Desk) -> None:
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + "\n[withdrawal]\ntitle = true\n")
    desk.publish()
    done = withdrawn(desk, legal=True)
    assert done.erasure is not None and done.erasure.done
    page = desk.files()[PAGE]
    assert b"withdrawn" in page
    assert MARK not in page
    (desk.root / PAGE).unlink()
    (desk.root / "content" / "ferry.md").unlink()
    desk.publish()
    assert desk.files()[PAGE] == page, "it can be made again without the text"


def test_it_does_not_wait_for_an_approval(desk: Desk) -> None:
    desk.publish()
    desk.channel("site", 'adapter = "./pages.py"\nreview = true\n')
    withdrawn(desk)
    assert MARK not in desk.files()[PAGE]


def test_if_the_notice_cannot_be_made_the_page_still_goes(desk: Desk) -> None:
    desk.publish()
    templates = desk.root / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "withdrawn.html.j2").write_text("{{ nothing.at_all }}")
    done = withdrawn(desk)
    assert PAGE not in desk.files()
    assert done.outcome.errors
    (templates / "withdrawn.html.j2").unlink()
    desk.publish()
    assert b"withdrawn" in desk.files()[PAGE]


def test_a_withdrawal_by_the_file_leaves_no_notice_but_cancels_the_item(desk: Desk) -> None:
    desk.publish()
    text = "---\nstatus: withdrawn\n---\n# The night ferry returns\n\nIt sails at nine.\n"
    desk.write("ferry.md", text, age=0)
    desk.publish()
    assert PAGE not in desk.files()
    assert json.loads(desk.files()["out/json/ferry.json"])["pubStatus"] == "canceled"


def test_an_item_of_ninjs_is_cancelled_without_its_text(desk: Desk) -> None:
    desk.publish()
    before = json.loads(desk.files()["out/json/ferry.json"])
    withdrawn(desk, notice=False, note="The fares were invented.")
    item = json.loads(desk.files()["out/json/ferry.json"])
    assert item["pubStatus"] == "canceled"
    assert item["uri"] == before["uri"]
    assert int(item["version"]) > int(before["version"])
    assert item["versionCreated"] > before["versionCreated"]
    assert "The fares were invented." in item["edNote"]
    assert not {"title", "bodies", "headlines", "descriptions", "associations"} & item.keys()
    assert wrong(item) == []
    (exported, _), *_ = export_ninjs(desk.root / "content" / "ferry.md", desk.root)
    assert json.loads(exported)["pubStatus"] == "canceled"
    assert "night ferry" not in exported
    lift(load_newsroom(desk.root, {}), "ferry", "Ines")
    desk.publish()
    assert json.loads(desk.files()["out/json/ferry.json"])["pubStatus"] == "usable"


def test_an_audit_knows_it(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)

    def found() -> list[tuple[str, str]]:
        order = AuditOrder(web=False)
        newsroom = load_newsroom(desk.root, {})
        seen = audit(newsroom, order, lambda _: None, lambda _: None, Stop())
        return [(one.what, one.address) for one in seen.findings]

    assert found() == []
    (desk.root / PAGE).write_text("The night ferry returns")
    assert found() == [("changed", PAGE)]


@pytest.mark.parametrize("late", [True, False])
def test_exactly_notices_pass_while_it_is_withdrawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    """Whether it is withdrawn is looked up in the transaction in which a delivery is committed."""
    desk.publish()
    place = FilesCourier.deliver

    def meanwhile(courier: FilesCourier, delivery: Delivery, commit: Commit) -> Receipt:
        if delivery.unit == "ferry/index.html":
            with closing(open_ledger(desk.ledger, desk.root)) as ledger:
                known = next(ledger.articles.with_slugs({"ferry"}))
                if late:
                    ledger.withdrawals.lift(known.id, event_time(), LedgerEvent("restored"))
                else:
                    event = LedgerEvent("withdrawn", rendering=known.id)
                    ledger.articles.withdraw(known.id, event_time(), event)
        return place(courier, delivery, commit)

    monkeypatch.setattr(FilesCourier, "deliver", meanwhile)
    if late:
        done = withdrawn(desk)
        assert any("just been restored" in str(one) for one in done.outcome.errors)
        assert b"withdrawn" not in desk.files().get(PAGE, b"")
    else:
        desk.write("ferry.md", "# The night ferry returns\n\nIt sails at ten.\n", age=0)
        outcome = desk.publish()
        assert any("just been withdrawn" in str(one) for one in outcome.errors)
        assert b"at ten" not in desk.files().get(PAGE, b"")


def test_the_commands_show_it(desk: Desk) -> None:
    desk.publish()
    words = ("withdraw", "ferry", "--reason", "wrong", "--notice", "--by", "Ines")
    shown = json.loads(desk.command(*words, "--dry-run", "--json").stdout)
    assert PAGE in shown["notices"]
    assert PAGE not in shown["removed"]
    assert "out/site/ferry/print.txt" in shown["removed"]
    done = desk.command(*words)
    assert done.returncode == 0, done.stderr
    assert f"  {PAGE}" in done.stdout
    assert "notice" in done.stderr
    table = desk.command("where", "ferry").stdout
    assert [line.split()[1] for line in table.splitlines() if line.startswith("site")] == ["notice"]


def ends_with_the_notice(desk: Desk, points: Iterable[int]) -> int:
    """A withdrawal is killed at each of `points`, until there is no such point, and once it is
    repeated, exactly the notice stands. Returns the last point."""
    before = desk.root.with_name("before")
    shutil.copytree(desk.root, before)
    withdrawn(desk)
    expected, at = desk.files(), 0
    for at in points:
        shutil.rmtree(desk.root)
        shutil.copytree(before, desk.root)
        if not in_child(lambda: withdrawn(desk), at):
            return at
        if at % 2:
            withdrawn(desk)
        else:
            desk.publish()  # what was begun is finished by any run
            if ("notice", PAGE) not in copies(desk, "site"):
                withdrawn(desk)  # it was killed before anything was asked for
        assert desk.files().keys() == expected.keys(), f"killed at {at}"
        assert desk.files()[PAGE] == expected[PAGE], f"killed at {at}"
        assert copies(desk, "site") == [("notice", PAGE)], f"killed at {at}"
        with closing(open_ledger(desk.ledger, desk.root)) as ledger:
            rows = [one.copy.artifact for one in ledger.copies.of_channels(["site"])]
        assert sorted(rows) == sorted({*rows}), f"killed at {at}"
    return at


def test_killed_at_some_points_it_ends_with_the_notice(copied: Desk) -> None:
    copied.publish()
    assert ends_with_the_notice(copied, (2, 9, 14, 19)) == 19


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_killed_at_every_write_it_ends_with_the_notice(copied: Desk, part: int) -> None:
    copied.publish()
    assert ends_with_the_notice(copied, range(1 + part, 1000, 4)) > 30


def test_gone_addresses_are_listed_until_it_is_restored(desk: Desk) -> None:
    desk.channel("gone", 'adapter = "gone"\n')
    desk.channel("elsewhere", 'adapter = "./own.py"\nurl = "https://files.example.org/"\n')
    desk.publish()
    before = desk.files()
    assert b"ferry" not in before["out/gone/_redirects"]
    withdrawn(desk)
    rules = desk.files()["out/gone/_redirects"].decode().splitlines()
    assert rules[1:] == [
        "/ferry /ferry/index.html 410!",
        "/ferry/ /ferry/index.html 410!",
        "/ferry/index.html /ferry/index.html 410!",
        "/ferry/print.txt /gone/gone.html 410!",
        "/single/ferry.txt /gone/gone.html 410!",
    ]
    lift(load_newsroom(desk.root, {}), "ferry", "Ines")
    desk.publish()
    assert desk.files() == before


def test_gone_addresses_stay_listed_when_the_text_is_erased(desk: Desk) -> None:
    desk.channel("gone", 'adapter = "gone"\n')
    desk.publish()
    withdrawn(desk, legal=True)
    before = desk.files()["out/gone/gone.nginx.conf"]
    assert b"~^/ferry/$" in before
    (desk.root / "content" / "ferry.md").unlink()
    shutil.rmtree(desk.root / ".syndicate" / "cache")
    shutil.rmtree(desk.root / "out")
    desk.publish()
    assert desk.files()["out/gone/gone.nginx.conf"] == before
