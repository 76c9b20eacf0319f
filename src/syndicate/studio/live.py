"""What the page is told while it is open: files that change, and a run under way (server-sent
events, HTML Living Standard section 9.2)."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from syndicate.engine.outcome import Event, Question
from syndicate.engine.publish import Order, publish
from syndicate.errors import SyndicateError
from syndicate.newsroom.newsroom import load_newsroom

WATCHED = ("content", "templates", "channels", "drafts")
_STEP = 100  # milliseconds within which changes are told as one


async def changes(root: Path, stop: asyncio.Event) -> AsyncIterator[str]:
    """An event whenever a file of the newsroom changes."""
    from watchfiles import awatch

    folders = [root / name for name in WATCHED if (root / name).is_dir()]
    yield "retry: 1000\n\n"
    # It wakes up now and then, so that whoever left is noticed.
    async for found in awatch(*folders, stop_event=stop, step=_STEP, debounce=_STEP,
                              yield_on_timeout=True, rust_timeout=5000):  # fmt: skip
        if found:
            names = sorted({str(Path(path).relative_to(root)) for _, path in found})
            yield f"event: changed\ndata: {json.dumps(names[:20])}\n\n"
        else:
            yield ": still here\n\n"


class Run:
    """One publishing, in a thread of its own; it goes on when nobody looks any more.

    `mail` is whether newsletters may go out to people.
    """

    def __init__(self, root: Path, mail: bool) -> None:
        self.lines: list[tuple[str, str]] = []
        self.done = threading.Event()
        self._root, self._mail = root, mail
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    async def told(self) -> AsyncIterator[str]:
        """Every line so far and to come."""
        at = 0
        while True:
            finished = self.done.is_set()
            while at < len(self.lines):
                kind, text = self.lines[at]
                at += 1
                yield f"event: {kind}\ndata: {json.dumps(text)}\n\n"
            if finished:
                return
            await asyncio.sleep(0.1)

    def _run(self) -> None:
        try:
            order = Order(ask=self._ask)
            outcome = publish(load_newsroom(self._root), order, self._watch, lambda _: None)
            for error in outcome.errors:
                hint = f" — {error.hint}" if error.hint else ""
                self.lines.append(("failed", f"{error}{hint}"))
            said = (
                f"{outcome.rendered} rendered, {outcome.delivered} delivered, "
                f"{outcome.waiting} wait for approval, {outcome.unchanged} unchanged"
            )
            self.lines.append(("done", said))
        except SyndicateError as error:
            self.lines.append(("failed", str(error)))
            self.lines.append(("done", "nothing was published"))
        finally:
            self.done.set()

    def _ask(self, question: Question) -> bool:
        return self._mail

    def _watch(self, event: Event) -> None:
        self.lines.append((event.kind, f"{event.channel}: {event.unit}: {event.text}"))
