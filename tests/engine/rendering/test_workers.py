"""A rendering that ends its process is found, named and left out; the rest is rendered."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from syndicate.errors import Exit
from tests.engine.conftest import PLUGIN, Desk, make_desk

RENDER = "    def render(self, edition, kit):\n"
DEATHS = {
    "os.kill(os.getpid(), signal.SIGSEGV)": "killed by SIGSEGV",
    "os.kill(os.getpid(), signal.SIGKILL)": "killed by SIGKILL",
    "os._exit(5)": "ended with exit code 5",
    "sys.exit(0)": "ended with exit code 0",
}


def deadly(desk: Desk, what: str, slug: str = "tides") -> Path:
    """Let `what` happen when the article `slug` is rendered for `single`; the file that has a
    letter for each time."""
    tries = desk.root.parent / "tries"
    code = f"""{RENDER}        import faulthandler, os, pathlib, signal, sys, time
        faulthandler.disable()
        if any(one.slug == {slug!r} for one in edition.articles):
            with open({str(tries)!r}, "a") as file:
                file.write("x")
            {what}
"""
    (desk.root / "deadly.py").write_text(PLUGIN.replace(RENDER, code))
    desk.channel("single", 'adapter = "./deadly.py"\n')
    return tries


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = make_desk(tmp_path / "newsroom")
    for number in range(4):
        desk.write(f"story-{number}.md", f"# Story number {number}\n\nNothing is known yet.\n")
    return desk


@pytest.mark.parametrize(("what", "told"), DEATHS.items())
def test_who_ends_the_process_is_named_and_the_rest_is_done(
    desk: Desk, what: str, told: str
) -> None:
    tries = deadly(desk, what)
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    (error,) = outcome.errors
    assert str(error).startswith("single: tides: the process that rendered it ")
    assert told in str(error)
    assert len(list((desk.root / "out" / "single").iterdir())) == 5
    assert tries.read_text() == "xx", "among others, then alone"


def test_it_is_left_out_until_it_changes(desk: Desk) -> None:
    tries = deadly(desk, "os._exit(1)")
    desk.publish()
    tries.unlink()
    again = desk.publish()
    assert again.exit is Exit.PARTLY
    assert "not tried again" in str(again.errors[0])
    assert "quarantine.json" in str(again.errors[0].hint)
    assert not tries.exists()
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    assert desk.publish().exit is Exit.PARTLY
    assert tries.read_text() == "xx"
    deadly(desk, "pass")
    assert desk.command("publish").returncode == 0
    assert (desk.root / "out" / "single" / "tides.txt").is_file()
    assert desk.publish().exit is Exit.DONE


def test_a_process_that_somebody_else_ends_costs_nothing(desk: Desk) -> None:
    once = "if pathlib.Path(file.name).stat().st_size == 1: os.kill(os.getpid(), signal.SIGKILL)"
    tries = deadly(desk, once)
    assert desk.publish().exit is Exit.DONE
    assert tries.read_text() == "xx"
    assert len(list((desk.root / "out" / "single").iterdir())) == 6


def test_the_command_survives_with_however_many_jobs(desk: Desk) -> None:
    deadly(desk, "os.kill(os.getpid(), signal.SIGSEGV)")
    for jobs in ("1", "2"):
        done = desk.command("publish", "--jobs", jobs)
        assert done.returncode == 3, done.stderr
        assert f"killed by {signal.SIGSEGV.name}" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("limit", "what", "told"),
    [
        ('memory = "300 MiB"', "held = bytes(10**9); time.sleep(600)", "more than 300 MiB"),
        ("step_timeout = 0.5", "time.sleep(600)", "longer than 0.5 seconds"),
    ],
)
def test_who_needs_too_much_is_stopped(desk: Desk, limit: str, what: str, told: str) -> None:
    what = what.replace("bytes(10**9)", "bytearray(b'x') * 10**9")
    deadly(desk, what)
    settings = desk.root / "syndicate.toml"
    before = settings.read_text()
    settings.write_text(f"{limit}\n{before}")
    done = desk.command("publish")
    assert done.returncode == 3
    assert "single: tides: stopped: it " in done.stderr
    assert told in done.stderr
    assert f"set {limit.split()[0]}" in done.stderr
    assert len(list((desk.root / "out" / "single").iterdir())) == 5
