"""Every route of the studio and of `serve`, and what it answers to requests that it must refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve import app as serve
from syndicate.serve.front import Addresses
from syndicate.serve.leaving import LeavingDesk
from syndicate.studio.access import Access
from syndicate.studio.app import application
from syndicate.studio.guards import MOST_BYTES
from tests.app_server import serving
from tests.engine.conftest import Desk, make_desk
from tests.platforms import x
from tests.studio.conftest import Client, field, studio_desk

STUDIO = """
# nobody: not signed in, alone and (if it differs) with passwords. reader: `preview`, signed in.
# The others are signed in and send a valid form, apart from the one thing that is wrong.
# odd: parameters, fields and queries that nobody would write, at the worst of the answers.
#                                              nobody   reader origin host csrf large odd
GET  /                                         401,303  200    200    400  200  413   200
GET  /articles/{slug}                          401,303  200    200    400  200  413   404
GET  /articles/{slug}/{channel}                401,303  200    200    400  200  413   404
GET  /articles/{slug}/{channel}/{number}/frame 401,303  200    200    400  200  413   404
GET  /articles/{slug}/{channel}/{number}/{page}.png 401,303 404 404   400  404  413   404
GET  /drafts/{name}                            401,303  200    200    400  200  413   404
GET  /drafts/{name}/pictures/{number}          401,303  200    200    400  200  413   404
GET  /drafts/{name}/letter                     401,303  404    404    400  404  413   404
GET  /plan                                     401,303  200    200    400  200  413   200
GET  /plan/changes                             401,303  404    404    400  404  413   404
GET  /publishing                               401,303  200    200    400  200  413   200
GET  /publishing/events                        401,303  404    404    400  404  413   404
GET  /deliveries                               401,303  200    200    400  200  413   200
GET  /live                                     401,303  200    200    400  200  413   200
GET  /enter                                    401,200  401    401    400  401  413   401
GET  /font/{file}                              200      200    200    400  200  413   404
GET  /static                                   200      200    200    400  200  413   404
GET  /health                                   200      200    200    200  200  413   200
POST /enter                                    401      401    403    400  401  413   400
POST /drafts/{name}                            401      405    403    400  403  413   400
POST /drafts/{name}/count                      401      404    403    400  403  413   400
POST /drafts/{name}/approve                    401      404    403    400  403  413   400
POST /drafts/{name}/reject                     401      404    403    400  403  413   400
POST /drafts/{name}/close                      401      404    403    400  403  413   400
POST /publishing                               401      405    403    400  403  413   400
POST /deliveries                               401      405    403    400  403  413   400
"""
SERVE = """
# No one signs in here, so only a signed link counts. host: with a public_url.
#                   no link  origin host large odd
GET  /unsubscribe   404      404    400  413   404
GET  /unsubscribe/  404      404    400  413   404
POST /unsubscribe   404      404    400  413   404
POST /unsubscribe/  404      404    400  413   404
GET  /health        200      200    200  413   200
"""
FOREIGN_ORIGIN = {"Origin": "https://gazette.example.net"}
FOREIGN_HOST = {"Host": "gazette.example.net"}
GOOD = {"slug": "ferry", "channel": "email", "number": "0", "page": "0", "name": "ferry.x",
        "file": "SourceSansPro-Regular.ttf"}  # fmt: skip
ODD = ("%00", "%ff", "%ED%A0%80", "9" * 5000, "..%2f..%2fsyndicate.toml", "%2e%2e", "a" * 5000,
       "%F0%9F%98%80", "%0d%0aX:y", "%25", "-1", "%D9%A3")  # fmt: skip
COOKIES = ("\u00e9", "a.b.\u00e9", "." * 99, "9" * 5000, "%00", "=", "a;b=\u00ff", "\x7f", '"x')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Row:
    """A route, and the status in each column."""

    method: str
    path: str
    columns: tuple[str, ...]


def rows(table: str) -> list[Row]:
    lines = (line.split() for line in table.splitlines() if line and not line.startswith("#"))
    return [Row(method, path, tuple(columns)) for method, path, *columns in lines]


def routes(app: Starlette) -> set[tuple[str, str]]:
    """Each method and path; parameters without their types."""
    found = set()
    for route in app.routes:
        assert isinstance(route, Route | Mount)
        methods = (route.methods or set()) if isinstance(route, Route) else {"GET"}
        path = route.path.replace(":number", "")
        found |= {(method, path) for method in methods if method != "HEAD"}
    return found


def asked(client: httpx.Client, row: Row, path: str, **sent: object) -> int:
    """The status of the answer; the rest is not read, since some have no end."""
    with client.stream(row.method, path, **sent) as answer:  # type: ignore[arg-type]
        assert answer.headers["x-content-type-options"] == "nosniff", (row, path)
        assert "default-src" in answer.headers["content-security-policy"], (row, path)
        return answer.status_code


class Doors:
    """The studio alone, read-only and with passwords, and clients that are signed in or not."""

    def __init__(self, desk: Desk, stack: ExitStack) -> None:
        self._desk, self._stack = desk, stack
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        alone, people = Access("Ines"), Access("Ines", {"Ann": quick.hash("correct horse")})
        reader = Access("reader")
        self.nobody, self.ines = self._client(alone), self._client(alone, same=True)
        self.reader = self._client(reader, editable=False)
        self.stranger = self._client(people)
        self.ines.get(f"/?token={alone.token}")
        self.reader.get(f"/?token={reader.token}")
        page = self.ines.get("/drafts/ferry.x").text
        self.form = {"csrf": field(page, "csrf"), "digest": field(page, "digest"), "post": "One."}

    def _client(self, access: Access, *, editable: bool = True, same: bool = False) -> httpx.Client:
        if not same:
            self.app: Starlette

            def make(port: int) -> Starlette:
                names = Addresses(frozenset({f"127.0.0.1:{port}"}))
                app = application(self._desk.root, access, names, "studio", editable=editable)
                self.app = app
                return app

            self._port = self._stack.enter_context(serving(make))
        return self._stack.enter_context(Client(base_url=f"http://127.0.0.1:{self._port}"))


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with pytest.MonkeyPatch.context() as patch, x.X() as platform, ExitStack() as stack:
        for name, value in x.SECRETS.items():
            patch.setenv(name, value)
        root = tmp_path_factory.mktemp("routes") / "newsroom"
        yield Doors(studio_desk(root, platform.url), stack)


def good_path(row: Row) -> str:
    path = row.path
    for name, value in GOOD.items():
        path = path.replace(f"{{{name}}}", value)
    return "/static/studio.css" if path == "/static" else path


def odd_paths(row: Row) -> Iterator[str]:
    """The path with each odd parameter or, if it has none, with odd queries."""
    for odd in ODD:
        path = f"{row.path}/{odd}" if row.path == "/static" else row.path
        for name in GOOD:
            path = path.replace(f"{{{name}}}", odd)
        yield path
    for odd in ODD[:4]:
        yield f"{good_path(row)}?{odd}={odd}&sheet={odd}&seen={odd}&channel={odd}&unit={odd}"


def test_every_route_of_the_studio(doors: Doors) -> None:
    table = rows(STUDIO)
    assert routes(doors.app) == {(row.method, row.path) for row in table}
    wrong = []
    for row in table:
        nobody, reader, origin, host, csrf, large, odd = row.columns
        alone, _, people = nobody.partition(",")
        path, post = good_path(row), row.method == "POST"
        form: dict[str, object] = {"data": doors.form} if post else {}
        unsigned: dict[str, object] = {"data": {**doors.form, "csrf": ""}} if post else {}
        ines = doors.ines
        body = b"post=\xff&csrf=" + doors.form["csrf"].encode()
        ask: list[tuple[str, str, httpx.Client, dict[str, object]]] = [
            ("nobody", alone, doors.nobody, form),
            ("stranger", people or alone, doors.stranger, form),
            ("reader", reader, doors.reader, form),
            ("origin", origin, ines, {"headers": FOREIGN_ORIGIN, **form}),
            ("host", host, ines, {"headers": FOREIGN_HOST, **form}),
            ("csrf", csrf, ines, unsigned),
            ("large", large, ines, {"content": b"x" * (MOST_BYTES + 1), "headers": FORM}),
        ]
        if post:
            ask.append(("odd", odd, ines, {"content": body, "headers": FORM}))
        for column, expected, client, sent in ask:
            if (status := asked(client, row, path, **sent)) != int(expected):
                wrong.append(f"{row.method} {path}: {column}: {status}, not {expected}")
        if not post:
            seen = {asked(doors.ines, row, path) for path in set(odd_paths(row))}
            if max(seen) != int(odd):
                wrong.append(f"{row.method} {row.path}: odd: {seen}, not {odd}")
    assert wrong == []


def test_a_method_that_a_route_does_not_have_is_405(doors: Doors) -> None:
    for path, allowed in (("/plan", "GET, HEAD"), ("/drafts/ferry.x", "GET, HEAD, POST")):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            answer = doors.ines.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert doors.ines.post("/plan", data=doors.form).status_code == 405
    assert doors.ines.post("/nowhere", data=doors.form).status_code == 404
    assert doors.nobody.put("/plan").status_code == 401


def test_odd_cookies_let_nobody_in(doors: Doors) -> None:
    for cookie in COOKIES:
        sent = f"studio={cookie}; studio-known={cookie}".encode("latin-1")
        headers = [(b"Cookie", sent), (b"Content-Type", FORM["Content-Type"].encode())]
        assert doors.nobody.get("/", headers=headers).status_code == 401
        answer = doors.stranger.post("/enter", data={"name": "\0", "password": cookie})
        assert answer.status_code in (401, 429)
        answer = doors.stranger.post("/enter", content=b"name=Ann", headers=headers)
        assert answer.status_code in (401, 429)
        assert doors.nobody.get("/", params={"token": cookie}).status_code == 401
    for token in ODD:
        assert doors.nobody.get(f"/?token={token}").status_code == 401


def test_odd_fields_are_no_bugs(doors: Doors) -> None:
    """Fields that could reach a number, a file or the database."""
    for path, name, odd, status in (
        ("/deliveries", "as", "%00", 422),
        ("/deliveries", "unit", "%00", 422),
        ("/drafts/ferry.x", "do", "up:" + "9" * 5000, 303),
        ("/drafts/ferry.x", "schedule", "9" * 5000, 422),
        ("/drafts/ferry.x/approve", "digest", "%ED%A0%80", 422),
    ):
        usual = {"as": "delivered", "channel": "rss", "unit": "x", **doors.form, "post": "Two."}
        sent = "&".join(f"{key}={value}" for key, value in usual.items() if key != name)
        answer = doors.ines.post(path, content=f"{sent}&{name}={odd}".encode(), headers=FORM)
        assert answer.status_code == status, (path, name, answer.text[:300])


def test_every_route_of_serve(tmp_path: Path, ledger_url: str) -> None:
    desk = make_desk(tmp_path / "newsroom", ledger_url)
    with (desk.root / "syndicate.toml").open("a") as settings:
        settings.write('[serve]\npublic_url = "https://gazette.example.org"\n')
    newsroom = load_newsroom(desk.root, {})
    made: list[Starlette] = []

    def make(_: int) -> Starlette:
        made.append(serve.application(newsroom, leaving))
        return made[0]

    with pytest.MonkeyPatch.context() as patch, closing(LeavingDesk(newsroom)) as leaving:
        patch.setattr(serve, "PER_MINUTE", 100_000)
        with serving(make) as port, Client(base_url=f"http://127.0.0.1:{port}") as client:
            table = rows(SERVE)
            assert routes(made[0]) == {(row.method, row.path) for row in table}
            wrong = []
            for row in table:
                plain, origin, host, large, odd = row.columns
                for column, expected, sent in (
                    ("no link", plain, {}),
                    ("origin", origin, {"headers": FOREIGN_ORIGIN}),
                    ("host", host, {"headers": FOREIGN_HOST}),
                    ("large", large, {"content": b"x" * (serve.MOST_BYTES + 1)}),
                ):
                    if (status := asked(client, row, row.path, **sent)) != int(expected):
                        wrong.append(f"{row.method} {row.path}: {column}: {status}")
                for one in (*ODD, "9" * 18 + ".x", "9" * 18 + "." + "A" * 22, "1.%00." + "A" * 33,
                            "%D9%A3." + "A" * 22, "1.\u00e9." + "A" * 33, "1.A." + "A" * 33,
                            "1." + "\u00e9" * 22, "9" * 19 + "." + "A" * 22):  # fmt: skip
                    for cookie in COOKIES[:2]:
                        headers = {"Cookie": cookie.encode("latin-1")}
                        status = asked(client, row, f"{row.path}?t={one}", headers=headers)
                        if status != int(odd):
                            wrong.append(f"{row.method} {row.path}: {one[:30]}: {status}")
            assert wrong == []
