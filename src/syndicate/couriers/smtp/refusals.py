"""Refusals that may be about more than the one mail. While one after the other is alike, it is not
known whether they are about the mails or about the sender: nobody's delivery has failed yet."""

from __future__ import annotations

import re
import threading

from syndicate.couriers.contract import Delivery, Journal
from syndicate.couriers.smtp.replies import DAY, subject_of, wait_for
from syndicate.errors import DeliveryError, PostponedError, RefusedError

_ENOUGH = {"limit": 3, "other": 20}  # alike and in a row: then it is not about the single mails
_FEW = 3  # are enough if the server has accepted none at all
_VARIES = re.compile(r"\S*@\S*|\d+|\b(?=\w*\d)\w+\b")  # addresses, numbers, identifiers


class Refusals:
    """The last refusals of one run, as long as they are alike. Thread-safe."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._held: list[tuple[Delivery, DeliveryError]] = []
        self._accepted = False

    def add(self, delivery: Delivery, error: DeliveryError) -> PostponedError | None:
        """`delivery` was refused, or deferred for good, with `error`. Returns the error with which
        to stop, if there have been enough like it."""
        with self._lock:
            subject = subject_of(error.message)
            if subject == "address":
                self._journal.settle(delivery, error)
                return None
            self._journal.put_back(delivery)
            if self._held and _alike(self._held[-1][1]) != _alike(error):
                self._settle()
            self._held.append((delivery, error))
            return self._stop() if len(self._held) >= _ENOUGH[subject] else None

    def accepted(self) -> None:
        """The server has accepted a mail: the refusals before were about those mails."""
        with self._lock:
            self._accepted = True
            self._settle()

    def end(self) -> PostponedError | None:
        """Nothing more is sent. Returns an error if the last refusals were about the sender."""
        with self._lock:
            if not self._held:
                return None
            about_all = not self._accepted and len(self._held) >= _FEW
            if about_all or subject_of(self._held[-1][1].message) == "limit":
                return self._stop()
            self._settle()
            return None

    def _stop(self) -> PostponedError:
        error = self._held[-1][1]
        self._held.clear()
        if subject_of(error.message) == "limit":
            told = f"the mail service takes no more for now: {error.message}"
            return PostponedError(told, wait_for(error.message))
        return PostponedError(f"the mail server refuses everything: {error.message}", DAY)

    def _settle(self) -> None:
        for delivery, error in self._held:
            if subject_of(error.message) == "limit":
                error = DeliveryError(error.message)  # it is tried again
            self._journal.settle(delivery, error)
        self._held.clear()


def _alike(error: DeliveryError) -> tuple[bool, str]:
    return isinstance(error, RefusedError), _VARIES.sub("", error.message)
