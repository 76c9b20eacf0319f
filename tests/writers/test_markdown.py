"""The Markdown of an article is read back as the same article."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate.article import (
    Article,
    Emphasis,
    Heading,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    Quote,
    Span,
    Strong,
    Table,
    Text,
)
from syndicate.article.blocks import Blocks
from syndicate.article.inlines import Content
from syndicate.readers import Source, read
from syndicate.writers.markdown import as_markdown, changed_blocks
from tests.articles import PUBLICATION, article, every_block, para


def read_back(text: str) -> Article:
    """The article in the Markdown `text`."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    source = Source(PurePosixPath("quay.md"), text.encode(), moment, PUBLICATION)
    return read(source)[0].article


def test_every_block_is_read_back() -> None:
    one = every_block()
    assert not changed_blocks(one.body, read_back(as_markdown(one)).body)
    assert not changed_blocks(one.body, read_back(as_markdown(one, careful=range(99))).body)


def test_metadata_is_read_back() -> None:
    one = every_block()
    back = read_back(as_markdown(one, given={"id", "url", "slug"}))
    unlike = {
        name
        for name in Article.model_fields
        if name not in ("body", "lead_image") and getattr(one, name) != getattr(back, name)
    }
    assert not unlike
    assert back.lead_image == one.lead_image


def test_the_markdown_is_easy_to_read() -> None:
    text = as_markdown(
        article(body=(para("It's 5.2 metres (or so), the pilot's table says: wait."),))
    )
    assert "\n\nIt's 5.2 metres (or so), the pilot's table says: wait.\n" in text


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (
            (Strong(content=(Text(text="High water:"),)), Text(text=" 5.2 m")),
            "**High water:** 5.2 m",
        ),
        (
            (Text(text="He ran ("), Emphasis(content=(Text(text="“so”"),)), Text(text=").")),
            "He ran (*“so”*).",
        ),
        ((Text(text="un"), Strong(content=(Text(text="tied"),))), "un<strong>tied</strong>"),
        ((Strong(content=(Text(text="潮:"),)), Text(text="高")), "<strong>潮:</strong>高"),
        ((Strong(content=(Text(text="*a*"),)),), "<strong>\\*a\\*</strong>"),
    ],
)
def test_markdown_signs_are_used_where_they_work(content: Content, written: str) -> None:
    one = article(body=(Paragraph(content=content),))
    text = as_markdown(one)
    assert text.rstrip().endswith(written)
    assert not changed_blocks(one.body, read_back(text).body)


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "1. no item",
        "- no item",
        "> no quote",
        "Q: no question",
        "::: no box",
        "— no attribution",
        "Table: no caption",
        "a *star* and _bar_ and `tick`",
        "[no](link) and ![no](picture)",
        "https://example.org/ no link",
        "<b>no tag</b> &amp; no entity",
        "~~kept~~ H~2~O m^2^",
        "[[no wiki]] {{ no template }} {% no tag %} %%no comment%% ==no mark==",
        "| no | table |",
        "[^1] no note",
        "!!! note",
        "\\*",
    ],
)
def test_text_that_looks_like_markdown_stays_text(text: str) -> None:
    one = article(body=(para("Before."), para(text), para("After.")))
    careful = changed_blocks(one.body, read_back(as_markdown(one)).body)
    assert not changed_blocks(one.body, read_back(as_markdown(one, careful=careful)).body)


letters = st.text("ab .,:*_`[]()<>&#!|~^{}=%-+\\'\"$1Q—é", min_size=1, max_size=12).filter(
    str.strip
)
texts = letters.map(lambda text: Text(text=text))
urls = st.sampled_from(
    ["https://example.org/a", "https://example.org/?q=(1)&b=c", "mailto:a@b.org"]
)


def stressed(inner: st.SearchStrategy[Content]) -> st.SearchStrategy[Content]:
    """Styled text with plain text on either side."""
    marks = st.one_of(
        st.builds(Emphasis, content=inner),
        st.builds(Strong, content=inner),
        st.builds(Link, url=urls, content=st.tuples(texts)),
        st.builds(Span, language=st.just("ar"), direction=st.just("rtl"), content=inner),
    )
    return st.tuples(texts, marks, texts)


contents = st.recursive(st.tuples(texts), stressed, max_leaves=3)
paragraphs = st.builds(Paragraph, content=contents)
bodies = st.lists(
    st.one_of(
        paragraphs,
        st.builds(Heading, level=st.integers(2, 6), content=contents),
        st.builds(Quote, blocks=st.tuples(paragraphs)),
        st.builds(
            List,
            ordered=st.booleans(),
            items=st.lists(
                st.builds(ListItem, blocks=st.tuples(paragraphs)), min_size=1, max_size=2
            ).map(tuple),
        ),
        st.builds(Table, rows=st.tuples(st.tuples(contents, contents))),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


@given(bodies)
@example((para("a"), Paragraph(content=(Text(text="b"), LineBreak(), Text(text="# c")))))
def test_careful_blocks_are_read_back(body: Blocks) -> None:
    one = article(body=body)
    assert not changed_blocks(one.body, read_back(as_markdown(one, careful=range(len(body)))).body)
