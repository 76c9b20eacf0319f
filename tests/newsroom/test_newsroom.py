"""A newsroom is found from any folder inside it, and all its settings are checked at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.couriers.files import FilesCourier
from syndicate.errors import Problems, UsageError
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.newsroom.root import find_root
from tests.newsroom.test_select import One

SETTINGS = '[publication]\ntitle = "Gazette"\nbase_url = "https://gazette.example.org"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "channels").mkdir()
    (tmp_path / "syndicate.toml").write_text(SETTINGS)
    (tmp_path / "channels" / "rss.toml").write_text("[select]\nlimit = 5\n")
    return tmp_path


def problems(root: Path, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Problems) as caught:
        load_newsroom(root, environment or {})
    return [f"{error} ({error.hint})" for error in caught.value.errors]


def test_the_newsroom_is_found_from_any_folder_inside_it(root: Path) -> None:
    deep = root / "content" / "2026" / "10"
    deep.mkdir(parents=True)
    assert find_root(deep) == root


def test_without_a_newsroom_the_error_names_init(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_root(tmp_path)
    assert caught.value.hint == "create a newsroom: syndicate init"


def test_defaults_reach_a_channel(root: Path) -> None:
    channel = load_newsroom(root, {}).channels["rss"]
    assert channel.url == "https://gazette.example.org/rss/"
    assert isinstance(channel.couriers["file"], FilesCourier)
    assert channel.couriers["file"].path == root / "out" / "rss"
    assert channel.select.limit == 5


def test_all_bad_keys_of_all_files_are_reported_at_once(root: Path) -> None:
    (root / "syndicate.toml").write_text(SETTINGS + 'tilte = "x"\n')
    (root / "channels" / "rss.toml").write_text("[select]\nlimit = 0\ntagz = 1\n")
    (root / "channels" / "pdf.toml").write_text('colour = "red"\n')
    (root / "channels" / "gopher.toml").write_text("\n")
    found = problems(root)
    assert [text.partition(": ")[0] for text in found] == [
        "syndicate.toml:4:1",
        "channels/gopher.toml:1:1",
        "channels/pdf.toml:1:1",
        "channels/rss.toml:2:1",
        "channels/rss.toml:3:1",
    ]
    assert "did you mean 'title'?" in found[0]
    assert "unknown key 'colour'" in found[2]
    assert "did you mean 'tags'?" in found[4]


def test_the_environment_overrides_channel_files_settings_and_defaults(root: Path) -> None:
    (root / "syndicate.toml").write_text(SETTINGS + "[defaults.rss]\nttl = 10\ntitle = 'D'\n")
    (root / "channels" / "rss.toml").write_text("ttl = 20\n")
    adapter = load_newsroom(root, {}).channels["rss"].adapter.model_dump()
    assert (adapter["ttl"], adapter["title"]) == (20, "D")
    environment = {
        "SYNDICATE_CHANNELS__RSS__TTL": "30",
        "SYNDICATE_PUBLICATION__TITLE": "From outside",
        "SYNDICATE_CHANNELS__RSS__SELECT__LIMIT": "7",
    }
    newsroom = load_newsroom(root, environment)
    assert newsroom.channels["rss"].adapter.model_dump()["ttl"] == 30
    assert newsroom.channels["rss"].select.limit == 7
    assert newsroom.publication.title == "From outside"


def test_a_local_file_overrides_its_channel_and_is_not_a_channel(root: Path) -> None:
    (root / "channels" / "rss.local.toml").write_text("ttl = 99\n")
    newsroom = load_newsroom(root, {})
    assert list(newsroom.channels) == ["rss"]
    assert newsroom.channels["rss"].adapter.model_dump()["ttl"] == 99


def test_the_error_for_an_unknown_channel_suggests_the_closest(root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_newsroom(root, {}).chosen(("rrs",))
    assert caught.value.hint == "did you mean 'rss'?"


@pytest.mark.parametrize("adapter", ["../outside.py", "./absent.py", "rsss"])
def test_an_unknown_adapter_is_an_error(root: Path, adapter: str) -> None:
    (root / "channels" / "own.toml").write_text(f'adapter = "{adapter}"\n')
    (found,) = problems(root)
    assert found.startswith("channels/own.toml:1:1: ")


def test_an_error_in_a_plugin_file_names_the_line(root: Path) -> None:
    (root / "own.py").write_text("import os\n\nraise ValueError('no')\n")
    (root / "channels" / "own.toml").write_text('adapter = "./own.py"\n')
    (found,) = problems(root)
    assert found.startswith("own.py:3: ValueError: no")


def test_the_editors_note_of_a_digest_is_not_on_other_channels(root: Path) -> None:
    channels = root / "channels"
    (channels / "epub.toml").write_text('note = "From the editor’s desk"\n')
    (channels / "letters.toml").write_text(
        'adapter = "atom"\n[select]\nsection = "From the Editor\'s Desk"\n'
    )
    newsroom = load_newsroom(root, {})
    letter, news = One(section="From the editor's desk"), One(slug="news", section="Harbour")

    def taken(channel: str) -> list[str]:
        now, zone = datetime(2026, 10, 9, 12, tzinfo=UTC), newsroom.publication.zone
        select = newsroom.channels[channel].select
        return [one.slug for one in select.choose([letter, news], now, zone)]

    assert taken("rss") == ["news"]
    assert taken("letters") == [letter.slug]
    assert sorted(taken("epub")) == sorted([letter.slug, "news"])


def test_newsroom_and_program_have_separate_digests(root: Path) -> None:
    """Defaults belong to the program: a new default does not change the newsroom's digest."""
    (root / "channels" / "rss.toml").write_text("ttl = 30\n")
    before = load_newsroom(root, {})
    rss = before.channels["rss"]
    shape = before.shape(rss)
    other_default = rss.adapter.model_copy(update={"split": "section"})
    assert before.shape(replace(rss, adapter=other_default)) == shape
    (root / "templates" / "rss").mkdir(parents=True)
    (root / "templates" / "rss" / "style.xsl").write_text("<x/>")
    styled = before.shape(rss)
    assert (styled.newsroom != shape.newsroom, styled.program) == (True, shape.program)
    (root / "channels" / "rss.toml").write_text("ttl = 45\n")
    after = load_newsroom(root, {})
    slower = after.shape(after.channels["rss"])
    assert (slower.newsroom != styled.newsroom, slower.program) == (True, shape.program)


MAIL = 'adapter = "email"\n[deliver]\nvia = "smtp"\nhost = "mail.example.net"\n'


def test_a_local_file_adds_to_the_tables_of_its_channel(root: Path) -> None:
    (root / "channels" / "mail.toml").write_text(MAIL + "[select]\nlimit = 3\n")
    local = root / "channels" / "mail.local.toml"
    local.write_text('[deliver]\nusername = "desk"\nhost = "relay.example.net"\n')
    environment = {"SYNDICATE_CHANNELS__MAIL__DELIVER__PORT": "2525"}
    channel = load_newsroom(root, environment).channels["mail"]
    courier = channel.couriers["smtp"].model_dump()
    assert (courier["host"], courier["username"]) == ("relay.example.net", "desk")
    assert (courier["port"], channel.select.limit) == (2525, 3)


def test_a_local_table_for_another_courier_replaces_the_table(root: Path) -> None:
    (root / "channels" / "mail.toml").write_text(MAIL)
    (root / "channels" / "mail.local.toml").write_text('[deliver]\nvia = "file"\n')
    assert list(load_newsroom(root, {}).channels["mail"].couriers) == ["file"]


def test_an_error_names_the_place_that_sets_the_value(root: Path) -> None:
    (root / "channels" / "mail.toml").write_text(MAIL)
    local = root / "channels" / "mail.local.toml"
    local.write_text('# private\n\n[deliver]\n  usernam = "desk"\nport = 0\n')
    found = problems(root, {"SYNDICATE_CHANNELS__MAIL__DELIVER__RETRIES": "-1"})
    assert sorted(text.partition(": ")[0] for text in found) == [
        "SYNDICATE_CHANNELS__MAIL__DELIVER__RETRIES",
        "channels/mail.local.toml:4:3",
        "channels/mail.local.toml:5:1",
    ]
    assert problems(root, {"SYNDICATE_JOBS": "0"})[0].startswith("SYNDICATE_JOBS: 'jobs'")


def test_what_is_missing_from_a_table_is_missed_in_the_channels_own_file(root: Path) -> None:
    (root / "channels" / "mail.toml").write_text(MAIL.replace("host", "# host"))
    (root / "channels" / "mail.local.toml").write_text('[deliver]\nusername = "desk"\n')
    (found,) = problems(root)
    assert found.startswith("channels/mail.toml:2:2: 'deliver.host' is missing")


def test_a_wrong_permalink_is_an_error_in_its_line(root: Path) -> None:
    (root / "syndicate.toml").write_text(f'{SETTINGS}permalink = "/{{yaer}}/{{slug}}/"\n')
    with pytest.raises(Problems) as problems:
        load_newsroom(root, {})
    assert "syndicate.toml:4:1: 'publication.permalink'" in str(problems.value)
    assert "{slug}, {year}, {month}, {day}" in str(problems.value)
