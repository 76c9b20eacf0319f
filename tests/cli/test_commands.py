"""The command line as people and scripts see it: streams, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests import waiting
from tests.engine.conftest import Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "newsroom")


def run(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    return waiting.run(
        [sys.executable, "-m", "syndicate", *words],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **environment},
    )


def test_init_then_publish_needs_nothing_else(tmp_path: Path) -> None:
    done = run("init", "news", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    root = tmp_path / "news"
    (root / "content" / "ferry.txt").write_text(
        "Night ferry returns\n\nBy Ines Okafor\n\nThe night ferry sails again on Friday.\n"
    )
    done = run("publish", "--channels", "rss,jsonfeed,x", cwd=root / "content")
    assert done.returncode == 0, done.stderr
    assert (root / "out" / "rss" / "feed.xml").is_file()
    assert (root / "drafts" / "ferry.x.md").is_file()
    assert run("init", ".", cwd=root).returncode == 2


def test_data_goes_to_stdout_and_messages_to_stderr(desk: Desk) -> None:
    done = run("publish", "--channels", "single", cwd=desk.root)
    assert done.stdout.split() == ["out/single/ferry.txt", "out/single/tides.txt"]
    assert done.stderr == "2 rendered · 2 delivered\n"
    quiet = run("publish", "--channels", "single", cwd=desk.root)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_each_json_event_is_one_line(desk: Desk) -> None:
    done = run("publish", "--json", cwd=desk.root)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1]["event"] == "done"
    assert events[-1]["exit"] == 0
    assert {event["event"] for event in events} == {"delivered", "drafted", "waiting", "done"}


def test_plan_shows_the_steps_and_does_nothing(desk: Desk) -> None:
    done = run("plan", "--exit-code", cwd=desk.root)
    assert done.returncode == 8
    assert "single" in done.stdout
    assert not (desk.root / "out").exists()
    dry = run("publish", "--dry-run", cwd=desk.root)
    assert dry.stdout == done.stdout
    assert not (desk.root / "out").exists()
    run("publish", cwd=desk.root)
    assert run("plan", "--exit-code", cwd=desk.root).returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("publish", "--channels", "singel"), 2, "did you mean 'single'?"),
        (("publish", "--no-such-flag"), 2, "no-such-flag"),
        (("publish", "fery"), 2, "no article 'fery'"),
        (("publish", "--root", "/"), 2, "syndicate init /"),
    ],
)
def test_wrong_calls(desk: Desk, words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words, cwd=desk.root)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


BAD = {
    "bytes.md": (b"# Bad\n\nok \xff\n", "content/bytes.md:3:4: "),
    "empty.txt": (b"", "content/empty.txt"),
    "list.md": (b"---\n- a\n- b\n---\n# T\n\ntext\n", "content/list.md"),
    "key.md": (b"---\ntitel: x\n---\n# T\n\ntext\n", "content/key.md:2:1: "),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_articles(desk: Desk, name: str) -> None:
    data, place = BAD[name]
    (desk.root / "content" / name).write_bytes(data)
    done = run("publish", "--channels", "single", cwd=desk.root)
    assert done.returncode == 3
    error, *_ = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert error.startswith(f"error: {place}")
    assert done.stdout.split() == ["out/single/ferry.txt", "out/single/tides.txt"]


def test_a_50_mb_article_is_refused_without_reading_it(desk: Desk) -> None:
    with (desk.root / "content" / "huge.md").open("wb") as file:
        file.truncate(50_000_000)
    done = run("publish", "--channels", "single", cwd=desk.root)
    assert done.returncode == 3
    said = "content/huge.md: too large for an article (the limit is 20,000,000 bytes)"
    assert said in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_article(desk: Desk) -> None:
    (desk.root / "content" / "ferry.md").chmod(0)
    done = run("publish", "--channels", "single", cwd=desk.root)
    assert done.returncode == 3
    assert "content/ferry.md: cannot be read: Permission denied" in done.stderr


def test_a_broken_symbolic_link(desk: Desk) -> None:
    (desk.root / "content" / "gone.md").symlink_to("nowhere.md")
    done = run("publish", "--channels", "single", cwd=desk.root)
    assert done.returncode == 3
    assert "content/gone.md: cannot be read: No such file or directory" in done.stderr


def test_every_wrong_key_is_reported_with_its_place(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nmrak = "!"\n')
    desk.channel("rolling", 'adapter = "./own.py"\nscope = "rollin"\n')
    done = run("publish", cwd=desk.root)
    assert done.returncode == 2
    assert "error: channels/single.toml:2:1: unknown key 'mrak'" in done.stderr
    assert "hint: did you mean 'mark'?" in done.stderr
    assert "error: channels/rolling.toml:2:1: 'scope'" in done.stderr


def test_a_locked_newsroom_exits_75(desk: Desk) -> None:
    from syndicate.ledger.lock import sole_lock

    with sole_lock(desk.root / ".syndicate"):
        done = run("publish", cwd=desk.root)
    assert done.returncode == 75


def test_a_full_disk_leaves_nothing_half_written(desk: Desk) -> None:
    """A size limit on files takes the place of a full disk: the kernel refuses the write too."""
    import resource
    import signal

    desk.write("long.md", "# A long story\n\n" + "All is water. " * 45_000 + "\n")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    done = waiting.run(
        [sys.executable, "-m", "syndicate", "publish", "--channels", "single", "--jobs", "1"],
        cwd=desk.root,
        preexec_fn=limit,
    )
    assert done.returncode == 3, done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (desk.root / "out" / "single" / "long.txt").exists()
    assert run("publish", "--channels", "single", cwd=desk.root).returncode == 0
    assert (desk.root / "out" / "single" / "long.txt").stat().st_size > 600_000


def test_export_inside_and_outside_a_newsroom(desk: Desk, tmp_path: Path) -> None:
    run("publish", cwd=desk.root)
    inside = run("export", "json", "content/ferry.md", "content/tides.md", cwd=desk.root)
    first, second = (json.loads(line) for line in inside.stdout.splitlines())
    assert first["slug"] == "ferry"
    assert second["url"] == "https://gazette.example.org/tides/"
    loose = tmp_path / "loose.md"
    loose.write_text("# Loose\n\nText.\n")
    outside = run("export", "json", "loose.md", cwd=tmp_path)
    article = json.loads(outside.stdout)
    assert article["title"] == "Loose"
    schema = json.loads(run("schema", "article", cwd=tmp_path).stdout)
    for one in (first, second, article):
        jsonschema.validate(one, schema)
    bad = run("export", "json", "absent.md", "loose.md", cwd=tmp_path)
    assert bad.returncode == 3
    assert json.loads(bad.stdout)["title"] == "Loose"


def test_completion_offers_channel_names(desk: Desk) -> None:
    done = run(
        cwd=desk.root,
        _SYNDICATE_COMPLETE="complete_bash",
        COMP_WORDS="syndicate publish --channels rolling,s",
        COMP_CWORD="3",
    )
    assert set(done.stdout.split()) == {"rolling,single", "rolling,social"}


def test_doctor(desk: Desk) -> None:
    done = run("doctor", "--json", cwd=desk.root)
    findings = {f["what"]: f for f in map(json.loads, done.stdout.splitlines())}
    assert set(findings) >= {"pango", "faces", "settings", "output", "ledger"}
    assert done.returncode == (0 if all(f["ok"] for f in findings.values()) else 1)


def test_check_reports_guesses_and_errors(desk: Desk) -> None:
    desk.write("copy.txt", "Pasted copy\n\nBy Ines Okafor\n\nA text.\n\nLeave a Comment\n")
    done = run("check", cwd=desk.root)
    assert done.returncode == 0, done.stderr
    assert "content/copy.txt:7: left out: " in done.stdout
    verbose = run("check", "-v", cwd=desk.root)
    assert len(verbose.stdout) > len(done.stdout)
    (desk.root / "content" / "bad.md").write_bytes(b"\xff")
    assert run("check", cwd=desk.root).returncode == 3


def test_a_draft_is_shown_edited_approved_and_posted(tmp_path: Path) -> None:
    run("init", "news", cwd=tmp_path)
    root = tmp_path / "news"
    (root / "content" / "ferry.md").write_text(
        "# Night ferry returns\n\nThe night ferry sails again on Friday with 214 berths.\n"
    )
    run("publish", "--channels", "x", cwd=root)
    (listed,) = run("drafts", "list", "--json", cwd=root).stdout.splitlines()
    assert json.loads(listed)["status"] == "draft"
    shown = run("drafts", "show", "ferry.x", cwd=root).stdout
    assert "of 280" in shown
    assert "= block 1" in shown
    others = run("drafts", "show", "ferry.x", "--alternatives", cwd=root).stdout
    assert "instead of post 1:" in others
    assert "1. " in others.partition("instead of post 1:")[2]
    told = json.loads(run("drafts", "show", "ferry.x", "--alternatives", "--json", cwd=root).stdout)
    assert told["alternatives"][0][0].keys() == {"text", "why"}
    assert told["cautions"] == []
    refused = run("drafts", "post", "ferry.x", cwd=root)
    assert (refused.returncode, "not approved" in refused.stderr) == (2, True)
    editor = f'{sys.executable} -c "import sys, pathlib; p = pathlib.Path(sys.argv[1]); '
    editor += "p.write_text(p.read_text().replace('214', '314'))\""
    edited = run("drafts", "edit", "ferry.x", cwd=root, EDITOR=editor, VISUAL="")
    assert "not have the number '314'" in edited.stderr
    blocked = run("drafts", "approve", "ferry.x", "--by", "Ines", cwd=root)
    assert (blocked.returncode, "--confirm '314'" in blocked.stderr) == (1, True)
    assert run("drafts", "reject", "ferry.x", "-m", "wrong", cwd=root).returncode == 0
    approved = run("drafts", "approve", "ferry.x", "--confirm", "314", "--by", "Ines", cwd=root)
    assert approved.stderr == "ferry.x.md: approved by Ines\n"
    waiting = json.loads(run("status", "--json", cwd=root).stdout.splitlines()[-1])
    assert (waiting["channel"], waiting["waiting"]) == ("x", 0)
    posted = run("drafts", "post", "ferry.x", cwd=root)
    assert (posted.returncode, posted.stdout) == (0, "out/x/ferry.x.md\n")
    status = json.loads(run("drafts", "status", "ferry.x", "--json", cwd=root).stdout)
    assert status["status"] == "delivered"
    assert [one["by"] for one in status["reviews"]] == ["Ines"]
    assert [one["state"] for one in status["deliveries"]] == ["delivered"]


def test_a_key_of_other_systems_is_told_once_for_the_newsroom(desk: Desk) -> None:
    for name in ("a", "b", "c"):
        desk.write(
            f"{name}.md", f"---\ntitle: Boat {name}\nharbour_no: 7\n---\n\nIt sails {name}.\n"
        )
    done = run("check", cwd=desk.root)
    told = [line for line in done.stdout.splitlines() if "harbour_no" in line]
    assert told == [
        "content/a.md:3: left out: the front matter key 'harbour_no' (and in 2 more files)"
    ]
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + '\n[content]\nunknown_keys = "error"\n')
    done = run("check", cwd=desk.root)
    assert done.returncode == 3
    assert done.stderr.count("there is no key 'harbour_no'") == 3


def test_an_ambiguous_date_is_reported(desk: Desk) -> None:
    desk.write("a.md", "---\ntitle: Boat\ndate: 05/10/2026\n---\n\nIt sails.\n")
    told = run("check", cwd=desk.root).stdout
    assert "guessed: '05/10/2026' is 10 May 2026, with the month first as in en" in told


@pytest.mark.parametrize("command", ["review", "preview"])
def test_the_studio_does_not_open_on_a_ledger_that_cannot_be_used(desk: Desk, command: str) -> None:
    (desk.root / ".syndicate").mkdir()
    (desk.root / desk.ledger).write_text("something else, and more than a page of it" * 100)
    done = run(command, "--port", "0", "--no-browser", cwd=desk.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not a ledger: something else is in the file" in done.stderr
