"""A letter about a wrong version goes to exactly those who have it and still get the newsletter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.engine.delivery.recipients import letter_recipients
from syndicate.engine.notices import Matter, notice_of, people_to_tell, prepare_notices
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import Ledger, open_own_ledger
from syndicate.ledger.records import FrozenEdition, RecordedRendering, StoredArtifact
from syndicate.ledger.tables import DELIVERIES, DISPATCHES
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.subscribers import Entry, Status, Subscribers
from tests.engine.conftest import SETTINGS, Desk
from tests.ledger.taking import record

ARTICLE = "tag:gazette.example.org,2026:ferry"
CHANNELS = ("daily", "weekly")
ISSUES = {  # number: (channel, the version of the article that is in it)
    1: ("daily", "wrong"),
    2: ("daily", "worse"),
    3: ("daily", "right"),
    4: ("daily", None),
    5: ("daily", "wrong"),
    6: ("weekly", "worse"),
}
HAS = (State.DELIVERED, State.UNCERTAIN, State.COMMITTING)
FATES = ("stays", "leaves", "bounces", "complains", "is forgotten", "comes back")


@dataclass
class Person:
    """Somebody who reads newsletters, as the model knows them: what became of each issue, and what
    they did since."""

    address: str
    issues: dict[int, State] = field(default_factory=dict)
    fates: dict[str, str] = field(default_factory=dict)

    def is_told(self) -> bool:
        """Whether they get a letter, by what docs/copies.md says."""
        return any(
            ISSUES[number][1] in ("wrong", "worse")
            and state in HAS
            and self.fates[ISSUES[number][0]] in ("stays", "comes back")
            for number, state in self.issues.items()
        )


@contextmanager
def newsroom_with(root: Path, people: list[Person]) -> Iterator[tuple[Newsroom, Ledger]]:
    """A newsroom that has sent its issues to `people`."""
    (root / "channels").mkdir(parents=True)
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    for name in CHANNELS:
        Desk(root).channel(name, 'adapter = "email"\n[deliver]\nvia = "smtp"\nhost = "localhost"\n')
    newsroom = load_newsroom(root, {})
    ledger = open_own_ledger(newsroom)
    try:
        subscribers = Subscribers(ledger.database, newsroom.state)
        entries = (Entry(name, one.address) for one in people for name in one.fates)
        subscribers.put(entries, "test")
        for number, (channel, version) in ISSUES.items():
            sent = {one.address: one.issues[number] for one in people if number in one.issues}
            send(ledger, channel, number, version, sent)
        for person in people:
            for channel, fate in person.fates.items():
                meet(subscribers, channel, person.address, fate)
        yield newsroom, ledger
    finally:
        ledger.close()


def send(
    ledger: Ledger, channel: str, number: int, version: str | None, sent: dict[str, State]
) -> None:
    """An issue, as a run leaves it."""
    members = ((ARTICLE, version),) if version else (("another", "version"),)
    letter = StoredArtifact(f"{number}.letter", "text/plain", f"d{number}", 1, False)
    edition = FrozenEdition(channel, number, "2026-10-05T06:00:00+00:00", members)
    rendering = (channel, str(number), "inputs", (letter,), ("smtp",))
    record(ledger, RecordedRendering(*rendering, edition=edition, sent=members))
    with ledger.database.transaction() as db:
        here = (DISPATCHES.c.channel == channel) & (DISPATCHES.c.rendering == str(number))
        id_ = db.scalar(sa.select(DISPATCHES.c.id).where(here))
        db.execute(DISPATCHES.update().where(here).values(frozen=True))
        rows = [
            {"dispatch": id_, "unit": unit, "state": state.value, "attempts": 1}
            for unit, state in sent.items()
        ]
        if rows:
            ledger.database.add_many(db, ledger.database.insert(DELIVERIES), rows)


def meet(subscribers: Subscribers, channel: str, address: str, fate: str) -> None:
    """Let somebody's subscription meet its fate."""
    if fate in ("leaves", "comes back"):
        subscribers.unsubscribe(channel, address, "test")
    if fate == "comes back":
        subscribers.activate(channel, address, "test")
    if fate == "bounces":
        subscribers.suppress(address, Status.BOUNCED, "test")
    if fate == "complains":
        subscribers.suppress(address, Status.COMPLAINED, "test")
    if fate == "is forgotten":
        subscribers.remove(channel, address)


def crowd(number: int, chance: random.Random) -> list[Person]:
    """So many people, of all kinds. Most stay, and have most issues."""
    people = []
    for n in range(number):
        person = Person(f"reader-{n:05}@example.net")
        lists = chance.choice((CHANNELS, CHANNELS[:1], CHANNELS[:1], CHANNELS[1:]))
        for channel in lists:
            rare = chance.random() < (0.03 if number > 1000 else 0.3)
            person.fates[channel] = chance.choice(FATES) if rare else "stays"
        for issue, (channel, _) in ISSUES.items():
            if channel in lists and chance.random() < 0.8:
                rare = chance.random() < 0.1
                person.issues[issue] = chance.choice(tuple(State)) if rare else State.DELIVERED
        for fate in {"bounces", "complains"} & set(person.fates.values()):  # for every channel
            person.fates = dict.fromkeys(person.fates, fate)
        people.append(person)
    return people


def a_matter(wrong: tuple[str, ...] = ("wrong", "worse")) -> Matter:
    notice = notice_of("correction", date(2026, 10, 6), "The fare is eight euros.")
    return Matter(ARTICLE, "ferry", notice, "right", frozenset(wrong), "Ines")


def told(newsroom: Newsroom, ledger: Ledger, matter: Matter) -> dict[str, list[str]]:
    """Who gets the letter of each channel, one channel after the other, as a run sends them."""
    found = {}
    for prepared in prepare_notices(newsroom, ledger, matter):
        row = prepared.row
        found[row.channel] = list(letter_recipients(newsroom, ledger, row, "smtp"))
        letter = StoredArtifact("a.letter", "text/plain", "d", 1, False)
        rendering = (row.channel, row.key, "inputs", (letter,), ("smtp",))
        record(ledger, RecordedRendering(*rendering))
        with ledger.database.transaction() as db:
            here = (DISPATCHES.c.channel == row.channel) & (DISPATCHES.c.rendering == row.key)
            id_ = db.scalar(sa.select(DISPATCHES.c.id).where(here))
            db.execute(DISPATCHES.update().where(here).values(frozen=True))
            rows = [
                {"dispatch": id_, "unit": unit, "state": "delivered", "attempts": 1}
                for unit in found[row.channel]
            ]
            if rows:
                ledger.database.add_many(db, ledger.database.insert(DELIVERIES), rows)
    return found


def test_twelve_thousand_readers_of_several_issues(tmp_path: Path) -> None:
    people = crowd(12_000, random.Random(20261006))
    with newsroom_with(tmp_path / "newsroom", people) as (newsroom, ledger):
        found = told(newsroom, ledger, a_matter())
    letters = [address for some in found.values() for address in some]
    assert len(letters) == len(set(letters)), "somebody gets two"
    expected = {one.address for one in people if one.is_told()}
    assert set(letters) == expected
    assert 6_000 < len(expected) < 12_000


@pytest.mark.parametrize("seed", range(3))
def test_whoever_they_are(tmp_path: Path, seed: int) -> None:
    people = crowd(60, random.Random(seed))
    with newsroom_with(tmp_path / "newsroom", people) as (newsroom, ledger):
        found = told(newsroom, ledger, a_matter())
    letters = sorted(address for some in found.values() for address in some)
    assert letters == sorted(one.address for one in people if one.is_told())


def test_nobody_has_it_so_no_letter_is_prepared(tmp_path: Path) -> None:
    person = Person("ann@example.net", {3: State.DELIVERED}, {"daily": "stays"})
    with newsroom_with(tmp_path / "newsroom", [person]) as (newsroom, ledger):
        assert prepare_notices(newsroom, ledger, a_matter()) == ()


def test_an_issue_that_was_made_again_is_judged_by_what_it_had_when_it_was_sent(
    tmp_path: Path,
) -> None:
    had = Person("ann@example.net", {1: State.DELIVERED}, {"daily": "stays"})
    with newsroom_with(tmp_path / "newsroom", [had]) as (newsroom, ledger):
        send_again = StoredArtifact("1.letter", "text/plain", "d1 again", 1, False)
        edition = FrozenEdition("daily", 1, "2026-10-05T06:00:00+00:00", ((ARTICLE, "right"),))
        rendering = ("daily", "1", "inputs", (send_again,), ("smtp",))
        again = RecordedRendering(*rendering, edition=edition, sent=edition.members)
        record(ledger, again)
        assert people_to_tell(newsroom, ledger, a_matter()) == {"daily": 1}
        assert people_to_tell(newsroom, ledger, a_matter(("right",))) == {}


def test_issues_older_than_the_table_are_known_by_their_edition(tmp_path: Path) -> None:
    had = Person("ann@example.net", {1: State.DELIVERED}, {"daily": "stays"})
    other = Person("ben@example.net", {3: State.DELIVERED}, {"daily": "stays"})
    with newsroom_with(tmp_path / "newsroom", [had, other]) as (newsroom, ledger):
        with ledger.database.transaction() as db:
            db.exec_driver_sql("DELETE FROM contents")
        assert told(newsroom, ledger, a_matter()) == {"daily": ["ann@example.net"]}


def test_a_letter_that_nobody_has_sent_gives_way_to_one_that_says_both(tmp_path: Path) -> None:
    had = Person("ann@example.net", {1: State.DELIVERED}, {"daily": "stays"})
    later = notice_of("correction", date(2026, 10, 7), "It sails at ten.")
    with newsroom_with(tmp_path / "newsroom", [had]) as (newsroom, ledger):
        prepare_notices(newsroom, ledger, a_matter())
        second = Matter(ARTICLE, "ferry", later, "right", frozenset(["wrong"]), "Ines")
        (prepared,) = prepare_notices(newsroom, ledger, second)
        assert ledger.notices.of_channel("daily") == (prepared.row,)
    assert [text for _, text in prepared.row.notice.notes] == [
        "The fare is eight euros.",
        "It sails at ten.",
    ]


def test_the_same_correction_made_twice_sends_no_second_letter(tmp_path: Path) -> None:
    had = Person("ann@example.net", {1: State.DELIVERED}, {"daily": "stays"})
    with newsroom_with(tmp_path / "newsroom", [had]) as (newsroom, ledger):
        assert told(newsroom, ledger, a_matter()) == {"daily": ["ann@example.net"]}
        assert told(newsroom, ledger, a_matter()) == {}
