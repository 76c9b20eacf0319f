"""Books on their way: to an e-reader by mail, and to a store with the catalogue that lists them."""

from __future__ import annotations

import email
import email.policy
import io
import json
import uuid
from zipfile import ZipFile

import fsspec
import pytest

from syndicate.errors import Exit
from tests.engine.conftest import Desk
from tests.sink import Sink

BOOK = 'adapter = "epub"\nfonts = false\n'
KINDLE = """cover_file = false

[deliver]
via = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "desk@gazette.example.org"
to = ["ines@kindle.example", "kim@kindle.example"]
"""


def test_a_book_reaches_every_e_reader_whole_and_once(desk: Desk) -> None:
    with Sink(keep=True) as sink:
        desk.channel("kindle", BOOK + KINDLE.format(port=sink.port))
        assert desk.publish("kindle").exit is Exit.DONE
        assert desk.publish("kindle").exit is Exit.DONE
    assert sorted(sink.recipients) == ["ines@kindle.example", "kim@kindle.example"]
    for content in sink.contents:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        (book,) = mail.iter_attachments()
        assert book.get_content_type() == "application/epub+zip"
        assert book.get_filename() == "kindle-0001.epub"
        with ZipFile(io.BytesIO(book.get_content())) as opened:
            assert opened.testzip() is None
            assert b"The night ferry returns" in opened.read("EPUB/nav.xhtml")


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
def test_a_store_holds_every_issue_and_a_catalogue_of_them(desk: Desk) -> None:
    place = f"memory://{uuid.uuid4().hex}"
    deliver = f'\n[deliver]\nvia = "fsspec"\nurl = "{place}/'
    desk.channel("weekly", f'{BOOK}{deliver}weekly"\n')
    desk.channel("books", f'adapter = "opds"\ncatalogue_of = "weekly"\n{deliver}books"\n')
    desk.publish("weekly", "books")
    desk.write("gulls.md", "# The gulls\n\nThey never left.\n")
    desk.publish("weekly", "books")
    store, root = fsspec.core.url_to_fs(place)
    listed = json.loads(store.cat_file(f"{root}/books/opds.json"))["publications"]
    names = [one["links"][0]["href"].rpartition("/")[2] for one in listed]
    assert names == ["weekly-0002.epub", "weekly-0001.epub"]
    for name, one in zip(names, listed, strict=True):
        content = store.cat_file(f"{root}/weekly/{name}")
        assert len(content) == one["links"][0]["size"]
        assert ZipFile(io.BytesIO(content)).testzip() is None
