"""The browser that `review` opens."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.engine.conftest import Desk
from tests.studio.conftest import studio
from tests.waiting import until

BROWSER = """\
import pathlib, sys
folder = pathlib.Path(sys.argv[1])
(folder / "command.part").write_text("\\n".join(sys.argv[2:]))
(folder / "command.part").rename(folder / "command")
"""


def test_the_token_is_not_in_the_command_line_of_the_browser(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other users of this machine can see it there. It is in a file that they cannot read."""
    script = tmp_path / "browser.py"
    script.write_text(BROWSER)
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} {tmp_path} %s")
    monkeypatch.setattr("tests.studio.conftest.NO_BROWSER", ())
    with studio(desk.root) as opened:
        command = tmp_path / "command"
        opened.process.until("the browser", command.exists)
        (shown,) = command.read_text().splitlines()
        assert opened.token not in shown
        page = Path(unquote(urlsplit(shown).path))
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
        assert page.stat().st_uid == os.getuid()
        found = re.search(r'content="0; url=([^"]+)"', page.read_text())
        assert found
        assert found[1] == opened.url
    until("the page to be deleted", lambda: not page.parent.exists())
