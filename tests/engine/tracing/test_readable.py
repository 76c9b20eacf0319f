"""Files are read as a reader sees them."""

from __future__ import annotations

import json

import pytest

from syndicate.engine.tracing.readable import is_without_words, text_of_file
from syndicate.engine.tracing.words import Phrase

HTML = (
    "<!doctype html><title>Ferry</title><style>p { color: red }</style><p>It <b>sa</b>ils"
    '<sup><a href="#n1">1</a></sup> on&nbsp;Friday<br>at nine.<p>Then &amp; now.<script>x</script>'
)
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A &lt;b&gt; ferry</title>
<content type="html">{HTML.replace("&", "&amp;").replace("<", "&lt;")}</content></entry></feed>"""
XHTML = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml">
<p>It <b>sa</b>ils<a href="#n1">1</a> on Friday at nine.</p>
<p>Then &amp; now.</p></div></content></entry></feed>"""
EML = """Subject: =?utf-8?q?Ferry?=
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>It sails on Fri=
day at nine.</p><p>Then &amp; now.</p>
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", HTML),
        ("feed.atom", ATOM),
        ("feed.xml", XHTML),
        ("feed.json", json.dumps({"items": [{"content_html": HTML}]})),
        ("ferry.txt", "It sails on\nFriday at nine.\n\nThen & now."),
        ("ferry.eml", EML),
    ],
)
def test_a_sentence_is_read_over_markup_and_breaks(name: str, text: str) -> None:
    found = text_of_file(name, text.encode())
    assert found is not None
    assert Phrase("It sails on Friday at nine. Then & now.").is_in(found)
    assert "color: red" not in found


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"<", b"{", b"PK\x03\x04 cut off"])
@pytest.mark.parametrize("name", ["a.html", "a.xml", "a.json", "a.epub", "a.eml", "a.letter"])
def test_what_is_damaged_is_read_as_far_as_it_goes(name: str, content: bytes) -> None:
    assert not Phrase("It sails").is_in(text_of_file(name, content) or "")


def test_a_pdf_is_not_read_and_a_picture_has_no_words() -> None:
    assert text_of_file("ferry.pdf", b"%PDF-1.7") is None
    assert is_without_words("pier.JPG")
    assert not is_without_words("ferry.pdf")
