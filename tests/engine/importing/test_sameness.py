"""What `add` brings in under a title that is here already: an edit, or another article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import Desk
from tests.engine.test_add import bring, only
from tests.readers.docx.making import document, packed

MONDAY = "The pilots of the harbour will keep the night watch until spring, the board decided."
TUESDAY = "A seal has been seen at the fish dock, and the gulls have moved to the church roof."
LONG = " ".join(f"The pilot of berth {n} reads the water before the table." for n in range(40))


def front(words: str, day: str = "", more: str = "") -> str:
    dated = f"date: {day}\n" if day else ""
    return f"---\ntitle: Harbour notes\n{dated}{more}---\n\n{words}\n"


def contents(desk: Desk) -> dict[str, str]:
    return {
        path.name: path.read_text()
        for path in (desk.root / "content").rglob("*")
        if path.suffix in (".md", ".txt") and path.stem not in ("ferry", "tides")
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (front(MONDAY, "2026-11-02"), front(TUESDAY, "2026-11-03")),
        (front(MONDAY), front(TUESDAY)),
        (front(LONG, "2026-11-02"), front(LONG + " " + MONDAY + TUESDAY, "2026-11-03")),
        (
            front(MONDAY, "2026-11-02", "slug: notes\n"),
            front(TUESDAY, "2026-11-03", "slug: notes\n"),
        ),
    ],
)
@pytest.mark.parametrize("folders", [("mon", "tue"), ("in", "in")])
def test_another_text_or_day_is_another_article(
    desk: Desk, tmp_path: Path, first: str, second: str, folders: tuple[str, str]
) -> None:
    for folder, text in zip(folders, (first, second), strict=True):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "notes.md").write_text(text)
        assert only(bring(desk, tmp_path / folder / "notes.md")).state == "added"
        assert desk.publish("single").exit == 0
    kept = contents(desk)
    assert len(kept) == 2
    assert kept["notes.md"] == first
    assert len(list((desk.root / "out" / "single").glob("notes*.txt"))) == 2


def test_two_word_files_of_one_name_are_two_articles(desk: Desk, tmp_path: Path) -> None:
    for words in (MONDAY, TUESDAY):
        made = document()
        made.add_paragraph("Harbour notes", "Title")
        made.add_paragraph(words)
        (tmp_path / "notes.docx").write_bytes(packed(made))
        assert only(bring(desk, tmp_path / "notes.docx")).state == "added"
    assert desk.publish("single").exit == 0
    assert len(contents(desk)) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (front(LONG, "2026-11-02"), front(LONG.replace("berth 7", "berth 77"), "2026-11-02")),
        (front(MONDAY, "2026-11-02"), front(MONDAY.replace("spring", "May"), "2026-11-02")),
        (front(MONDAY), front(MONDAY.replace("spring", "May"))),
        (front(LONG, "2026-11-02"), front(LONG, "2026-11-03")),
    ],
)
def test_an_edited_text_is_the_article_that_was_there(
    desk: Desk, tmp_path: Path, first: str, second: str
) -> None:
    for text in (first, second):
        (tmp_path / "notes.md").write_text(text)
        added = only(bring(desk, tmp_path / "notes.md"))
        desk.publish("single")
    assert added.state == "updated"
    assert contents(desk) == {"notes.md": second}


def test_people_are_told_of_a_namesake(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(front(MONDAY, "2026-11-02"))
    bring(desk, tmp_path / "notes.md")
    (tmp_path / "notes.md").write_text(front(TUESDAY, "2026-11-03"))
    added = only(bring(desk, tmp_path / "notes.md"))
    assert "that this is another article than content/notes.md" in [n.what for n in added.notes]


def test_the_next_issue_is_not_the_last_one_renamed(desk: Desk) -> None:
    desk.write("mon.md", front(MONDAY, "2026-11-02"))
    desk.publish("single")
    (desk.root / "content" / "mon.md").unlink()
    desk.write("tue.md", front(TUESDAY, "2026-11-03"))
    desk.publish("single")
    assert (desk.root / "out" / "single" / "tue.txt").is_file()
