"""A wait that is in vain says for what, and what was said until then; a cost that grows is seen."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from tests import cost, missing, waiting

ROOT = Path(__file__).parents[1]
SPEAKS = "import sys, time; print('so far', flush=True); print('alas', file=sys.stderr); "
HANGS = [sys.executable, "-u", "-c", SPEAKS + "time.sleep(600)"]
ENDS = [sys.executable, "-u", "-c", SPEAKS + "sys.exit(4)"]


def failure(*parts: str) -> str:
    """What a message must have, in this order, as a pattern."""
    return "(?s)" + ".*".join(parts)


def test_a_process_that_does_not_end_is_quoted_and_killed() -> None:
    with waiting.Running(HANGS) as running:
        assert running.line("its first line") == "so far"
        running.until("its complaint", lambda: "alas" in running.stderr)
        with pytest.raises(
            pytest.fail.Exception, match=failure("for the end of .*python", "so far", "alas")
        ):
            running.ended(limit=0.05)
        assert not running.alive


def test_a_process_that_ends_too_soon_is_not_waited_for() -> None:
    with (
        waiting.Running(ENDS) as running,
        pytest.raises(
            pytest.fail.Exception, match=failure(r"ended \(4\) before the first mail", "alas")
        ),
    ):
        running.until("the first mail", lambda: False)


def test_a_process_from_which_something_does_not_come() -> None:
    with (
        waiting.Running(HANGS) as running,
        pytest.raises(pytest.fail.Exception, match=failure("for the first mail from", "so far")),
    ):
        running.line("its first line")
        running.until("the first mail", lambda: False, limit=0.05)


def test_it_is_killed_when_something_is_reached_or_at_the_latest_then() -> None:
    with waiting.Running(HANGS) as running:
        assert running.killed_when(lambda: "so far" in running.stdout)
        assert running.ended().returncode == -signal.SIGKILL
    with waiting.Running(HANGS) as running:
        assert running.killed_when(lambda: False, within=0.0)
    with waiting.Running(ENDS) as running:
        assert not running.killed_when(lambda: False)


def test_run_gives_the_output_and_can_insist_on_success() -> None:
    done = waiting.run([sys.executable, "-c", "print(input()[::-1])"], input="wørd".encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, "drøw\n", "")
    with pytest.raises(pytest.fail.Exception, match=failure("ended with 4", "so far", "alas")):
        waiting.run(ENDS, check=True)


def test_what_does_not_come_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"waited 0\.01 s for the moon"):
        waiting.until("the moon", lambda: None, limit=0.01)
    with (
        pytest.raises(pytest.fail.Exception, match="in vain for an answer"),
        waiting.waiting_for("an answer"),
    ):
        raise TimeoutError
    monkeypatch.setattr(waiting, "LIMIT", 0.01)
    done = Event()
    thread = Thread(target=done.wait)
    thread.start()
    with pytest.raises(pytest.fail.Exception, match=r"waited 0\.01 s for the server to end"):
        waiting.join(thread, "the server")
    done.set()


def test_growth_tells_proportional_from_quadratic(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a clock that only the work moves, so that a busy machine changes nothing."""
    clock = [0.0]
    monkeypatch.setattr(cost, "process_time", lambda: clock[0])

    def costs(power: int) -> Callable[[str], object]:
        return lambda text: clock.append(clock.pop() + len(text) ** power / 1000)

    assert cost.growth(lambda n: "x" * n, costs(1)) < cost.LINEAR
    assert cost.growth(lambda n: "x" * n, costs(2)) > cost.LINEAR


def test_what_is_skipped_is_counted_by_its_reason(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('n', range(3))\n"
        "def test_a(n): pytest.skip('jing is not installed: apt-get install jing')\n"
        "def test_b(): pytest.skip('no pages')\n"
        "def test_c(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "test_some.py"]
    path = os.pathsep.join([str(ROOT), *sys.path])
    lines = waiting.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}
    ).stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if " skipped " in line and "=" in line)
    assert lines[at + 1] == "3 tests: jing is not installed: apt-get install jing"
    assert lines[at + 2] == "1 test: no pages"


def test_nothing_that_may_be_passed_on_is_missing() -> None:
    for folder in (path for path in missing.STANDARDS.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").is_file(), folder
