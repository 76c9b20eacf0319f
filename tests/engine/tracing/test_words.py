"""Words are found however they were typed or set, and nothing else is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.article import Emphasis, Paragraph, Text
from syndicate.engine.tracing.readable import text_of_article
from syndicate.engine.tracing.words import Phrase
from tests.articles import article

SENTENCE = "“We waited too long,” said the harbour master’s deputy — it's 5-7 years"


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "'We waited too long,' said the harbour master's deputy - it’s 5–7 years",
        '"We waited too long," said the harbour master´s deputy--it`s 5‑7 years',
        "« We waited too long, » said the harbour master's deputy – it's 5−7 years",
        "„We waited too long,‟ said\nthe   harbour\xa0master’s deputy —\u2009it's 5-7 years",
        "“We wai\xadted too long,” said the har\u200bbour mas\u2060ter’s deputy — it's 5-7 years",
        "“WE WAITED TOO LONG,” SAID THE HARBOUR MASTER’S DEPUTY — IT'S 5-7 YEARS",
        f"Before. {SENTENCE}! After.",
    ],
)
def test_marks_spaces_and_capitals_make_no_difference(text: str) -> None:
    assert Phrase(SENTENCE).is_in(text)
    assert Phrase(SENTENCE).may_be_in(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE.replace("too", "so"),
        SENTENCE.replace("5-7", "57"),
        SENTENCE.replace("years", "yearsish"),
        f"x{SENTENCE[1:]}",
        "We waited. Too long, said the harbour master's deputy",
    ],
)
def test_other_words_are_not_these(text: str) -> None:
    assert not Phrase(SENTENCE).is_in(text)


def test_words_are_found_whole() -> None:
    assert not Phrase("art").is_in("the party started")
    assert Phrase("art").is_in("Art!")
    assert Phrase("東京").is_in("昨日東京都で")


@pytest.mark.parametrize(("one", "other"), [("m²", "m2"), ("…", "..."), ("İzmir", "i̇zmir")])
def test_what_looks_the_same_is_the_same(one: str, other: str) -> None:
    assert Phrase(f"so {one} it").is_in(f"so {other} it")


def test_a_sentence_may_go_over_the_end_of_a_paragraph() -> None:
    body = tuple(Paragraph(content=(Text(text=one),)) for one in ("It sails", "on Friday."))
    said = text_of_article(article("ferry").model_copy(update={"body": body}))
    assert Phrase("It sails on Friday").is_in(said)


WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöéñ", min_size=1, max_size=12)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=12), st.data())
def test_no_article_with_the_words_is_passed_over(words: list[str], data: st.DataObject) -> None:
    """Whatever markup, hyphenation and form of Unicode the article has."""
    inlines: list[Text | Emphasis] = []
    for word in words:
        cut = data.draw(st.integers(0, len(word)))
        shown = f"{word[:cut]}{data.draw(st.sampled_from(['', chr(0xAD)]))}", word[cut:]
        form = data.draw(st.sampled_from(["NFC", "NFD"]))
        first, last = (unicodedata.normalize(form, part) for part in shown)  # type: ignore[arg-type]
        inlines += [Text(text=first), Emphasis(content=(Text(text=last),)), Text(text=" ")]
    body = (Paragraph(content=tuple(inlines)),)
    told = article("ferry").model_copy(update={"body": body})
    phrase = Phrase(" ".join(words))
    assert phrase.may_be_in(told.model_dump_json().encode())
    assert phrase.is_in(text_of_article(told))
