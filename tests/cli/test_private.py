"""Who may read what a command creates."""

from __future__ import annotations

import grp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest
from PIL import Image as Drawing

from tests.engine.conftest import Desk, make_desk
from tests.waiting import run

PRIVATE = (".syndicate", "drafts", "data")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "news")


def syndicate(desk: Desk, *words: str, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "syndicate", *words]
    return run(command, cwd=desk.root, umask=umask, check=True)


def modes(root: Path, *names: str) -> dict[str, set[int]]:
    """The modes of the files and of the folders below each of `names`."""
    found: dict[str, set[int]] = {"files": set(), "folders": set()}
    for name in names:
        for path in (root / name, *(root / name).rglob("*")):
            if path.exists():
                kind = "folders" if path.is_dir() else "files"
                found[kind].add(S_IMODE(path.stat().st_mode))
    return found


def fill(desk: Desk, umask: int) -> None:
    """Run commands that create all kinds of files."""
    (desk.root / "readers.csv").write_text("email\nann@example.net\n")
    beside = desk.root.parent / "beside.md"
    beside.write_text("---\ntitle: The tide\nauthor: Ann\n---\n\nIt turns.\n")
    syndicate(desk, "add", str(beside), umask=umask)
    syndicate(desk, "publish", umask=umask)
    syndicate(desk, "subscribers", "import", "readers.csv", "-c", "single", umask=umask)
    syndicate(desk, "ledger", "backup", umask=umask)


@pytest.mark.parametrize("umask", [0, 0o022])
@pytest.mark.parametrize("ledger", [".syndicate/ledger.sqlite", "data/ledger.sqlite"])
def test_what_is_private_is_only_for_its_user_whatever_the_umask(
    tmp_path: Path, umask: int, ledger: str
) -> None:
    desk = make_desk(tmp_path / "news", ledger)
    fill(desk, umask)
    assert modes(desk.root, *PRIVATE) == {"files": {0o600}, "folders": {0o700}}
    assert list(desk.root.glob("*/ledger.sqlite.*.backup"))
    assert modes(desk.root, "out") == {"files": {0o666 & ~umask}, "folders": {0o777 & ~umask}}
    assert S_IMODE((desk.root / "content" / "beside.md").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("deliver", ["", '[deliver]\nvia = "fsspec"\nurl = "file://OUT"\n'])
def test_a_stricter_umask_takes_nothing_away_from_readers(tmp_path: Path, deliver: str) -> None:
    desk = make_desk(tmp_path / "news")
    out = desk.root / "out"
    desk.channel("rss", deliver.replace("OUT", str(out / "rss")))
    syndicate(desk, "publish")
    Drawing.new("RGB", (4, 4), "red").save(desk.root / "content" / "ferry.png")
    desk.write("ferry.md", "# The ferry is late\n\n![A ferry](ferry.png)\n\nAt ten.\n", age=0)
    desk.write("rain.md", "# Rain\n\nIt rained.\n", age=0)
    syndicate(desk, "publish", umask=0o077)
    assert list((out / "rss" / "media").iterdir()), "a new folder"
    assert modes(desk.root, "out") == {"files": {0o644}, "folders": {0o755}}
    desk.channel("more", 'adapter = "./own.py"\n')
    syndicate(desk, "publish", umask=0o077)
    assert modes(desk.root, "out/more") == {"files": {0o600}, "folders": {0o700}}, "from the start"


def test_a_group_can_share_the_private_files(desk: Desk) -> None:
    settings = desk.root / "syndicate.toml"
    settings.write_text('share = "group"\n' + settings.read_text())
    fill(desk, 0o022)
    assert modes(desk.root, ".syndicate", "drafts") == {"files": {0o660}, "folders": {0o2770}}
    settings.write_text(settings.read_text().replace('"group"', '"none"'))
    syndicate(desk, "plan")
    assert modes(desk.root, ".syndicate", "drafts") == {"files": {0o600}, "folders": {0o700}}


def test_a_newsroom_that_was_open_is_closed_and_says_so_once(desk: Desk) -> None:
    fill(desk, 0o022)
    for path in (desk.root / ".syndicate", *(desk.root / ".syndicate").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    told = syndicate(desk, "plan").stderr
    assert "warning: .syndicate" in told
    assert "from now on, only you can read this" in told
    assert modes(desk.root, ".syndicate") == {"files": {0o600}, "folders": {0o700}}
    assert "only you" not in syndicate(desk, "plan").stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to any group")
def test_a_folder_that_a_group_works_in_stays_open_to_that_group(desk: Desk) -> None:
    fill(desk, 0o022)
    group = next(one.gr_gid for one in grp.getgrall() if one.gr_gid)
    for path in (desk.root / ".syndicate", *(desk.root / ".syndicate").rglob("*")):
        os.chown(path, -1, group)
        path.chmod(0o2775 if path.is_dir() else 0o664)
    desk.write("ferry.md", "---\ntitle: The ferry\nauthor: Ann\n---\n\nIt runs no more.\n")
    syndicate(desk, "publish")
    assert modes(desk.root, ".syndicate") == {"files": {0o660}, "folders": {0o2770}}
    assert {path.stat().st_gid for path in (desk.root / ".syndicate").rglob("*")} == {group}


@pytest.fixture
def seen() -> Iterator[Desk]:
    """A newsroom in a folder that every user of this machine can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    if not all(one.stat().st_mode & 0o001 for one in folder.parents):
        pytest.skip("other users cannot enter the folder for temporary files")
    try:
        yield make_desk(folder)
    finally:
        shutil.rmtree(folder)


def doctor(desk: Desk) -> list[str]:
    """What doctor says about privacy, with its hints."""
    done = run([sys.executable, "-m", "syndicate", "doctor"], cwd=desk.root)
    lines = done.stdout.splitlines()
    found = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if " privacy: " in line:
            found.append(line + (following if "hint: " in following else ""))
    return found


def test_doctor_finds_what_others_can_read_and_its_hint_ends_that(seen: Desk) -> None:
    (seen.root / "channels" / "single.local.toml").write_text("")
    (seen.root / "readers.csv").write_text("Name;E-Mail\nAnn;ann@example.net\n")
    (seen.root / "tides.csv").write_text("day;height\n1;4.2\n")
    for name in ("channels/single.local.toml", "readers.csv", "tides.csv"):
        (seen.root / name).chmod(0o644)
    (seen.root / "channels").chmod(0o755)
    (found,) = doctor(seen)
    assert found.startswith("BAD  privacy: other users of this machine can read ")
    names = ("channels/single.local.toml", "readers.csv")
    assert all(name in found for name in names)
    assert "tides.csv" not in found
    run(["sh", "-c", found.partition("hint: ")[2]], cwd=seen.root, check=True)
    assert doctor(seen) == ["ok   privacy: others cannot read the ledger, drafts or subscribers"]


def test_doctor_finds_what_git_tracks_or_would_track(desk: Desk) -> None:
    run(["git", "init", "-q"], cwd=desk.root, check=True)
    (desk.root / "channels" / "single.local.toml").write_text("")
    (desk.root / "readers.csv").write_text("email\nann@example.net\n")
    run(["git", "add", "readers.csv"], cwd=desk.root, check=True)
    syndicate(desk, "publish")
    tracked, unknown = doctor(desk)
    assert tracked.startswith("BAD  privacy: the git repository contains readers.csv")
    assert ".syndicate/, channels/single.local.toml" in unknown
    for command in (tracked, unknown):
        hint = command.partition("hint: ")[2].partition("; earlier")[0]
        run(["sh", "-c", hint], cwd=desk.root, check=True)
    (left,) = doctor(desk)
    assert "git does not ignore readers.csv" in left
    run(["sh", "-c", left.partition("hint: ")[2]], cwd=desk.root, check=True)
    assert doctor(desk)[0].startswith("ok ")


def test_a_new_newsroom_can_be_read_as_the_umask_says(tmp_path: Path) -> None:
    words = ("init", "news", "--samples")
    run([sys.executable, "-m", "syndicate", *words], cwd=tmp_path, umask=0o027, check=True)
    assert modes(tmp_path, "news") == {"files": {0o640}, "folders": {0o750}}
