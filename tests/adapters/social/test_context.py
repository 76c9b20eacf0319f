"""Words that a reader of the thread could not understand are found, and few others."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from syndicate.adapters.social.context import unclear_posts
from tests.adapters.social.desk import read
from tests.articles import article, para

MARKS = Path(__file__).with_name("context.toml")


def test_words_without_context_are_found_as_in_a_hundred_posts_marked_by_hand() -> None:
    found = missed = wrong = 0
    for thread in tomllib.loads(MARKS.read_text("utf-8"))["thread"]:
        posts = thread["posts"]
        for post, lacks in zip(
            posts,
            unclear_posts([one["text"] for one in posts], read(thread["article"])),
            strict=True,
        ):
            found += bool(lacks) and "lacks" in post
            missed += not lacks and "lacks" in post
            wrong += bool(lacks) and "lacks" not in post
    assert found + missed > 40
    assert found / (found + missed) >= 0.9, "recall"
    assert found / (found + wrong) >= 0.8, "precision"


BODY = (
    para("The council of Hove bought a lock in March. Ruth Calloway, an engineer, warned it."),
    para("Calloway found three cracks. She will report on Friday."),
    para("However, the lock was closed. Such cracks are common, the builder said."),
)


@pytest.mark.parametrize(
    ("posts", "lacking"),
    [
        (["Calloway found three cracks."], ["Calloway"]),
        (["Ruth Calloway, an engineer, warned it.", "Calloway found three cracks."], []),
        (["Calloway found three cracks. She will report on Friday."], ["Calloway"]),
        (["She will report on Friday."], ["She"]),
        (["However, the lock was closed."], ["However"]),
        (["Such cracks are common, the builder said."], ["Such"]),
    ],
)
def test_words_that_a_reader_would_not_understand(posts: list[str], lacking: list[str]) -> None:
    one = article(body=BODY, title="Cracks")
    said = [word.casefold() for word in unclear_posts(posts, one)[-1]]
    assert [word for word in lacking if word.casefold() not in said] == []
    assert bool(said) == bool(lacking)
