"""How numbers and times are shown to people."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from syndicate.console import counted_noun, local_time_to_print, print_table

DUBLIN = ZoneInfo("Europe/Dublin")


def test_a_number_takes_the_right_form_of_its_noun() -> None:
    shown = [counted_noun(number, "recipient") for number in (0, 1, 2, 12_345)]
    assert shown == ["0 recipients", "1 recipient", "2 recipients", "12,345 recipients"]


def test_a_time_is_shown_in_the_newsrooms_time_zone() -> None:
    assert local_time_to_print("2026-07-01T23:30:00+00:00", DUBLIN) == "02 Jul 2026 00:30"
    assert local_time_to_print(datetime(2026, 11, 30, 7, tzinfo=UTC), DUBLIN) == "30 Nov 2026 07:00"
    assert local_time_to_print(None, DUBLIN) == ""


ROWS = [("CHANNEL", "WHERE"), ("x", "https://x.com/gazette/status/1995 and " + "a" * 90)]


def test_a_table_in_a_pipe_has_one_line_for_each_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_table(ROWS)
    assert capsys.readouterr().out.splitlines()[1] == f"x        {ROWS[1][1]}"


def test_a_table_fits_a_terminal_and_breaks_no_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_table(ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:4] == ["x", "    https://x.com/gazette/status/1995 and"]
    assert lines[4].strip() == "a" * 90
    print_table([("CHANNEL", "WHERE"), ("x", "short")])
    assert capsys.readouterr().out.splitlines()[1] == "x        short"
