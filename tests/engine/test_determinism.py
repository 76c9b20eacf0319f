"""Same input, other time zone, locale, hash seed and working folder: the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from syndicate.newsroom.starter import starter
from tests import waiting

ENVIRONMENTS = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
    {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "4242"},
)


def test_the_starter_newsroom_publishes_the_same_bytes_everywhere(tmp_path: Path) -> None:
    made = []
    for number, environment in enumerate(ENVIRONMENTS):
        root = tmp_path / f"room{number}" / ("deep" * number or "flat")
        for name in ("channels", "content"):
            shutil.copytree(starter() / name, root / name)
        shutil.copyfile(starter() / "syndicate.toml", root / "syndicate.toml")
        folder = root / "content" if number else root
        jobs = str(2 - number)
        done = waiting.run(
            [sys.executable, "-m", "syndicate", "publish", "--jobs", jobs],
            cwd=folder,
            env={**os.environ, **environment},
        )
        assert done.returncode == 0, done.stderr
        made.append(digests(root))
    assert made[0] == made[1]
    assert {name.split("/")[1] for name in made[0] if name.startswith("out/")} == {
        "rss",
        "atom",
        "jsonfeed",
        "pdf",
        "epub",
        "email",
    }


def digests(root: Path) -> dict[str, str]:
    """SHA-256 of every artifact below `root`."""
    paths = [p for name in ("out", "drafts") for p in (root / name).rglob("*") if p.is_file()]
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
