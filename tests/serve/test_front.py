"""At which addresses a server may be used."""

from __future__ import annotations

import socket
from ipaddress import ip_network

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from syndicate.serve.front import HEALTH, Addresses, Front

PUBLIC = "https://studio.example.org"
PROXY = (ip_network("127.0.0.1"),)
HERE = socket.gethostname().lower()


def site(addresses: Addresses, peer: str = "127.0.0.1") -> TestClient:
    """Answers with what the application is told."""

    async def told(request: Request) -> JSONResponse:
        client = request.client.host if request.client else ""
        return JSONResponse([client, str(request.url), request.scope["root_path"]])

    app = Starlette(
        routes=[Route("/plan", told), Route("/", told), Route(HEALTH, told)],
        middleware=[Middleware(Front, addresses=addresses)],
    )
    return TestClient(app, "http://127.0.0.1:8026", client=(peer, 1))


ALONE = Addresses(frozenset({"127.0.0.1:8026", "localhost:8026"}))
MACHINE = Addresses.of_machine(PUBLIC, ())
ODD = ("", "x y", "a,b", "[::1", "127.0.0.1:80:26", "127.0.0.1:x", "studio.example.org.evil.org",
       "evil.org#studio.example.org", "studio.example.org@evil.org", "gazette.example.org",
       "x" * 5000, "\u00e9",
       f"{HERE}.evil.org", "127.0.0.1.evil.org", "localhost.evil.org")  # fmt: skip


@pytest.mark.parametrize("host", ODD)
def test_foreign_hosts_are_refused(host: str) -> None:
    for addresses in (ALONE, MACHINE):
        answer = site(addresses).get("/plan", headers=[(b"Host", host.encode("latin-1"))])
        assert answer.status_code == 400, answer.text
        assert "public_url" in answer.text


@pytest.mark.parametrize(
    ("host", "alone", "machine"),
    [
        ("127.0.0.1:8026", True, True),
        ("LOCALHOST:8026", True, True),
        ("127.0.0.1:9999", False, True),
        ("192.0.2.7:8026", False, True),
        ("192.0.2.7", False, True),
        ("[2001:db8::1]:8026", False, True),
        ("[::1]:8026", False, True),
        ("localhost", False, True),
        (HERE, False, True),
        (f"{HERE.partition('.')[0]}.local:8026", False, True),
        ("studio.example.org", False, True),
        ("Studio.Example.org:443", False, True),
        ("studio.example.org:8443", False, False),
    ],
)
def test_which_hosts_are_answered(host: str, alone: bool, machine: bool) -> None:
    for addresses, allowed in ((ALONE, alone), (MACHINE, machine)):
        status = site(addresses).get("/plan", headers={"Host": host}).status_code
        assert status == (200 if allowed else 400)


def test_the_host_that_a_proxy_reports_must_be_known_too() -> None:
    """A page that uses DNS rebinding can write X-Forwarded-Host, a proxy that trusts it passes on
    any."""
    client = site(Addresses(ALONE.names, public_url=PUBLIC, proxies=PROXY))
    known = {"X-Forwarded-Host": "studio.example.org"}
    assert client.get("/plan", headers=known).status_code == 200
    assert client.get("/plan", headers={**known, "Host": "evil.org"}).status_code == 400
    assert client.get("/plan", headers={"X-Forwarded-Host": "evil.org"}).status_code == 400


def test_a_stranger_cannot_choose_address_scheme_and_host() -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https",
               "X-Forwarded-Host": "studio.example.org", "Forwarded": "for=192.0.2.1"}  # fmt: skip
    addresses = Addresses(ALONE.names, public_url=PUBLIC, proxies=PROXY)
    told = site(addresses, "198.51.100.7").get("/plan", headers=headers).json()
    assert told == ["198.51.100.7", "http://127.0.0.1:8026/plan", ""]


def test_contradictions_are_refused() -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.2"}
    answer = site(Addresses(ALONE.names, proxies=PROXY)).get("/plan", headers=headers)
    assert answer.status_code == 400
    assert "contradict" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "studio.example.org"},  # kept, although nothing else is believed
        {"Origin": PUBLIC},  # rewritten, and a form was sent
        {"X-Forwarded-Host": "studio.example.org", "X-Forwarded-Proto": "https"},
        {"Forwarded": "for=192.0.2.1;host=studio.example.org;proto=https"},
        {"Host": "studio.example.org:443", "X-Forwarded-Proto": "https"},
    ],
)
def test_the_application_sees_the_public_address(headers: dict[str, str]) -> None:
    client = site(Addresses(ALONE.names, public_url=PUBLIC, proxies=PROXY))
    assert client.get("/plan", headers=headers).json()[1] == f"{PUBLIC}/plan"


def test_a_path_is_accepted_with_and_without_the_prefix() -> None:
    client = site(Addresses(ALONE.names, public_url=f"{PUBLIC}/news/studio"))
    for path in ("/plan", "/news/studio/plan"):
        _, url, root = client.get(path).json()
        assert (url, root) == ("http://127.0.0.1:8026/news/studio/plan", "/news/studio")
    assert client.get("/news/studio").json()[1].endswith("/news/studio/")
    assert client.get("/news/studios/plan").status_code == 404


def test_a_health_check_may_use_any_host() -> None:
    for host in ODD:
        answer = site(ALONE).get(HEALTH, headers=[(b"Host", host.encode("latin-1"))])
        assert answer.status_code == 200
