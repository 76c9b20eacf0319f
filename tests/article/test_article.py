"""The canonical article: immutable, no unknown keys, unchanged by JSON, safe in every format."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from syndicate.article import Article, Figure, Link, Subscript, Superscript, Table, Text
from syndicate.article.article import article_schema
from syndicate.article.text import excerpt, plain, reading_minutes, word_count
from syndicate.article.values import clean, direction_of, language_tag, one_line, safe_url
from syndicate.engine.content.identity import words_digest
from tests.articles import article, every_block, para, words


def test_model_to_json_to_model_is_the_identity() -> None:
    whole = every_block()
    again = Article.model_validate_json(whole.model_dump_json())
    assert again == whole
    assert again.digest == whole.digest


def test_the_digest_is_the_same_as_in_earlier_releases() -> None:
    """Ledgers and drafts contain the digest. If this fails because a field was added, leave the
    field out of the digest if it has its default value. Otherwise every article counts as edited
    after an upgrade."""
    fixed = article(body=(para("One."), Figure(src="a.png", alt="A")), lead_image=None)
    assert fixed.digest == "922383827931b67dac57c6c3a1aa2be9357c528b85e7c154124be79517a1e709"
    assert words_digest(fixed) == "83b996c6ef9f1fce4153fb9c7b3c09407b0bea1b8481919ef2dda5096e113364"


def test_every_block_and_inline_type_is_in_the_sample() -> None:
    definitions = article_schema()["$defs"]
    kinds = [d["properties"].get("type", {}) for d in definitions.values()]
    types = {kind["const"] for kind in kinds if "const" in kind}
    text = every_block().model_dump_json()
    assert {name for name in types if f'"type":"{name}"' not in text} == set()


def test_the_schema_is_valid_and_accepts_the_sample() -> None:
    jsonschema.Draft202012Validator.check_schema(article_schema())
    jsonschema.validate(json.loads(every_block().model_dump_json()), article_schema())


def test_an_article_cannot_be_changed_or_extended() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        article().title = "Other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        article(colour="red")


def test_direction_follows_language_unless_given() -> None:
    assert article(language="ar").direction == "rtl"
    assert article(language="en").direction == "ltr"
    assert article(language="ar", direction="ltr").direction == "ltr"


@pytest.mark.parametrize(
    ("tag", "direction"),
    [("fa-IR", "rtl"), ("he", "rtl"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("ja", "ltr")],
)
def test_direction_of_a_language(tag: str, direction: str) -> None:
    assert direction_of(tag) == direction


@pytest.mark.parametrize(("tag", "cased"), [("EN-us", "en-US"), ("zh-hant-tw", "zh-Hant-TW")])
def test_language_tags_are_put_in_their_usual_case(tag: str, cased: str) -> None:
    assert language_tag(tag) == cased


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVa\tScript:alert(1)",
        "\u200bjavascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
    ],
)
def test_links_that_run_code_or_read_files_are_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Link(url=url, content=words("x"))


@pytest.mark.parametrize(
    "url", ["/a", "a.html#b", "https://x.example/?q=a b", "mailto:a@b.example"]
)
def test_ordinary_links_are_accepted(url: str) -> None:
    assert Link(url=url, content=words("x")).url == url.replace(" ", "%20")


anything = st.text(st.characters(exclude_categories=()), max_size=80)


@given(anything)
def test_text_has_only_characters_that_xml_allows(text: str) -> None:
    cleaned = Text(text=text).text
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in cleaned)
    assert one_line(one_line(text)) == one_line(text)


@given(anything)
def test_safe_url_is_idempotent_or_refuses(text: str) -> None:
    try:
        once = safe_url(text.encode("utf-8", "ignore").decode())
    except ValueError:
        return
    assert safe_url(once) == once


def test_a_table_is_rectangular() -> None:
    with pytest.raises(ValidationError, match="same number of cells"):
        Table(rows=((words("a"), words("b")), (words("c"),)))


def test_word_count_and_reading_minutes() -> None:
    assert word_count((para("It's a well-known U.S. fact."),)) == 5
    assert word_count((para("港は静かだ"),)) == 5
    assert reading_minutes((para("word " * 690),)) == 3
    assert reading_minutes(()) == 1


def test_an_excerpt_ends_at_the_end_of_a_word() -> None:
    body = (para("One two three four five six."),)
    assert excerpt(body, 100) == "One two three four five six."
    assert excerpt(body, 14) == "One two three…"
    assert plain(body[0].content) == "One two three four five six."


def test_plain_text_keeps_raised_and_lowered_digits() -> None:
    def sup(text: str) -> Superscript:
        return Superscript(content=words(text))

    assert plain((*words("20 m s"), sup("−1"))) == "20 m s⁻¹"
    assert plain((*words("CO"), Subscript(content=words("2")))) == "CO₂"
    assert plain((*words("the 1"), sup("st"))) == "the 1st"
