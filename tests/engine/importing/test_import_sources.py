"""What `add` is given: files, folders and addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.article.publication import Publication
from syndicate.engine.importing.fetch import WebFetcher
from syndicate.engine.importing.import_sources import (
    readings_to_import,
    sidecar_to_import,
    sources_to_import,
)
from syndicate.errors import SourceError, UsageError

PUBLICATION = Publication(title="Gazette", base_url="https://gazette.example.org/")


def test_a_folder_stands_for_the_files_in_it_that_can_be_read(tmp_path: Path) -> None:
    for name in ("b.md", "a.docx", "deep/c.html", "notes.xyz", ".hidden.md", ".git/d.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = sources_to_import([str(tmp_path), "https://example.org/", "elsewhere.md"])
    assert list(found) == [
        *(str(tmp_path / name) for name in ("a.docx", "b.md", "deep/c.html")),
        "https://example.org/",
        "elsewhere.md",
    ]


def test_a_file_is_read_with_its_folder_for_pictures(tmp_path: Path) -> None:
    file = tmp_path / "ferry.md"
    file.write_text("# The night ferry\n\nIt sails on Friday.\n")
    readings, beside = readings_to_import(str(file), WebFetcher(()), PUBLICATION)
    assert [one.article.title for one in readings] == ["The night ferry"]
    assert beside == tmp_path


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        readings_to_import(str(tmp_path / "none.md"), WebFetcher(()), PUBLICATION)
    with pytest.raises(UsageError, match="http"):
        readings_to_import("ftp://example.org/a.md", WebFetcher(()), PUBLICATION)


def test_the_sidecar_beside_a_source(tmp_path: Path) -> None:
    assert sidecar_to_import(tmp_path / "a.md") is None
    (tmp_path / "a.toml").write_bytes(b'title = "A"')
    assert sidecar_to_import(tmp_path / "a.md") == b'title = "A"'
