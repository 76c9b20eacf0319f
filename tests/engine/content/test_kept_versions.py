"""Earlier versions of articles can be read by every checkout, with the pictures inside them."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from PIL import Image

from syndicate.engine.content.article_store import stored_article
from syndicate.engine.content.kept_versions import bring_pictures
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
