"""`audit` names exactly what is not as the ledger has it, and `--repair` puts that right."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from syndicate.engine.audit import AuditOrder, audit, repair
from syndicate.engine.auditing import repair as repair_module
from syndicate.engine.review.verdicts import approve_draft
from syndicate.ledger.leases import delivery_lease
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop, Stopped
from tests.engine.auditing.desk import audited, found, repaired
from tests.engine.conftest import Desk
from tests.ledger.taking import take

FERRY = "out/single/ferry.txt"
WITHDRAWN = "---\nstatus: withdrawn\n---\n# The night ferry returns\n\nIt sails.\n"


def edit(file: Path) -> None:
    """Change one letter; size and time stay as they were."""
    content, times = bytearray(file.read_bytes()), file.stat()
    content[-2] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def empty(file: Path) -> None:
    file.write_bytes(b"")


def make_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def delete_folder(file: Path) -> None:
    for one in file.parent.iterdir():
        one.unlink()
    file.parent.rmdir()


HARMS: tuple[Callable[[Path], object], ...] = (edit, empty, Path.unlink)


def test_a_world_as_recorded_has_no_findings(desk: Desk) -> None:
    desk.publish()
    seen = audited(desk)
    assert (seen.findings, seen.cached, seen.unseen) == ([], [], [])
    assert seen.looked == seen.same == len([n for n in desk.files() if n.startswith("out/")])


@pytest.mark.parametrize(
    ("harm", "what"),
    [(edit, "changed"), (empty, "changed"), (Path.unlink, "missing"), (make_folder, "changed")],
)
def test_harm_to_one_file_is_found_and_repaired(
    desk: Desk, harm: Callable[[Path], object], what: str
) -> None:
    desk.publish("single", "rolling")
    before = desk.files()
    harm(desk.root / FERRY)
    assert found(desk) == {(what, FERRY)}
    assert found(desk, "rolling") == set()
    if harm is make_folder:
        (desk.root / FERRY).rmdir()  # nobody deletes what may have something in it
    done = repaired(desk)
    assert (done.outcome.delivered, done.outcome.errors, done.left) == (1, [], ())
    assert desk.files() == before
    assert found(desk) == set()
    assert desk.publish("single", "rolling").delivered == 0


def test_a_folder_that_is_gone_comes_back(desk: Desk) -> None:
    desk.publish()
    before = desk.files()
    delete_folder(desk.root / FERRY)
    assert found(desk) == {("missing", FERRY), ("missing", "out/single/tides.txt")}
    assert repaired(desk).outcome.delivered == 2
    assert desk.files() == before


def test_of_many_copies_exactly_those_that_were_harmed_are_found(desk: Desk) -> None:
    for number in range(30):
        desk.write(f"story-{number}.md", f"# Story {number}\n\nIts words, {number} of them.\n")
    desk.publish("single")
    before, dice = desk.files(), random.Random(23)
    files = [desk.root / name for name in before]
    harmed = dice.sample(files, 8)
    first, second = (one.read_bytes() for one in harmed[:2])
    harmed[0].write_bytes(second)
    harmed[1].write_bytes(first)
    for file in harmed[2:]:
        harm = dice.choice(HARMS)
        harm(file)
    names = {file.relative_to(desk.root).as_posix() for file in harmed}
    assert {address for _, address in found(desk)} == names
    assert repaired(desk).outcome.delivered == 8
    assert desk.files() == before
    assert found(desk) == set()


def test_a_repair_publishes_nothing_else(desk: Desk) -> None:
    desk.publish()
    before = desk.files()
    desk.write("ferry.md", "# The night ferry returns\n\nHalf wri\n", age=0)
    desk.write("mayor.md", "# The mayor\n\nHalf written.\n")
    edit(desk.root / FERRY)
    assert repaired(desk).outcome.delivered == 1
    assert desk.files() == before


def test_a_repair_that_is_cut_off_is_finished_by_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish()
    before = desk.files()
    (desk.root / FERRY).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(repair_module, "send", lambda *_: None)
        repaired(desk)
    assert found(desk) == {("missing", FERRY)}
    assert desk.publish().delivered == 1
    assert desk.files() == before
    assert found(desk) == set()


def test_a_stopped_audit_has_changed_nothing(desk: Desk) -> None:
    desk.publish("single")
    edit(desk.root / FERRY)
    newsroom, stop = load_newsroom(desk.root, {}), Stop()
    with pytest.raises(Stopped):
        audit(newsroom, AuditOrder(), lambda _: None, lambda _: stop.ask(), stop)
    assert found(desk) == {("changed", FERRY)}


def test_a_stopped_repair_is_finished_by_the_next_run(desk: Desk) -> None:
    desk.publish("single")
    before = desk.files()
    delete_folder(desk.root / FERRY)
    newsroom, stop = load_newsroom(desk.root, {}), Stop()
    findings = tuple(audited(desk).findings)
    with pytest.raises(Stopped):
        repair(newsroom, findings, "Ines", lambda _: stop.ask(), stop)
    assert len(desk.files()) < len(before)
    desk.publish("single")
    assert desk.files() == before
    assert found(desk) == set()


def test_what_came_back_after_its_removal_is_found_and_removed(desk: Desk) -> None:
    desk.publish("single")
    content = (desk.root / FERRY).read_bytes()
    desk.write("ferry.md", WITHDRAWN, age=0)
    desk.write("tides.md", WITHDRAWN, age=0)
    desk.publish("single")
    assert found(desk) == set()
    (desk.root / FERRY).parent.mkdir(exist_ok=True)
    (desk.root / FERRY).write_bytes(content)
    assert found(desk) == {("still there", FERRY)}
    done = repaired(desk)
    assert (done.outcome.removed, done.left) == (1, ())
    assert not (desk.root / FERRY).exists()
    assert found(desk) == set()


def test_a_removal_that_an_audit_began_is_finished_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish("single")
    content = (desk.root / FERRY).read_bytes()
    desk.write("ferry.md", WITHDRAWN, age=0)
    desk.publish("single")
    (desk.root / FERRY).write_bytes(content)
    with monkeypatch.context() as patch:
        patch.setattr(repair_module, "remove", lambda *_: None)
        repaired(desk)
    assert found(desk) == {("still there", FERRY)}
    assert repaired(desk).outcome.removed == 1
    assert found(desk) == set()


def test_what_somebody_else_puts_where_something_was_removed_is_theirs(desk: Desk) -> None:
    desk.publish("single")
    desk.write("ferry.md", WITHDRAWN, age=0)
    desk.publish("single")
    (desk.root / FERRY).write_text("We are sorry.")
    assert found(desk) == set()
    done = desk.command("audit")
    assert f"{FERRY}: another file stands at an address that we took back" in done.stderr
    assert "1 other file at addresses that we took back" in done.stderr
    assert "all as recorded" not in done.stderr
    assert done.returncode == 0
    assert repaired(desk).outcome.removed == 0


def test_unknown_files_are_named_where_the_folder_is_ours_and_never_deleted(desk: Desk) -> None:
    stranger = desk.root / "out" / "single" / "deep" / "old.txt"
    desk.publish()
    stranger.parent.mkdir()
    stranger.write_text("Who put me here?")
    (desk.root / "out" / "single" / ".ferry.txt.part").write_text("half written")
    assert found(desk) == set()
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\nowned = true\n')
    assert found(desk) == {("unknown file", "out/single/deep/old.txt")}
    deliver = '[deliver]\npath = "out/single"\nowned = true\n'
    desk.channel("same", f'adapter = "./own.py"\n{deliver}')
    assert len(audited(desk).findings) == 1
    done = repaired(desk)
    assert [one.what for one in done.left] == ["unknown file"]
    assert stranger.read_text() == "Who put me here?"


def test_of_two_channels_at_one_place_the_last_counts(desk: Desk) -> None:
    desk.channel("old", 'adapter = "./own.py"\n[deliver]\npath = "out/shared"\n')
    desk.publish("old")
    desk.channel("new", 'adapter = "./own.py"\nmark = "!"\n[deliver]\npath = "out/shared"\n')
    opened = closing(open_ledger(desk.ledger, desk.root))
    with opened as ledger, ledger.database.transaction() as db:  # a second has passed
        db.exec_driver_sql("UPDATE copies SET at = '2026-01-01T00:00:00+00:00'")
    desk.publish("new")
    assert found(desk) == set()
    edit(desk.root / "out" / "shared" / "ferry.txt")
    assert found(desk) == {("changed", "out/shared/ferry.txt")}
    assert found(desk, "old") == set()


def test_what_another_run_is_delivering_is_not_judged(desk: Desk) -> None:
    desk.publish("single")
    edit(desk.root / FERRY)
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        (row,) = (
            one
            for one in ledger.audits.standing("single", "file")
            if one.copy.artifact == "ferry.txt"
        )
        lease = take(ledger, delivery_lease("single", row.rendering, "ferry.txt", "file"))
        assert found(desk) == set()
        ledger.leases.release([lease])
    assert found(desk) == {("changed", FERRY)}


def test_files_of_a_channel_that_no_longer_exists_are_looked_at(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / "channels" / "single.toml").unlink()
    assert found(desk) == set()
    (desk.root / FERRY).unlink()
    assert found(desk) == {("missing", FERRY)}
    assert [one.address for one in repaired(desk).left] == [FERRY]


def test_a_file_that_cannot_be_read_was_not_looked_at(desk: Desk) -> None:
    desk.publish("single")
    (desk.root / FERRY).unlink()
    (desk.root / FERRY).symlink_to("ferry.txt")  # it leads to itself
    seen = audited(desk)
    assert seen.findings == []
    (unseen,) = seen.unseen
    assert (unseen.channel, unseen.number) == ("single", 1)
    assert FERRY in unseen.why


def test_an_approved_file_is_repaired_with_the_approved_bytes(desk: Desk) -> None:
    desk.publish("social")
    approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")
    desk.publish("social")
    file = desk.root / "out" / "social" / "ferry.txt"
    before = file.read_bytes()
    edit(file)
    assert repaired(desk).outcome.delivered == 1
    assert file.read_bytes() == before


def test_what_needs_a_new_approval_is_left_until_it_has_it(desk: Desk) -> None:
    desk.publish("social")
    newsroom = load_newsroom(desk.root, {})
    approve_draft(newsroom, "ferry.txt", "Ines")
    desk.publish("social")
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Friday at ten.\n", age=0)
    desk.publish("social")
    (desk.root / "out" / "social" / "ferry.txt").unlink()
    done = repaired(desk)
    assert (done.outcome.delivered, [one.what for one in done.left]) == (0, ["missing"])
    approve_draft(newsroom, "ferry.txt", "Ines")
    desk.publish("social")
    assert found(desk) == set()
    assert b"at ten" in desk.files()["out/social/ferry.txt"]


def test_the_command_has_a_list_and_exit_code_3_until_all_is_as_recorded(desk: Desk) -> None:
    desk.publish("single")
    edit(desk.root / FERRY)
    done = desk.command("audit")
    assert done.returncode == 3
    assert FERRY in done.stdout
    assert "syndicate audit --repair" in done.stderr
    done = desk.command("audit", "--repair", "--json")
    assert done.returncode == 0
    found, end = (json.loads(line) for line in done.stdout.splitlines())
    assert (found["what"], found["address"]) == ("changed", FERRY)
    assert (end["event"], end["delivered"], end["left"]) == ("done", 1, [])
    done = desk.command("audit")
    assert done.returncode == 0
    assert "all as recorded" in done.stderr


def test_what_was_removed_twice_is_looked_at_once(desk: Desk) -> None:
    pictures = desk.root / "content" / "pictures"
    pictures.mkdir()
    Image.new("RGB", (640, 400), "navy").save(pictures / "pier.png")
    desk.channel("tags", 'adapter = "rss"\n[split]\nby = "tag"\n')
    head = "---\ntitle: The pier\npublished: 2026-06-01\ntags: [TAG]\n---\n\n"
    for tag, age in (("a", 40), ("b", 20)):  # each time by another feed
        head = head.replace("TAG", tag).replace("[a]", f"[{tag}]")
        desk.write("pier.md", f"{head}Shut.\n\n![The pier](pictures/pier.png)\n", age=age)
        desk.publish("tags")
        (picture,) = {name for name in desk.files() if name.endswith(".png")}
        kept = (desk.root / picture).read_bytes()
        desk.write("pier.md", f"{head}Shut.\n", age=age - 10)
        desk.publish("tags", allow_removals=9)
    assert not (desk.root / picture).exists()
    assert desk.command("audit", "--channels", "tags").returncode == 0
    (desk.root / picture).parent.mkdir(exist_ok=True)
    (desk.root / picture).write_bytes(kept)
    told = desk.command("audit", "--channels", "tags")
    assert told.stdout.count("still there") == 1
