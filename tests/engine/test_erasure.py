"""The text of an article is erased: no word of it is left in what the newsroom keeps."""

from __future__ import annotations

import io
import os
import shutil
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from PIL import Image

from syndicate.engine.erasure import Erasure, erase
from syndicate.engine.publish import Event
from syndicate.engine.review.verdicts import approve_draft, reject_draft
from syndicate.engine.whereabouts import where_is
from syndicate.engine.withdrawal import WithdrawalOrder, lift, withdraw
from syndicate.errors import Exit, UsageError
from syndicate.ledger.erased_texts import ErasedTexts
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from syndicate.store import RemoteStore
from tests.databases import database
from tests.engine.conftest import Desk, make_desk
from tests.object_store import s3_server
from tests.scanner import places_of

TITLE = "The harbour master took money"
FIRST = "Nobody at the harbour knew where the crates had gone."
SECOND = "The master's brother “kept them” in Fleet Street, witnesses said."
TEXT = f"# {TITLE}\n\n{FIRST}\n\n{SECOND}\n"
SENTENCES = (TITLE, FIRST, SECOND, SECOND.replace("“", '"').replace("”", '"'), "in Fleet Street")
NOTE = "I do not believe that he kept them in Fleet Street"


@pytest.fixture(scope="module")
def first_paper(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A newsroom that has published the article on all kinds of channels."""
    return published(make_desk(tmp_path_factory.mktemp("first") / "newsroom"))


@pytest.fixture
def paper(first_paper: Desk, tmp_path: Path) -> Desk:
    """A copy of it."""
    return first_paper.copied_to(tmp_path / "newsroom")


def published(desk: Desk) -> Desk:
    desk.channel("rss", "")
    desk.channel("tags", 'adapter = "atom"\n[split]\nby = "tag"\n')
    desk.channel("books", 'adapter = "epub"\n')
    desk.write("harbour.md", "---\nslug: berth-nine\ntags: [quay]\n---\n" + TEXT)
    desk.write("river.md", "---\ntags: [quay]\n---\n# The river\n\nIt is as high as in May.\n")
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    reject_draft(newsroom, "berth-nine.txt", "Bo", NOTE)
    desk.write(
        "harbour.md", "---\nslug: berth-nine\ntags: [quay]\n---\n" + TEXT + "\nMore.\n", age=0
    )
    desk.publish()
    approve_draft(newsroom, "ferry.txt", "Bo", note="fine")
    assert desk.command("ledger", "backup").returncode == 0
    return desk


def withdrawn(desk: Desk) -> None:
    order = WithdrawalOrder("berth-nine", "court order", "Ines")
    withdraw(load_newsroom(desk.root, {}), order, lambda _: None, Stop())


def erased(desk: Desk, watch: object = lambda _: None) -> Erasure:
    return erase(load_newsroom(desk.root, {}), "berth-nine", watch, "Ines")  # type: ignore[arg-type]


def left(desk: Desk) -> list[str]:
    """Where something of the article still is, except in published issues and in its own file."""
    state = desk.root / ".syndicate"
    return [*places_of(state, *SENTENCES, NOTE), *places_of(desk.root / "drafts", *SENTENCES)]


def blobs(desk: Desk) -> dict[str, bytes]:
    store = desk.root / ".syndicate" / "store"
    return {path.name: path.read_bytes() for path in store.rglob("*") if len(path.name) == 64}


def test_no_sentence_is_left(paper: Desk) -> None:
    withdrawn(paper)
    assert len(left(paper)) > 5, "the scanner finds what there is"
    done = erased(paper)
    assert (done.done, done.errors, done.backups) == (True, (), 1)
    assert left(paper) == []
    assert paper.publish().exit is Exit.PARTLY, "its file is still there"
    assert left(paper) == []
    (paper.root / "content" / "harbour.md").unlink()
    assert paper.publish().exit is Exit.DONE
    assert left(paper) == []


def test_nothing_else_is_touched(paper: Desk) -> None:
    withdrawn(paper)
    before = blobs(paper)
    text = [name for name, content in before.items() if b"Fleet Street" in content]
    out = {name: content for name, content in paper.files().items() if "berth-nine" not in name}
    erased(paper)
    after = blobs(paper)
    assert not after.keys() & text
    with closing(open_ledger(paper.ledger, paper.root)) as ledger:
        kept = {digest for one in ("ferry", "river", "tides") for digest in versions(ledger, one)}
        shown = {
            artifact.digest: (channel, key, artifact.name)
            for (channel, key), found in ledger.artifacts().items()
            for artifact in found
            if (channel, key) not in own(ledger) and channel not in ("numbered", "books")
        }
    assert kept <= after.keys()
    assert [what for one, what in shown.items() if one in before and one not in after] == []
    assert {name: content for name, content in paper.files().items() if "berth" not in name} == out
    (paper.root / "content" / "harbour.md").unlink()
    paper.publish()
    assert [one.channel for one in paper.events if one.kind == "rendered"] == []


def versions(ledger: object, slug: str) -> tuple[str, ...]:
    known = next(ledger.articles.with_slugs({slug}))  # type: ignore[attr-defined]
    return ledger.versions.of(known.id)  # type: ignore[attr-defined, no-any-return]


def own(ledger: object) -> set[tuple[str, str]]:
    known = next(ledger.articles.with_slugs({"berth-nine"}))  # type: ignore[attr-defined]
    return {(channel, known.id) for channel in ("single", "social")}


def test_it_is_refused_unless_it_is_withdrawn(paper: Desk) -> None:
    with pytest.raises(UsageError, match="is not withdrawn") as caught:
        erased(paper)
    assert "syndicate withdraw berth-nine --legal" in (caught.value.hint or "")
    assert left(paper)


def test_where_and_history_still_say_what_stood_where(paper: Desk) -> None:
    withdrawn(paper)
    newsroom = load_newsroom(paper.root, {})
    before = where_is(newsroom, "berth-nine")
    done = erased(paper)
    assert before
    assert where_is(newsroom, "berth-nine") == before
    told = paper.command("history", "--limit", "500").stdout
    assert "erased" in told
    assert "rejected" in told
    assert "court order" in told
    assert NOTE not in told
    traced = paper.command("trace", "knew where the crates had gone")
    assert traced.returncode in (0, 1, 3), traced.stderr
    assert "Traceback" not in traced.stderr
    assert FIRST not in traced.stdout + traced.stderr
    named = [one.what for one in done.beyond]
    assert "content/harbour.md" in named
    assert any("numbered" in one for one in named)


def test_a_backup_from_elsewhere_does_not_bring_it_back(paper: Desk, tmp_path: Path) -> None:
    monday = tmp_path / "monday.db"
    assert paper.command("ledger", "backup", str(monday)).returncode == 0
    withdrawn(paper)
    assert any("monday.db" in one.what for one in erased(paper).beyond)
    assert TITLE.encode() in monday.read_bytes()
    restored = paper.command("ledger", "restore", str(monday))
    assert restored.returncode == 0, restored.stderr
    assert left(paper) == []
    paper.publish()
    assert left(paper) == []
    assert not [name for name in paper.files() if name == "out/single/berth-nine.txt"]


def test_another_file_name_does_not_bring_it_back(paper: Desk) -> None:
    withdrawn(paper)
    erased(paper)
    content = paper.root / "content"
    (content / "harbour.md").rename(content / "quay.md")
    paper.publish()
    assert "out/single/berth-nine.txt" not in paper.files()
    assert left(paper) == []
    (error,) = paper.publish().errors
    assert "content/quay.md: is not read" in str(error)
    assert left(paper) == []


def test_another_article_in_the_same_file_is_read(paper: Desk) -> None:
    (paper.root / "content" / "harbour.md").unlink()
    paper.publish()
    withdrawn(paper)
    text = "---\nid: lighthouse\n---\n# The lighthouse\n\nIt has been painted white.\n"
    paper.write("harbour.md", text, age=0)
    paper.publish()
    erased(paper)
    assert paper.publish().exit is Exit.DONE
    assert b"painted white" in paper.files()["out/rolling/all.txt"]
    assert left(paper) == []


def test_who_restores_it_has_to_bring_the_text(paper: Desk) -> None:
    withdrawn(paper)
    erased(paper)
    lift(load_newsroom(paper.root, {}), "berth-nine", "Ines")
    assert paper.publish().exit is Exit.DONE
    assert FIRST.encode() in paper.files()["out/single/berth-nine.txt"]


def test_killed_at_any_step_the_next_run_does_the_rest(paper: Desk, tmp_path: Path) -> None:
    withdrawn(paper)
    (paper.root / "content" / "harbour.md").unlink()
    ends = []
    for number in range(1, 9):
        desk = replace(paper, root=tmp_path / f"copy{number}")
        shutil.copytree(paper.root, desk.root, symlinks=True)
        child = os.fork()
        if not child:
            _erase_until(desk, number)
        _, status = os.waitpid(child, 0)
        assert desk.publish().exit is Exit.DONE
        assert left(desk) == [], number
        with closing(open_ledger(desk.ledger, desk.root)) as ledger:
            assert ErasedTexts(ledger.database).unfinished() == ()
            ends.append((desk.files(), sorted(versions(ledger, "ferry"))))
            assert set(versions(ledger, "ferry")) <= blobs(desk).keys()
        if not os.waitstatus_to_exitcode(status):
            break
    assert len(ends) == 8, "it ends after seven steps"
    assert all(end == ends[0] for end in ends)


def _erase_until(desk: Desk, number: int) -> None:
    """Erase, and be killed after so many steps."""
    rest = number

    def watch(_: Event) -> None:
        nonlocal rest
        rest -= 1
        if rest == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        erased(desk, watch)
    finally:
        os._exit(0)


def picture(colour: int) -> bytes:
    made = Image.new("RGB", (40, 30), (colour, 0, 0))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def word_file(desk: Desk, name: str, sentence: str, *pictures: bytes) -> None:
    """A Word file with pictures inside."""
    document = docx.Document()
    document.add_heading(f"The {name}", 0)
    document.add_paragraph(sentence)
    for one in pictures:
        document.add_picture(io.BytesIO(one))
    document.save(str(desk.root / "content" / f"{name}.docx"))


def test_pictures_go_that_only_it_has(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    shared, alone = picture(10), picture(200)
    word_file(desk, "berth-nine", FIRST, shared, alone)
    word_file(desk, "river", "It is as high as in May.", shared)
    desk.publish()

    def kept() -> set[bytes]:
        places = (desk.root / ".syndicate" / "store", desk.root / ".syndicate" / "cache")
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        return {one.read_bytes() for one in files} & {shared, alone}

    assert kept() == {shared, alone}
    order = WithdrawalOrder("berth-nine", "court order", "Ines")
    withdraw(load_newsroom(desk.root, {}), order, lambda _: None, Stop())
    erase(load_newsroom(desk.root, {}), "berth-nine", lambda _: None)
    assert kept() == {shared}
    assert places_of(desk.root / ".syndicate", FIRST) == []


def test_of_a_source_with_many_articles_only_one_goes(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    item = "<item><title>{0}</title><guid>{1}</guid><link>https://a.example/{1}</link>"
    item += "<pubDate>Mon, 05 Oct 2026 06:00:00 GMT</pubDate><description>{2}</description></item>"
    items = item.format(TITLE, "berth-nine", FIRST) + item.format("The river", "river", "High.")
    head = '<rss version="2.0"><channel><title>A</title><link>https://a.example/</link>'
    feed = f"{head}<description>A</description>{items}</channel></rss>"
    desk.write("old.rss", feed)
    desk.publish()
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (slug,) = [one.slug for one in ledger.articles if one.title == TITLE]
    order = WithdrawalOrder(slug, "court order", "Ines")
    withdraw(load_newsroom(desk.root, {}), order, lambda _: None, Stop())
    done = erase(load_newsroom(desk.root, {}), slug, lambda _: None)
    assert ("content/old.rss", "delete the article in it") in [
        (one.what, one.hint) for one in done.beyond
    ]
    assert desk.publish().exit is Exit.DONE
    assert places_of(desk.root / ".syndicate", FIRST, TITLE) == []
    assert "out/single/river.txt" in desk.files()


def test_with_a_store_that_many_machines_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as url:
        desk = make_desk(tmp_path / "newsroom")
        settings = desk.root / "syndicate.toml"
        table = f'[store]\nurl = "s3://gazette/store"\noptions = {{endpoint_url = "{url}"}}\n'
        settings.write_text(settings.read_text() + table)
        published(desk)
        withdrawn(desk)
        store = load_newsroom(desk.root, {}).store

        def shared() -> dict[str, bytes]:
            assert isinstance(store, RemoteStore)
            far = store._far
            far.invalidate_cache()
            return {name: far.cat_file(name) for name in far.find("gazette/store")}

        before = shared()
        assert [name for name, content in before.items() if b"Fleet Street" in content]
        done = erased(desk)
        assert done.done
        after = shared()
        assert [name for name, content in after.items() if b"Fleet Street" in content] == []
        river = {name: one for name, one in before.items() if b'"title":"The river"' in one}
        assert river
        assert river.items() <= after.items()
        assert left(desk) == []


@pytest.mark.slow
def test_on_a_server(tmp_path: Path, postgresql: str) -> None:
    with database(postgresql) as url:
        desk = make_desk(tmp_path / "newsroom", url)
        desk.write("harbour.md", "---\nslug: berth-nine\n---\n" + TEXT)
        desk.publish()
        reject_draft(load_newsroom(desk.root, {}), "berth-nine.txt", "Bo", NOTE)
        withdrawn(desk)
        assert erased(desk).done
        engine = sa.create_engine(url)
        with engine.connect() as db:
            texts = [
                str(row)
                for name in sa.inspect(db).get_table_names()
                for row in db.execute(sa.text(f"SELECT * FROM {name}"))
            ]
        engine.dispose()
        assert not [one for one in texts if any(words in one for words in (*SENTENCES, NOTE))]
        assert left(desk) == []
        desk.publish()
        assert left(desk) == []


def test_other_checkouts_erase_it_with_their_next_run(paper: Desk, tmp_path: Path) -> None:
    """They have its drafts, and what they have read and rendered."""
    other = replace(paper, root=tmp_path / "other")
    shutil.copytree(paper.root, other.root)
    for one in (paper, other):
        settings = one.root / "syndicate.toml"
        ledger = paper.root / paper.ledger
        rest = [line for line in settings.read_text().splitlines() if "ledger =" not in line]
        settings.write_text("\n".join([f'ledger = "sqlite:///{ledger}"', *rest]))
    for file in (other.root / ".syndicate").glob("ledger.sqlite*"):
        file.unlink()
    withdrawn(paper)
    assert erased(paper).done
    assert len(left(other)) > 5
    for one in (paper, other):
        (one.root / "content" / "harbour.md").unlink()
    assert other.publish().exit is Exit.DONE
    assert left(other) == []
    assert paper.publish().exit is Exit.DONE
    assert left(paper) == []


def test_one_command_withdraws_and_erases(paper: Desk) -> None:
    words = ("berth-nine", "--reason", "court order", "--delete-posts", "--legal", "--by", "Ines")
    done = paper.command("withdraw", *words)
    assert done.returncode == 0, done.stderr
    assert left(paper) == []
    assert "Erased its text from: " in done.stderr
    assert "content/harbour.md (delete it: rm content/harbour.md)" in done.stderr
