"""The draft file can be edited by hand, and errors in it are reported clearly."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate.errors import Problems, SourceError
from syndicate.thread import Image, ThreadDraft, draft_with_keys, read_draft, write_draft

DRAFT = ThreadDraft(
    article="tag:gazette.example.org,2026-10-05:ferry",
    channel="x",
    digest="0" * 64,
    link="https://gazette.example.org/ferry/",
    images=(Image(src="pictures/ferry.jpg", alt='The "night" ferry:\n---\nat berth 4'),),
    posts=("First.\n\nStill first.", "Second\n---\nand \\---\nwith rules", "Third. ☀️ عبّارة"),
)
FILE = "drafts/x/ferry.x.md"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
lines = st.sampled_from(["---", "\\---", "\\\\---  ", "----", "text", "", "--- ", "...", "# x"])
posts = st.one_of(texts, st.lists(lines, min_size=1).map("\n".join)).map(str.strip).filter(bool)
printable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)


@example(["First."], "one\x85two\u2028three\n four\x85", "a", "x")
@given(st.lists(posts, min_size=1, max_size=6), st.none() | texts, printable, printable)
def test_a_draft_is_read_back_unchanged(
    found: list[str], alt: str | None, src: str, channel: str
) -> None:
    draft = DRAFT.model_copy(
        update={"posts": tuple(found), "images": (Image(src=src, alt=alt),), "channel": channel}
    )
    assert read_draft(write_draft(draft), FILE) == draft


def test_the_draft_file_is_easy_to_read() -> None:
    written = write_draft(DRAFT.model_copy(update={"images": ()})).decode()
    assert written == (
        "---\n"
        "article: tag:gazette.example.org,2026-10-05:ferry\n"
        "channel: x\n"
        "status: draft\n"
        f"digest: '{'0' * 64}'\n"
        "link: https://gazette.example.org/ferry/\n"
        "images: []\n"
        "---\n\n"
        "First.\n\nStill first.\n\n"
        "---\n\n"
        "Second\n\\---\nand \\---\nwith rules\n\n"
        "---\n\n"
        "Third. ☀️ عبّارة\n"
    )


def test_a_draft_can_be_saved_by_any_text_editor() -> None:
    written = write_draft(DRAFT)
    assert read_draft(b"\xef\xbb\xbf" + written.replace(b"\n", b"\r\n"), FILE) == DRAFT
    assert read_draft(written.replace(b"\n---\n", b"\n\n---  \n\n\n") + b"\n\n", FILE).posts[0] == (
        "First.\n\nStill first."
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "does not start"),
        ("Just text\n---\na: b\n---\nPost", 1, "does not start"),
        ("---\narticle: a\n", 1, "has no end"),
        ("---\narticle: [a\n---\n\nPost\n", 2, "not YAML"),
        ("---\n- a\n---\n\nPost\n", 2, "keys and values"),
        (
            "---\narticle: a\nchannel: x\ndigest: d\nlink: l\n---\n\nOne\n\n---\n\n---\n\nTwo\n",
            10,
            "post 2 is empty",
        ),
        ("---\narticle: a\nchannel: x\ndigest: d\nlink: l\n---\n", 6, "post 1 is empty"),
        ("---\narticle: a\nchannel: x\ndigest: 12\nlink: l\n---\n\nOne\n", 4, "digest"),
        ("---\narticle: a\nchannel: x\ndigest: d\nlink: l\nmood: x\n---\n\nOne\n", 6, "mood"),
        ("---\nchannel: x\ndigest: d\nlink: l\n---\n\nOne\n", 1, "article: is missing"),
        ("---\na: &a [*a, *a]\n---\n\nOne\n", 2, ""),
    ],
)
def test_the_error_for_an_invalid_draft_has_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises((SourceError, Problems)) as caught:
        read_draft(text.encode(), FILE)
    first = caught.value.errors[0] if isinstance(caught.value, Problems) else caught.value
    assert first.where is not None
    if message:
        assert (first.where.file, first.where.line) == (FILE, line)
        assert message in str(caught.value)


def test_all_bad_keys_are_reported_at_once() -> None:
    with pytest.raises(Problems) as caught:
        read_draft(b"---\narticle: 1\nchannel: 2\ndigest: d\nlink: l\n---\n\nOne\n", FILE)
    assert [error.where and error.where.line for error in caught.value.errors] == [2, 3]
    assert all(error.hint == "put the value in quotes" for error in caught.value.errors)


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(SourceError, match=r"ferry\.x\.md:2: is not UTF-8"):
        read_draft(b"---\n\xff\n---\n", FILE)


def test_setting_a_key_changes_nothing_else() -> None:
    written = write_draft(DRAFT).decode()
    by_hand = written.replace("status: draft\n", "status: draft\n# Bo looks at it\n")
    by_hand = by_hand.replace("images:", "confirmed:\n  - '7'\n- '8'\nimages:").replace(
        "\n", "\r\n"
    )
    changed = draft_with_keys(
        by_hand.encode(), {"status": "approved", "confirmed": ["80,000", "“no”"]}
    )
    expected = by_hand.replace("status: draft", "status: approved").replace(
        "confirmed:\r\n  - '7'\r\n- '8'\r\n", 'confirmed: ["80,000", "“no”"]\r\n'
    )
    assert changed.decode() == expected
    draft = read_draft(changed, FILE)
    assert (draft.status, draft.confirmed) == ("approved", ("80,000", "“no”"))


def test_a_schedule_needs_a_time_zone() -> None:
    moment = datetime(2026, 10, 5, 9, tzinfo=timezone(timedelta(hours=2)))
    draft = DRAFT.model_copy(update={"schedule": moment})
    assert read_draft(write_draft(draft), FILE) == draft
    naive = write_draft(draft).replace(b"+02:00", b"")
    with pytest.raises(SourceError, match="schedule: Input should have timezone info"):
        read_draft(naive, FILE)
