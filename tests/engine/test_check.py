"""Checking: everything that is wrong, and nothing leaves."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from syndicate.engine.check import Checked, check
from syndicate.errors import Exit, Problems, UsageError
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


def checked(desk: Desk, *channels: str, articles: tuple[str, ...] = ()) -> Checked:
    """The desk's newsroom, checked."""
    return check(load_newsroom(desk.root, {}), articles, channels)


def rules(found: Checked) -> dict[str, str]:
    """The severity of each rule that found something."""
    return {one.rule: one.severity for one in found.findings}


def switch(desk: Desk, rule: str, level: str) -> None:
    """Set a rule in the desk's settings."""
    settings = desk.root / "syndicate.toml"
    settings.write_text(settings.read_text() + f'\n[lint]\n"{rule}" = "{level}"\n')


def test_articles_are_linted_by_file_and_line(desk: Desk) -> None:
    desk.write("ferry.md", "# The night ferry\n\nIt sails.\n\n#### Deep\n\nDown.\n")
    found = [one for one in checked(desk).findings if one.rule == "article/heading-jump"]
    assert [str(one.where) for one in found] == ["content/ferry.md:5"]


def test_pictures_that_came_inside_a_source_are_found(desk: Desk) -> None:
    desk.write("ferry.md", "# The night ferry\n\nIt sails.\n\n![A pier](notes-1.png)\n")
    assert rules(checked(desk))["article/missing-picture"] == "error"
    extracted = load_newsroom(desk.root, {}).extracted
    extracted.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (30, 20)).save(extracted / "notes-1.png")
    assert "article/missing-picture" not in rules(checked(desk))


def test_only_the_given_articles_are_reported(desk: Desk) -> None:
    both = {one.where.file for one in checked(desk).findings if one.where}
    assert both == {"content/ferry.md", "content/tides.md"}
    one = {one.where.file for one in checked(desk, articles=("tides",)).findings if one.where}
    assert one == {"content/tides.md"}
    found = checked(desk, articles=("tides",))
    assert (found.articles, set(found.reports)) == (1, {"tides.md"})
    with pytest.raises(UsageError):
        checked(desk, articles=("gone",))


def test_a_rule_is_turned_off_or_made_more_severe_in_the_settings(desk: Desk) -> None:
    assert rules(checked(desk)) == {"article/missing-date": "warning"}
    switch(desk, "article/missing-date", "error")
    assert rules(checked(desk)) == {"article/missing-date": "error"}
    (desk.root / "syndicate.toml").write_text(
        (desk.root / "syndicate.toml").read_text().replace('"error"', '"off"')
    )
    assert not checked(desk).findings


def test_a_misspelt_rule_is_named(desk: Desk) -> None:
    switch(desk, "article/mising-date", "off")
    with pytest.raises(Problems, match=r"syndicate\.toml:7.*'article/missing-date'"):
        checked(desk)


def test_a_channel_is_made_and_judged_and_nothing_is_kept(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nfinds = "warning"\nlossy = true\n')
    found = checked(desk, "single")
    assert rules(found) | {"article/missing-date": "warning"} == {
        "article/missing-date": "warning",
        "own/too-short": "warning",
        "channel/cannot-carry": "warning",
    }
    assert not desk.files()
    assert len(desk.plan("single").steps) == 2


def test_an_error_of_a_channel_keeps_its_work_from_leaving(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nfinds = "error"\n')
    outcome = desk.publish()
    assert outcome.exit is Exit.PARTLY
    assert "single: ferry: ferry.txt is short [own/too-short]" in [
        error.message for error in outcome.errors
    ]
    assert "out/single/ferry.txt" not in desk.files()
    assert "out/rolling/all.txt" in desk.files()


def test_a_warning_of_a_channel_is_told_and_refused_when_strict(desk: Desk) -> None:
    desk.channel("single", 'adapter = "./own.py"\nfinds = "warning"\n')
    assert desk.publish("single", strict=True).exit is Exit.PARTLY
    assert not desk.files()
    assert desk.publish("single").exit is Exit.DONE
    assert desk.told("finding") == [
        "ferry.txt is short [own/too-short]",
        "tides.txt is short [own/too-short]",
    ]


def test_an_edition_channel_is_judged_by_its_newest(desk: Desk) -> None:
    desk.channel("numbered", 'adapter = "./own.py"\nscope = "edition"\nfinds = "warning"\n')
    desk.publish("numbered")
    desk.write("lamps.md", "# The lamps\n\nThey are lit.\n")
    messages = [one.message for one in checked(desk, "numbered").findings]
    assert "numbered: no. 2: 2.txt is short" in messages
    assert not any("no. 1" in message for message in messages)


def test_a_source_that_cannot_be_read_does_not_hide_the_rest(desk: Desk) -> None:
    (desk.root / "content" / "bad.md").write_bytes(b"\xff\xfe\x00")
    found = checked(desk)
    assert len(found.errors) == 1
    assert found.findings


def test_the_command_tells_machines_and_its_exit_code(desk: Desk) -> None:
    done = desk.command("check", "--json")
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    dates = [one for one in findings if one.get("rule") == "article/missing-date"]
    assert [(one["file"], one["severity"]) for one in dates] == [
        ("content/ferry.md", "warning"),
        ("content/tides.md", "warning"),
    ]
    assert done.returncode == 0
    assert desk.command("check", "--strict").returncode == 1
    switch(desk, "article/missing-date", "error")
    assert desk.command("check").returncode == 1
    listed = desk.command("check", "--rules").stdout
    assert "article/missing-date" in listed
    assert "error" in listed


def test_pictures_that_no_channel_can_show_are_named(desk: Desk) -> None:
    content = desk.root / "content"
    Image.new("1", (12_000, 9_000)).save(content / "huge.png")
    (content / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic")
    (content / "drawn.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    names = ("huge.png", "phone.heic", "drawn.svg")
    pictures = "\n\n".join(f"![A quay]({name})\n\nText." for name in names)
    desk.write("ferry.md", f"# The night ferry\n\nIt sails.\n\n{pictures}\n")
    told = {
        one.message: str(one.hint)
        for one in checked(desk).findings
        if one.rule in ("article/missing-picture", "article/drawing")
    }
    assert len(told) == 3
    for name, remedy in zip(names, ("fewer pixels", "as JPEG", "as PNG"), strict=True):
        (hint,) = [hint for message, hint in told.items() if name in message]
        assert remedy in hint
