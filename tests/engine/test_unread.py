"""No file on the desk is passed over in silence, and none stands in another's way."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from syndicate.engine.add import add
from syndicate.engine.check import check
from syndicate.engine.content.sources import SourceFile, files_found_in, readings_of
from syndicate.errors import SourceError
from syndicate.newsroom.newsroom import load_newsroom
from tests.articles import PUBLICATION
from tests.engine.conftest import Desk

SYSTEM = (".DS_Store", "~$draft.docx", "Thumbs.db", "desktop.ini", "story.md~", ".hidden.md")
UNFINISHED = ("big.docx.part", "page.html.crdownload", "~WRL0001.tmp")


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_what_no_reader_takes_is_named_with_what_to_do(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf", "b.doc", "c.pages", "notes/README", "d.pdf", "x/e.css", "x/f.css")
    found = files_found_in(tmp_path, "content")
    told = {str(error): str(error.hint) for error in found.unread}
    assert sorted(told) == [
        "content/a.pdf: files ending in '.pdf' cannot be read",
        "content/b.doc: files ending in '.doc' cannot be read",
        "content/c.pages: files ending in '.pages' cannot be read",
        "content/d.pdf: files ending in '.pdf' cannot be read",
        "content/notes/README: files without an ending cannot be read",
        "content/x/e.css: files ending in '.css' cannot be read (2 of them)",
    ]
    assert "save it as .docx" in told["content/b.doc: files ending in '.doc' cannot be read"]
    assert "Export" in told["content/c.pages: files ending in '.pages' cannot be read"]


def test_a_sidecar_without_its_article_is_named(tmp_path: Path) -> None:
    fill(tmp_path, "ferry.txt", "ferry.toml", "fery.toml")
    (error,) = files_found_in(tmp_path, "content").unread
    assert str(error).startswith("content/fery.toml: there is no article")


def test_pictures_systems_and_unfinished_files_are_nobodys_business(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "a.jpg",
        "b.svg",
        "pictures/LICENSE",
        "Licence",
        "COPYING",
        *SYSTEM,
        *UNFINISHED,
        ".obsidian/app.json",
        "__MACOSX/a.md",
    )
    assert files_found_in(tmp_path, "content").unread == ()
    assert files_found_in(tmp_path, "content").files == {}


def test_check_counts_what_is_not_read(desk: Desk) -> None:
    fill(desk.root / "content", "a.pdf", "b.doc")
    found = check(load_newsroom(desk.root, {}))
    assert found.unread == 2
    unread = [one for one in found.findings if one.rule == "content/unread-file"]
    assert [str(one.where) for one in unread] == ["content/a.pdf", "content/b.doc"]
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + '\n[lint]\n"content/unread-file" = "off"\n')
    found = check(load_newsroom(desk.root, {}))
    assert not any(one.rule == "content/unread-file" for one in found.findings)


def test_publish_tells_of_each_file_once(desk: Desk) -> None:
    fill(desk.root / "content", "a.pdf")
    desk.publish("single")
    assert [e.text for e in desk.events if e.kind == "unread"] == [
        "content/a.pdf: files ending in '.pdf' cannot be read; "
        "ask for the document it was made from, or copy its text into a .txt file"
    ]
    desk.events.clear()
    desk.write("tides.md", "# Tides\n\nAnother text.\n")
    desk.publish("single")
    assert not [e for e in desk.events if e.kind == "unread"]


def test_add_names_what_it_does_not_take_of_a_folder(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    fill(folder, "a.pdf", ".DS_Store")
    (folder / "boat.md").write_text("# Boat\n\nIt sails.\n")
    (folder / "bad.md").write_bytes(b"# Bad\n\n\xff\xfe\xff\n")
    brought = add(load_newsroom(desk.root, {}), [str(folder)])
    assert [one.title for one in brought.added] == ["Boat"]
    assert len(brought.errors) == 1
    assert [str(error.where) for error in brought.unread] == [f"{folder}/a.pdf"]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    (name,) = files_found_in(tmp_path, "content").files
    file = SourceFile(tmp_path / name, "content/a.md")
    with pytest.raises(SourceError, match="it is a pipe, not a file"):
        list(readings_of(file, PurePosixPath(name), PUBLICATION))
