"""Many things are worked on in several processes; what ends a process is named."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from syndicate.engine.content import reading
from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import take_in
from syndicate.engine.content.limits import Limits
from syndicate.engine.content.processes import Crash, StoppedError, done_apart, streamed_apart
from syndicate.engine.content.processor_time import OverworkedError, limited
from syndicate.errors import SourceError
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk
from tests.engine.content.known import ledger_with
from tests.waiting import join

PLENTY = Limits(memory=2**40, seconds=600)


def double(folder: Path, task: str) -> str:
    """Work that ends its process where the task says so."""
    if "killed" in task:
        os.kill(os.getpid(), signal.SIGKILL)
    if "left" in task:
        os._exit(7)
    (folder / str(os.getpid())).touch()
    return task * 2


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_everything_is_done_but_what_ends_its_process(tmp_path: Path, jobs: int) -> None:
    tasks = [f"t{number}" for number in range(60)]
    tasks[0], tasks[31], tasks[59] = "killed 0", "left 31", "killed 59"
    results = list(done_apart(tasks, partial(double, tmp_path), jobs, PLENTY))
    crashes = {one.task: one.how for one in results if isinstance(one, Crash)}
    assert crashes == {
        "killed 0": "was killed by SIGKILL",
        "left 31": "ended with exit code 7",
        "killed 59": "was killed by SIGKILL",
    }
    done = sorted(one for one in results if not isinstance(one, Crash))
    assert done == sorted(task * 2 for task in tasks if task not in crashes)
    assert str(os.getpid()) not in {one.name for one in tmp_path.iterdir()}


def test_no_process_stays_when_the_results_are_no_longer_wanted(tmp_path: Path) -> None:
    results = done_apart(map(str, range(1000)), partial(double, tmp_path), 3, PLENTY)
    next(results)
    results.close()  # type: ignore[attr-defined]
    for pid in (int(one.name) for one in tmp_path.iterdir()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_file_that_ends_its_reader_is_named_and_left_alone_until_it_changes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = desk.write("bad.md", "# Bad\n\nWords.\n")
    tried = desk.root / "tried"
    read_file = reading.read_file

    def deadly(newsroom: object, habits: object, name: str, **more: object) -> object:
        if name == "bad.md" and "Good" not in bad.read_text():
            with tried.open("a") as file:
                file.write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        return read_file(newsroom, habits, name)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_file", deadly)
    newsroom = load_newsroom(desk.root, {})
    for _ in range(3):
        intake = take_in(newsroom, ledger_with(), ContentCache.open(newsroom))
        assert {one.slug for one in intake.summaries} == {"ferry", "tides"}
        (error,) = intake.errors
        assert str(error) == "content/bad.md: the process that read it was killed by SIGKILL"
    assert tried.read_text() == "x"
    desk.write("bad.md", "# Good\n\nOther words.\n")
    intake = take_in(newsroom, ledger_with(), ContentCache.open(newsroom))
    assert not intake.errors
    assert {one.title for one in intake.summaries} >= {"Good"}


def test_what_is_read_does_not_depend_on_the_number_of_processes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        desk.write(
            f"r{number}.md",
            f"---\nslug: r{number % 30}\n---\n# R\n\nOn {number}/{number % 13}/2026.\n",
        )
    seen = []
    for jobs in ("1", "4"):
        newsroom = load_newsroom(desk.root, {"SYNDICATE_JOBS": jobs})
        assert newsroom.jobs == int(jobs)
        for file in (newsroom.state / "cache").glob("read.db*"):
            file.unlink()
        intake = take_in(newsroom, ledger_with(), ContentCache.open(newsroom))
        told = [str(error) for error in intake.errors]
        seen.append((list(intake.summaries), list(intake.known), dict(intake.reports), told))
    assert seen[0] == seen[1]
    assert seen[0][3], "some have the same slug"


def greedy(task: str) -> str:
    """Work that needs too much where the task says so."""
    if task == "slow":
        signal.pause()
    if task == "large":
        held = bytearray(b"x") * 10**9
        signal.pause()
        return str(len(held))
    return task


@pytest.mark.parametrize("task", ["slow", "large"])
def test_what_needs_too_much_is_ended_and_the_rest_is_done(task: str) -> None:
    limits = Limits(2**29, 3) if task == "slow" else Limits(2**29, 600)
    tasks = [f"t{number}" for number in range(40)]
    tasks[20] = task
    results = list(done_apart(tasks, greedy, 2, limits))
    (crash,) = (one for one in results if isinstance(one, Crash))
    told = limits.too_long if task == "slow" else limits.too_large
    assert crash == Crash(task, f"was {told}")
    assert {one for one in results if one != crash} == set(tasks) - {task}


def test_a_file_that_needs_too_much_is_tried_again_when_it_may_need_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = desk.root / "tried"
    read_file = reading.read_file

    def large(newsroom: object, habits: object, name: str, **more: object) -> object:
        if name == "tides.md":
            with tried.open("a") as file:
                file.write("x")
            assert greedy("large")
        return read_file(newsroom, habits, name)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_file", large)
    settings = desk.root / "syndicate.toml"
    before = settings.read_text()
    for most, tries in ((500, "x"), (500, "x"), (501, "xx")):
        settings.write_text(f'memory = "{most} MiB"\n{before}')
        newsroom = load_newsroom(desk.root, {})
        intake = take_in(newsroom, ledger_with(), ContentCache.open(newsroom))
        assert [one.slug for one in intake.summaries] == ["ferry"]
        (error,) = intake.errors
        told = f"was stopped: it needs more than {most} MiB of memory"
        assert str(error) == f"content/tides.md: the process that read it {told}"
        assert "set memory in syndicate.toml to more" in str(error.hint)
        assert tried.read_text() == tries


def busy(task: str) -> str:
    """Work that needs the processor for too long where the task says so."""
    end = time.process_time() + (60 if "busy" in task else 0)
    while time.process_time() < end:
        pass
    return task * 2


def test_what_needs_too_much_of_the_processor_is_ended_and_the_rest_is_done() -> None:
    limits = Limits(memory=2**40, seconds=600, processor=1)
    results = list(done_apart(["a", "busy", "b"], busy, 1, limits))
    assert [one for one in results if not isinstance(one, Crash)] == ["aa", "bb"]
    (crash,) = (one for one in results if isinstance(one, Crash))
    assert crash.how == "was stopped: it needs more than 1 seconds of processor time"
    assert "seconds_per_article" in str(limits.hint(crash.how.removeprefix("was ")))


def articles(*tasks: str) -> Iterator[str]:
    return (busy(task) for task in tasks)


@pytest.mark.parametrize("threaded", [False, True], ids=["apart", "in a thread"])
def test_an_archive_has_the_time_for_each_of_its_articles(threaded: bool) -> None:
    limits = Limits(memory=2**40, seconds=600, processor=1)
    found: list[str] = []

    def read() -> None:
        with pytest.raises(StoppedError, match="more than 1 seconds of processor time"):
            for one in streamed_apart(articles("a", "b", "busy", "c"), limits):
                found.append(one)

    if threaded:
        thread = Thread(target=read)
        thread.start()
        join(thread, "the reading")
    else:
        read()
    assert found == ["aa", "bb"]


def test_what_the_reading_raises_is_raised_here() -> None:
    def failing() -> Iterator[str]:
        yield "a"
        raise SourceError("no")

    results = streamed_apart(failing(), PLENTY)
    assert next(results) == "a"
    with pytest.raises(SourceError, match="no"):
        next(results)


def test_time_that_is_not_used_up_disturbs_nothing_later() -> None:
    """The watch of a thread ends with its block."""
    with limited(0.2):
        busy("short")
    assert busy("short") == "shortshort"
    with pytest.raises(OverworkedError), limited(0.1):
        busy("busy")
    assert busy("short") == "shortshort"
