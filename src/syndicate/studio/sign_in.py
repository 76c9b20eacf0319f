"""How often, and how many at once, names and passwords are checked.

Checking a password takes 64 MB and 50 ms of two cores or so, on purpose (argon2id, RFC 9106).
Therefore two are checked at once and a few wait; more than that are turned away. Wrong passwords
count for the name and for the address from which they come. So that no one can keep a person out by
guessing, browsers in which that person has signed in before have an allowance of their own.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from syndicate.serve.guards import Allowance, network_of
from syndicate.studio.access import Access

AT_ONCE = 2
WAITING = 8
"""How many wait to be checked; twice as many if the browser is known."""
PER_ADDRESS = 10
PER_NAME = 20
_PER_MINUTE = 2.0
_BUSY = 2  # seconds after which it is worth trying again


class ThrottledError(Exception):
    """The password was not checked. `seconds` is when to try again; `busy` is whether it is because
    of others."""

    def __init__(self, seconds: float, *, busy: bool = False) -> None:
        super().__init__(f"try again in {seconds:.0f} s")
        self.seconds, self.busy = max(1, math.ceil(seconds)), busy


class SignIn:
    """Checks names and passwords against `access`."""

    def __init__(self, access: Access, clock: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._addresses = Allowance(PER_ADDRESS, _PER_MINUTE, clock)
        self._names = Allowance(PER_NAME, _PER_MINUTE, clock)
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._asking = 0

    async def admits(self, name: str, password: str, client: str, browser: str | None) -> bool:
        """Whether this is the password of `name`.

        Args:
            client: the sender's address.
            browser: names a browser in which `name` has signed in before.

        Raises:
            ThrottledError: it was not checked.
        """
        if self._asking >= AT_ONCE + (2 * WAITING if browser else WAITING):
            raise ThrottledError(_BUSY, busy=True)
        if browser:
            allowances = [(self._addresses, f"browser {browser}")]
        else:
            hidden = hashlib.sha256(name.casefold().encode("utf-8", "replace")).hexdigest()
            allowances = [(self._addresses, network_of(client)), (self._names, hidden)]
        wait = max(allowance.wait(key) for allowance, key in allowances)
        if wait:
            raise ThrottledError(wait)
        for allowance, key in allowances:
            allowance.take(key)
        self._asking += 1
        try:
            async with self._at_once:
                right = await run_in_threadpool(self._access.admits, name, password)
        finally:
            self._asking -= 1
        if right:
            for allowance, key in allowances:
                allowance.give_back(key)
        return right
