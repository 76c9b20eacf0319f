"""Sketches can be compared in place of texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syndicate.article.similarity import similarity, sketch
from tests.articles import para

texts = st.lists(st.sampled_from([f"w{n}" for n in range(40)]), min_size=3, max_size=120)


@given(texts, texts)
def test_likeness_is_symmetric_and_one_for_equal_texts(one: list[str], other: list[str]) -> None:
    a = sketch((para(" ".join(one)),))
    b = sketch((para(" ".join(other)),))
    assert similarity(a, b) == similarity(b, a)
    assert similarity(a, a) == 1
    assert 0 <= similarity(a, b) <= 1
