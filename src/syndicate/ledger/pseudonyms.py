"""What the ledger keeps of people whose address was erased: a pseudonym for each.

A pseudonym is a digest of the address, keyed with a secret of the ledger. The same person always
has the same one, so counts stay right and an old list does not bring anybody back; but a list of
pseudonyms says nothing to those who do not have the ledger. See docs/decisions/0017-pseudonyms.md.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from urllib.parse import unquote

import sqlalchemy as sa

from syndicate.ledger.database import PAGE, Database
from syndicate.ledger.events import LedgerEvent, event_time, note_event
from syndicate.ledger.tables import ABOUT, FORGOTTEN, SUBSCRIBERS

KEY = "pseudonym_key"  # the fact that has the secret
FORGETTING = "forgetting"
"""The fact that some addresses may still have to be erased: since when (RFC 3339)."""
PREFIX = "person-"
_DIGITS = 32  # of a pseudonym: 128 bits
_PSEUDONYM = re.compile(rf"{PREFIX}[0-9a-f]{{{_DIGITS}}}(?:-\d+)?")
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]")
_AT = re.compile("@|%40")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]+")
_INNER = re.compile(r"[\w.+-]")  # what never ends a word before the @


def is_pseudonym(unit: str) -> bool:
    """Whether `unit` stands for somebody whose address was erased."""
    return _PSEUDONYM.fullmatch(unit) is not None


def canonical(address: str) -> str:
    """`address` in the one spelling of which digests are made: in lower case, the domain in ASCII,
    nothing percent-encoded."""
    local, _, domain = unquote(address).casefold().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local}@{domain}"


class Pseudonyms:
    """The pseudonyms of a ledger. Every method raises LedgerError if the database gives up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key: bytes | None = None

    @classmethod
    def with_secret(cls, database: Database) -> Pseudonyms:
        """Those of the ledger in `database`, to be used in other databases too."""
        made = cls(database)
        with database.transaction() as db:
            made._secret(db)
        return made

    def of(self, db: sa.Connection, address: str) -> str:
        """Within a transaction: the pseudonym of `address`, however that is spelled."""
        mac = hmac.digest(self._secret(db), b"person\0" + canonical(address).encode(), "sha256")
        return PREFIX + mac.hex()[:_DIGITS]

    def forget(self, db: sa.Connection, addresses: Collection[str], by: str, note: str = "") -> int:
        """Within a transaction: from now on the people at `addresses` (as many as fit into a page)
        get no mail, and no list brings them back. Returns how many subscriptions they had.

        Their addresses are still in other places: see erase_addresses().
        """
        if not addresses:
            return 0
        rows = [{"person": self.of(db, one), "at": event_time()} for one in addresses]
        db.execute(self._database.insert(FORGOTTEN).on_conflict_do_nothing(), rows)
        own = sa.func.lower(SUBSCRIBERS.c.address).in_([one.lower() for one in addresses])
        subscriptions = db.execute(SUBSCRIBERS.delete().where(own)).rowcount
        self._database.put(db, ABOUT, [{"key": FORGETTING, "value": event_time()}])
        for name in dict.fromkeys(row["person"] for row in rows):
            note_event(db, LedgerEvent("forgotten", by, name=name, note=note))
        return subscriptions

    def remember(self, db: sa.Connection, address: str) -> None:
        """Within a transaction: the person at `address` has signed up again."""
        db.execute(FORGOTTEN.delete().where(FORGOTTEN.c.person == self.of(db, address)))

    def among(self, db: sa.Connection, addresses: Collection[str]) -> dict[str, str]:
        """Within a transaction: the pseudonyms of those of `addresses` that are forgotten."""
        if not addresses or db.execute(sa.select(FORGOTTEN.c.person).limit(1)).first() is None:
            return {}
        names = {address: self.of(db, address) for address in addresses}
        wanted, found = list(set(names.values())), set()
        for start in range(0, len(wanted), PAGE):
            here = FORGOTTEN.c.person.in_(wanted[start : start + PAGE])
            found |= set(db.scalars(sa.select(FORGOTTEN.c.person).where(here)))
        return {address: name for address, name in names.items() if name in found}

    def _secret(self, db: sa.Connection) -> bytes:
        """The secret of the ledger, which it has from its beginning."""
        if self._key is None:
            self._key = (
                db.scalars(sa.select(ABOUT.c.value).where(ABOUT.c.key == KEY)).one().encode()
            )
        return self._key


def pass_on(before: Database, after: Database) -> None:
    """Let the ledger in `after`, which is a backup, know all that the one in `before` knows of
    people who were forgotten, with its secret. A backup from before version 9 cannot know it."""
    with before.transaction() as db:
        key = db.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.key == KEY))
        rows = [dict(row) for row in db.execute(sa.select(FORGOTTEN)).mappings()]
    with after.transaction() as db:
        if sa.inspect(db).has_table(FORGOTTEN.name):
            after.put(db, ABOUT, [{"key": KEY, "value": key}])
            after.put(db, FORGOTTEN, rows)


def addresses_in(text: str) -> set[str]:
    """What may be an address in `text`, as it is written there."""
    return {text[start:end] for starts, end in _places(text) for start in starts}


def with_pseudonyms(text: str, names: Mapping[str, str]) -> str:
    """`text` with the pseudonyms `names` in place of the addresses that they are for."""
    pieces, done = [], 0
    for starts, end in _places(text):
        start = next((one for one in starts if text[one:end] in names), None)
        if start is not None:
            pieces += [text[done:start], names[text[start:end]]]
            done = end
    return "".join((*pieces, text[done:]))


def _places(text: str) -> Iterator[tuple[list[int], int]]:
    """Where there may be an address in `text`: at which places it may begin (in a path or a URL,
    more may be in front of it than belongs to it), and where it ends."""
    last = 0
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None:
            continue
        begin = at.start()
        while begin > last and _LOCAL.match(text[begin - 1]):
            begin -= 1
        starts = [one for one in range(begin, at.start()) if one == begin or _may_begin(text, one)]
        if starts:
            yield starts, domain.end()
        last = domain.end()


def _may_begin(text: str, place: int) -> bool:
    """Whether an address may begin at `place`, because no word goes on there."""
    is_encoded = re.fullmatch("%[0-9A-Fa-f]{2}", text[max(place - 3, 0) : place])
    return bool(is_encoded) or not _INNER.match(text[place - 1])
