"""Debian's browser, cut off from the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
in_chromium = [needs_chromium, pytest.mark.xdist_group("browser")]
"""The marks of a file that opens the browser: one worker starts it, not each."""


@contextmanager
def offline_browser() -> Iterator[Browser]:
    """A browser that finds no host."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--host-resolver-rules=MAP * ~NOTFOUND"]
        )
        yield browser
        browser.close()
