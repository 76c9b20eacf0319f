"""Whose address, scheme and host are believed behind proxies."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Scope

from syndicate.serve.forwarded import ForwardedError, Sender, address_of, sender_of

PROXIES = tuple(ip_network(one) for one in ("127.0.0.1/32", "10.0.0.0/8", "2001:db8:a::/48"))


def scope(peer: str | None, *headers: tuple[str, str]) -> Scope:
    lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return {"type": "http", "client": (peer, 1) if peer else None, "headers": lines}


def sender(peer: str | None, *headers: tuple[str, str]) -> Sender:
    return sender_of(scope(peer, *headers), PROXIES)


FOR, PROTO, HOST, STANDARD = (
    "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded",
)  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        (FOR, "203.0.113.9"),
        (PROTO, "https"),
        (HOST, "studio.example.org"),
        (STANDARD, "for=203.0.113.9;proto=https;host=studio.example.org"),
    ],
)
@pytest.mark.parametrize("peer", ["198.51.100.7", "11.0.0.1", "2001:db8:b::1", "testclient", None])
def test_a_stranger_is_not_believed(peer: str | None, header: tuple[str, str]) -> None:
    assert sender(peer, header) == Sender(peer or "")


@pytest.mark.parametrize(
    ("written", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first one was written by the client
        ("198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),  # two proxies
        ("198.51.100.1,203.0.113.9,10.1.2.3 , 127.0.0.1", "203.0.113.9"),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),  # only proxies
        ("203.0.113.9:4711", "203.0.113.9"),
        ("2001:db8:b::9", "2001:db8:b::9"),
        ("[2001:db8:b::9]:4711", "2001:db8:b::9"),
        ("203.0.113.9, [2001:db8:a::1]", "203.0.113.9"),
        ("203.0.113.9, ::ffff:10.1.2.3", "203.0.113.9"),
        ("203.0.113.9, unknown", "127.0.0.1"),
        ("203.0.113.9, x'; drop table", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_is_not_a_proxy(written: str, client: str) -> None:
    assert sender("127.0.0.1", (FOR, written)).client == client
    assert sender("::ffff:127.0.0.1", (FOR, written)).client in (client, "::ffff:127.0.0.1")


def test_headers_in_several_lines_are_one_list() -> None:
    assert sender("127.0.0.1", (FOR, "198.51.100.1"), (FOR, "203.0.113.9")).client == "203.0.113.9"


def test_scheme_and_host_are_those_that_the_outermost_proxy_saw() -> None:
    lists = (FOR, "203.0.113.9, 10.1.2.3"), (PROTO, "https, http"), (HOST, "a.example, b:80")
    assert sender("127.0.0.1", *lists) == Sender("203.0.113.9", "https", "a.example")
    # The client wrote the first of each; the proxy added its own.
    forged = (FOR, "1.2.3.4, 203.0.113.9"), (PROTO, "https, http"), (HOST, "evil.example, b:80")
    assert sender("127.0.0.1", *forged) == Sender("203.0.113.9", "http", "b:80")
    # A proxy that overwrites them leaves one.
    one = (FOR, "203.0.113.9, 10.1.2.3"), (PROTO, "HTTPS"), (HOST, "A.example")
    assert sender("127.0.0.1", *one) == Sender("203.0.113.9", "https", "a.example")
    assert sender("127.0.0.1", (PROTO, "https")) == Sender("127.0.0.1", "https")
    assert sender("127.0.0.1", (PROTO, "javascript")).scheme == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("for=203.0.113.9", Sender("203.0.113.9")),
        ('For="[2001:db8:b::9]:4711"', Sender("2001:db8:b::9")),
        (
            "for=198.51.100.1, for=203.0.113.9;proto=https;host=a.example, for=10.1.2.3",
            Sender("203.0.113.9", "https", "a.example"),
        ),
        ('for=203.0.113.9 ; host="a.example:8443"; ext="a,b;c\\"d"',
         Sender("203.0.113.9", "", "a.example:8443")),
        ("for=203.0.113.9, for=unknown;proto=https", Sender("127.0.0.1", "https")),
        ("for=203.0.113.9, for=_hidden", Sender("127.0.0.1")),
        ("", Sender("127.0.0.1")),
    ],
)  # fmt: skip
def test_the_standard_header(written: str, expected: Sender) -> None:
    assert sender("127.0.0.1", (STANDARD, written)) == expected


@pytest.mark.parametrize("written", ["for", "for=", 'for="', "for=a b", "=a", "for=[::1]", "ö=ü"])
def test_a_standard_header_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(ForwardedError):
        sender("127.0.0.1", (STANDARD, written))


def test_a_header_that_the_proxy_only_passes_on_is_found_out() -> None:
    """A proxy writes one kind; the client wrote the other."""
    mine, forged = "203.0.113.9", "192.0.2.1"
    for one, other in ((mine, forged), (forged, mine)):
        with pytest.raises(ForwardedError):
            sender("127.0.0.1", (FOR, one), (STANDARD, f"for={other}"))
    with pytest.raises(ForwardedError):
        sender("127.0.0.1", (FOR, mine), (PROTO, "http"), (STANDARD, f"for={mine};proto=https"))
    agreed = (FOR, mine), (PROTO, "https"), (STANDARD, f"for={mine};proto=https")
    assert sender("127.0.0.1", *agreed) == Sender(mine, "https")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
def test_nothing_in_a_header_is_an_error_of_ours(text: str) -> None:
    address_of(text)
    for name in (FOR, PROTO, HOST):
        sender("127.0.0.1", (name, text))
    with suppress(ForwardedError):
        sender("127.0.0.1", (STANDARD, text))
