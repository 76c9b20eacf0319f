"""Ends subscriptions. While the database is away, requests are saved on this disk."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

from syndicate.errors import CredentialsError, LedgerError, LockedError
from syndicate.ledger.backups import how_to_restore
from syndicate.ledger.ledger import Ledger, ledger_file, open_own_ledger
from syndicate.newsroom.newsroom import Newsroom
from syndicate.subscribers import Subscribers
from syndicate.subscribers.link_secret import LinkSecret
from syndicate.subscribers.links import Signature, UnsubscribeLink
from syndicate.subscribers.spool import Spool

_PAUSE = 3  # seconds
_AWAY = (LedgerError, LockedError)
_log = logging.getLogger(__name__)


class LeavingDesk:
    """Where the subscribers of `newsroom` unsubscribe.

    Raises:
        LedgerError: the ledger is a file that cannot be used.
        CredentialsError: links in the newsroom's mail are signed with another secret.
    """

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._spool = Spool(newsroom.state)
        self._stranger: CredentialsError | None = None
        self._opening = threading.Lock()
        self._ledger: Ledger | None = None
        self._store: Subscribers | None = None
        self._file = ledger_file(newsroom.ledger, newsroom.root)
        self._opened: tuple[int, int] | None = None
        try:
            self._subscribers()
            if self._stranger:
                raise self._stranger
        except _AWAY as error:
            if "://" not in newsroom.ledger:
                raise
            self._note_away(error)
        self._closed = threading.Event()
        threading.Thread(target=self._keep_trying, daemon=True).start()

    def close(self) -> None:
        """Let go of the database."""
        self._closed.set()
        if self._ledger:
            self._ledger.close()

    def works(self) -> bool:
        """Whether people can unsubscribe: the ledger can be reached or, while it is away, requests
        can be saved here."""
        try:
            self._subscribers()
        except _AWAY:
            return self._spool.is_writable()
        return True

    def knows(self, token: str) -> bool:
        """Whether `token` is that of a subscription; while that cannot be known, whether it may
        be."""
        try:
            known = self._subscribers().behind(token) is not None
            return known or self._cannot_check(token)
        except _AWAY as error:
            self._note_away(error)
            link = UnsubscribeLink.of(token)
            return link is not None and self._signature().is_ours(link) is not False

    def end(self, token: str, cause: str) -> bool:
        """End the subscription that `token` is for, now or as soon as the database is back. False
        if there is none.

        Raises:
            OSError: the database is away, and the request cannot be saved; or the link was signed
                with a secret that is not here yet.
        """
        try:
            subscribers = self._subscribers()
            entry = subscribers.behind(token)
            if entry:
                subscribers.unsubscribe(entry.channel, entry.address, cause)
            elif self._cannot_check(token):
                raise OSError("the secret that signed this link is not here")
            return entry is not None
        except _AWAY as error:
            self._note_away(error)
            return self._spool.put(token, cause, self._signature())

    def _subscribers(self) -> Subscribers:
        """The subscribers, after everything that was saved has been carried out."""
        with self._opening:
            self._let_go_of_another_file()
            if self._store is None:
                self._ledger = open_own_ledger(self._newsroom)
                self._opened = self._identity()
                database, state = self._ledger.database, self._newsroom.state
                LinkSecret(database, state).share()
                self._store = Subscribers(database, state)
            self._check_secret(self._store)
            self._store.apply_spooled()
            return self._store

    def _check_secret(self, store: Subscribers) -> None:
        """Find out whether the newsroom's secret is here. Another machine may have changed it."""
        try:
            store.check_secret()
            self._stranger = None
        except CredentialsError as error:
            self._stranger = error

    def _signature(self) -> Signature:
        """With the secrets that are here now."""
        return Signature(self._newsroom.state)

    def _cannot_check(self, token: str) -> bool:
        """Whether `token` may be signed with the newsroom's secret, which is not here."""
        if self._stranger is None or UnsubscribeLink.of(token) is None:
            return False
        _log.warning("%s; %s", self._stranger, self._stranger.hint)
        return True

    def _let_go_of_another_file(self) -> None:
        """Close the ledger if its file has been replaced: what is written to the old one is lost.

        Raises:
            LedgerError: the file is gone or empty. No new ledger is created in its place.
        """
        if self._opened is None:
            return
        present = self._identity()
        if present != self._opened and self._ledger:
            self._ledger.close()
            self._ledger = self._store = None
        if present is None and self._file:
            what = "is empty (0 bytes); its content is lost" if self._file.exists() else "is gone"
            raise LedgerError(f"{self._file}: the ledger {what}", hint=how_to_restore(self._file))

    def _identity(self) -> tuple[int, int] | None:
        """What tells the ledger's file from another of that name; None if it is gone or empty."""
        if self._file is None:
            return 0, 0
        try:
            stat = self._file.stat()
        except OSError:
            return None
        return (stat.st_dev, stat.st_ino) if stat.st_size else None

    def _keep_trying(self) -> None:
        """Carry out what was saved when the database is back, even if nobody asks."""
        while not self._closed.wait(_PAUSE):
            if self._spool.is_empty():
                continue
            with suppress(*_AWAY):
                self._subscribers()

    def _note_away(self, error: Exception) -> None:
        hint = getattr(error, "hint", None)
        told = f"{error}; {hint}" if hint else str(error)
        _log.warning("%s. Until then, unsubscribes are saved and carried out later.", told)
