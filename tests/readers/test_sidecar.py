"""A sidecar (`NAME.toml` next to `NAME.ext`) adds to what the source says, or corrects it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.article import Contributor
from syndicate.article.text import passages
from syndicate.errors import Problems, SyndicateError
from syndicate.readers import Reading, read
from tests.readers.docx.making import para, with_body
from tests.readers.reading import read_one, source

COPY = """A headline

By Ines Okafor

Why fares go up

The council met on Monday and voted to keep the night ferry until 2030.

Note: It rains.

Share

The boat is the town's last bus, and it sails at one every night of the year.
"""


def with_sidecar(text: str, side: str, name: str = "note.txt") -> Reading:
    """The article of `text` with this sidecar."""
    (reading,) = read(replace(source(text, name), sidecar=side.encode()))
    return reading


def types(reading: Reading) -> list[str]:
    return [block.type for block in reading.article.body]


def test_metadata_in_a_sidecar_takes_precedence() -> None:
    front = "---\ntitle: Old\nauthor: Bo\nphotographer: Ruth\n---\n\nText."
    article = with_sidecar(front, 'title = "New"\nauthors = ["Jo"]\nlang = "de"', "a.md").article
    assert (article.title, article.language) == ("New", "de")
    assert article.contributors == (
        Contributor(name="Jo"),
        Contributor(name="Ruth", role="photographer"),
    )


def test_a_sidecar_can_give_the_title_of_a_source_without_one() -> None:
    assert with_sidecar("Only text here.", 'title = "Boat"', "a.md").article.title == "Boat"


def test_a_title_in_a_sidecar_replaces_the_headline() -> None:
    reading = with_sidecar("# Old\n\nText.", 'title = "New"', "a.md")
    assert (reading.article.title, types(reading)) == ("New", ["paragraph"])


@pytest.mark.parametrize(
    ("side", "found"),
    [
        ('[lines]\n5 = "paragraph"', ["paragraph", "paragraph", "callout", "paragraph"]),
        (
            '[text]\n"Why fares go up" = "paragraph"',
            ["paragraph", "paragraph", "callout", "paragraph"],
        ),
        ('[lines]\n9 = "paragraph"', ["heading", "paragraph", "paragraph", "paragraph"]),
        (
            '[lines]\n11 = "paragraph"',
            ["heading", "paragraph", "callout", "paragraph", "paragraph"],
        ),
        ('[lines]\n13 = "left out"', ["heading", "paragraph", "callout"]),
        ('[text]\n"The boat…" = "pullquote"', ["heading", "paragraph", "callout", "pullquote"]),
        ('[lines]\n5 = "item"\n7 = "item"', ["list", "callout", "paragraph"]),
        ('[lines]\n5 = "question"\n7 = "answer"', ["faq", "callout", "paragraph"]),
    ],
)
def test_a_sidecar_can_say_what_a_line_is(side: str, found: list[str]) -> None:
    assert types(with_sidecar(COPY, side)) == found


LEDE = "PORT ELLERY — The pilot resigned on Monday"


@pytest.mark.parametrize("lede", [LEDE, f"{LEDE}.", "The pilot resigned on Monday.", "Long " * 90])
@pytest.mark.parametrize("name", ["note.txt", "note.md", "note.docx"])
def test_a_title_in_a_sidecar_never_removes_a_paragraph(lede: str, name: str) -> None:
    data = with_body(para(lede) + para("He had the post.")) if name.endswith("docx") else b""
    text = source(data or f"{lede}\n\nHe had the post.\n", name)
    (reading,) = read(replace(text, sidecar=b'title = "Pilot resigns"'))
    words = " ".join([reading.article.dateline or "", *passages(reading.article.body)])
    assert reading.article.title == "Pilot resigns"
    assert " ".join(lede.replace("—", "").split()) in " ".join(words.replace("—", "").split())


@pytest.mark.parametrize("name", ["note.txt", "note.docx"])
def test_a_title_in_a_sidecar_replaces_a_first_line_that_is_a_headline(name: str) -> None:
    data = with_body(para("Pilot goes") + para("He went.")) if name.endswith("docx") else b""
    text = source(data or "Pilot goes\n\nHe went.\n", name)
    (reading,) = read(replace(text, sidecar=b'title = "Pilot resigns"'))
    assert list(passages(reading.article.body)) == ["He went."]


@pytest.mark.parametrize("stated", ["lines: {8: paragraph}", "text: {Why fares go up: paragraph}"])
def test_front_matter_can_say_what_a_line_is(stated: str) -> None:
    assert types(read_one(f"---\n{stated}\n---\n{COPY}", "note.txt"))[0] == "paragraph"


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("heading 3", "heading"),
        ("tip: Look", "callout"),
        ("quote", "quote"),
        ("cta", "cta"),
        ("correction 2026-10-06", "correction"),
        ("divider", "divider"),
        ("paywall", "paywall"),
    ],
)
def test_a_sidecar_can_change_the_type_of_any_block(form: str, kind: str) -> None:
    reading = with_sidecar("# Boat\n\nOne.\n\nTwo.", f'[lines]\n5 = "{form}"', "a.md")
    assert types(reading) == ["paragraph", kind]
    words = list(passages(reading.article.body[1:]))
    assert words == (
        [] if kind in ("divider", "paywall") else ["Look", "Two."] if "tip" in form else ["Two."]
    )


def test_all_errors_in_a_sidecar_are_reported_with_its_own_name() -> None:
    side = (
        'titel = "X"\nversion = 0\n[lines]\nx = "paragraph"\n7 = "hading"\n'
        '[text]\nOne = "correction"'
    )
    with pytest.raises(Problems) as caught:
        with_sidecar(COPY, side)
    places = sorted(str(error).partition(": ")[0] for error in caught.value.errors)
    assert places == [f"content/note.toml:{line}:1" for line in (1, 2, 4, 5, 7)]
    assert any("did you mean 'heading'?" in str(error.hint) for error in caught.value.errors)


@pytest.mark.parametrize(
    ("side", "says"),
    [
        (
            '[lines]\n6 = "heading"',
            "content/note.toml:2:1: no block of the article begins at line 6",
        ),
        (
            '[text]\n"Nowhere" = "heading"',
            "content/note.toml:2:1: no block of the article has the text 'Nowhere'",
        ),
        ("title = x", "content/note.toml:1:9: TOML:"),
        ("lines = 3", "content/note.toml:1:1: 'lines' must be a table"),
    ],
)
def test_a_line_without_a_block_is_an_error(side: str, says: str) -> None:
    with pytest.raises(SyndicateError) as caught:
        with_sidecar(COPY, side)
    assert str(caught.value).startswith(says)


def test_every_block_has_its_line_number() -> None:
    assert with_sidecar(COPY, "").lines == (5, 7, 9, 13)
    assert read_one("---\ntitle: B\n---\n\nOne.\n\n- a\n- b\n\nQ: a?\nA: b.").lines == (5, 7, 10)
