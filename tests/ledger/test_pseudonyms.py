"""Addresses are found in texts, whatever is around them and however they are written."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.ledger.pseudonyms import (
    addresses_in,
    canonical,
    is_pseudonym,
    with_pseudonyms,
)

NAME = "person-0123456789abcdef0123456789abcdef"


def erased(text: str, address: str) -> str:
    """`text` with a pseudonym in place of `address`."""
    wanted = canonical(address)
    found = {one: NAME for one in addresses_in(text) if canonical(one) == wanted}
    return with_pseudonyms(text, found)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ann@example.net", "{}"),
        ("550 5.1.1 <ANN@Example.NET>: unknown", "550 5.1.1 <{}>: unknown"),
        ("out/feeds/ann@example.net/feed.xml", "out/feeds/{}/feed.xml"),
        ("mailto:ann%40example.net?subject=x", "mailto:{}?subject=x"),
        ("https://x.example/?to=ann@example.net&from=bo@example.net",
         "https://x.example/?to={}&from=bo@example.net"),
        ("a=%3Aann%40example.net", "a=%3A{}"),
        ("joann@example.net, ann@example.net.au, ann@example.network", None),
        ("ann@example.net,ann@example.net", "{},{}"),
        ("write to ann@example.net.", "write to {}."),
        ("@ann @example.net ann@ example.net", None),
        ('{"login": "ann@example.net"}', '{{"login": "{}"}}'),
        ("ann@example.net" * 2, None),
    ],
)  # fmt: skip
def test_only_the_address_itself_is_replaced(text: str, left: str | None) -> None:
    assert erased(text, "ann@example.net") == (text if left is None else left.format(NAME, NAME))


def test_domains_of_other_scripts_are_the_same_in_ascii() -> None:
    assert erased("ann@bücher.example!", "ann@xn--bcher-kva.example") == f"{NAME}!"


@given(
    st.from_regex(r"[a-z0-9+_-]+(\.[a-z0-9+_-]+)*", fullmatch=True).filter(lambda s: len(s) < 30),
    st.from_regex(r"[a-z][a-z0-9]{0,9}\.(net|example)", fullmatch=True),
    st.sampled_from(["", " ", "<", "to=", "/", "(", '"', "mailto:", "\n", ","]),
    st.sampled_from(["", " ", ">", "&", "/feed.xml", ")", '"', "?subject=x", "\n", ",", ". "]),
    st.sampled_from([str, str.upper, quote, lambda one: quote(one, safe="@")]),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_it_is_found_between_anything(
    local: str, domain: str, before: str, after: str, written: object
) -> None:
    address = f"{local}@{domain}"
    text = f"{before}{written(address)}{after}"  # type: ignore[operator]
    assert erased(text, address) == f"{before}{NAME}{after}"


@given(st.text(max_size=80))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert with_pseudonyms(text, {}) == text
    assert with_pseudonyms(text, dict.fromkeys(["ann@example.net"], NAME)) == text.replace(
        "ann@example.net", NAME
    )


def test_only_pseudonyms_are_taken_for_one() -> None:
    assert is_pseudonym(NAME)
    assert is_pseudonym(f"{NAME}-2")
    assert not is_pseudonym("person-1@example.net")
