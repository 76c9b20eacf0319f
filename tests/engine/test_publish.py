"""Publishing: only what changed, whole files, nothing stopped by a neighbour."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import Exit, LockedError, UsageError
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.lock import sole_lock
from syndicate.ledger.records import Review
from tests.engine.conftest import Desk

BOTH = {
    "out/single/ferry.txt",
    "out/single/tides.txt",
    "out/rolling/all.txt",
    "out/numbered/1.txt",
    "drafts/ferry.txt",
    "drafts/tides.txt",
}


def test_the_first_run_makes_everything(desk: Desk) -> None:
    outcome = desk.publish()
    assert outcome.exit is Exit.DONE
    assert set(desk.files()) == BOTH
    assert outcome.waiting == 2


def test_a_second_run_does_nothing(desk: Desk) -> None:
    def times() -> dict[Path, int]:
        files = (path for path in desk.root.rglob("*") if path.is_file())
        return {path: path.stat().st_mtime_ns for path in files if "cache" not in path.parts}

    desk.publish()
    before = times()
    outcome = desk.publish()
    assert (outcome.planned, outcome.rendered, outcome.delivered) == (0, 0, 0)
    assert times() == before


def test_an_edit_costs_what_it_touches(desk: Desk) -> None:
    desk.publish()
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    steps = {(step.channel, step.label) for step in desk.plan().steps}
    assert steps == {("single", "ferry"), ("rolling", "rolling"), ("social", "ferry")}
    desk.publish()
    assert b"Saturday" in desk.files()["out/rolling/all.txt"]
    assert not desk.plan().steps


def test_a_changed_option_template_or_plugin_is_a_change(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\nmark = "!"\n')
    assert len(desk.plan("single").steps) == 2
    desk.publish("single")
    templates = desk.root / "templates" / "single"
    templates.mkdir(parents=True)
    macro = "{% macro paragraph(block) %}P: {{ inlines(block.content) }}\n{% endmacro %}\n"
    (templates / "blocks.txt.j2").write_text(macro)
    assert len(desk.plan("single").steps) == 2
    desk.publish("single")
    assert b"P: It sails" in desk.files()["out/single/ferry.txt"]


def test_an_output_that_was_deleted_comes_back(desk: Desk) -> None:
    desk.publish()
    whole = desk.files()
    for name in ("out/single/ferry.txt", "out/numbered/1.txt", "drafts/tides.txt"):
        (desk.root / name).unlink()
    assert {step.reason for step in desk.plan().steps} == {"missing"}
    desk.publish()
    assert desk.files() == whole


def test_one_bad_article_never_stops_the_others(desk: Desk) -> None:
    (desk.root / "content" / "bad.md").write_bytes(b"# Bad\n\n\xff\xfe\n")
    (desk.root / "content" / "empty.txt").write_bytes(b"")
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert len(outcome.errors) == 2
    assert {str(error).partition(":")[0] for error in outcome.errors} == {
        "content/bad.md",
        "content/empty.txt",
    }
    assert set(desk.files()) == BOTH


def test_one_broken_channel_never_stops_the_others(desk: Desk) -> None:
    desk.channel("broken", 'adapter = "./own.py"\nfail = "ferry"\n')
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    (error,) = outcome.errors
    assert str(error) == "broken: ferry: ValueError: asked to fail"
    assert set(desk.files()) == BOTH | {"out/broken/tides.txt"}
    desk.channel("broken", 'adapter = "./own.py"\n')
    assert desk.publish().exit is Exit.DONE
    assert "out/broken/ferry.txt" in desk.files()


def test_a_template_that_raises_names_its_line(desk: Desk) -> None:
    templates = desk.root / "templates" / "single"
    templates.mkdir(parents=True)
    macro = "{% macro paragraph(block) %}\n{{ block.no_such_thing.at_all }}\n{% endmacro %}\n"
    (templates / "blocks.txt.j2").write_text(macro)
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert str(outcome.errors[0]).startswith("templates/single/blocks.txt.j2:2: single: ferry: ")
    assert "out/rolling/all.txt" in desk.files()


def test_two_articles_with_one_slug(desk: Desk) -> None:
    desk.publish()
    desk.write("sub/ferry.md", "# Another ferry\n\nQuite another.\n")
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    (error,) = outcome.errors
    assert str(error) == "content/sub/ferry.md: has the same slug 'ferry' as content/ferry.md"
    assert b"It sails" in desk.files()["out/single/ferry.txt"]


def test_an_edition_is_frozen_and_the_next_holds_what_is_new(desk: Desk) -> None:
    desk.publish("numbered")
    first = desk.files()["out/numbered/1.txt"]
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    desk.write("locks.md", "# The locks\n\nNew gates are coming.\n", age=0)
    desk.publish("numbered")
    files = desk.files()
    assert files["out/numbered/1.txt"] == first
    assert b"New gates" in files["out/numbered/2.txt"]
    assert b"sails" not in files["out/numbered/2.txt"]
    desk.publish("numbered", reissue=True)
    assert desk.files()["out/numbered/1.txt"] == first


def test_a_failed_edition_takes_no_number(desk: Desk) -> None:
    desk.channel("numbered", 'adapter = "./own.py"\nscope = "edition"\nfail = "ferry"\n')
    assert desk.publish("numbered").exit is Exit.PARTLY
    desk.write("locks.md", "# The locks\n\nNew gates are coming.\n", age=0)
    desk.channel("numbered", 'adapter = "./own.py"\nscope = "edition"\n')
    desk.publish("numbered")
    (name,) = [name for name in desk.files() if "numbered" in name]
    assert name == "out/numbered/1.txt"
    assert b"New gates" in desk.files()[name]


def test_an_artifact_that_came_out_the_same_is_not_delivered_again(desk: Desk) -> None:
    desk.publish("single")
    desk.channel("single", 'adapter = "./own.py"\nfail = "no-such-slug"\n')
    outcome = desk.publish("single")
    assert (outcome.rendered, outcome.delivered) == (2, 0)
    assert not desk.plan("single").steps


def test_reissue_makes_the_last_edition_again(desk: Desk) -> None:
    desk.publish("numbered")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    assert not desk.plan("numbered").steps
    desk.publish("numbered", reissue=True)
    assert b"Saturday" in desk.files()["out/numbered/1.txt"]
    assert not desk.plan("numbered").steps


def test_a_hand_edited_draft_is_never_overwritten(desk: Desk) -> None:
    desk.publish("social")
    draft = desk.root / "drafts" / "ferry.txt"
    draft.write_text("by hand")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    desk.publish("social")
    assert draft.read_text() == "by hand"
    assert "edited by hand" in desk.told("stale")[0]
    assert not desk.plan("social").steps


def test_an_untouched_draft_follows_its_article(desk: Desk) -> None:
    desk.publish("social")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Saturday.\n", age=0)
    desk.publish("social")
    assert "Saturday" in (desk.root / "drafts" / "ferry.txt").read_text()


def test_nothing_under_review_leaves_without_approval(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nreview = true\n')
    desk.publish("single", "social")
    assert not (desk.root / "out").exists()
    plan = desk.plan("single", "social")
    assert not plan.steps
    assert len(plan.waiting) == 4


def test_an_approval_binds_to_these_very_bytes(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nreview = true\n')
    desk.publish("single")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        ((_, unit), (artifact,)), _ = sorted(ledger.artifacts().items())
        about = ("single", unit, artifact.name, artifact.digest)
        ledger.review(Review(*about, by="Ines Okafor", verdict="approved"))
    desk.publish("single")
    assert set(desk.files()) == {f"out/single/{artifact.name}"}
    name = artifact.name.removesuffix(".txt")
    desk.write(f"{name}.md", "# Changed after it was approved\n\nText.\n", age=0)
    desk.publish("single")
    assert b"Changed" not in desk.files()[f"out/single/{artifact.name}"]
    assert len(desk.plan("single").waiting) == 2


def test_asking_for_one_article(desk: Desk) -> None:
    desk.publish("single", "numbered", articles=("content/ferry.md",))
    assert set(desk.files()) == {"out/single/ferry.txt", "out/numbered/1.txt"}
    assert b"tide" not in desk.files()["out/numbered/1.txt"]
    with pytest.raises(UsageError, match="no article 'fery'"):
        desk.publish("single", articles=("fery",))


def test_strict_refuses_a_loss(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nlossy = true\n')
    outcome = desk.publish("single", strict=True)
    assert outcome.exit is Exit.PARTLY
    assert not desk.files()
    outcome = desk.publish("single")
    assert outcome.exit is Exit.DONE
    assert desk.told("loss") == ["figure: nothing to see"] * 2


def test_a_run_beside_a_restore_is_told_so(desk: Desk) -> None:
    with sole_lock(desk.root / ".syndicate"), pytest.raises(LockedError) as caught:
        desk.publish()
    assert caught.value.exit == 75


def test_an_output_folder_that_cannot_be_made(desk: Desk) -> None:
    (desk.root / "out").write_text("a file where the folder should be")
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert (desk.root / "out").read_text() == "a file where the folder should be"
    (desk.root / "out").unlink()
    assert desk.publish().exit is Exit.DONE
    assert set(desk.files()) == BOTH


def test_deleting_the_cache_only_costs_time(desk: Desk) -> None:
    import shutil

    desk.publish()
    whole = desk.files()
    shutil.rmtree(desk.root / ".syndicate" / "cache")
    outcome = desk.publish()
    assert (outcome.rendered, desk.files()) == (0, whole)


def test_withdrawn_articles_leave_the_rolling_channel(desk: Desk) -> None:
    desk.publish("rolling")
    text = "---\nstatus: withdrawn\n---\n# The night ferry returns\n\nIt sails on Friday at nine.\n"
    desk.write("ferry.md", text, age=0)
    desk.publish("rolling")
    assert b"ferry" not in desk.files()["out/rolling/all.txt"]


def test_pictures_are_inputs(desk: Desk) -> None:
    from PIL import Image

    picture: Path = desk.root / "content" / "pier.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    desk.write("pier.md", "# The pier\n\nIt stands.\n\n![A pier](pier.png)\n")
    desk.publish("single")
    assert not desk.plan("single").steps
    Image.new("RGB", (9, 9), "blue").save(picture)
    assert [step.label for step in desk.plan("single").steps] == ["pier"]
