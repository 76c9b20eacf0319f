"""Earlier versions of articles can be read by every checkout, with the pictures inside them."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from PIL import Image

from syndicate.engine.content.article_store import stored_article
from syndicate.engine.content.kept_versions import bring_pictures
from syndicate.engine.planning.planner import Planner
from syndicate.engine.upkeep import back_up
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk


def shared(folder: Path, name: str) -> Desk:
    """A checkout of a newsroom whose ledger and store others use, too."""
    desk = make_desk(folder / name, str(folder / "ledger.sqlite"))
    text = (desk.root / "syndicate.toml").read_text()
    (desk.root / "syndicate.toml").write_text(f'id = "g"\nstore = "file://{folder}/store"\n{text}')
    return desk


def with_picture(path: Path) -> None:
    """A Word file at `path` with a picture in it."""
    document, picture = Document(), io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    document.add_heading("The harbour from above", 0)
    document.add_paragraph("A photograph, taken from the lighthouse.")
    picture.seek(0)
    document.add_picture(picture)
    document.save(str(path))


def test_a_version_is_there_after_its_source_is_gone(tmp_path: Path) -> None:
    one, other = shared(tmp_path, "one"), shared(tmp_path, "other")
    with_picture(one.root / "content" / "harbour.docx")
    assert one.publish("numbered").errors == []
    newsroom = load_newsroom(one.root, {})
    (file,) = (path for path in newsroom.extracted.rglob("*") if path.is_file())
    src = file.relative_to(newsroom.extracted)
    elsewhere = load_newsroom(other.root, {})
    with ledger_of(elsewhere) as ledger:
        (edition,) = ledger.editions()["numbered"]
        digests = [digest for _, digest in edition.members]
        titles = {found.title for one in digests if (found := stored_article(elsewhere.store, one))}
        assert "The harbour from above" in titles
        assert len(titles) == 3
        bring_pictures(elsewhere, ledger, digests)
    assert (elsewhere.extracted / src).read_bytes() == file.read_bytes()


def test_versions_that_a_restored_ledger_does_not_know_are_noted_again(tmp_path: Path) -> None:
    """Also if nothing else that it says of the articles differs."""
    desk = make_desk(tmp_path / "newsroom")
    text = (
        "---\ntitle: The night ferry\npublished: 2026-10-01\n---\n\nIt sails on Friday at nine.\n"
    )
    desk.write("ferry.md", text)
    assert desk.publish("single").errors == []
    backup = tmp_path / "backup"
    newsroom = load_newsroom(desk.root, {})
    back_up(newsroom, backup, "Ines")
    desk.write("ferry.md", text.replace("2026-10-01", "2025-10-01T08:00:00Z"))
    assert desk.publish("single").errors == []
    file = desk.root / newsroom.ledger
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    backup.replace(file)
    assert desk.publish("rolling").errors == []
    with Planner.open(newsroom) as planner:
        versions = [(one.id, one.digest) for one in planner.intake.summaries]
        assert planner.ledger.versions.unknown(versions) == ()


def test_the_ledger_is_asked_only_about_versions_that_are_new(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.publish("single")
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        assert list(planner.intake.unshared()) == []
    desk.write("ferry.md", "# The night ferry\n\nIt returns.\n")
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        ((ferry, _),) = planner.intake.unshared()
        assert "ferry" in ferry
