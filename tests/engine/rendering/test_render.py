"""A step becomes artifacts in the store, or an error that says what is wrong; never a crash."""

from __future__ import annotations

import shutil

import pytest

from syndicate.engine.rendering.render import render, render_all
from syndicate.engine.rendering.rendered import Rendered
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import PLUGIN, Desk


def rendered(desk: Desk, channel: str) -> dict[str, Rendered]:
    """What becomes of each step of a channel, by its label."""
    newsroom = load_newsroom(desk.root, {})
    steps = desk.plan(channel).steps
    return {step.label: render(newsroom, step) for step in steps}


def contents(newsroom: Newsroom, one: Rendered) -> dict[str, bytes]:
    """The bytes of its artifacts, by name."""
    assert one.error is None
    return {artifact.name: newsroom.store.read(artifact.digest) for artifact in one.artifacts}


def test_artifacts_are_in_the_store_by_their_digests(desk: Desk) -> None:
    made = rendered(desk, "single")
    content = contents(load_newsroom(desk.root, {}), made["ferry"])
    assert content.keys() == {"ferry.txt"}
    assert b"It sails on Friday at nine." in content["ferry.txt"]


def test_an_edition_has_its_number_its_date_and_its_articles(desk: Desk) -> None:
    made = rendered(desk, "numbered")
    (content,) = contents(load_newsroom(desk.root, {}), made["no. 1"]).values()
    head, *_ = content.decode().splitlines()
    (step,) = desk.plan("numbered").steps
    assert head == f"1 {step.date}"
    assert b"averages of averages" in content
    assert b"It sails on Friday" in content


def test_drafts_losses_and_findings_come_along(desk: Desk) -> None:
    desk.channel("social", 'adapter = "./own.py"\ndraft = true\nlossy = true\nfinds = "warning"\n')
    made = rendered(desk, "social")["ferry"]
    assert [one.draft for one in made.artifacts] == [True]
    assert [one.reason for one in made.losses] == ["nothing to see"]
    assert [(one.rule, one.severity) for one in made.findings] == [("own/too-short", "warning")]


def test_an_adapter_that_fails_is_an_error_of_its_step_alone(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nfail = "tides"\n')
    made = rendered(desk, "single")
    assert made["ferry"].error is None
    assert "asked to fail" in str(made["tides"].error)


def test_two_artifacts_of_one_name_are_an_error(desk: Desk) -> None:
    own = PLUGIN.replace("yield kind(name,", "yield kind(name, '', b''); yield kind(name,")
    (desk.root / "own.py").write_text(own)
    error = rendered(desk, "numbered")["no. 1"].error
    assert "two artifacts are called '1.txt'" in str(error)


def test_a_text_that_is_gone_says_what_to_do(desk: Desk) -> None:
    steps = desk.plan("single").steps
    shutil.rmtree(desk.root / ".syndicate" / "store")
    error = render(load_newsroom(desk.root, {}), steps[0]).error
    assert error
    assert "syndicate publish --reissue" in str(error.hint)


def test_only_what_changed_of_a_feed_is_made_anew(desk: Desk) -> None:
    desk.channel("rss", "")
    desk.publish("rss")
    before = desk.files()["out/rss/feed.xml"]
    desk.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    (made,) = rendered(desk, "rss").values()
    (step,) = desk.plan("rss").steps
    assert len(step.pieces) == 2
    content = contents(load_newsroom(desk.root, {}), made)["feed.xml"]
    assert content != before
    assert b"at ten" in content
    assert b"averages of averages" in content


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_step_is_rendered_in_however_many_processes(desk: Desk, jobs: int) -> None:
    steps = desk.plan().steps
    made = list(render_all(load_newsroom(desk.root, {}), steps, jobs))
    assert not [one.error for one in made if one.error]
    assert {one.step for one in made} == set(steps)
