"""A published article whose file is gone or cannot be read stays as it was, everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import take_in
from syndicate.engine.delivery.outcome import Decision, Outcome
from syndicate.engine.history import kept_when_last_read
from syndicate.engine.keep import articles_without_file, keep
from syndicate.engine.withdrawal import WithdrawalOrder, lift, withdraw
from syndicate.errors import Exit, UsageError
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import Desk, make_desk

WIRE = "<rss version='2.0'><channel><title>Wire</title>{}</channel></rss>"
ITEM = (
    "<item><title>{0}</title><guid isPermaLink='false'>{0}</guid>"
    "<description>About {0}, at length.</description></item>"
)


@pytest.fixture
def desk(first_desk: Desk, tmp_path: Path) -> Desk:
    """A copy of the newsroom."""
    return first_desk.copied_to(tmp_path / "newsroom")


@pytest.fixture(scope="module")
def first_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A newsroom that mirrors its articles in pages, feeds and a site map, and mails issues."""
    desk = make_desk(tmp_path_factory.mktemp("first") / "newsroom")
    (desk.root / "channels" / "social.toml").unlink()
    (desk.root / "channels" / "rolling.toml").unlink()
    desk.channel("tags", 'adapter = "atom"\n[split]\nby = "tag"\n')
    desk.channel("map", 'adapter = "sitemap"\n')
    desk.channel("opml", 'adapter = "opml"\n')
    desk.write("ferry.md", "---\ntags: [Ferries]\n---\n# The night ferry\n\nIt sails at nine.\n")
    desk.write("wire.xml", WIRE.format(ITEM.format("one") + ITEM.format("two")))
    desk.publish()
    return desk


def told(outcome: Outcome) -> str:
    """Everything that a run says of articles without a file."""
    errors = [one.as_error() for one in outcome.kept]
    return "\n".join(f"{error} {error.hint}" for error in errors)


def fresh_checkout(desk: Desk) -> None:
    """Forget everything but the ledger and the store, as another checkout of the newsroom."""
    shutil.rmtree(desk.root / ".syndicate" / "cache")


def _gone(file: Path) -> None:
    file.unlink()


def _date(file: Path) -> None:
    file.write_text("---\npublished: 2026-11-32\n---\n# The night ferry\n\nText.\n")


def _front_matter(file: Path) -> None:
    file.write_text("---\ntitle: [\n---\n# The night ferry\n\nText.\n")


def _encoding(file: Path) -> None:
    file.write_bytes(b"# The night ferry\n\n\xff\xfe\xff\n")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere.md")


def _sidecar(file: Path) -> None:
    file.with_suffix(".toml").write_text("title = [")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


BREAKS = (_gone, _date, _front_matter, _encoding, _folder, _dangling, _sidecar, _empty)


@pytest.mark.parametrize("is_fresh", [False, True], ids=["here", "elsewhere"])
@pytest.mark.parametrize("harm", BREAKS, ids=lambda one: one.__name__.strip("_"))
def test_the_last_good_version_stays_everywhere(
    desk: Desk, harm: Callable[[Path], None], is_fresh: bool
) -> None:
    before = desk.files()
    harm(desk.root / "content" / "ferry.md")
    if is_fresh:
        fresh_checkout(desk)
    outcome = desk.publish()
    assert desk.files() == before
    assert outcome.exit is Exit.PARTLY
    assert "ferry" in told(outcome)
    assert "syndicate withdraw ferry --reason" in told(outcome)
    assert not outcome.errors, "it is named once"
    assert told(desk.publish()) == told(outcome), "until somebody settles it"
    desk.publish(articles=("tides",))
    assert desk.files() == before


def test_a_file_that_was_renamed_and_broken_is_no_articles_and_that_article_stays(
    desk: Desk,
) -> None:
    content, before = desk.root / "content", desk.files()
    text = (content / "ferry.md").read_text()
    (content / "ferry.md").rename(content / "other.md")
    _date(content / "other.md")
    for _ in range(2):  # whatever was read before
        outcome = desk.publish()
        assert desk.files() == before
        assert [one.where.file for one in outcome.errors if one.where] == ["content/other.md"]
        assert "syndicate keep ferry" in told(outcome), "its file is gone"
    (content / "other.md").write_text(text)
    assert desk.publish().exit is Exit.DONE
    assert desk.files() == before


def test_a_new_article_appears_while_another_is_broken(desk: Desk) -> None:
    _date(desk.root / "content" / "ferry.md")
    desk.write("pier.md", "---\ntags: [Ferries]\n---\n# The pier\n\nIt is open.\n", age=0)
    desk.publish()
    feed = desk.files()["out/tags/ferries/feed.atom"].decode()
    assert "The pier" in feed
    assert "The night ferry" in feed


def test_what_is_mended_or_put_back_goes_on_as_before(desk: Desk) -> None:
    file = desk.root / "content" / "ferry.md"
    text, before = file.read_text(), desk.files()
    _date(file)
    desk.publish()
    desk.write("ferry.md", text.replace("nine", "ten"), age=-60)
    outcome = desk.publish()
    assert outcome.exit is Exit.DONE
    assert desk.files().keys() == before.keys()
    assert b"ten" in desk.files()["out/single/ferry.txt"]


@pytest.mark.parametrize("is_fresh", [False, True], ids=["here", "elsewhere"])
def test_items_of_a_collection_stay_too(desk: Desk, is_fresh: bool) -> None:
    before = desk.files()
    desk.write("wire.xml", WIRE.format(ITEM.format("two")), age=-60)
    if is_fresh:
        fresh_checkout(desk)
    outcome = desk.publish()
    assert desk.files() == before
    assert "“one”" in told(outcome)
    assert "“two”" not in told(outcome)
    desk.write("wire.xml", "<rss version='2.0'><channel>", age=-120)
    outcome = desk.publish()
    assert desk.files() == before
    assert "its 2 published articles stay" in told(outcome)
    desk.write("wire.xml", WIRE.format(ITEM.format("one") + ITEM.format("two")), age=-180)
    assert desk.publish().exit is Exit.DONE


@pytest.mark.parametrize("is_fresh", [False, True], ids=["here", "elsewhere"])
@pytest.mark.parametrize("is_missing", [False, True], ids=["empty", "missing"])
def test_an_empty_content_folder_changes_no_byte(
    desk: Desk, is_fresh: bool, is_missing: bool
) -> None:
    before = desk.files()
    shutil.rmtree(desk.root / "content")
    if not is_missing:
        (desk.root / "content").mkdir()
    if is_fresh:
        fresh_checkout(desk)
    outcome = desk.publish()
    assert desk.files() == before
    assert outcome.exit is Exit.PARTLY
    assert sum(one.number for one in outcome.kept) == 4
    assert len(outcome.kept) == 1


def test_a_folder_that_cannot_be_looked_into_is_not_a_deletion(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("harbour/quay.md", "# The quay\n\nIt is shut.\n")
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + '\n[content]\ndeleted = "withdraw"\n')
    desk.publish()
    before, scandir = desk.files(), os.scandir

    def closed(place: str) -> object:
        if str(place).endswith("/content/harbour"):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(os, "scandir", closed)
    outcome = desk.publish()
    assert desk.files() == before
    assert "content/harbour: cannot be read: Permission denied" in told(outcome)
    monkeypatch.undo()
    assert desk.publish().exit is Exit.DONE


def test_what_was_never_published_is_forgotten(desk: Desk) -> None:
    desk.write("draft.md", "---\nembargoed: 2099-01-01\n---\n# A draft\n\nText.\n")
    desk.publish()
    (desk.root / "content" / "draft.md").unlink()
    outcome = desk.publish()
    assert outcome.exit is Exit.DONE
    fresh_checkout(desk)
    assert desk.publish().exit is Exit.DONE


def test_another_checkout_shows_the_newest_version(desk: Desk) -> None:
    """Also if that is one that it has been before."""
    text = (desk.root / "content" / "ferry.md").read_text()
    for words in ("ten", "eleven", "ten"):
        desk.write("ferry.md", text.replace("nine", words), age=-60)
        desk.publish()
    before = desk.files()
    (desk.root / "content" / "ferry.md").unlink()
    fresh_checkout(desk)
    desk.publish()
    assert desk.files() == before


def test_a_text_that_the_store_has_lost_is_named(desk: Desk) -> None:
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (known,) = ledger.articles.with_slugs({"ferry"})
        version = ledger.articles.published([known.id])[known.id]
    newsroom = load_newsroom(desk.root, {})
    assert version is not None
    newsroom.store.remove(version, 2e10)
    (desk.root / "content" / "ferry.md").unlink()
    for _ in range(2):
        outcome = desk.publish()
        assert "the store has lost its text" in told(outcome)
    with pytest.raises(UsageError, match="text of ferry is lost"):
        keep(load_newsroom(desk.root, {}), ["ferry"], "Ines")


@pytest.mark.parametrize("is_fresh", [False, True], ids=["here", "elsewhere"])
def test_pictures_that_are_gone_with_the_article_stay_in_what_stands(
    desk: Desk, is_fresh: bool
) -> None:
    picture = desk.root / "content" / "quay.png"
    Image.new("RGB", (40, 30), "#a33").save(picture)
    desk.channel("rss", 'adapter = "rss"\n')
    desk.write("quay.md", "# The quay\n\n![The quay](quay.png)\n\nIt is shut.\n")
    desk.publish()
    before = desk.files()
    picture.unlink()
    (desk.root / "content" / "quay.md").unlink()
    if is_fresh:
        fresh_checkout(desk)
    desk.publish()
    assert desk.files() == before


# -- decisions ------------------------------------------------------------------------------


def test_what_somebody_keeps_is_not_named_any_more(desk: Desk) -> None:
    before, file = desk.files(), desk.root / "content" / "ferry.md"
    text = file.read_text()
    file.unlink()
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    assert [one.slug for one in articles_without_file(newsroom)] == ["ferry"]
    keep(newsroom, ["ferry"], "Ines")
    assert not kept_when_last_read(newsroom)
    assert desk.publish().exit is Exit.DONE
    fresh_checkout(desk)
    assert desk.publish().exit is Exit.DONE
    assert desk.files() == before
    with pytest.raises(UsageError, match="kept already"):
        keep(newsroom, ["ferry"], "Ines")
    desk.write("ferry.md", text)
    assert desk.publish().exit is Exit.DONE
    file.unlink()
    assert "ferry" in told(desk.publish()), "a file that came back has undone it"


@pytest.mark.parametrize(
    ("name", "why"),
    [("tides", "is there"), ("bad", "cannot be read"), ("nothing", "no article")],
)
def test_only_what_has_no_file_can_be_kept(desk: Desk, name: str, why: str) -> None:
    desk.write("bad.md", "# Bad\n\nText.\n")
    desk.publish()
    _date(desk.root / "content" / "bad.md")
    with pytest.raises(UsageError, match=why):
        keep(load_newsroom(desk.root, {}), [name], "Ines")


def test_a_withdrawal_ends_it_and_says_so_for_a_year(desk: Desk) -> None:
    (desk.root / "content" / "ferry.md").unlink()
    newsroom = load_newsroom(desk.root, {})
    desk.publish()
    keep(newsroom, ["ferry"], "Ines")
    outcome = withdraw(newsroom, WithdrawalOrder("ferry", "wrong", "Ines"), print, Stop()).outcome
    assert not outcome.errors
    fresh_checkout(desk)
    assert desk.publish().exit is Exit.DONE
    assert "out/single/ferry.txt" not in desk.files()
    assert b"deleted-entry" in desk.files()["out/tags/ferries/feed.atom"]
    assert b"sails" not in desk.files()["out/tags/ferries/feed.atom"]
    lift(newsroom, "ferry", "Ines")
    assert "ferry" in told(desk.publish())
    assert b"sails" in desk.files()["out/single/ferry.txt"]


@pytest.mark.parametrize("answer", ["withdraw", "keep", "later"])
def test_somebody_at_the_terminal_is_asked(desk: Desk, answer: str) -> None:
    before = desk.files()
    (desk.root / "content" / "ferry.md").unlink()
    asked: list[str] = []

    def decide(one: object) -> Decision:
        asked.append(one.slug)  # type: ignore[attr-defined]
        return Decision(answer, "Ines", "an error")  # type: ignore[arg-type]

    outcome = desk.publish(ask_deleted=decide)
    assert asked == ["ferry"]
    assert ("out/single/ferry.txt" in desk.files()) == (answer != "withdraw")
    assert (desk.files() == before) == (answer != "withdraw")
    assert (outcome.exit is Exit.PARTLY) == (answer == "later")
    desk.publish(ask_deleted=decide)
    assert len(asked) == (2 if answer == "later" else 1)


def test_nothing_new_of_it_goes_to_people_until_somebody_keeps_it(desk: Desk) -> None:
    desk.write("pier.md", "# The pier\n\nIt is open.\n", age=-60)
    desk.publish("single")
    (desk.root / "content" / "pier.md").unlink()
    desk.publish()
    assert "out/numbered/2.txt" not in desk.files()
    keep(load_newsroom(desk.root, {}), ["pier"], "Ines")
    desk.publish()
    assert b"The pier" in desk.files()["out/numbered/2.txt"]


# -- [content] deleted = "withdraw" ---------------------------------------------------------


def test_deleting_a_file_withdraws_its_article_if_the_settings_say_so(desk: Desk) -> None:
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + '\n[content]\ndeleted = "withdraw"\n')
    desk.publish()
    file = desk.root / "content" / "ferry.md"
    text = file.read_text()
    file.unlink()
    fresh_checkout(desk)
    assert desk.publish().exit is Exit.DONE
    assert "out/single/ferry.txt" not in desk.files()
    assert b"deleted-entry" in desk.files()["out/tags/ferries/feed.atom"]
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (event,) = ledger.events.newest(what=["withdrawn"])
    assert (event.name, event.note) == ("ferry", "deleted: its file is gone")
    desk.write("ferry.md", text)
    desk.publish()
    assert "out/single/ferry.txt" not in desk.files(), "it is restored by a command only"


def test_an_empty_content_folder_withdraws_nothing(desk: Desk) -> None:
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + '\n[content]\ndeleted = "withdraw"\n')
    desk.publish()
    before = desk.files()
    shutil.rmtree(desk.root / "content")
    (desk.root / "content").mkdir()
    outcome = desk.publish()
    assert desk.files() == before
    assert outcome.exit is Exit.PARTLY
    assert "--allow-removals 4" in str(outcome.errors[0].hint)
    desk.publish(allow_removals=4)
    assert not [name for name in desk.files() if name.startswith("out/single")]


# -- identity -------------------------------------------------------------------------------


def test_a_new_file_does_not_take_the_id_of_one_that_is_kept(desk: Desk) -> None:
    """Of the same day and name it would have the same id."""
    before = desk.files()
    (desk.root / "content" / "ferry.md").unlink()
    desk.write("news/ferry.md", "# A ferry sinks\n\nNobody was hurt, says the port.\n")
    outcome = desk.publish()
    assert not outcome.errors
    assert "“The night ferry”" in told(outcome)
    assert b"A ferry sinks" in desk.files()["out/single/ferry-2.txt"]
    assert desk.files()["out/single/ferry.txt"] == before["out/single/ferry.txt"]


def test_a_plan_changes_nothing_that_a_run_relies_on(desk: Desk) -> None:
    before = desk.files()
    (desk.root / "content" / "ferry.md").unlink()
    assert not desk.plan().steps
    newsroom = load_newsroom(desk.root, {})
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        cache = ContentCache.open(newsroom)
        assert len(take_in(newsroom, ledger.articles, cache).summaries) == 4
    desk.publish()
    assert desk.files() == before
