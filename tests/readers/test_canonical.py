"""Our own JSON: one article, a list, or one article per line; errors have their place."""

from __future__ import annotations

import json

import pytest

from syndicate.readers import read
from tests.articles import article, every_block
from tests.readers.reading import read_one, refused, source

ONE = article("one").model_dump(mode="json")
TWO = article("two").model_dump(mode="json")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO], indent=2),
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
        f"[{json.dumps(ONE)} ,\n{json.dumps(TWO)}]",
    ],
)
def test_several_articles_in_one_file(text: str) -> None:
    found = [reading.article for reading in read(source(text, "all.json"))]
    assert found == [article("one"), article("two")]


def test_every_block_survives_export_and_import() -> None:
    reading = read_one(every_block().model_dump_json(indent=2), "a.json")
    assert reading.article == every_block()
    assert {"id", "title", "published"} <= reading.given


def test_the_error_for_broken_json_has_its_place() -> None:
    (error,) = refused('{\n  "title": }', "a.json")
    assert str(error) == "content/a.json:2:12: JSON: Expecting value"


def test_all_errors_are_reported_with_their_places() -> None:
    wrong = {**ONE, "titel": "x", "slug": "A B", "body": [*ONE["body"], {"type": "poem"}]}
    del wrong["title"]
    wrong["body"][0] = {"type": "paragraph", "content": [{"type": "text", "txt": "x"}]}
    errors = [str(error) for error in refused(json.dumps(wrong, indent=1), "a.json")]
    assert any("'title' is missing" in error for error in errors)
    assert any("there is no key 'titel'" in error for error in errors)
    assert any(error.startswith("content/a.json:") and "slug: String" in error for error in errors)
    assert any("body[0].content[0]: 'text' is missing" in error for error in errors)
    assert any("body[1]: " in error and "poem" in error for error in errors)


@pytest.mark.parametrize("text", ["[]", "3", '"x"', "null", "[[]]"])
def test_other_json_is_refused(text: str) -> None:
    refused(text, "a.json")


def test_unsafe_links_in_json_are_refused() -> None:
    body = [{"type": "cta", "content": [], "url": "javascript:x"}]
    (error,) = refused(json.dumps({**ONE, "body": body}), "a.json")
    assert "not allowed" in str(error)
