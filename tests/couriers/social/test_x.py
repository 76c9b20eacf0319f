"""What is special about X: two kinds of OAuth, duplicates, the cost of a post."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.couriers.social.x import XCourier
from syndicate.errors import CredentialsError, PostponedError, RefusedError
from syndicate.ledger.dispatch import State
from tests.couriers.social.thread import POSTS, draft, room
from tests.platforms import x
from tests.platforms.platform import Answer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[x.X]:
    for name, value in x.SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("X_CLIENT_ID", "client")
    with x.X() as server:
        yield server


def courier(server: x.X, root: Path, **options: object) -> XCourier:
    return XCourier.model_validate({"api": server.url, **options}, context={"root": root})


def token(root: Path, seconds: float, access: str = "first") -> Path:
    """A token file with a token that expires in `seconds`."""
    file = root / "x-token.json"
    said = {"access_token": access, "refresh_token": "refresh-1", "expires_at": time.time()}
    file.write_text(json.dumps(said | {"expires_at": time.time() + seconds}))
    return file


@pytest.mark.parametrize(
    ("seconds", "access"), [(7200, "first"), (5, "first"), (7200, "revoked by someone")]
)
def test_oauth_2_renews_its_token(server: x.X, tmp_path: Path, seconds: float, access: str) -> None:
    """Before it expires, and when X says that it has expired. The new refresh token is saved for
    the next run, in a file that only its owner can read."""
    with room(tmp_path / "newsroom", draft()) as desk:
        file, began = token(desk.root, seconds, access), time.time()
        states = desk.run(courier(server, desk.root, token_file="x-token.json"), draft())
        assert set(states.values()) == {State.DELIVERED}, desk.errors
    assert server.thread() == list(POSTS)
    kept = json.loads(file.read_text())
    renewed = seconds < 60 or access != "first"
    assert kept["refresh_token"] == ("refresh-2" if renewed else "refresh-1")
    if renewed:
        assert kept["access_token"] == "bearer-2"
        assert kept["expires_at"] > began + 7199, "two hours from its renewal, as X says"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_used_refresh_token_is_a_credentials_error(server: x.X, tmp_path: Path) -> None:
    server.refreshes.append("refresh-2")
    with room(tmp_path / "newsroom", draft()) as desk:
        token(desk.root, -10)
        states = desk.run(courier(server, desk.root, token_file="x-token.json"), draft())
        assert set(states.values()) == {State.PENDING}
        (error,) = desk.errors
    assert isinstance(error, CredentialsError)
    assert "x-token.json" in (error.hint or "")


def test_an_invalid_token_file_is_a_credentials_error(server: x.X, tmp_path: Path) -> None:
    (tmp_path / "x-token.json").write_text("{}")
    with pytest.raises(CredentialsError, match="no access_token"):
        courier(server, tmp_path, token_file="x-token.json").account()


def test_text_that_was_posted_before_by_hand_is_refused(server: x.X, tmp_path: Path) -> None:
    """A duplicate of a post that we did not make is refused with that reason; later posts wait."""
    with room(tmp_path / "newsroom", draft()) as desk:
        desk.run(courier(server, desk.root), draft())
    with room(tmp_path / "other", draft(posts=(POSTS[2], "More."), images=())) as desk:
        server.hidden = 10**6
        kept, server.posts = server.posts, server.posts[:3]
        states = desk.run(courier(server, desk.root), draft(posts=(POSTS[2], "More."), images=()))
        server.posts = kept
    assert states == {"01": State.FAILED, "02": State.PENDING}
    assert isinstance(desk.errors[0], RefusedError)
    assert "duplicate content" in str(desk.errors[0])


def test_the_limit_of_a_day_is_waited_for(
    server: x.X, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its headers stand beside those of the quarter of an hour, which say that all is well."""
    now = time.time()
    headers = {
        "x-rate-limit-remaining": "90",
        "x-rate-limit-reset": str(int(now + 60)),
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(int(now + 40_000)),
    }
    answer = server.answer
    monkeypatch.setattr(
        server,
        "answer",
        lambda asked: (
            Answer(429, server.refusal(429, "Too Many Requests"), headers)
            if asked.path == "/2/tweets"
            else answer(asked)
        ),
    )
    with room(tmp_path / "newsroom", draft()) as desk:
        states = desk.run(courier(server, desk.root), draft())
        (error,) = desk.errors
    assert set(states.values()) == {State.PENDING}
    assert isinstance(error, PostponedError)
    assert error.seconds and 39_000 < error.seconds <= 40_000


def test_the_cost_of_a_post(server: x.X, tmp_path: Path) -> None:
    """A post with a URL costs over ten times as much, whether the URL has a scheme or not."""
    here = courier(server, tmp_path)
    assert [here.cost(text) for text in POSTS] == [0.015] * 4 + [0.2, 0.015, 0.2]
    assert courier(server, tmp_path, price=0, price_with_url=0).cost(POSTS[6]) == 0


def test_errors_never_contain_secrets(server: x.X, tmp_path: Path) -> None:
    server.revoked = True
    with room(tmp_path / "newsroom", draft()) as desk:
        desk.run(courier(server, desk.root), draft())
        reported = " ".join(f"{one} {one.hint}" for one in desk.errors)
    assert reported
    assert not any(
        secret in reported for secret in x.SECRETS.values() if secret != "token" and secret != "key"
    )


def test_it_names_the_variables_of_its_kind_of_credentials(server: x.X, tmp_path: Path) -> None:
    assert set(courier(server, tmp_path).variables) == set(x.SECRETS)
    assert courier(server, tmp_path, token_file="x-token.json").variables == ("X_CLIENT_ID",)
