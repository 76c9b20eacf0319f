"""Limits of all readers: what they refuse, what they remove, and that they never fail otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.article import Article
from syndicate.errors import SourceError, SyndicateError
from syndicate.readers import MOST_BYTES, SUFFIXES, Source, read
from tests.articles import PUBLICATION, every_block
from tests.cost import LINEAR, growth
from tests.readers.reading import MODIFIED, article_of, refused, source

NAMES = ["note.md", "note.txt", "note.json"]


@pytest.mark.parametrize("name", NAMES)
def test_the_error_for_a_large_file_has_its_size_and_the_limit(name: str) -> None:
    (error,) = refused(b"x" * (MOST_BYTES + 1), name)
    assert "20,000,001" in error.message
    assert "20,000,000" in error.message


@pytest.mark.parametrize("name", NAMES)
def test_the_error_for_invalid_utf_8_has_the_offset_of_the_byte(name: str) -> None:
    (error,) = refused("Hé\nab".encode() + b"\xff rest", name)
    assert str(error) == f"content/{name}:2:3: byte 0xff is not UTF-8 text"


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "no-such-charset"])
def test_bytes_that_do_not_match_the_servers_encoding_are_refused(charset: str) -> None:
    bad = replace(source("Hé\nab".encode() + b"\xff\xff rest", "note.txt"), charset=charset)
    with pytest.raises(SourceError, match="2:3: byte 0xff is not UTF-8 text"):
        read(bad)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff", b"a\0b"])
def test_the_error_for_a_binary_file_says_so(name: str, data: bytes) -> None:
    assert "binary" in refused(data, name)[0].message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_removed(encoding: str) -> None:
    article = article_of("# Bootéé\r\n\r\nDas Boot.\r\n".encode(encoding))
    assert article.title == "Bootéé"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_refused(name: str, text: str) -> None:
    refused(text, name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# Only a headline\n", "no body"),
        ("Only text.\n", "no title"),
        ("---\ntitle: Boat\n---\n<!-- nothing -->\n", "no body"),
    ],
)
def test_an_article_needs_a_title_and_a_body(text: str, says: str) -> None:
    assert says in refused(text)[0].message


def test_the_error_for_an_unknown_suffix_lists_the_known_ones() -> None:
    (error,) = refused("x", "note.xyz")
    assert ".md" in str(error.hint)


def test_errors_name_a_file_outside_a_newsroom_by_its_own_path() -> None:
    outside = Source(PurePosixPath("note.md"), b"", MODIFIED, PUBLICATION, folder="")
    with pytest.raises(SyndicateError, match=r"^note\.md"):
        read(outside)


DEEP: dict[str, Callable[[int], str]] = {
    "quotes": lambda n: ">" * (5 * n) + " x\n",
    "lists": lambda n: "- " * (5 * n) + "x\n",
    "stress": lambda n: "*a **b " * (3 * n) + "x" + "** c*" * (3 * n) + "\n",
    "brackets": lambda n: "[" * (10 * n) + "\n",
    "images": lambda n: "![" * (3 * n) + "](a.png)" * (3 * n) + "\n",
    "links": lambda n: "[a](" * (15 * n) + "\n",
    "notes": lambda n: "^[" * (3 * n) + "\n",
    "boxes": lambda n: "".join(":" * (n // 2 - k) + " note\n" for k in range(n // 5)) + "x\n",
    "tables": lambda n: "|a" * (20 * n) + "\n" + "|-" * (20 * n) + "\n",
    "ticks": lambda n: "".join("`" * k + "a" for k in range(6 * n // 10)) + "\n",
    "html": lambda n: "<a " * (20 * n) + "\n",
    "comments": lambda n: "<!--" * (20 * n) + "\n",
    "tags": lambda n: "<em>" * (10 * n) + "x\n",
    "shortcodes": lambda n: "{{< figure " * (20 * n) + "\n",
    "spaced shortcode": lambda n: "{{< a" + " " * (50 * n) + "x\n",
    "liquid": lambda n: "{% a " * (20 * n) + "\n",
    "wiki links": lambda n: "[[a|" * (5 * n) + "\n",
    "marks": lambda n: "==a " * (30 * n) + "\n",
    "empty lines": lambda n: "a" + "\n" * (60 * n) + "b\n",
    "questions": lambda n: "Q: a?\n\nA: b\n\nc\n\n" * n,
}
COPY: dict[str, Callable[[int], str]] = {
    "one line": lambda n: "a" * (500 * n),
    "quotes": lambda n: '"' * (50 * n),
    "dashes": lambda n: "A" + " —" * (30 * n) + " x",
    "colons": lambda n: "Note: " * (20 * n),
    "spaces": lambda n: "A (" + "b " * (50 * n),
    "lines": lambda n: "A short line\n\n" * (10 * n),
    "share": lambda n: "read more: " * (20 * n),
}


def attempt(name: str) -> Callable[[str], None]:
    """A function that reads a text as the file `name`, and accepts only readable errors."""

    def work(text: str) -> None:
        try:
            read(source(text, name))
        except SyndicateError as error:
            assert "cannot be read as" not in str(error)

    return work


@pytest.mark.parametrize("piece", DEEP.values(), ids=DEEP.keys())
def test_hostile_markdown_takes_linear_time(piece: Callable[[int], str]) -> None:
    assert growth(lambda n: "# B\n\n" + piece(n), attempt("note.md")) < LINEAR


@pytest.mark.parametrize("piece", COPY.values(), ids=COPY.keys())
def test_hostile_plain_text_takes_linear_time(piece: Callable[[int], str]) -> None:
    assert growth(lambda n: "B\n\n" + piece(n), attempt("note.txt")) < LINEAR


@pytest.mark.parametrize("text", ['{"a":' * 100_000, "[" * 100_000, "[" * 5000 + "]" * 5000])
def test_hostile_json_is_refused(text: str) -> None:
    assert "cannot be read as" not in str(refused(text, "note.json")[0])


def test_only_nesting_deeper_than_100_is_refused() -> None:
    assert article_of("# B\n\n" + ">" * 90 + " x\n").body
    assert "deeper than 100" in str(refused("# B\n\n" + ">" * 110 + " x\n")[0])


def test_control_characters_are_removed() -> None:
    article = article_of("# Bo\x08at\n\nThe\x0b ship\x1b[0m sails.\n")
    assert article.title == "Boat"
    assert "\x1b" not in article.model_dump_json()


PIECES = st.sampled_from(
    [
        "# ",
        " ## ",
        "> ",
        "> [!tip] ",
        "- ",
        "1. ",
        "::: ",
        "::: faq",
        "::: cta",
        "::: related",
        "::: embed ",
        "::: correction ",
        "Q: ",
        "A: ",
        "\n    ",
        "* ",
        "** ",
        "_ ",
        "` ",
        "``` ",
        "[a](",
        "[",
        "](",
        ") ",
        "![",
        "<b>",
        "<!-- ",
        "--> ",
        "--- ",
        "+++ ",
        ": ",
        "= ",
        "\\ ",
        "~",
        "^",
        "^[",
        "[^1]",
        "[^1]: ",
        "{lang=ar}",
        "\n    ",
        "https://example.org/ ",
        "https://youtu.be/a ",
        "javascript:",
        "\n",
        "\n\n",
        "  ",
        "\t",
        "word ",
        "Word. ",
        "FAQ",
        "Did you know? ",
        "\n    ",
        "By Ann ",
        "By ",
        "5 October 2026",
        "Note: ",
        '"',
        "” — X",
        "Leave a comment",
        "Related articles",
        "Table: ",
        "&amp;",
        "\u200f",
        "ش",
        "日本",
        "\n    ",
        "title: ",
        "date: ",
        "tags: [",
        "- &a *a",
        "? ",
        "! ",
        "%",
        ",",
        "}",
        "{",
        "<div>",
        "</div>",
        "<script>",
        "\ud7ff",
        "🚢",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, name=st.sampled_from([f"a{suffix}" for suffix in SUFFIXES]), front=st.booleans())
def test_any_text_is_read_or_refused(text: str, name: str, front: bool) -> None:
    if front:
        text = f"---\ntitle: Boat\n---\n{text}"
    try:
        readings = read(source(text.encode("utf-8", "surrogatepass"), name))
    except SyndicateError as error:
        assert "cannot be read as an article" not in str(error)
        assert "\n" not in error.message
        return
    for reading in readings:
        assert Article.model_validate_json(reading.article.model_dump_json()) == reading.article


@settings(max_examples=150, deadline=None)
@given(data=st.binary(), name=st.sampled_from(NAMES))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        read(source(data, name))
    except SyndicateError as error:
        assert "cannot be read as an article" not in str(error)


@settings(max_examples=150, deadline=None)
@given(front=st.lists(PIECES, max_size=30).map("".join), fence=st.sampled_from(["---", "+++"]))
def test_any_front_matter_is_read_or_refused(front: str, fence: str) -> None:
    try:
        read(source(f"{fence}\n{front}\n{fence}\n# Boat\n\nThe boat sails.\n".encode()))
    except SyndicateError as error:
        assert "cannot be read as an article" not in str(error)


def test_our_own_json_is_read_back_unchanged() -> None:
    article = every_block()
    assert article_of(article.model_dump_json(), "note.json") == article
