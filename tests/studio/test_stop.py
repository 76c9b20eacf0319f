"""The studio is ended while it publishes: what is on its way is waited for."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from tests.engine.mailing import address, mail_desk
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
