"""Events sent to open pages: changed files, and the progress of a run (server-sent events, HTML
Living Standard section 9.2)."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from syndicate.engine.delivery.outcome import Event, Question
from syndicate.engine.publish import Order, publish
from syndicate.errors import SyndicateError
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from syndicate.studio.numbers import small_number

WATCHED = ("content", "templates", "channels", "drafts")
_STEP = 100  # milliseconds within which changes are reported as one
_KEEP_ALIVE = 5  # seconds
_MOST_NAMES = 20
_MARGIN = 2.0  # seconds that a stopping run has for the ledger, beyond its grace


class ChangeCounter:
    """Watches the newsroom's files while the studio runs. `number` counts their changes, so that a
    page can say which changes it has seen."""

    def __init__(self, root: Path) -> None:
        self.number = 0
        self._root = root
        self._names: list[str] = []
        self._changed = asyncio.Condition()
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def notice(self, name: str) -> None:
        """Count a change of the file or folder `name` that was found in another way, in any
        thread."""
        if self._loop and not self._stop.is_set():
            asyncio.run_coroutine_threadsafe(self._count({name}), self._loop)

    @asynccontextmanager
    async def watched(self, _: Starlette) -> AsyncIterator[None]:
        """Watch while the server runs, then end all open streams."""
        self._loop = asyncio.get_running_loop()
        watching = asyncio.create_task(self._watch())
        yield
        self._stop.set()
        async with self._changed:
            self._changed.notify_all()
        await watching

    async def events(self, request: Request) -> Response:
        """A stream of the files that change after the last change that the page has `seen`."""
        seen = small_number(request.query_params.get("seen", ""))
        stream = self._stream(self.number if seen is None else seen)
        return StreamingResponse(stream, media_type="text/event-stream")

    async def _watch(self) -> None:
        from watchfiles import awatch

        folders = [folder for name in WATCHED if (folder := self._root / name).is_dir()]
        watching = awatch(*folders, stop_event=self._stop, step=_STEP, debounce=_STEP)
        async for found in watching:
            await self._count({str(Path(path).relative_to(self._root)) for _, path in found})

    async def _count(self, names: set[str]) -> None:
        async with self._changed:
            self.number += 1
            self._names = sorted(names)[:_MOST_NAMES]
            self._changed.notify_all()

    async def _stream(self, seen: int) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        while not self._stop.is_set():
            async with self._changed:
                with suppress(TimeoutError):
                    if self.number <= seen:  # the timeout lets it notice closed connections
                        await asyncio.wait_for(self._changed.wait(), _KEEP_ALIVE)
                news = self.number > seen
                seen = self.number
            names = json.dumps(self._names)
            yield f"event: changed\ndata: {names}\n\n" if news else ": still here\n\n"


class LivePublish:
    """One publishing run, in a thread of its own. It continues when the page is closed.

    `mail` says whether newsletters may be sent to subscribers.
    """

    def __init__(self, root: Path, mail: bool) -> None:
        self.lines: list[tuple[str, str]] = []
        self.done = threading.Event()
        self._root, self._mail, self._stop = root, mail, Stop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the run early. Returns when it has ended, or when its grace is over."""
        self._stop.ask()
        self._thread.join(self._stop.grace + _MARGIN)

    async def stream(self) -> AsyncIterator[str]:
        """Every line so far, then each new line until the run ends."""
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
            order, newsroom = Order(ask=self._ask), load_newsroom(self._root)
            self._stop.grace = newsroom.grace
            outcome = publish(newsroom, order, self._watch, lambda _: None, self._stop)
            for error in outcome.errors:
                hint = f" — {error.hint}" if error.hint else ""
                self.lines.append(("failed", f"{error}{hint}"))
            summary = (
                f"{outcome.rendered} rendered, {outcome.delivered} delivered, "
                f"{outcome.waiting} waiting for approval, {outcome.unchanged} unchanged"
            )
            self.lines.append(("done", summary))
        except SyndicateError as error:
            self.lines.append(("failed", str(error)))
            self.lines.append(("done", "nothing was published"))
        finally:
            self.done.set()

    def _ask(self, question: Question) -> bool:
        return self._mail

    def _watch(self, event: Event) -> None:
        self.lines.append((event.kind, f"{event.channel}: {event.label}: {event.text}"))
