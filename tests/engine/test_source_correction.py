"""Whatever the note and the source are, the article has exactly this correction, or nothing is
written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.article import Article, Correction
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.engine.source_correction import corrected_file
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.readers import Source, read
from syndicate.readers.prose import with_urls_linked
from tests.engine.conftest import SETTINGS

DAY = date(2026, 10, 6)
SOURCES = {
    "plain.md": "# Ferry\n\nIt sails.\n",
    "quote.md": "# Ferry\n\n> It sails.",
    "list.md": "# Ferry\n\nText.\n\n- one\n- two",
    "code.md": "# Ferry\n\n```\nopen code",
    "box.md": "# Ferry\n\nText.\n\n::: tip Never closed\nwords",
    "comment.md": "# Ferry\n\nText.\n\n<!-- never closed",
    "note.md": "# Ferry\n\nText.[^1]\n\n[^1]: The note.",
    "paid.md": "---\naccess: paid\n---\n# Ferry\n\nText.\n\n<!-- paywall -->\n\nMore.\n",
    "copy.txt": "The night ferry returns\n\nIt sails on Friday at nine, says the harbour office.\n",
    "ask.txt": "The night ferry returns\n\nIt sails on Friday.\n\nWant more? Read our archive.\n",
    "latin.txt": "Die Fähre kehrt zurück\n\nSie fährt am Freitag über das Meer.\n",
    "page.html": "<article><h1>Ferry</h1><p>It sails on Friday, the office says.</p></article>",
}
WORDS = st.sampled_from(
    ["six", "8%", "*", "**bold**", "_x_", "`code`", "[1]", "[a](b)", "<b>", "&amp;", ":::", "#",
     "- x", "1.", ">", "|", "\\\\", "{{ x }}", "https://example.org/a_b", "“so”", "مد", "\"\"\"",
     "Correction:", "---", "+++", "{#a}", "^2^", "~~no~~", "==m==", "%%c%%", "[[page]]", "!"]
)  # fmt: skip
NOTES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join).map(one_line).filter(bool)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    root = tmp_path_factory.mktemp("newsroom")
    (root / "channels").mkdir()
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "channels" / "rss.toml").write_text("")
    for name, text in SOURCES.items():
        encoding = "latin-1" if name.startswith("latin") else "utf-8"
        (root / "content" / name).write_bytes(text.encode(encoding))
    return load_newsroom(root, {})


def articles(path: Path, data: bytes, sidecar: bytes | None, newsroom: Newsroom) -> list[Article]:
    modified = datetime(2026, 9, 1, tzinfo=UTC)
    name = PurePosixPath(path.name)
    source = Source(name, data, modified, newsroom.publication, sidecar=sidecar)
    return [one.article for one in read(source)]


@settings(
    max_examples=80, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(name=st.sampled_from(sorted(SOURCES)), note=NOTES)
def test_the_note_is_read_as_it_was_written(newsroom: Newsroom, name: str, note: str) -> None:
    path = newsroom.content / name
    correction = Correction(date=DAY, content=with_urls_linked(note))
    try:
        file, before, after = corrected_file(newsroom, name, correction, "ferry")
    except UsageError:
        assert not note.strip("*_`#>|-+=~^%!{}[]()\\\"'&;:. ")  # there are no words in it
        return
    own = path.read_bytes()
    data, side = (after, None) if file == path else (own, after)
    assert data.startswith(own) and (before or b"") == after[: len(before or b"")]
    (was,) = articles(path, own, None, newsroom)
    (now,) = articles(path, data, side, newsroom)
    (one,) = now.corrections
    assert (one.date, one_line(plain(one.content))) == (DAY, one_line(plain(correction.content)))
    assert now.model_copy(update={"body": was.body}).title == was.title
    assert [block for block in now.body if not isinstance(block, Correction)] == list(was.body)
