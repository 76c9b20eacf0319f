"""What a pull request can bring into a newsroom besides articles: links, pipes, odd names. It is
read or named, and the rest is published."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from syndicate.engine.check import Checked, check
from syndicate.engine.content.sources import files_found_in
from syndicate.engine.planning.up_to_date import PublishInputs
from syndicate.engine.publish import Order, Outcome, publish
from syndicate.errors import Problems
from syndicate.newsroom.newsroom import load_newsroom

SETTINGS = """
[publication]
title = "Gazette"
base_url = "https://gazette.example.org/"
"""
SECRET = "hunter2 is the password"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A newsroom with one article and a feed, next to a file with a secret."""
    root = tmp_path / "newsroom"
    (root / "channels").mkdir(parents=True)
    (root / "templates").mkdir()
    (root / "content").mkdir()
    (root / "syndicate.toml").write_text(SETTINGS)
    (root / "channels" / "rss.toml").write_text('content = "full"\n')
    (root / "content" / "boat.md").write_text("# Boat\n\nThe boat sails.\n")
    (tmp_path / "secret.txt").write_text(f"Secret\n\n{SECRET}\n")
    (tmp_path / "share").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "share" / "quay.png")
    return root


def published(root: Path) -> Outcome:
    return publish(load_newsroom(root, {}), Order(), watch=lambda _: None, start=lambda _: None)


def checked(root: Path) -> Checked:
    return check(load_newsroom(root, {}))


def feed(root: Path) -> str:
    return (root / "out" / "rss" / "feed.xml").read_text()


def errors_of(outcome: Outcome | Checked) -> dict[str, str]:
    found = [
        one
        for error in outcome.errors
        for one in (error.errors if isinstance(error, Problems) else [error])
    ]
    return {str(one.where): f"{one.message}; {one.hint}" for one in found}


LINKS: dict[str, Callable[[Path], object]] = {
    "pw.txt": lambda at: at.symlink_to(at.parents[2] / "secret.txt"),
    "up.txt": lambda at: at.symlink_to("../../secret.txt"),
    "environ.txt": lambda at: at.symlink_to("/proc/self/environ"),
    "zero.txt": lambda at: at.symlink_to("/dev/zero"),
    "settings.md": lambda at: at.symlink_to("../syndicate.toml"),
    "pipe.md": os.mkfifo,
    "boat.toml": lambda at: at.symlink_to("../../secret.txt"),
    "ferry.toml": os.mkfifo,
    "round.md": lambda at: at.symlink_to("round.md"),
    "nowhere.md": lambda at: at.symlink_to("nothing"),
}


@pytest.mark.parametrize("name", LINKS)
def test_a_link_out_or_a_pipe_is_named_and_the_rest_is_published(root: Path, name: str) -> None:
    (root / "content" / "ferry.md").write_text("# Ferry\n\nA ferry.\n")
    (root / "content" / "tug.md").write_text("# Tug\n\nThe tug sails.\n")
    LINKS[name](root / "content" / name)
    outcome = published(root)
    told = errors_of(outcome)
    assert list(told) == [f"content/{name}"]
    assert not told[f"content/{name}"].endswith("None")  # there is a remedy
    assert "The tug sails." in feed(root)
    assert SECRET not in feed(root)
    assert errors_of(checked(root)) == told


def test_links_to_folders_outside_and_in_circles_are_named(root: Path) -> None:
    content = root / "content"
    (content / "etc").symlink_to("/etc")
    (content / "all").symlink_to("/")
    (content / "again").symlink_to(".")
    (content / "once more").symlink_to(content)
    found = files_found_in(content, "content")
    assert list(found.files) == ["boat.md"]
    assert {str(error.where) for error in found.unread} == {
        "content/etc", "content/all", "content/again", "content/once more"
    }  # fmt: skip
    PublishInputs.in_newsroom(root)  # ends, though two links in a circle double it 40 times


PICTURES = {
    "link.png": "/etc/hostname",
    "zero.png": "/dev/zero",
    "folder": "/etc",
}


@pytest.mark.parametrize("src", ["link.png", "zero.png", "folder/hostname", "pipe.png"])
def test_a_picture_through_a_link_or_a_pipe_is_left_out(root: Path, src: str) -> None:
    for name, target in PICTURES.items():
        (root / "content" / name).symlink_to(target)
    os.mkfifo(root / "content" / "pipe.png")
    (root / "content" / "boat.md").write_text(f"# Boat\n\nIt sails.\n\n![A boat]({src})\n")
    outcome = published(root)
    assert outcome.errors == []
    assert "It sails." in feed(root)
    assert not list((root / "out" / "rss" / "media").glob("*"))
    (said,) = {one.message for one in checked(root).findings if src in one.message}
    assert src in said


def test_links_into_an_allowed_folder_are_followed(root: Path) -> None:
    settings = root / "syndicate.toml"
    settings.write_text(f'{SETTINGS}\n[content]\nfollow = ["../share"]\n')
    share = root.parent / "share"
    (share / "note.md").write_text("# Note\n\nFrom the share.\n")
    (share / "round").symlink_to(share)
    (root / "content" / "pictures").symlink_to(share)
    (root / "content" / "boat.md").write_text("# Boat\n\nSails.\n\n![A quay](pictures/quay.png)\n")
    assert published(root).errors == []
    assert "From the share." in feed(root)
    assert len(list((root / "out" / "rss" / "media").glob("quay-*.png"))) == 1
    (share / "note.md").write_text("# Note\n\nCorrected in the share.\n")
    assert published(root).errors == []
    assert "Corrected in the share." in feed(root)


def test_a_picture_comes_and_goes_with_the_permission_to_follow_its_link(root: Path) -> None:
    allowed = f'{SETTINGS}\n[content]\nfollow = ["../share"]\n'
    (root / "content" / "pictures").symlink_to(root.parent / "share")
    (root / "content" / "boat.md").write_text("# Boat\n\nSails.\n\n![A quay](pictures/quay.png)\n")
    published(root)
    assert "quay-" not in feed(root)
    (root / "syndicate.toml").write_text(allowed)
    assert published(root).errors == []
    assert "quay-" in feed(root)
    (root / "syndicate.toml").write_text(SETTINGS)
    published(root)
    assert "quay-" not in feed(root)


def test_a_template_that_is_a_link_out_stops_its_channel_by_name(root: Path) -> None:
    (root / "templates" / "rss").mkdir()
    (root / "templates" / "rss" / "words.toml").symlink_to("../../../secret.txt")
    (told,) = errors_of(published(root)).items()
    assert told[0] == "templates/rss/words.toml"
    assert "follow" in told[1]


ODD = [
    "-dash.md", "--help.md", "new\nline.md", "bell\x07.md", "esc\x1b[31m.md", "right\u202egpj.md",
    "line\u2028.md", "nel\x85.md", " lead.md", "trail .md", "two..md", "back\\slash.md", "a:b.md",
    "a" * 252 + ".md", "é" * 126 + ".md", "🚢" * 62 + "a.md", "hash#tag.md", "per%41cent.md",
]  # fmt: skip


def test_odd_names_are_read(root: Path) -> None:
    for number, name in enumerate(ODD):
        text = f"---\ntitle: Odd {number}\n---\nWords of number {number}.\n"
        (root / "content" / name).write_text(text)
    outcome = published(root)
    assert outcome.errors == []
    assert all(f"Words of number {number}." in feed(root) for number in range(len(ODD)))
    assert all(str(one.where).isprintable() for one in checked(root).findings if one.where)


def test_names_that_are_not_utf_8_are_named_and_the_rest_is_published(root: Path) -> None:
    content = os.fsencode(root / "content")
    for name in (b"caf\xe9.md", b"caf\xe9.png", b"boat\xe9.toml"):
        Path(os.fsdecode(content + b"/" + name)).write_text("# x\n\ny\n")
    os.mkdir(content + b"/f\xe9")  # noqa: PTH102 - a name in bytes
    assert published(root).errors == []
    assert "The boat sails." in feed(root)
    findings = [one for one in checked(root).findings if one.rule == "content/unread-file"]
    assert len(findings) == 4
    assert all(one.hint and "rename" in one.hint for one in findings)


def test_a_picture_is_found_in_the_other_unicode_form(root: Path) -> None:
    """A Mac writes names decomposed."""
    Image.new("RGB", (40, 30)).save(root / "content" / "cafe\u0301.png")
    (root / "content" / "boat.md").write_text("# Boat\n\nSails.\n\n![A café](caf\u00e9.png)\n")
    assert published(root).errors == []
    assert len(list((root / "out" / "rss" / "media").glob("*.png"))) == 1


@pytest.mark.parametrize("kind", ["pipe", "link", "device"])
def test_what_came_in_the_place_of_a_draft_is_never_opened(root: Path, kind: str) -> None:
    (root / "channels" / "x.toml").write_text('adapter = "x"\n')
    assert published(root).waiting == 1
    (draft,) = (root / "drafts").glob("*.md")
    draft.unlink()
    if kind == "pipe":
        os.mkfifo(draft)
    else:
        draft.symlink_to({"link": "../../secret.txt", "device": "/dev/zero"}[kind])
    outcome = published(root)
    assert not outcome.errors
    assert SECRET not in "".join(map(str, outcome.errors))
    assert all(SECRET.encode() not in one.read_bytes() for one in (root / "out").rglob("*.*"))
