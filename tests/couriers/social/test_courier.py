"""A thread of seven posts is published once and in order, whichever request fails and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from syndicate.couriers import Courier, Delivery, courier_class
from syndicate.couriers.social.courier import ThreadCourier
from syndicate.errors import CredentialsError, DeliveryError, RefusedError
from syndicate.ledger.dispatch import State
from tests.couriers.social.thread import NAME, POSTS, Room, draft, room, with_card
from tests.platforms import PLATFORMS
from tests.platforms.platform import Fault, Platform

ALT = "The ferry at its berth, at night"
ENDS = {State.DELIVERED}


@dataclass(frozen=True)
class Case:
    """A platform, and the number of requests that a thread takes if nothing fails."""

    via: str
    requests: int

    @property
    def platform(self) -> type[Platform]:
        return PLATFORMS[self.via].server

    @property
    def secrets(self) -> dict[str, str]:
        return PLATFORMS[self.via].secrets

    def courier(self, server: Platform, root: Path, **more: object) -> Courier:
        known = PLATFORMS[self.via]
        options: dict[str, Any] = {known.place: server.url, **known.options, **more}
        kind = courier_class(self.via, root)
        return kind.model_validate(options, context={"root": root, "channel": "social"})


CASES = (
    Case("x", 10),  # two for the picture, one for the account's name, seven posts
    Case("mastodon", 10),  # one for the limits, two for the picture, seven posts
    Case("bluesky", 9),  # one for the session, one for the picture, seven posts
)


@pytest.fixture(params=CASES, ids=lambda case: case.via)
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Case:
    case: Case = request.param
    for name, value in case.secrets.items():
        monkeypatch.setenv(name, value)
    return case


@pytest.fixture
def server(case: Case) -> Iterator[Platform]:
    with case.platform() as server:
        yield server


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each `time.sleep`, which does not really wait here."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept


def content(case: Case) -> bytes:
    return with_card() if case.via == "bluesky" else draft()


@pytest.fixture
def desk(case: Case, tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path / "newsroom", content(case)) as desk:
        yield desk


def test_a_thread_is_posted_in_order(
    case: Case, server: Platform, desk: Room, slept: list[float]
) -> None:
    states = desk.run(case.courier(server, desk.root), content(case))
    assert set(states.values()) == ENDS, desk.errors
    assert server.thread() == list(POSTS)
    assert server.posts[0].alts == (ALT,)
    assert not any(post.alts for post in server.posts[1:])
    assert len(server.asked) == case.requests
    urls = desk.receipts()
    assert len(set(urls)) == 7
    assert all(url and url.startswith("http") for url in urls)
    desk.run(case.courier(server, desk.root), content(case))
    assert len(server.posts) == 7


FAULTS: tuple[Fault, ...] = (
    "drop",
    "drop after",
    "429",
    "429 mute",
    "503",
    "503 after",
    "revoked",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_post_is_published_once_whichever_request_fails(
    case: Case, tmp_path: Path, fault: Fault, slept: list[float]
) -> None:
    """Each request fails in turn. After at most two more runs, the whole thread is published."""
    for at in range(1, case.requests + 1):
        with (
            case.platform() as server,
            room(tmp_path / str(at), content(case)) as desk,
        ):
            server.faults = {at: fault}
            courier = case.courier(server, desk.root)
            runs = 0
            while set(desk.run(courier, content(case)).values()) != ENDS:
                runs += 1
                assert runs < 3, (at, desk.errors)
                server.restore()
            assert server.thread() == list(POSTS), at
            assert server.posts[0].alts == (ALT,)
            assert bool(desk.errors) == bool(runs), (at, desk.errors)
            if fault == "revoked":
                assert isinstance(desk.errors[0], CredentialsError), (at, desk.errors)
                assert all(name in (desk.errors[0].hint or "") for name in list(case.secrets)[:1])
            if fault == "429":
                assert runs == 0, (at, desk.errors)
            assert not server.faults, f"request {at} was never made"


def test_a_post_that_appears_late_is_not_posted_twice(
    case: Case, server: Platform, desk: Room, slept: list[float]
) -> None:
    """A post that was accepted but is not visible yet is never posted again: in the end, the
    platform itself recognises it."""
    posts = case.requests - 4  # the request that publishes the third or fourth post
    server.faults = {posts: "drop after"}
    server.hidden = 2
    courier = case.courier(server, desk.root)
    for _ in range(3):
        states = desk.run(courier, content(case))
    assert set(states.values()) == ENDS, desk.errors
    assert server.thread() == list(POSTS)


def test_a_rate_limit_longer_than_patience_is_left_to_the_next_run(
    case: Case, server: Platform, desk: Room, slept: list[float]
) -> None:
    server.faults = {case.requests: "429"}
    states = desk.run(case.courier(server, desk.root, patience=0), content(case))
    assert [one for one in states.values() if one is State.PENDING] == [State.PENDING]
    assert "rate limit" in str(desk.errors[0])
    assert set(desk.run(case.courier(server, desk.root), content(case)).values()) == ENDS
    assert server.thread() == list(POSTS)


def test_a_short_rate_limit_is_waited_for(
    case: Case, server: Platform, desk: Room, slept: list[float]
) -> None:
    server.faults = {case.requests: "429"}
    desk.run(case.courier(server, desk.root), content(case))
    assert server.thread() == list(POSTS)
    assert len(slept) == 1 + (case.via == "mastodon")  # Mastodon processes the picture for a second
    assert 0 < slept[-1] <= 2


def test_missing_credentials_are_named(
    case: Case, server: Platform, desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in case.secrets:
        monkeypatch.delenv(name)
    states = desk.run(case.courier(server, desk.root), content(case))
    assert set(states.values()) == {State.PENDING}
    (error,) = desk.errors
    assert isinstance(error, CredentialsError)
    assert all(f"{name}=…" in (error.hint or "") for name in case.secrets)
    assert not server.asked


def test_nothing_is_posted_if_the_server_is_down(case: Case, server: Platform, desk: Room) -> None:
    courier = case.courier(server, desk.root)
    server.__exit__()
    try:
        states = desk.run(courier, content(case))
    finally:
        server.__enter__()
    assert set(states.values()) == {State.PENDING}
    assert "cannot be reached" in str(desk.errors[0])


def test_a_thread_with_a_missing_picture_is_not_posted(
    case: Case, server: Platform, desk: Room
) -> None:
    (desk.root / "pictures" / "ferry.png").unlink()
    states = desk.run(case.courier(server, desk.root), content(case))
    assert set(states.values()) == {State.PENDING}
    assert not server.posts
    assert "ferry.png" in str(desk.errors[0])


def test_the_picture_folder_of_older_channel_files_is_still_read(
    case: Case, server: Platform, desk: Room
) -> None:
    (desk.root / "pictures").rename(desk.root / "press")
    states = desk.run(case.courier(server, desk.root, content="press"), content(case))
    assert set(states.values()) == ENDS


def test_reply_to_makes_the_first_post_a_reply(
    case: Case, server: Platform, desk: Room, tmp_path: Path, slept: list[float]
) -> None:
    desk.run(case.courier(server, desk.root), content(case))
    last = server.posts[-1]
    reply = draft(posts=("Correction: fares rise by 14%.",), images=(), reply_to=last.id)
    with room(tmp_path / "reply", reply) as other:
        states = other.run(case.courier(server, other.root), reply)
    assert set(states.values()) == ENDS, other.errors
    assert server.posts[-1].parent == last.id
    assert server.thread()[-1] == "Correction: fares rise by 14%."


def test_the_requests_shown_beforehand_are_the_requests_sent(
    case: Case, server: Platform, desk: Room, tmp_path: Path, slept: list[float]
) -> None:
    courier = case.courier(server, desk.root)
    assert isinstance(courier, ThreadCourier)
    file = tmp_path / "draft.md"
    file.write_bytes(content(case))
    (dispatch,) = desk.ledger.dispatches.current()
    shown = [
        request
        for number in range(1, 8)
        for request in courier.requests(
            Delivery(
                *("social", f"{number:02}", "text/markdown", dispatch.digest, file, NAME, "u"),
                at=dispatch.at,
                pictures=desk.pictures,
            )
        )
    ]
    assert not server.asked
    desk.run(courier, content(case))
    sent = [one for one in server.asked if one.method == "POST" and "Session" not in one.path]
    assert [(one.method, one.url) for one in shown] == [
        (one.method, server.url + one.path) for one in sent
    ]
    for one, asked in zip(shown, sent, strict=True):
        if asked.headers["content-type"].startswith("application/json"):
            assert set(one.body) == set(asked.json)
            assert one.body.get("text") == asked.json.get("text")
        elif asked.headers["content-type"].startswith("application/x-www-form-urlencoded"):
            form = {name.removesuffix("[]") for name in parse_qs(asked.body.decode())}
            assert set(one.body) == form - {"sensitive"}  # Mastodon.py always sends it


def test_a_post_number_that_does_not_exist_is_refused(
    case: Case, server: Platform, desk: Room
) -> None:
    courier = case.courier(server, desk.root)
    file = desk.root / "draft"
    file.write_bytes(content(case))
    for unit in ("08", "00", "../01", "1e0", ""):
        delivery = Delivery("social", unit, "text/markdown", "d", file, NAME)
        with pytest.raises(RefusedError):
            courier.deliver(delivery, lambda: None)
    assert not server.posts


def test_only_drafts_are_posted(case: Case, server: Platform, desk: Room) -> None:
    courier = case.courier(server, desk.root)
    file = desk.root / "picture"
    file.write_bytes(b"\x89PNG")
    picture = Delivery("social", "card.png", "image/png", "d", file, "card.png")
    assert list(courier.addresses(picture, ())) == []


def test_the_error_for_an_invalid_draft_names_the_file(
    case: Case, server: Platform, desk: Room
) -> None:
    courier = case.courier(server, desk.root)
    file = desk.root / "draft"
    file.write_bytes(b"no front matter")
    broken = Delivery("social", "01", "text/markdown", "d", file, NAME, NAME)
    with pytest.raises(DeliveryError, match=r"night-ferry\.md:1"):
        list(courier.addresses(broken, ()))
