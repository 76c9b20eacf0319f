"""What a new newsroom keeps out of git."""

from __future__ import annotations

from pathlib import Path

from syndicate.newsroom.starter import create_newsroom
from tests.waiting import run

PRIVATE = (
    ".syndicate/ledger.sqlite",
    ".syndicate/outbox/x",
    "channels/email.local.toml",
    "readers.csv",
    "people.txt",
    "data/ledger.sqlite-wal",
    "ledger.sqlite.20261130T120000Z.backup",
    "out/rss/feed.xml",
)


def test_git_ignores_what_is_private_and_takes_the_rest(tmp_path: Path) -> None:
    run(["git", "init", "-q", str(tmp_path)], check=True)
    assert ".gitignore" in create_newsroom(tmp_path, samples=True)
    for name in PRIVATE:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("private")
    done = run(["git", "-C", str(tmp_path), "status", "--porcelain", "-uall"], check=True)
    seen = {line[3:] for line in done.stdout.splitlines()}
    assert not seen & set(PRIVATE)
    assert {".gitignore", "syndicate.toml", "channels/email.toml", "content/last-loft.md"} <= seen


def test_a_gitignore_that_is_there_is_added_to(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes(b"/caf\xe9/\nout/\n*.local.toml")
    create_newsroom(tmp_path, samples=False)
    lines = file.read_bytes().splitlines()
    assert lines[:3] == [b"/caf\xe9/", b"out/", b"*.local.toml"]
    assert b".syndicate/" in lines
    assert lines.count(b"out/") == 1
