"""`store` in `syndicate.toml`: an address alone or a table; errors say where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.engine.doctor import examine_newsroom
from syndicate.errors import CredentialsError, Exit, Problems
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.store import FolderStore, RemoteStore, Store, try_out
from tests.engine.conftest import Desk, make_desk

SETTINGS = '[publication]\ntitle = "Gazette"\nbase_url = "https://gazette.example.org"\n'


def newsroom(root: Path, store: str, environment: dict[str, str] | None = None) -> Newsroom:
    (root / "syndicate.toml").write_text(f"{store}\n{SETTINGS}")
    return load_newsroom(root, environment or {})


def test_by_default_it_is_beside_the_ledger(tmp_path: Path) -> None:
    store = newsroom(tmp_path, "").store
    assert isinstance(store, FolderStore)
    assert store.folder == tmp_path / ".syndicate" / "store"
    assert newsroom(tmp_path, 'store = "/srv/store"').store.near.folder == Path("/srv/store")


@pytest.mark.parametrize(
    "written", ['store = "s3://gazette/store"', '[store]\nurl = "s3://gazette/store"']
)
def test_an_address_alone_or_a_table(tmp_path: Path, written: str) -> None:
    (tmp_path / "syndicate.toml").write_text("")
    text = f"{written}\n{SETTINGS}" if written.startswith("store") else f"{SETTINGS}{written}\n"
    (tmp_path / "syndicate.toml").write_text(text)
    store = load_newsroom(tmp_path, {}).store
    assert isinstance(store, RemoteStore)
    assert store.url == "s3://gazette/store"


def test_the_environment_says_it_too(tmp_path: Path) -> None:
    found = newsroom(tmp_path, "", {"SYNDICATE_STORE": "s3://gazette/store"})
    assert found.store.shown == "s3://gazette/store"
    written = 'store = {url = "bytes"}'
    found = newsroom(tmp_path, written, {"SYNDICATE_STORE__KEEP_VERSIONS": "7"})
    assert found.store_settings == Store(url="bytes", keep_versions=7)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('store = "s4://gazette"', "syndicate.toml:1:1: 'store.url': there is no kind of store s4"),
        ('store = "s3://"', "the address ends after s3://; write s3://bucket/folder"),
        ('store = ""', "name a folder, or an address such as s3://bucket/folder"),
        ('store = {url = "s3://g", keep_versions = 0}', "'store.keep_versions'"),
        ('store = {ur = "s3://g"}', "unknown key 'store.ur' (did you mean 'url'?)"),
    ],
)
def test_what_is_wrong_has_its_place(tmp_path: Path, written: str, told: str) -> None:
    with pytest.raises(Problems) as caught:
        newsroom(tmp_path, written)
    (error,) = caught.value.errors
    assert told in f"{error} ({error.hint})"
    assert str(error).startswith("syndicate.toml:1:")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "newsroom")


def test_a_store_without_credentials_stops_a_run_before_it_begins(desk: Desk) -> None:
    settings = (desk.root / "syndicate.toml").read_text()
    store = '[store]\nurl = "s3://gazette/x"\nsecrets = {key = "NO_SUCH_VARIABLE"}\n'
    (desk.root / "syndicate.toml").write_text(settings + store)
    done = desk.command("publish")
    assert done.returncode == Exit.CREDENTIALS
    assert "NO_SUCH_VARIABLE is not set" in done.stderr
    assert "export NO_SUCH_VARIABLE=" in done.stderr
    assert not (desk.root / "out").exists()
    looked = desk.command("doctor")
    assert looked.returncode == Exit.CREDENTIALS
    assert "BAD  store: the environment variable NO_SUCH_VARIABLE is not set" in looked.stdout


def test_the_doctor_writes_reads_and_clears_away(tmp_path: Path) -> None:
    settings = Store(url=f"file://{tmp_path}/far")
    try_out(settings, tmp_path)
    assert not [path for path in (tmp_path / "far").rglob("*") if path.is_file()]
    with pytest.raises(CredentialsError):
        try_out(settings.model_copy(update={"secrets": {"key": "NO_SUCH_VARIABLE"}}), tmp_path)


@pytest.mark.parametrize("store", ["{file}/store", "file://{file}/store", "{file}"])
def test_doctor_tries_out_any_store_and_says_what_is_wrong_with_it(
    tmp_path: Path, store: str
) -> None:
    desk = make_desk(tmp_path / "newsroom")
    file = tmp_path / "file"
    file.write_text("not a folder")
    settings = desk.root / "syndicate.toml"
    settings.write_text(f'store = "{store.format(file=file)}"\n{settings.read_text()}')
    (found,) = (one for one in examine_newsroom(desk.root) if one.what == "store")
    assert not found.well
    assert "the store" in found.found
    assert str(file) in found.found
    assert "Errno" not in found.found
    assert "syndicate.toml" in str(found.hint)
    done = desk.command("publish")
    assert done.returncode == Exit.FAILED, done.stderr
    assert "Errno" not in done.stderr
