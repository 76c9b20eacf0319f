"""The text part: 72 columns as a terminal counts them, without loss."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.adapters.email.plain_text import (
    BREAK,
    HANG,
    KEEP,
    flow_plain_text,
    lowered_plain_text,
    plain_text_grid,
    plain_text_width,
    raised_plain_text,
    underline_plain_text,
    wrap_plain_text,
)
from syndicate.article import Table
from syndicate.article.text import plain
from tests.articles import words


def test_wide_and_combining_characters_are_counted_as_shown() -> None:
    assert plain_text_width("abc") == 3
    assert plain_text_width("港口") == 4
    assert plain_text_width("e\u0301\u200b") == 1


def test_a_paragraph_is_wrapped_and_a_bullet_hangs() -> None:
    lines = wrap_plain_text(f"- {HANG}{'word ' * 40}").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("- word") and lines[1].startswith("  word")
    assert max(map(len, lines)) <= 72


def test_nested_prefixes_hang_at_their_own_depth() -> None:
    lines = wrap_plain_text(f"> - {HANG}{'word ' * 30}\n>   10. {HANG}{'deep ' * 30}").splitlines()
    assert lines[1].startswith(">   word")
    assert lines[-1].startswith(">       deep")


def test_code_and_urls_are_not_wrapped() -> None:
    url = "https://gazette.example.org/" + "x" * 120
    code = f"{KEEP}    {'y = 1; ' * 20}"
    text = wrap_plain_text(f"See {url} today.\n\n{code}")
    assert url in text.split()
    assert f"    {'y = 1; ' * 20}".rstrip() in text


def test_ideographs_break_without_spaces_but_not_before_a_full_stop() -> None:
    lines = wrap_plain_text("船が港に戻った。" * 20).splitlines()
    assert all(plain_text_width(line) <= 72 for line in lines)
    assert not any(line.startswith("。") for line in lines)
    assert "".join(lines) == "船が港に戻った。" * 20


def test_white_space_is_collapsed_and_breaks_are_kept() -> None:
    assert flow_plain_text(f"a \n b{BREAK}  c") == "a b\nc"


def test_a_line_does_not_end_at_a_no_break_space() -> None:
    lines = wrap_plain_text(flow_plain_text("«\u00a0Le bac part\u00a0» " * 20)).splitlines()
    assert max(map(plain_text_width, lines)) <= 72 and len(lines) > 4
    assert not any(line.startswith("»") or line.endswith("«") for line in lines)


def test_superscripts_and_subscripts_are_kept() -> None:
    assert (raised_plain_text("−2"), raised_plain_text("12"), raised_plain_text("st")) == (
        "⁻²",
        "¹²",
        "st",
    )
    assert (lowered_plain_text("2"), lowered_plain_text("max")) == ("₂", "max")


def test_a_heading_is_underlined_to_its_width() -> None:
    assert wrap_plain_text(underline_plain_text("潮 Tide", "-")) == "潮 Tide\n-------\n"


def test_a_table_is_set_in_columns_or_as_records() -> None:
    table = Table(
        header=(words("Port"), words("Metres")),
        rows=((words("Ellery"), words("4.2")), (words("Sund"), words("13.9"))),
        align=("start", "end"),
    )
    assert wrap_plain_text(plain_text_grid(table, plain)) == (
        "Port    Metres\n------  ------\nEllery     4.2\nSund      13.9\n"
    )
    wide = Table(header=(words("A"), words("B")), rows=((words("x " * 40), words("y")),))
    assert wrap_plain_text(plain_text_grid(wide, plain)).splitlines()[-1] == "B: y"
    assert wrap_plain_text(plain_text_grid(Table(rows=()), plain)).strip() == ""


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str) -> None:
    set_text = wrap_plain_text(flow_plain_text(text))
    assert "".join(set_text.split()) == "".join(text.split())
    if "://" not in text and not text.lstrip().startswith((">", "|")):
        assert all(plain_text_width(line) <= 72 for line in set_text.splitlines() if " " in line)
