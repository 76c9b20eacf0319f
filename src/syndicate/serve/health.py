"""Whether a server can do its work, for containers and load balancers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_GOOD_FOR = 2.0  # seconds; anyone may ask, so the ledger is not asked each time


class Health:
    """Answers "ok" or, with status 503, "unavailable". Says nothing else, since anyone may ask.

    Args:
        works: tells whether the server can do its work; it is called in a thread, one at a time.
    """

    def __init__(
        self, works: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._works, self._clock = works, clock
        self._asking = asyncio.Lock()
        self._last: tuple[bool, float] | None = None

    async def answer(self, _: Request) -> Response:
        """The answer to one request."""
        async with self._asking:
            if self._last is None or self._clock() - self._last[1] >= _GOOD_FOR:
                works = await run_in_threadpool(self._works)
                self._last = works, self._clock()
            well = self._last[0]
        return PlainTextResponse("ok\n") if well else PlainTextResponse("unavailable\n", 503)
