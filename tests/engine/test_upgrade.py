"""An upgrade of the program renders mirrors again, and leaves alone what people have dealt with.

The next version is a copy of this one with another number and other packaged templates, run in
processes of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

import syndicate
from syndicate.engine.review.verdicts import approve_draft, reject_draft
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.newsroom.starter import starter
from tests.engine.conftest import Desk, make_desk
from tests.engine.mailing import PLUGIN, mail_desk
from tests.engine.test_posting import make_desk as thread_desk
from tests.platforms import PLATFORMS
from tests.sink import Sink
from tests.waiting import run

MARK = b"Set by the next version."
CHANGED = "# The night ferry returns\n\nIt sails on Saturday.\n"
NOTICE = (
    PLUGIN.replace("(Scope.EDITION,)", "(Scope.ARTICLE,)")
    .replace("= Scope.EDITION", "= Scope.ARTICLE")
    .replace("edition.number", "edition.articles[0].slug")
)
"""A mail for each article, in no numbered edition."""
OLD = "0" * 64
"""The digest of a rendering's inputs, as the first releases noted it."""


@dataclass(frozen=True)
class Version:
    """An installed version of the program."""

    folder: Path

    def planned(self, desk: Desk, *words: str) -> set[tuple[str, str, str]]:
        """Channel, label and reason of all that it would do."""
        done = self.run(desk, "plan", "--json", *words)
        assert done.returncode == 0, done.stderr
        steps = map(json.loads, done.stdout.splitlines())
        return {(one["channel"], one["label"], one["reason"]) for one in steps}

    def publish(self, desk: Desk, *words: str) -> dict[str, int]:
        """Publish with it; how many were rendered, delivered and so on."""
        # Without the note that nothing has changed since a run, the whole is looked at.
        (desk.root / ".syndicate" / "cache" / "settled.json").unlink(missing_ok=True)
        done = self.run(desk, "publish", "--yes", "--json", *words)
        assert done.returncode == 0, done.stderr
        counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
        return counts

    def run(self, desk: Desk, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of it."""
        command = [sys.executable, "-m", "syndicate", *words]
        return run(command, cwd=desk.root, env={**os.environ, "PYTHONPATH": str(self.folder)})


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Version:
    folder = tmp_path_factory.mktemp("next")
    package = folder / "syndicate"
    ignored = shutil.ignore_patterns("__pycache__", "starter")
    shutil.copytree(Path(syndicate.__file__).parent, package, ignore=ignored)
    shutil.copytree(starter() / "templates", package / "starter" / "templates")
    start = package / "__init__.py"
    start.write_text(start.read_text().replace(syndicate.__version__, "99.0.0"))
    blocks = package / "starter" / "templates" / "article" / "blocks.txt.j2"
    paragraph = "{% macro paragraph(block) %}\n"
    assert paragraph in blocks.read_text()
    blocks.write_text(blocks.read_text().replace(paragraph, paragraph + MARK.decode() + "\n"))
    return Version(folder)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two articles of long ago, published; besides the usual channels one under review."""
    desk = make_desk(tmp_path / "newsroom")
    for name in ("ferry.md", "tides.md"):
        os.utime(desk.root / "content" / name, (1_600_000_000,) * 2)
    desk.channel("checked", 'adapter = "./own.py"\nreview = true\n')
    desk.publish()
    return desk


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


def as_the_first_releases_noted(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.root / desk.ledger)) as ledger, ledger:
        ledger.execute("UPDATE renderings SET inputs = ?", (OLD,))


def made_by_the_next(desk: Desk) -> set[str]:
    return {name for name, content in desk.files().items() if MARK in content}


def test_mirrors_follow_the_program_and_frozen_editions_do_not(
    desk: Desk, upgraded: Version
) -> None:
    upgraded.publish(desk)
    assert made_by_the_next(desk) == {
        "out/single/ferry.txt",
        "out/single/tides.txt",
        "out/rolling/all.txt",
        "drafts/ferry.txt",
        "drafts/tides.txt",
    }
    assert not upgraded.planned(desk)


def test_an_upgrade_keeps_approvals(desk: Desk, upgraded: Version) -> None:
    before = desk.files()["drafts/ferry.txt"]
    for name in ("social/ferry.txt", "checked/ferry.txt"):
        approve_draft(newsroom(desk), name, "Ines Okafor")
    upgraded.publish(desk)
    files = desk.files()
    for name in ("drafts/ferry.txt", "out/social/ferry.txt", "out/checked/ferry.txt"):
        assert files[name] == before
    assert "out/social/tides.txt" not in files
    assert MARK in files["drafts/tides.txt"], "nobody has dealt with it"
    assert not upgraded.planned(desk), "what has left as approved stays as it is too"


def test_what_was_edited_or_rejected_stays_as_it_is(desk: Desk, upgraded: Version) -> None:
    before = desk.files()["drafts/tides.txt"]
    (desk.root / "drafts" / "ferry.txt").write_text("by hand")
    reject_draft(newsroom(desk), "social/tides.txt", "Bo", note="too dry")
    assert not {step for step in upgraded.planned(desk) if step[0] == "social"}
    upgraded.publish(desk)
    assert desk.files()["drafts/ferry.txt"] == b"by hand"
    assert desk.files()["drafts/tides.txt"] == before


def test_after_an_upgrade_an_edit_undoes_an_approval_as_ever(desk: Desk, upgraded: Version) -> None:
    approve_draft(newsroom(desk), "checked/ferry.txt", "Ines Okafor")
    desk.write("ferry.md", CHANGED)
    upgraded.publish(desk)
    assert "out/checked/ferry.txt" not in desk.files()
    assert b"Saturday" in desk.files()["drafts/ferry.txt"]


def test_a_ledger_of_the_first_releases(desk: Desk, upgraded: Version) -> None:
    """Where nothing is known of the inputs, an approval holds if it is younger than the text."""
    approve_draft(newsroom(desk), "checked/ferry.txt", "Ines Okafor")
    as_the_first_releases_noted(desk)
    counts = desk.publish()
    assert (counts.rendered, counts.delivered) == (6, 1), "the same bytes are not delivered again"
    assert "out/checked/ferry.txt" in desk.files()
    assert not desk.plan().steps

    as_the_first_releases_noted(desk)
    upgraded.publish(desk)
    assert MARK not in desk.files()["out/checked/ferry.txt"]
    assert MARK not in desk.files()["out/numbered/1.txt"]

    later = time.time() + 60
    os.utime(desk.write("ferry.md", CHANGED), (later, later))
    as_the_first_releases_noted(desk)
    assert ("checked", "ferry", "changed") in upgraded.planned(desk)


def test_reissue_makes_an_edition_of_the_first_releases_again(desk: Desk) -> None:
    as_the_first_releases_noted(desk)
    assert not desk.plan("numbered", reissue=True).steps, "it would be the same edition"
    desk.write("ferry.md", CHANGED)
    assert not desk.plan("numbered").steps
    desk.publish("numbered", reissue=True)
    assert b"Saturday" in desk.files()["out/numbered/1.txt"]


@pytest.mark.parametrize("old", [False, True])
def test_nobody_gets_a_newsletter_twice(tmp_path: Path, upgraded: Version, old: bool) -> None:
    with Sink(keep=True) as sink:
        desk = mail_desk(tmp_path / "newsroom", sink.port)
        (desk.root / "notice.py").write_text(NOTICE)
        mailing = (desk.root / "channels" / "email.toml").read_text()
        desk.channel("notice", mailing.replace("mailing.py", "notice.py"))
        os.utime(desk.root / "content" / "ferry.md", (1_600_000_000,) * 2)
        desk.subscribe(3)
        desk.subscribe(2, "notice")
        desk.publish()
        sent = sorted(sink.recipients)
        assert len(sent) == 5
        if old:
            as_the_first_releases_noted(desk)
        assert not upgraded.planned(desk)
        assert upgraded.publish(desk)["delivered"] == 0
        assert sorted(sink.recipients) == sent


@pytest.mark.parametrize("old", [False, True])
def test_a_thread_is_posted_once(
    tmp_path: Path, upgraded: Version, old: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in PLATFORMS["x"].secrets.items():
        monkeypatch.setenv(name, value)
    with PLATFORMS["x"].server() as server:
        desk = thread_desk(tmp_path / "newsroom", "x", server)
        os.utime(desk.root / "content" / "ferry.md", (1_600_000_000,) * 2)
        desk.publish()
        approve_draft(newsroom(desk), "ferry.x", "Ines Okafor")
        before = desk.files()
        if old:
            as_the_first_releases_noted(desk)
        assert upgraded.planned(desk) == {("x", "ferry", "approved")}
        upgraded.publish(desk)
        posted = len(server.posts)
        assert posted and desk.files() == before
        if old:
            as_the_first_releases_noted(desk)
        assert not upgraded.planned(desk)
        assert upgraded.publish(desk)["delivered"] == 0
        assert (len(server.posts), desk.files()) == (posted, before)
