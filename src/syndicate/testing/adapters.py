"""The contract of adapters, as tests that pytest collects from a subclass."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from pydantic import ValidationError

from syndicate.adapters import Adapter, Artifact, Edition, Scope
from syndicate.article import Article
from syndicate.article.text import passages
from syndicate.errors import RenderError, SyndicateError
from syndicate.kit import Kit
from syndicate.newsroom.starter import starter
from syndicate.testing.articles import NOON, PUBLICATION, article, every_block, para

HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% raise %} ]]> <!-- & &amp; ${7*7}",
    "\u202eevil\u202c \ufeff 👩‍👩‍👧‍👦 مرحبا",
    "a" * 3000,
)


class AdapterContract:
    """Tests for an adapter. Subclass it and set `adapter`; pytest collects the subclass.

    `channel` is the name of the channel, and so of its folder in `templates/`. Set `selects` for
    adapters that only use parts of an article, such as threads.
    """

    adapter: ClassVar[Adapter]
    channel: ClassVar[str] = "contract"
    selects: ClassVar[bool] = False

    def edition(self, *articles: Article) -> Edition:
        """An edition of `articles` for this adapter's scope."""
        number = 1 if self.adapter.scope is Scope.EDITION else None
        date = max((one.updated for one in articles), default=NOON)
        url = PUBLICATION.absolute(f"{self.channel}/")
        return Edition(PUBLICATION, self.channel, url, articles, date, number)

    def kit(self) -> Kit:
        """A new kit with the packaged templates and no pictures."""
        root = starter() / "templates"
        near = root / (self.adapter.templates or self.channel)
        folders = tuple(folder for folder in (near, root) if folder.is_dir())
        return Kit(folders, Path(tempfile.gettempdir()) / "no-content-here")

    def render(self, *articles: Article) -> tuple[Artifact, ...]:
        """The artifacts of `articles`."""
        return tuple(self.adapter.render(self.edition(*articles), self.kit()))

    # -- the contract -----------------------------------------------------------------------

    def test_options_are_frozen_and_closed(self) -> None:
        """An unknown key is an error, and options cannot change at run time."""
        try:
            type(self.adapter).model_validate({"no_such_key": 1})
        except ValidationError as error:
            assert error.errors()[0]["type"] == "extra_forbidden"
        else:
            raise AssertionError("an unknown key was accepted")
        assert self.adapter.scope in type(self.adapter).scopes

    def test_artifacts_are_named_typed_and_whole(self) -> None:
        """Names are unique, media types are well formed, contents are not empty."""
        artifacts = self.render(every_block())
        assert artifacts
        names = [artifact.name for artifact in artifacts]
        assert len(set(names)) == len(names)
        for artifact in artifacts:
            assert re.fullmatch(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w-]+)*", artifact.media_type)
            assert artifact.content

    def test_same_input_gives_the_same_bytes(self) -> None:
        """The output does not depend on the clock, on chance or on an earlier rendering."""
        first = {a.name: a.digest for a in self.render(every_block())}
        self.render(article("another", title="Another"))
        assert {a.name: a.digest for a in self.render(every_block())} == first

    def test_nothing_is_fetched(self) -> None:
        """Rendering opens no connection, whatever the article links to."""
        with _no_network():
            self.render(every_block())

    def test_every_passage_is_carried_or_reported(self) -> None:
        """Text that is missing from the artifacts is reported to the kit, with its article."""
        whole = every_block()
        kit = self.kit()
        artifacts = tuple(self.adapter.render(self.edition(whole), kit))
        assert {loss.article for loss in kit.losses} <= {whole.id}
        if self.selects:
            return
        text = _folded(" ".join(text_of(artifact) for artifact in artifacts))
        bare = _letters(text)
        lost = [p for p in passages(whole.body) if _letters(p) not in bare]
        reported = {loss.block for loss in kit.losses}
        of_type = {block.type: _folded(" ".join(passages((block,)))) for block in whole.body}
        unreported = [
            passage
            for passage in lost
            if not any(_folded(passage) in words for t, words in of_type.items() if t in reported)
        ]
        assert not unreported
        assert _folded(whole.title) in text

    def test_hostile_text_stays_text(self) -> None:
        """Markup, template code and CDATA ends in an article are shown as text, never executed."""
        bad = article(
            "hostile",
            title=f"T {HOSTILE[0]}",
            summary=HOSTILE[1],
            body=tuple(para(text) for text in HOSTILE),
        )
        for artifact in self.render(bad):
            if artifact.media_type.startswith(("text/html", "application/xhtml")):
                assert b"<script>alert(1)" not in artifact.content
        if not self.selects:
            text = " ".join(text_of(artifact) for artifact in self.render(bad))
            assert _folded("{{ 7 * 7 }} {% raise %}") in _folded(text)
            assert "7 * 7" in " ".join(text.split())

    def test_odd_articles_render_or_are_refused_clearly(self) -> None:
        """An empty body, right-to-left text, no author or a very long title cause no traceback."""
        for odd in (
            article("empty", body=()),
            article("rtl", language="ar", title="عنوان", body=(para("نص عربي قصير."),)),
            article("nobody", contributors=()),
            article("long-title", title="Word " * 120),
        ):
            try:
                assert self.render(odd)
            except RenderError as error:
                assert str(error)

    def test_an_empty_edition_is_no_accident(self) -> None:
        """A rolling channel without articles still makes an artifact."""
        if self.adapter.scope is Scope.ROLLING:
            assert self.render()

    def test_a_missing_picture_does_not_stop_the_rest(self) -> None:
        """A missing picture is reported, and the text is still rendered."""
        from syndicate.article import Figure

        holed = article(
            "holed", body=(para("Before."), Figure(src="pictures/none.jpg", alt="A gull"))
        )
        kit = self.kit()
        artifacts = tuple(self.adapter.render(self.edition(holed), kit))
        assert artifacts
        reported = any("none.jpg" in loss.reason for loss in kit.losses)
        shown = "agull" in _folded(" ".join(map(text_of, artifacts)))
        assert self.selects or reported or shown


def text_of(artifact: Artifact) -> str:
    """The text that a person sees in `artifact`, as plain text.

    Raises:
        SyndicateError: this suite cannot read its media type.
    """
    from lxml import etree

    kind = artifact.media_type.partition(";")[0]
    if kind.startswith("image/") or kind in ("text/css", "text/xsl"):
        return ""
    if kind == "application/pdf":
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(artifact.content)
            file.flush()
            command = ["pdftotext", "-raw", file.name, "-"]
            return subprocess.run(command, capture_output=True, check=True).stdout.decode()
    if kind == "application/epub+zip":
        with zipfile.ZipFile(BytesIO(artifact.content)) as book:
            pages = [book.read(name) for name in book.namelist() if name.endswith("html")]
        return " ".join(_stripped(page.decode()) for page in pages)
    if kind == "message/rfc822":
        message = message_from_bytes(artifact.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
        return " ".join(
            _stripped(part.get_content())
            if part.get_content_subtype() == "html"
            else part.get_content()
            for part in parts
        )
    if kind.endswith("json"):
        return " ".join(_stripped(text) for text in _strings(json.loads(artifact.content)))
    if kind in ("application/rss+xml", "application/atom+xml", "application/xml"):
        words = " ".join(map(str, etree.fromstring(artifact.content).itertext()))
        return f"{words} {_stripped(words)}"
    if kind in ("text/html", "application/xhtml+xml"):
        return _stripped(artifact.content.decode())
    if kind.startswith("text/"):
        return artifact.content.decode()
    raise SyndicateError(f"the contract suite cannot read {artifact.media_type}")


def _stripped(markup: str) -> str:
    """`markup` without tags, comments and styles."""
    markup = re.sub(r"(?s)<(style|title)\b.*?</\1>|<!--.*?-->", " ", markup)
    markup = re.sub(r'<a\b[^>]*role="doc-noteref"[^>]*>\d+</a>', "", markup)
    inline = r"</?(?:a|em|strong|b|i|s|sub|sup|span|code|small|cite|time)\b[^>]*>"
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(inline, "", markup)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _folded(text: str) -> str:
    """Only the letters and digits of `text`, so that line breaks, hyphenation and small capitals do
    not matter."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.sub(r"[\W_]+", "", text).casefold()


def _letters(text: str) -> str:
    """`text` folded, without characters that a channel may move or reorder: the numbers of footnote
    marks, and right-to-left letters, which are in drawing order in a PDF."""
    return re.sub(r"[\d\u0590-\u08ff]", "", _folded(text))


@contextmanager
def _no_network() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("the adapter opened a connection")

    with patch.object(socket.socket, "connect", refuse):
        yield
