"""The studio is ended while it publishes: what is on its way is waited for."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from tests.engine.conftest import PLUGIN, make_desk
from tests.engine.mailing import address, mail_desk
from tests.engine.test_stop import RENDER, SLOW
from tests.sink import Sink
from tests.studio.conftest import field, studio


def slowly(_: str) -> str:
    threading.Event().wait(0.003)
    return "250 ok"


def test_nobody_is_uncertain_or_served_twice(tmp_path: Path) -> None:
    with Sink(answers={"DOT": slowly}) as sink:
        desk = mail_desk(tmp_path / "newsroom", sink.port)
        desk.subscribe(1000)
        with studio(desk.root) as opened:
            with opened.client() as client:
                form = {"csrf": field(client.get("/plan").text, "csrf"), "mail": "on"}
                assert client.post("/publishing", data=form).status_code in (200, 303)
                opened.process.until("some mails", lambda: len(sink.mails) > 20)
            opened.process.send_signal(signal.SIGTERM)
            done = opened.process.ended()
        assert done.returncode == 143
        assert "leaked" not in done.stderr
        assert 20 < len(sink.mails) < 1000
        assert desk.listed("--uncertain") == []
        assert desk.command("publish", "--yes").returncode == 0
        assert sorted(sink.recipients) == [address(n) for n in range(1000)]


def test_what_it_was_rendering_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(tmp_path / "newsroom")
    (desk.root / "own.py").write_text(PLUGIN.replace(RENDER, SLOW))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with studio(desk.root) as opened:
        with opened.client() as client:
            client.post("/publishing", data={"csrf": field(client.get("/plan").text, "csrf")})
            opened.process.until("rendering to begin", (desk.root / "begun").exists)
        opened.process.send_signal(signal.SIGTERM)
        assert opened.process.ended().returncode == 143
    assert list(temporary.iterdir()) == []
