"""`doctor --cron`: what a crontab needs, and whether it has run."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import syndicate
from syndicate.engine.cron import crontab_line, examine_cron
from syndicate.engine.doctor import Diagnosis
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests import waiting
from tests.engine.conftest import Desk

DAILY = 'adapter = "./own.py"\nscope = "edition"\nschedule = "0 7 * * *"\n'


def found(desk: Desk, hour: int, minute: int = 0) -> dict[str, Diagnosis]:
    newsroom = load_newsroom(desk.root, {})
    now = datetime(2026, 10, 5, hour, minute, tzinfo=UTC)
    return {one.what: one for one in examine_cron(newsroom, now)}


def test_a_missed_schedule_is_reported(desk: Desk) -> None:
    assert "publishes what is new" in found(desk, 6)["schedules"].found
    desk.channel("numbered", DAILY)
    assert "starts at 2026-10-05 07:00" in found(desk, 6)["schedule of numbered"].found
    assert not (desk.root / ".syndicate").exists()
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        ledger.take_slot("numbered", "2026-10-04T07:00:00+00:00")
    assert found(desk, 6)["schedule of numbered"].well
    assert found(desk, 7, 4)["schedule of numbered"].well
    late = found(desk, 8)["schedule of numbered"]
    assert not late.well
    assert late.found == "no run since 2026-10-05 07:00+00:00"
    assert "crontab -l" in str(late.hint)


def test_the_line_runs_where_cron_runs_it(desk: Desk) -> None:
    command = crontab_line(desk.root).removeprefix("*/5 * * * * ").replace(r"\%", "%")
    done = waiting.run(
        ["/bin/sh", "-c", command],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": "/",
            "PYTHONPATH": str(Path(syndicate.__file__).parents[1]),
        },
        cwd="/",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (desk.root / "out" / "single" / "ferry.txt").is_file()


def test_variables_that_a_shell_would_have_set_are_named(desk: Desk) -> None:
    keys = 'via = "smtp"\nhost = "mail.example.org"\nusername = "desk"\npassword_env = "MAIL_KEY"\n'
    desk.channel("single", f'adapter = "./own.py"\n[deliver]\n{keys}')
    done = desk.command("doctor", "--cron")
    assert "MAIL_KEY: set them in the crontab" in done.stdout
    assert done.returncode == 4
