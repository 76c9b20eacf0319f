"""Publishing, withdrawing, mailing and posting at once, while everything goes wrong around them: in
the end nothing is lost, nothing went out twice, and nothing was left behind.

The same seed (`SYNDICATE_CHAOS_SEED`) makes the same choices. The log names it, and all that
happened.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.engine.chaos.chaos import Chaos, log_to
from tests.engine.chaos.crawl import check_all, check_files, check_mail, check_posts, decide, settle
from tests.engine.chaos.faults import Clock, Disk
from tests.engine.chaos.newsroom import World, newsroom
from tests.engine.chaos.steps import Size, steps
from tests.platforms import PLATFORMS

SMALL, LARGE = Size(2, ("mastodon",)), Size(16, tuple(PLATFORMS))
MINUTE = 60.0
PART = float(os.environ.get("SYNDICATE_CHAOS_SECONDS", 2 * MINUTE))
"""Seconds that each of the five parts takes: so long may a newsroom of this size be at work."""


@contextmanager
def after_chaos(
    folder: Path, seed: int, size: Size, seconds: float, most: int | None = None
) -> Iterator[tuple[World, set[int]]]:
    """Chaos in a newsroom in `folder` for so long, and no more than `most` steps; then calm, then a
    look at every place. The newsroom as it is then, and the numbers of its public articles."""
    environment: dict[str, str] = {}
    clock = Clock(folder)
    environment.update(clock.environment)
    log = Path(os.environ.get("SYNDICATE_CHAOS_LOG", folder / "chaos.log"))
    tell = log_to(log)
    tell(f"seed {seed}")
    print(f"seed {seed}, log {log}")  # noqa: T201 - pytest shows it with a failure
    with ExitStack() as stack:
        disk = Disk(folder / "disk")
        stack.enter_context(disk.mounted("48m"))
        stack.enter_context(clock.ruling())
        world = stack.enter_context(newsroom(disk.folder / "newsroom", size, environment))
        chaos = Chaos(world, disk, clock, seed, environment, tell)
        stack.callback(chaos.close)
        world.write(0)
        assert chaos.do("publish", "--yes").returncode in (0, 3)
        taken = chaos.go_on(seconds, most)
        chaos.calm()
        public = decide(chaos)
        uncertain = settle(chaos)
        told = (
            f"seed {seed}: {taken} steps, faults {chaos.faults}, exit codes {chaos.ends}, "
            f"{len(world.sink.mails)} mails, {sum(one.ever for one in world.platforms.values())}"
            f" posts, {uncertain} uncertain"
        )
        chaos.note(told)
        print(told)  # noqa: T201
        check_all(chaos, public)
        assert chaos.odd == []
        yield world, public


def test_the_same_seed_makes_the_same_choices() -> None:
    first, again, other = (
        list(zip(range(200), steps(seed, SMALL), strict=False)) for seed in (7, 7, 8)
    )
    assert first == again != other


def test_a_little_chaos_and_what_the_crawler_finds(tmp_path: Path) -> None:
    with after_chaos(tmp_path, 5002, SMALL, MINUTE, 16) as (world, public):
        world.sink.mails.append(world.sink.mails[0])
        with pytest.raises(AssertionError, match="got it twice"):
            check_mail(world)
        del world.sink.mails[-2:]
        with pytest.raises(AssertionError, match="the ledger says otherwise"):
            check_mail(world)
        mastodon = world.platforms["mastodon"]
        mastodon.posts.append(mastodon.posts[0])
        with pytest.raises(AssertionError, match="posted twice"):
            check_posts(world, public)
        del mastodon.posts[-2:]
        with pytest.raises(AssertionError, match=r"the ledger says otherwise|instead of"):
            check_posts(world, public)
        (world.desk.root / "out" / "files" / "left.txt").write_text("left behind")
        with pytest.raises(AssertionError, match="the ledger says otherwise"):
            check_files(world, public)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_ten_minutes_of_chaos(tmp_path: Path, part: int) -> None:
    told = os.environ.get("SYNDICATE_CHAOS_SEED")
    seed = int(told) + part if told else random.randrange(1 << 30)
    with after_chaos(tmp_path, seed, LARGE, PART):
        pass
