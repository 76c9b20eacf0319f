"""The help of every command, as people read it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from syndicate.cli import app


def commands(command: Any, words: tuple[str, ...]) -> list[tuple[str, ...]]:
    inner = getattr(command, "commands", {})
    below = [one for name, each in inner.items() for one in commands(each, (*words, name))]
    return [words, *below]


@pytest.mark.parametrize("words", commands(get_command(app), ()), ids=" ".join)
def test_help_names_what_a_value_is_and_no_python_type(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"]).output
    assert shown.startswith("Usage: ")
    assert not re.findall(r"<[a-z\[\] ]+>", shown, re.IGNORECASE)
