"""Requests to unsubscribe that came while the database was away: one private file each."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syndicate.atomic import write_whole
from syndicate.subscribers.links import Signature, UnsubscribeLink

_MOST = 100_000
"""Requests that are kept. Links of older releases cannot be checked without the database, so
anyone could fill the disk with them."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SpooledRequest:
    """A request to unsubscribe: the token of its link, its time (RFC 3339), and how it came."""

    file: Path
    token: str
    at: str
    cause: str


class Spool:
    """The requests in the folder `state` of a newsroom."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "unsubscribed"

    def put(self, token: str, cause: str, signature: Signature) -> bool:
        """Save a request; it is on disk when this returns. False if `token` was not signed here, as
        far as can be told without the database.

        Raises:
            OSError: it cannot be written, or there are too many.
        """
        link = UnsubscribeLink.of(token)
        if link is None or signature.is_ours(link) is False:
            return False
        file = self._folder / f"{hashlib.sha256(token.encode()).hexdigest()[:32]}.json"
        if not file.exists():  # the first request counts
            if link.channel is None and len(self._files()) >= _MOST:
                raise OSError("there are too many requests")
            at = datetime.now(UTC).isoformat(timespec="seconds")
            request = {"token": token, "at": at, "cause": cause, "key": signature.key_ids[0]}
            write_whole(file, json.dumps(request).encode())
        return True

    def requests(self, signature: Signature) -> Iterator[SpooledRequest]:
        """The requests whose links can be checked with the secrets of `signature`."""
        for file in self._files():
            try:
                kept = json.loads(file.read_bytes())
                request, key = (
                    SpooledRequest(file, kept["token"], kept["at"], kept["cause"]),
                    kept["key"],
                )
            except FileNotFoundError:  # another process was faster
                continue
            except (OSError, ValueError, KeyError, TypeError) as error:
                _log.warning("%s: this unsubscribe cannot be read: %s", file, error)
                continue
            if key in signature.key_ids:
                yield request
            else:
                _log.warning("%s: this unsubscribe needs the SYNDICATE_SECRET of serve", file)

    def is_empty(self) -> bool:
        """Whether no request waits."""
        return not self._files()

    def is_writable(self) -> bool:
        """Whether requests can be saved here."""
        there = (one for one in (self._folder, *self._folder.parents) if one.exists())
        return os.access(next(there), os.W_OK)

    def remove(self, request: SpooledRequest) -> None:
        """Forget `request`: it has been carried out."""
        request.file.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"))
