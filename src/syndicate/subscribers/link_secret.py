"""The secret that signs the links in a newsroom's mail is the same on every machine.

The ledger knows it by a fingerprint, and passes on secrets that machines made for themselves. One
that is in an environment variable is never written down: other machines have to be given it, and
may not sign without it, because `syndicate serve` would not know their links.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

from syndicate.errors import CredentialsError, UsageError
from syndicate.ledger.database import Database
from syndicate.ledger.events import LedgerEvent, note_event
from syndicate.ledger.facts import Facts
from syndicate.subscribers.links import Signature
from syndicate.subscribers.signing_secrets import (
    FILE,
    OLD_VARIABLE,
    VARIABLE,
    given_secrets,
    keep_secrets,
    kept_secrets,
    load_secrets,
    new_secret,
)

_KEY = "signing_key"  # the fingerprint of the secret that signs, and where it is
_SHARED = "signing_secrets"  # those that machines made, newest first, in JSON


class LinkSecret:
    """The secrets of this machine, in the folder `state`, and what the ledger in `database` knows
    of them. Every method raises LedgerError if the database fails, and UsageError if a secret
    cannot be read or written."""

    def __init__(self, database: Database, state: Path) -> None:
        self._database, self._facts, self._state = database, Facts(database), state
        self.signature = Signature(state)

    def permit(self) -> None:
        """Called before links are signed: the secret has to be the ledger's. The first one that
        signs becomes the ledger's.

        Raises:
            CredentialsError: the ledger knows another one, which is not here.
        """
        while not self.share():
            pass  # another machine was faster
        known, mine = self._facts.get(_KEY), self._mine()
        if _fingerprint(known) == _fingerprint(mine):
            return
        # One that is declared to be the successor of the ledger's takes its place.
        declared = len(given_secrets()) or len(self.signature.key_ids)
        if known is not None and _fingerprint(known) not in self.signature.key_ids[:declared]:
            raise _other_secret(known)
        if not self._facts.change(_KEY, known, mine):
            self.permit()

    def check(self) -> None:
        """Make sure that the links in the newsroom's mail can be checked here.

        Raises:
            CredentialsError: they are signed with another secret, which is not here.
        """
        known = self._facts.get(_KEY)
        if known is None or (self._has_secret() and self._knows(known)):
            return
        self._bring_in()
        if not (self._has_secret() and self._knows(known)):
            raise _other_secret(known)

    def share(self) -> bool:
        """Bring in the secrets of other machines, and pass on those of this one. False if another
        machine has just done the same."""
        self._bring_in()
        if given_secrets():
            return True
        before, own = self._facts.get(_SHARED), load_secrets(self._state)
        shared = _listed(before)
        if set(own) <= set(shared):
            return True
        return self._facts.change(_SHARED, before, json.dumps([*dict.fromkeys((*shared, *own))]))

    def rotate(self, by: str) -> None:
        """Sign with a new secret from now on. Links in mail sent before go on working.

        Raises:
            UsageError: the secret is in the environment.
            CredentialsError: the secret of this machine is not the ledger's.
        """
        if given_secrets():
            raise UsageError(
                f"the secret is in {VARIABLE}, which this command cannot change",
                hint=f"on every machine, add its value to {OLD_VARIABLE} (one secret a line), and"
                f" set {VARIABLE} to a new one",
            )
        self.permit()
        before = self._facts.get(_SHARED)
        while not self._facts.change(_SHARED, before, json.dumps([new_secret(), *_listed(before)])):
            before = self._facts.get(_SHARED)
        self.permit()
        self._note(by, "links in earlier mail go on working")

    def adopt(self, by: str) -> bool:
        """Make the secret of this machine the ledger's. False if it is already. Links that were
        signed with a secret that no machine has any more stop working."""
        self.share()
        if _fingerprint(self._facts.get(_KEY)) == _fingerprint(self._mine()):
            return False
        self._facts.put(_KEY, self._mine())
        self._note(by, "in place of one that is on another machine or lost")
        return True

    def _bring_in(self) -> None:
        """Write the secrets that the ledger passes on to this machine."""
        shared, own = _listed(self._facts.get(_SHARED)), kept_secrets(self._state)
        wanted = tuple(dict.fromkeys((*shared, *own)))
        if wanted != own:
            keep_secrets(self._state, wanted)
        self.signature = Signature(self._state)  # another process may have written them

    def _has_secret(self) -> bool:
        return bool(given_secrets() or kept_secrets(self._state))

    def _knows(self, known: str) -> bool:
        return _fingerprint(known) in self.signature.key_ids

    def _mine(self) -> str:
        place = VARIABLE if given_secrets() else str(self._state.absolute() / FILE)
        return f"{self.signature.key_ids[0]} {place} on {platform.node()}"

    def _note(self, by: str, note: str) -> None:
        with self._database.transaction() as db:
            note_event(db, LedgerEvent("new secret", by, note=note))


class SecretOnTrial(LinkSecret):
    """For rehearsals: the secret has to be the right one, but nothing is recorded."""

    def permit(self) -> None:
        """As `check`."""
        self.check()


def _fingerprint(fact: str | None) -> str:
    return (fact or "").partition(" ")[0]


def _listed(fact: str | None) -> list[str]:
    return list(map(str, json.loads(fact))) if fact else []


def _other_secret(known: str) -> CredentialsError:
    place = known.partition(" ")[2]
    if place.startswith(VARIABLE):
        how = f"set {VARIABLE} to the same value here; if it is lost"
    else:
        how = f"unset {VARIABLE} here; or, to use it on every machine"
    return CredentialsError(
        f"unsubscribe links in this newsroom's mail are signed with another secret ({place}) and"
        " would not work",
        hint=f"{how}: syndicate secret adopt",
    )
