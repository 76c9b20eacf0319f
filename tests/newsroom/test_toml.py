"""Errors in settings files have file, line and column."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from syndicate.errors import SettingsError
from syndicate.newsroom.toml import TOMLFile

TEXT = """\
# a comment with title = "x"
top = 1

[publication]
title = "Gazette"
  base_url = "https://x.example/"

[deliver.inner]
deep.key = 2
list = [
  "a",
  "b",
]
"""


@pytest.fixture
def file(tmp_path: Path) -> TOMLFile:
    (tmp_path / "a.toml").write_text(TEXT)
    return TOMLFile.read(tmp_path / "a.toml", "a.toml")


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("top",), "a.toml:2:1"),
        (("publication", "title"), "a.toml:5:1"),
        (("publication", "base_url"), "a.toml:6:3"),
        (("deliver", "inner", "deep", "key"), "a.toml:9:6"),
        (("deliver", "inner", "list", 1), "a.toml:10:1"),
        (("publication", "missing"), "a.toml:4:2"),
        (("nowhere",), "a.toml:1:1"),
    ],
)
def test_the_place_of_a_value_is_found(
    file: TOMLFile, loc: tuple[int | str, ...], place: str
) -> None:
    assert str(file.locate(loc)) == place


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a = \n", "b.toml:1:5"),
        (b"a = 1\nb = [1,\n", "b.toml"),
        (b"a = 1\nc = '\xff'\n", "b.toml:2"),
    ],
)
def test_the_error_for_an_invalid_file_has_its_place(
    tmp_path: Path, data: bytes, said: str
) -> None:
    (tmp_path / "b.toml").write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        TOMLFile.read(tmp_path / "b.toml", "b.toml")
    assert str(caught.value).startswith(said)


def test_a_pipe_or_device_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    pipe, device = tmp_path / "pipe.toml", tmp_path / "device.toml"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path, kind in ((pipe, "a pipe"), (device, "a device")):
        with pytest.raises(SettingsError, match=rf"^channels/x\.toml: .*it is {kind}, not a file"):
            TOMLFile.read(path, "channels/x.toml")
