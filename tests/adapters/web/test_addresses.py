from __future__ import annotations

import pytest

from syndicate.adapters.web.addresses import (
    article_uri,
    html_with_web_addresses,
    web_mailbox,
    web_uri,
    with_web_addresses,
)
from syndicate.article import Figure, Link, List, ListItem, Paragraph, Quote, Table
from tests.articles import PUBLICATION, article, para, words


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://a.example/b?c=d&e=%20#f", "https://a.example/b?c=d&e=%20#f"),
        ("https://bücher.example/öl/", "https://xn--bcher-kva.example/%C3%B6l/"),
        ("https://faß.example/", "https://fa%C3%9F.example/"),
        ("https://u@ö.example:81/", "https://u@xn--nda.example:81/"),
        ("https://a.example/a b<c>|\"'100%", "https://a.example/a%20b%3Cc%3E%7C%22'100%25"),
        ("https://[::1]:80/é?é#é", "https://[::1]:80/%C3%A9?%C3%A9#%C3%A9"),
        ("mailto:desk@a.example", "mailto:desk@a.example"),
        ("https://A.example:443/%7eb/%c3%a4", "https://a.example/~b/%C3%A4"),
        ("http://a.example:8080/", "http://a.example:8080/"),
    ],
)
def test_an_iri_becomes_a_uri(iri: str, expected: str) -> None:
    assert web_uri(iri) == expected
    assert web_uri(expected) == expected


@pytest.mark.parametrize(
    "own", ["tag:a.example,2026-10-05:ferry", "urn:isbn:0-395-36341-1", "https://a.example/?p=1"]
)
def test_an_id_that_is_a_uri_is_kept(own: str) -> None:
    assert article_uri(own) == own


def test_any_other_id_becomes_a_unique_uri() -> None:
    odd = ("123", "my id", "tag:Ü.example,2026:a", "x:y", "urn:x:y", "https://a.example/ä")
    made = [article_uri(own) for own in odd]
    assert len(set(made)) == len(odd)
    assert [article_uri(own) for own in made] == made
    assert article_uri("123") == "urn:uuid:3bce8de0-ab5d-5f8d-9b53-f3adce131b94"


@pytest.mark.parametrize("wrong", [None, "", "desk", "a b@c.example", "ü@c.example", "a@localhost"])
def test_an_invalid_mail_address_is_left_out(wrong: str | None) -> None:
    assert web_mailbox(wrong) is None
    assert web_mailbox("desk+feeds@a.example") == "desk+feeds@a.example"


def test_every_address_becomes_absolute() -> None:
    link = Link(url="/tides/", content=words("tides"))
    made = with_web_addresses(
        article(
            url="/ferry/",
            body=(
                Paragraph(content=(Link(url="#part", content=words("part")),)),
                Quote(blocks=(Paragraph(content=(link,)),), url="vane/"),
                List(items=(ListItem(blocks=(Paragraph(content=(link,)),)),)),
                Table(rows=(((link,), words("x")),)),
                Figure(src="pictures/pier.jpg"),
            ),
        ),
        PUBLICATION,
    )
    text = made.model_dump_json()
    assert made.url == "https://gazette.example.org/ferry/"
    assert text.count('"https://gazette.example.org/tides/"') == 3
    assert '"https://gazette.example.org/ferry/#part"' in text
    assert '"https://gazette.example.org/vane/"' in text
    assert '"pictures/pier.jpg"' in text  # the adapter publishes it under another name


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/a?b&amp;c">', '<a href="https://a.example/a?b&amp;c">'),
        ('<a href="#fn-1">', '<a href="https://a.example/ferry/#fn-1">'),
        ('<img alt="" src="ä.jpg">', '<img alt="" src="https://a.example/%C3%A4.jpg">'),
        ('<q cite="../x y">', '<q cite="https://a.example/x%20y">'),
        ('<a href="mailto:a@b.example">', '<a href="mailto:a@b.example">'),
        ("<code>&lt;a href=&#34;/a&#34;&gt;</code>", "<code>&lt;a href=&#34;/a&#34;&gt;</code>"),
        ('<p data-href="/a" href="">', '<p data-href="/a" href="">'),
    ],
)
def test_addresses_in_html_become_absolute(html: str, expected: str) -> None:
    made = html_with_web_addresses(html, "https://a.example/ferry/", "https://a.example/")
    assert made == expected
    assert html_with_web_addresses(made, "https://b.example/", "https://b.example/") == expected


def test_nodes_without_addresses_are_not_copied() -> None:
    plain = article(body=(para("Nothing to see."),))
    assert with_web_addresses(plain, PUBLICATION).body is plain.body
