"""Bringing articles in: with their pictures, once, and never over somebody's work."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from syndicate.engine.add import Added, Brought, add
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk
from tests.engine.content.test_order import months, note
from tests.serving import serving

TEXT = " ".join(f"The pilot of berth {n} reads the water before the table." for n in range(30))
PAGE = f"""\
<!doctype html><html lang="en"><head><title>High water | Quay News</title>
<meta property="og:title" content="High water at Port Ellery">
<meta name="author" content="Ines Okafor">
<meta property="article:published_time" content="2026-10-05T08:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>High water at Port Ellery</h1>
<p>{TEXT}</p><h2>What the gauge says</h2><p>{TEXT}</p>
<figure><img src="/gauge.png" alt="A gauge" width="640" height="480">
<figcaption>The gauge at berth four.</figcaption></figure>
<p>Read <a href="/tides">more on tides</a>. {TEXT}</p></article>
<footer>Cookies</footer></body></html>
"""
PRILIV_COPY = "Высокая вода в порту\n\n" + "Вечером паром отошёл от восточной пристани. " * 12
PRILIV = f"<article><h1>Высокая вода</h1><p>{PRILIV_COPY}</p><p>{PRILIV_COPY}</p></article>"


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(out, "PNG")
    return out.getvalue()


class _Site(BaseHTTPRequestHandler):
    page = PAGE

    def do_GET(self) -> None:
        answers = {
            "/news/high-water": ("text/html; charset=utf-8", self.page.encode()),
            "/news/priliv": ("text/html; charset=windows-1251", PRILIV.encode("cp1251")),
            "/news/priliv.txt": ("text/plain; charset=windows-1251", PRILIV_COPY.encode("cp1251")),
            "/gauge.png": ("image/png", picture()),
        }
        kind, body = answers.get(self.path, ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(desk: Desk) -> Iterator[str]:
    """A web site on loopback that the desk's newsroom may read."""
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + '\n[add]\nnetworks = ["127.0.0.0/8"]\n')
    _Site.page = PAGE
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _Site)) as address:
        yield address


def bring(desk: Desk, *sources: str | Path, **options: object) -> Brought:
    """Add `sources` to the desk's newsroom."""
    newsroom = load_newsroom(desk.root, {})
    return add(newsroom, map(str, sources), **options)  # type: ignore[arg-type]


def only(brought: Brought) -> Added:
    """The one article of a run in which nothing went wrong."""
    assert not brought.errors
    [added] = brought.added
    return added


def test_a_page_becomes_a_manuscript_with_its_pictures(desk: Desk, site: str) -> None:
    added = only(bring(desk, f"{site}/news/high-water"))
    assert (added.state, added.title, added.pictures) == ("added", "High water at Port Ellery", 1)
    text = (desk.root / "content" / added.file).read_text()
    assert text.startswith("---\ntitle: High water at Port Ellery\n")
    assert "- Ines Okafor" in text
    assert "2026-10-05T08:00:00+00:00" in text
    assert "## What the gauge says" in text
    assert f"[more on tides]({site}/tides)" in text
    assert "Cookies" not in text
    [file] = (desk.root / "content" / "pictures").rglob("gauge-*.png")
    assert file.read_bytes() == picture()
    assert f"/pictures/{file.parent.name}/{file.name}" in text
    assert desk.publish("single").exit == 0


@pytest.mark.parametrize("name", ["priliv", "priliv.txt"])
def test_the_encoding_that_only_the_server_states_is_believed(
    desk: Desk, site: str, name: str
) -> None:
    added = only(bring(desk, f"{site}/news/{name}"))
    assert added.title.startswith("Высокая вода")
    assert "восточной пристани" in (desk.root / "content" / added.file).read_text()


def test_adding_again_changes_nothing(desk: Desk, site: str) -> None:
    first = only(bring(desk, f"{site}/news/high-water"))
    assert only(bring(desk, f"{site}/news/high-water")).state == "unchanged"
    desk.publish("single")
    again = only(bring(desk, f"{site}/news/high-water"))
    assert (again.state, again.file) == ("unchanged", first.file)


def test_a_changed_page_updates_its_article(desk: Desk, site: str) -> None:
    first = only(bring(desk, f"{site}/news/high-water"))
    desk.publish("single")
    _Site.page = PAGE.replace("What the gauge says", "What the gauge said")
    again = only(bring(desk, f"{site}/news/high-water"))
    assert (again.state, again.file) == ("updated", first.file)
    assert "What the gauge said" in (desk.root / "content" / first.file).read_text()
    assert len(list((desk.root / "content").glob("*.md"))) == 3


def test_an_edited_manuscript_is_kept_unless_told_otherwise(desk: Desk, site: str) -> None:
    first = only(bring(desk, f"{site}/news/high-water"))
    file = desk.root / "content" / first.file
    file.write_text(file.read_text() + "\nA line of our own.\n")
    _Site.page = PAGE.replace("What the gauge says", "What the gauge said")
    brought = bring(desk, f"{site}/news/high-water")
    [error] = brought.errors
    assert "edited here" in str(error)
    assert error.hint and "--replace" in error.hint
    assert "A line of our own." in file.read_text()
    assert only(bring(desk, f"{site}/news/high-water", replace_edited=True)).state == "updated"
    assert "A line of our own." not in file.read_text()


def test_plain_copy_and_markdown_are_copied_as_they_are(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    (folder / "shots").mkdir(parents=True)
    note = folder / "note.md"
    note.write_text("# A note from the quay\n\n![A gauge](shots/gauge.png)\n\nThe water rises.\n")
    (folder / "shots" / "gauge.png").write_bytes(picture())
    (folder / "letter.txt").write_text("A letter to the desk\n\nThe lamp has been out all week.\n")
    (folder / "letter.toml").write_text('section = "Letters"\n')
    brought = bring(desk, folder)
    assert [one.file for one in brought.added] == ["letter.txt", "note.md"]
    content = desk.root / "content"
    assert (content / "note.md").read_text() == note.read_text()
    assert (content / "shots" / "gauge.png").read_bytes() == picture()
    assert (content / "letter.toml").is_file()
    assert [one.state for one in bring(desk, folder).added] == ["unchanged", "unchanged"]


def test_a_feed_becomes_one_manuscript_an_item(desk: Desk, tmp_path: Path) -> None:
    def item(name: str, words: str) -> str:
        return (
            f"<item><title>{name}</title><guid>https://quay.example.org/{name}</guid>"
            f"<link>https://quay.example.org/{name}</link>"
            f"<pubDate>Mon, 05 Oct 2026 08:00:00 GMT</pubDate>"
            f"<description>&lt;p&gt;{words}&lt;/p&gt;</description></item>"
        )

    items = item("Lamps", "The lamps are lit at dusk.") + item("Ropes", "The ropes are new.")
    feed = tmp_path / "feed.xml"
    wrap = '<rss version="2.0"><channel><title>Quay</title><link>https://quay.example.org/</link>{}</channel></rss>'
    feed.write_text(wrap.format("<description>d</description>" + items))
    brought = bring(desk, feed)
    assert sorted(one.title for one in brought.added) == ["Lamps", "Ropes"]
    assert not brought.errors
    longer = items.replace("at dusk", "at six")
    feed.write_text(wrap.format("<description>d</description>" + longer))
    states = {one.title: one.state for one in bring(desk, feed).added}
    assert states == {"Lamps": "updated", "Ropes": "unchanged"}


def test_canonical_json_keeps_what_markdown_cannot(desk: Desk, tmp_path: Path) -> None:
    desk.publish("single")
    source = desk.command("export", "json", "content/ferry.md").stdout
    value = json.loads(source)
    value |= {"id": "urn:x-quay:9", "slug": "odd", "title": "Odd", "url": "https://q.example.org/o"}
    value["body"] = [
        {"type": "footnote", "label": "1", "blocks": value["body"]},
        {"type": "paragraph", "content": [{"type": "text", "text": "Lines of another sort."}]},
    ]
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(value))
    added = only(bring(desk, file))
    assert added.file == "odd.json"
    assert only(bring(desk, file)).state == "unchanged"


def test_pictures_outside_the_sources_folder_stay_there(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "note.md").write_text("# A note\n\n![A](../secret.png)\n\nText.\n")
    before = set(desk.root.rglob("*.png"))
    bring(desk, folder / "note.md")
    assert set(desk.root.rglob("*.png")) == before


def test_what_is_not_public_is_refused(desk: Desk, tmp_path: Path) -> None:
    brought = bring(desk, "http://127.0.0.1:9/x", "http://[::1]/x", tmp_path / "gone.md")
    assert not brought.added
    assert [str(error).split(": ", 1)[1] for error in brought.errors] == [
        "127.0.0.1 has the address 127.0.0.1, which is not on the public internet",
        "::1 has the address ::1, which is not on the public internet",
        "there is no such file",
    ]
    [error] = bring(desk, "file:///etc/passwd").errors
    assert "addresses begin with http" in str(error)


def test_a_remote_picture_that_cannot_be_had_stays_remote(desk: Desk, site: str) -> None:
    _Site.page = PAGE.replace("/gauge.png", "/gone.png")
    added = only(bring(desk, f"{site}/news/high-water"))
    assert added.pictures == 0
    assert any("stays on the web" in note.what for note in added.notes)
    assert f"{site}/gone.png" in (desk.root / "content" / added.file).read_text()


def test_what_an_archive_tells_stays_with_its_articles(desk: Desk, tmp_path: Path) -> None:
    for name, date in (("a", "05/10/2026"), ("b", "25/10/2026")):
        (tmp_path / "old").mkdir(exist_ok=True)
        (tmp_path / "old" / f"{name}.md").write_text(note(name, date))
    bring(desk, tmp_path / "old")
    desk.write("c.md", note("c", "10/25/2026"))
    assert months(desk) == {"a": 10, "b": 10, "c": 10}
