"""The files of `content/`, and what each article in them is called."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path, PurePosixPath

import pytest

from syndicate.article.publication import Publication
from syndicate.engine.content.sources import (
    SourceFile,
    content_files,
    files_found_in,
    named,
    readings_of,
    source_modified_time,
)
from syndicate.errors import SourceError

PUBLICATION = Publication(title="Gazette", base_url="https://gazette.example.org/")


def test_files_that_a_reader_knows_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "A.MD", "sea/c.txt", "ferry.png", ".hidden.md", ".git/d.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [name for name, _ in content_files(tmp_path)] == ["A.MD", "b.md", "sea/c.txt"]


def test_looking_through_a_large_folder_keeps_only_names_and_marks(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"report-{number}.md").touch()
    files_found_in(tmp_path, "content")  # what is loaded for the first time
    tracemalloc.start()
    found = files_found_in(tmp_path, "content")
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.files) == 2000
    assert most < 2 * kept


def test_one_article_has_its_files_name_and_several_are_numbered(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# One\n\nWords.\n")
    readings = list(
        readings_of(SourceFile(file, "content/a.md"), PurePosixPath("a.md"), PUBLICATION)
    )
    assert [source for source, _ in named("a.md", readings)] == ["a.md"]
    assert [source for source, _ in named("a.md", readings * 2)] == ["a.md#1", "a.md#2"]


def test_a_sidecar_has_its_sources_name(tmp_path: Path) -> None:
    (tmp_path / "a.toml").touch()
    assert SourceFile(tmp_path / "a.md", "").sidecar == tmp_path / "a.toml"
    assert SourceFile(tmp_path / "a.toml", "").sidecar is None
    assert SourceFile(tmp_path / "b.md", "").sidecar is None


def test_a_files_time_is_no_later_than_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.md"
    file.touch()
    os.utime(file, (1_790_000_000.7,) * 2)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert source_modified_time(file.stat()).timestamp() == 1_790_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
    assert source_modified_time(file.stat()).timestamp() == 1_780_000_000


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as found:
        list(
            readings_of(
                SourceFile(tmp_path / "a.md", "content/a.md"), PurePosixPath("a.md"), PUBLICATION
            )
        )
    assert str(found.value.where) == "content/a.md"


def test_a_name_that_is_not_utf_8_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    """Archives from old computers have such names; they must not stop the newsroom."""
    folder = os.fsencode(tmp_path)
    (tmp_path / "a.md").write_text("x")
    os.mkdir(folder + b"/\xe9")  # noqa: PTH102 - a Path has no bytes
    for name in (b"caf\xe9.md", b"\xe9/b.md", b"caf\xe9.bin"):
        Path(os.fsdecode(folder + b"/" + name)).write_text("x")
    found = files_found_in(tmp_path, "content")
    assert list(found.files) == ["a.md"]
    told = sorted(str(one) for one in found.unread)
    assert told == [
        rf"content/{name}: its name is not in UTF-8, so it is not read"
        for name in (r"\udce9", r"caf\udce9.bin", r"caf\udce9.md")
    ]
