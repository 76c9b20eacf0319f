"""`where` names every copy of an article."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.whereabouts import Whereabouts, where_is
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


def found(desk: Desk, name: str = "ferry") -> set[tuple[str, str, str]]:
    """Channel, kind and address of each copy."""
    copies = where_is(load_newsroom(desk.root, {}), name)
    return {(one.channel, one.kind, one.address) for one in copies}


def test_every_copy_is_named_and_nothing_else(desk: Desk) -> None:
    desk.channel("feed", 'adapter = "atom"\n')
    desk.publish()
    assert found(desk) == {
        ("single", "file", "out/single/ferry.txt"),
        ("feed", "feed", "out/feed/feed.atom"),
        ("rolling", "feed", "out/rolling/all.txt"),
        ("numbered", "issue", "out/numbered/1.txt"),
    }
    desk.write("ferry.md", "---\nstatus: withdrawn\n---\n# The night ferry returns\n\nIt.\n", age=0)
    desk.publish()
    assert found(desk) == {("numbered", "issue", "out/numbered/1.txt")}


def test_it_says_who_approved_which_bytes(desk: Desk) -> None:
    desk.publish("social")
    newsroom = load_newsroom(desk.root, {})
    approve_draft(newsroom, "ferry.txt", "Ines")
    desk.publish("social")
    (copy,) = where_is(newsroom, "ferry")
    assert copy.approved_by == ("Ines",)
    assert len(copy.digest) == 64
    assert replace(copy, at="", digest="") == Whereabouts(
        "social", "file", "out/social/ferry.txt", "", "", ("Ines",)
    )


def test_an_article_whose_file_is_gone_is_found_by_its_slug(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "content" / "ferry.md").unlink()
    assert found(desk) == {("single", "file", "out/single/ferry.txt")}
    with pytest.raises(UsageError):
        found(desk, "never")


def test_the_command_prints_a_table_or_json(desk: Desk) -> None:
    desk.publish("single")
    assert "out/single/ferry.txt" in desk.command("where", "ferry").stdout
    (line,) = desk.command("where", "ferry", "--json").stdout.splitlines()
    assert json.loads(line)["kind"] == "file"
