"""Which modules are loaded at start-up."""

from __future__ import annotations

import sys

import pytest

from tests import waiting

HEAVY = ("weasyprint", "feedgen", "ebooklib", "tweepy", "sqlalchemy", "lxml", "PIL", "jinja2")


@pytest.mark.parametrize("words", [["--help"], ["publish", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys, atexit\n"
        f"sys.argv = ['syndicate', *{words!r}]\n"
        f"heavy = {HEAVY!r}\n"
        "atexit.register(lambda: print('LOADED', [m for m in heavy if m in sys.modules]))\n"
        "from syndicate.__main__ import main\n"
        "main()\n"
    )
    done = waiting.run([sys.executable, "-c", code])
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_every_adapter_is_cheap_to_load() -> None:
    """Reading the settings loads the adapters, but not the libraries that they render with."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from syndicate.adapters import ADAPTERS, adapter_class\n"
        "for name in ADAPTERS:\n"
        "    if name != 'email': adapter_class(name, Path())\n"
        "assert 'jinja2' not in sys.modules\n"
        "adapter_class('email', Path())\n"
        "heavy = ('weasyprint', 'feedgen', 'ebooklib', 'tweepy', 'lxml', 'PIL', 'css_inline')\n"
        "print([m for m in heavy if m in sys.modules])\n"
    )
    done = waiting.run([sys.executable, "-c", code], check=True)
    assert done.stdout.strip() == "[]"
