"""Quoted-printable, in one or several pieces, against the standard library's decoder."""

from __future__ import annotations

import quopri
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndicate.letter.quoted_printable import quoted_printable, quoted_printable_value

ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
TEXT = st.text(ANY | st.sampled_from(".=\n \tF"), max_size=300)


@settings(max_examples=600, deadline=None)
@given(st.lists(TEXT, max_size=6))
@example(["." * 100, "\n..\nFrom me\n", "a" * 75, "b" * 76, " ", "x \n", "From "])
@example(["000000\x1f\x80\x80\x80\x80\x80\U00010000\U00010000\U000100000"])
@example(["a" * 73 + " ", "=" * 80, "." * 23 + "\n." + "y" * 75])
def test_joined_pieces_decode_to_the_text(texts: list[str]) -> None:
    pieces = [
        quoted_printable_value(text.replace("\n", "")) if n % 2 else quoted_printable(text)
        for n, text in enumerate(texts)
    ]
    wire = b"".join(pieces)
    expected = "".join(t.replace("\n", "") if n % 2 else t for n, t in enumerate(texts))
    decoded = quopri.decodestring(wire).decode()
    assert decoded.replace("\r\n", "\n") == expected
    lines = wire.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert all(re.fullmatch(rb"[\t -~]*", line) for line in lines)
    assert not any(line.startswith((b".", b"From ")) for line in lines)
    assert not any(line.endswith((b" ", b"\t")) for line in lines)
