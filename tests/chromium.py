"""Debian's browser, cut off from the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.missing import needs_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or ""
needs_chromium = needs_program("chromium", "chromium")
in_chromium = [needs_chromium, pytest.mark.xdist_group("browser")]
"""The marks of a file that opens the browser: one worker starts it, not each."""


@contextmanager
def offline_browser() -> Iterator[Browser]:
    """A browser that finds no host."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--host-resolver-rules=MAP * ~NOTFOUND"]
        )
        yield browser
        browser.close()
