"""A cache in front of a destination is told what was replaced or removed, after it was."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import ValidationError

from syndicate.couriers.files import FilesCourier
from syndicate.engine.withdrawal import WithdrawalOrder, withdraw
from syndicate.errors import CredentialsError, DeliveryError, Exit
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests import waiting
from tests.engine.conftest import Desk, make_desk

URL = "https://gazette.example.org/single/a%20b.txt"


@dataclass
class Cache:
    """An HTTP cache that notes what it is told; `answers` is the status of each answer. `look` is
    called with each request, while it is waited for."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: int = 200
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def cache() -> Iterator[Cache]:
    cache = Cache()

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            cache.asked.append((self.command, self.path, body))
            cache.headers.append(dict(self.headers))
            self.send_response(cache.answers)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PURGE

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cache.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield cache
    server.shutdown()
    server.server_close()
    waiting.join(thread, "the cache")


def courier(**options: object) -> FilesCourier:
    return FilesCourier.model_validate(options, context={"root": Path(), "channel": "single"})


def test_a_request_names_the_address_or_its_path(cache: Cache, tmp_path: Path) -> None:
    courier(purge=f"PURGE {cache.url}{{path}}").purge_cache(URL, tmp_path)
    courier(purge=f"{cache.url}{{path}}").purge_cache(URL, tmp_path)
    assert cache.asked == [("PURGE", "/single/a%20b.txt", "")] * 2


def test_an_address_in_a_query_or_a_body_is_escaped(cache: Cache, tmp_path: Path) -> None:
    courier(purge=f"POST {cache.url}/purge?url={{url}}").purge_cache(URL, tmp_path)
    body = '{"files": ["{url}"]}'
    courier(purge=f"POST {cache.url}/purge", purge_body=body).purge_cache(URL, tmp_path)
    (method, path, _), (_, _, sent) = cache.asked
    assert method == "POST"
    assert path == "/purge?url=https%3A%2F%2Fgazette.example.org%2Fsingle%2Fa%2520b.txt"
    assert json.loads(sent) == {"files": [URL]}


def test_headers_come_from_the_environment(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = courier(purge=f"POST {cache.url}/", purge_headers={"Fastly-Key": "FASTLY_KEY"})
    with pytest.raises(CredentialsError, match="FASTLY_KEY"):
        one.purge_cache(URL, tmp_path)
    monkeypatch.setenv("FASTLY_KEY", "secret")
    one.purge_cache(URL, tmp_path)
    assert cache.headers[0]["Fastly-Key"] == "secret"


@pytest.mark.parametrize(
    ("status", "fails"), [(200, False), (404, False), (403, True), (500, True), (302, True)]
)
def test_what_the_cache_answers(cache: Cache, tmp_path: Path, status: int, fails: bool) -> None:
    cache.answers = status
    one = courier(purge=f"PURGE {cache.url}{{path}}")
    if not fails:
        one.purge_cache(URL, tmp_path)
        return
    with pytest.raises(DeliveryError, match=str(status)):
        one.purge_cache(URL, tmp_path)


def test_a_command_is_run_without_a_shell(tmp_path: Path) -> None:
    code = "import sys, pathlib; pathlib.Path('told').write_text(' '.join(sys.argv[1:]))"
    courier(purge=[sys.executable, "-c", code, "{path}; rm -r x"]).purge_cache(URL, tmp_path)
    assert (tmp_path / "told").read_text() == "/single/a%20b.txt; rm -r x"
    fails = [sys.executable, "-c", "import sys; sys.exit('no such ban')"]
    with pytest.raises(DeliveryError, match="no such ban"):
        courier(purge=fails).purge_cache(URL, tmp_path)
    with pytest.raises(DeliveryError, match="no-such-program"):
        courier(purge=["no-such-program"]).purge_cache(URL, tmp_path)


@pytest.mark.parametrize(
    "purge", ["GET {url}", "PURGE", "file:///etc/passwd", "varnishadm ban {url}"]
)
def test_what_is_neither_is_a_mistake(purge: str) -> None:
    with pytest.raises(ValidationError):
        courier(purge=purge)


# -- in a newsroom ------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, cache: Cache) -> Desk:
    desk = make_desk(tmp_path / "newsroom")
    for name in ("numbered", "social"):
        (desk.root / "channels" / f"{name}.toml").unlink()
    for name, scope in (("single", "article"), ("rolling", "rolling")):
        purge = f'[deliver]\npurge = "PURGE {cache.url}{{path}}"\n'
        desk.channel(name, f'adapter = "./own.py"\nscope = "{scope}"\n{purge}')
    return desk


def told(cache: Cache) -> list[str]:
    """What the cache was told since this was called last."""
    found = [path for _, path, _ in cache.asked]
    cache.asked.clear()
    return sorted(found)


def withdrawn(desk: Desk) -> Exit:
    order = WithdrawalOrder("ferry", "wrong", "Ines")
    return withdraw(load_newsroom(desk.root, {}), order, lambda _: None, Stop()).outcome.exit


def test_it_is_told_what_was_replaced_or_removed(desk: Desk, cache: Cache) -> None:
    desk.publish()
    assert told(cache) == [], "nothing that is new can be in it"
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    desk.publish()
    assert told(cache) == ["/rolling/all.txt", "/single/tides.txt"]
    assert withdrawn(desk) is Exit.DONE
    assert told(cache) == ["/rolling/all.txt", "/single/ferry.txt"]
    desk.publish()
    assert told(cache) == []


def test_the_file_is_gone_by_then(desk: Desk, cache: Cache) -> None:
    """Or the cache would fetch it again."""
    seen: list[bool] = []
    purge_cache = FilesCourier.purge_cache

    def look(one: FilesCourier, url: str, folder: Path) -> None:
        seen.append("out/single/ferry.txt" in desk.files())
        purge_cache(one, url, folder)

    desk.publish()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FilesCourier, "purge_cache", look)
        withdrawn(desk)
    assert seen == [False, False]


def test_a_cache_that_does_not_answer_is_named_and_told_by_the_next_run(
    desk: Desk, cache: Cache
) -> None:
    desk.publish()
    cache.answers = 503
    assert withdrawn(desk) is Exit.PARTLY
    outcome = desk.publish()
    assert any("may still be in the cache" in error.message for error in outcome.errors)
    cache.asked.clear()
    cache.answers = 200
    assert desk.publish().exit is Exit.DONE
    assert told(cache) == ["/rolling/all.txt", "/single/ferry.txt"]


def test_a_run_that_is_killed_before_it_tells_the_cache_leaves_it_to_the_next(
    desk: Desk, cache: Cache
) -> None:
    desk.publish()

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FilesCourier, "purge_cache", killed)
        with pytest.raises(Killed):
            withdrawn(desk)
    assert told(cache) == []
    desk.publish()
    assert told(cache) == ["/rolling/all.txt", "/single/ferry.txt"]
