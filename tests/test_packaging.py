"""What ships is what git tracks: no token in an ignored file, nothing forgotten."""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests import waiting

ROOT = Path(__file__).parents[1]
STARTER = ("templates/", "channels/", "content/", "syndicate.toml")


def tracked() -> set[str]:
    """The names that git knows."""
    done = waiting.run(["git", "ls-files"], cwd=ROOT)
    if done.returncode:
        pytest.skip("not a git checkout")
    return {name for name in done.stdout.splitlines() if (ROOT / name).exists()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist, made while a private file lies about."""
    names = tracked()
    out = tmp_path_factory.mktemp("dist")
    private = ROOT / "channels" / "packaging-test.local.toml"
    private.write_text('token = "secret"\n')
    try:
        waiting.run(
            [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
            check=True,
        )
    finally:
        private.unlink(missing_ok=True)
    assert names
    return out


@pytest.mark.xdist_group("packaging")
def test_the_wheel_holds_the_package_and_the_starter(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    expected = {name.removeprefix("src/") for name in tracked() if name.startswith("src/")}
    expected |= {f"syndicate/starter/{name}" for name in tracked() if name.startswith(STARTER)}
    assert names == expected


@pytest.mark.xdist_group("packaging")
def test_the_sdist_holds_only_what_git_tracks(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {m.name.partition("/")[2] for m in archive.getmembers() if m.isfile()}
    assert names - {"PKG-INFO", ".gitignore"} <= tracked()
    assert {n for n in tracked() if n.startswith(("src/", *STARTER))} <= names


def test_nothing_names_a_registry_or_a_machine() -> None:
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    assert pins
    for line in pins:
        assert line.startswith("#") or line.count("==") == 1, line
    locks = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json"}
    assert not [name for name in tracked() if Path(name).name in locks]


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of an ordinary user on a Debian that has nothing installed, not even
    Python's venv."""
    for name, script in {"dpkg-query": "exit 1", "id": "echo 1000", "python3": "exit 1"}.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    for name in ("grep", "make"):
        found = shutil.which(name)
        assert found
        (tmp_path / "bin" / name).symlink_to(found)
    return {"PATH": str(tmp_path / "bin"), "HOME": os.environ["HOME"]}


@pytest.mark.parametrize(
    ("goals", "packages"),
    [
        (["demo"], {"python3-venv", "libpango-1.0-0"}),
        (["check", "test"], {"python3-venv", "libpango-1.0-0", "chromium", "git"}),
    ],
)
def test_make_names_all_missing_packages_at_once_before_it_does_anything(
    tmp_path: Path, bare: dict[str, str], goals: list[str], packages: set[str]
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, project)
    done = waiting.run(["make", *goals], cwd=project, env=bare)
    assert done.returncode != 0
    assert done.stdout == ""
    said, ending = done.stderr.splitlines()
    assert ending.startswith("make: ***")
    line, _, named = said.partition("sudo apt-get install ")
    assert line
    assert set(named.split()) >= packages
    assert ("chromium" in named) == ("test" in goals)
    assert not (project / ".venv").exists()
