"""Whatever the bytes, every reader quickly returns articles or reports an error, and opens no
other file and no connection. A few seconds per run; in the slow tests a minute per reader."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from syndicate.article import Article
from syndicate.errors import SyndicateError
from syndicate.readers import READERS, read, reader_for
from tests.readers.reading import source
from tests.readers.seeds import seeds

PACKED = ("docx", "odt", "zip")
"""Readers of ZIP archives, whose sources are not text."""
MINUTE = 60.0
LONGEST = 10.0
"""Seconds of processor time that any input may take."""

WORDS = [
    *(
        "<p>",
        "</p>",
        "<b",
        "<ul><li>",
        "</div>",
        "<table><tr><td colspan=999999>",
        "<figure><img src=",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&b;",
        "&#0;",
        "&#xD800;",
    ),
    *("<item>", "</item>", "<entry>", "<channel>", "<wp:post_type>page</wp:post_type>", "<title>"),
    *('{"', '":', "[", "]", "{}", "null", "1e999", '"\\ud800"', '"headlines":', '"items":[', "-1"),
    *(
        "# ",
        "> ",
        "- ",
        "|a|b|\n|-|-|\n",
        "```",
        "::: faq\n",
        "[^1]:",
        "![](",
        "---\n",
        "+++\n",
        "***",
    ),
    *(
        "Q: ",
        "A: ",
        "By Ann\n",
        "Did you know? ",
        "[caption]",
        "[/caption]",
        '[gallery ids="',
        "[embed]",
    ),
    *("file:///etc/passwd", "http://127.0.0.1:9/x", "javascript:alert(1)", "../../../etc/passwd"),
    *(
        "\x00",
        "\x08",
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "\n",
        "\r\n",
        "\n\n",
        "\t",
        " " * 40,
        "é",
        "日本",
        "🚢",
    ),
    *("title: ", "date: 9999-99-99", "0000-00-00", "tag:a,2026:b", "urn:x:y", "a" * 300, "9" * 400),
]


class OutsideError(AssertionError):
    """A reader opened something other than its source."""


_watching = False
_HARMLESS = (".py", ".pyc", ".so", ".toml", ".json", ".dat", ".cfg", ".typed", "METADATA", ".txt")


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event.startswith(
        ("socket.connect", "socket.getaddrinfo", "subprocess", "os.system", "urllib")
    ):
        raise OutsideError(f"{event} {arguments}")
    if event == "open":
        path, mode = arguments[0], arguments[1]
        # Libraries read their own code and tables when they are first used.
        own = isinstance(path, str) and any(root and path.startswith(root) for root in sys.path)
        zone = isinstance(path, str) and "zoneinfo" in path
        if isinstance(path, str | bytes) and not (own or zone or str(path).startswith(sys.prefix)):
            raise OutsideError(f"{event} {path!r} {mode}")


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[None]:
    """Fails if code inside opens a socket, a process or a file that is not part of a library."""
    global _watching
    _watching = True
    try:
        yield
    finally:
        _watching = False


def check_contract(data: bytes, suffix: str) -> None:
    """Check the contract: valid articles or a readable error, in time, from this source alone."""
    began = time.process_time()
    try:
        with watched():
            readings = read(source(data, f"harbour-notes{suffix}"))
    except SyndicateError as error:
        assert "cannot be read as an article" not in str(error), str(error)
        assert "\n" not in error.message
    else:
        assert readings
        for reading in readings:
            again = Article.model_validate_json(reading.article.model_dump_json())
            assert again == reading.article
            assert len({*reading.pictures}) == len(reading.pictures)
    assert time.process_time() - began < LONGEST


@st.composite
def mutated(draw: st.DrawFn, name: str) -> bytes:
    """A seed with pieces removed or repeated and other words inserted."""
    data = bytearray(seeds()[name][1])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from([0, 1, 7, 60, 400])))
        piece = draw(
            st.one_of(
                st.sampled_from(WORDS).map(lambda word: word.encode("utf-8", "surrogatepass")),
                st.binary(max_size=8),
                st.just(bytes(data[at:end]) * 3),
            )
        )
        data[at:end] = piece
    return bytes(data)


@st.composite
def repacked(draw: st.DrawFn, kind: str) -> bytes:
    """The seed of a reader of ZIP archives, with one of its parts mutated."""
    out = io.BytesIO()
    seed = io.BytesIO(seeds()[kind][1])
    with zipfile.ZipFile(seed) as old, zipfile.ZipFile(out, "w") as new:
        names = [one for one in old.namelist() if one.endswith(_PARTS)]
        main = [one for one in names if one.endswith(_MAIN)]
        chosen = draw(st.sampled_from([*main, *names]))
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == chosen:
                for _ in range(draw(st.integers(1, 4))):
                    at = draw(st.integers(0, len(part)))
                    end = min(len(part), at + draw(st.sampled_from([0, 1, 7, 60, 400])))
                    word = draw(st.sampled_from([*WORDS, *_ELEMENTS]))
                    part[at:end] = word.encode("utf-8", "surrogatepass")
            new.writestr(name, bytes(part))
    return out.getvalue()


_PARTS = (".xml", ".rels", ".html", ".htm", ".css", "mimetype")
_MAIN = ("word/document.xml", "content.xml", ".html", ".htm")
_ELEMENTS = (
    *("<w:tbl>", "</w:p>", "<w:ins>", 'w:val="', "<text:p>", "</text:h>", "<text:list>"),
    *("<table:table-cell table:number-columns-repeated='999999'/>", "<text:s text:c='999999'/>"),
    *("<draw:frame>", "<text:note>", "<office:annotation>", "<text:tracked-changes>"),
)


def sources(name: str) -> st.SearchStrategy[bytes]:
    """The sources to try on the reader `name`."""
    text = st.lists(st.sampled_from(WORDS), max_size=60).map(
        lambda words: "".join(words).encode("utf-8", "surrogatepass")
    )
    if name in PACKED:
        return st.one_of(repacked(name), mutated(name), st.binary(max_size=300))
    return st.one_of(mutated(name), text, st.binary(max_size=300))


def fuzz(name: str, examples: int) -> None:
    """Try `examples` sources on one reader."""
    suffix = seeds()[name][0]
    check_contract(seeds()[name][1], suffix)  # so that the time for imports is not counted

    # A failing archive is not shrunk: hypothesis cannot shrink it.
    phases = (Phase.generate,) if name in PACKED else (Phase.generate, Phase.shrink)

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=phases,
    )
    @given(data=sources(name))
    def attempt(data: bytes) -> None:
        check_contract(data, suffix)

    attempt()


def test_every_reader_has_a_seed_that_it_reads() -> None:
    assert set(seeds()) == set(READERS)
    for name, (suffix, data) in seeds().items():
        reader = reader_for(source(data, f"a{suffix}"))
        assert f"{type(reader).__module__}:{type(reader).__name__}" == READERS[name]


@pytest.mark.parametrize("name", READERS)
def test_any_source_is_read_or_refused(name: str) -> None:
    fuzz(name, 10 if name in PACKED else 40)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_any_source_is_read_or_refused_for_a_minute(name: str) -> None:
    began = time.process_time()
    while time.process_time() - began < MINUTE:
        fuzz(name, 20 if name in PACKED else 200)


BOMB = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(20)
)
HOSTILE = {
    "surrogates": lambda text: text.replace("ferry", "fe\ud800rry\udfff"),
    "control characters": lambda text: text.replace("ferry", "fe\x08\x1b[0m\x0brry"),
    "bidirectional marks": lambda text: text.replace("ferry", "\u202eferry\u2066"),
    "a megabyte on a line": lambda text: text.replace("ferry", "ferry " + "x" * 1_000_000),
    "a megabyte of words": lambda text: text.replace("ferry", "ferry " * 170_000),
    "10,000 deep in HTML": lambda text: text.replace("ferry", "<div><b>" * 10_000 + "ferry"),
    "10,000 lists deep": lambda text: text.replace("ferry", "<ul><li>" * 10_000 + "ferry"),
    "10,000 brackets deep": lambda text: text.replace("ferry", "[" * 10_000 + "{" * 10_000),
    "10,000 quotes deep": lambda text: text.replace("ferry", "\n\n" + ">" * 10_000 + " ferry"),
    "scripts": lambda text: text.replace(
        "ferry", "<script>alert(1)</script><img src=x onerror=alert(1)>"
    ),
    "local files": lambda text: text.replace(
        "ferry", "<img src='file:///etc/passwd'>![](/etc/passwd)"
    ),
    "entities": lambda text: BOMB + "]>\n" + text.replace("ferry", "&t;"),
    "files by entities": lambda text: (
        "<!DOCTYPE a [<!ENTITY t SYSTEM 'file:///etc/passwd'>]>\n" + text.replace("ferry", "&t;")
    ),
    "hosts by entities": lambda text: (
        "<!DOCTYPE a [<!ENTITY t SYSTEM 'http://127.0.0.1:9/'>]>\n" + text.replace("ferry", "&t;")
    ),
}


@pytest.mark.parametrize("name", [name for name in READERS if name not in PACKED])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_clean_or_refused(name: str, kind: str) -> None:
    suffix, data = seeds()[name]
    text = data.decode()
    if text.startswith("<?xml"):
        head, _, text = text.partition("?>")
        made = f"{head}?>{HOSTILE[kind](text)}"
    else:
        made = HOSTILE[kind](text)
    if name in ("jsonfeed", "ninjs", "json"):
        made = made.replace("\x08", "\\u0008").replace("\n", " ").replace("\x0b", "\\u000b")
    check_contract(made.encode("utf-8", "surrogatepass"), suffix)


@pytest.mark.parametrize("name", [name for name in READERS if name not in PACKED])
def test_mixed_encodings_are_clean_or_refused(name: str) -> None:
    suffix, data = seeds()[name]
    for bad in ("Möwe".encode("latin-1"), "Möwe".encode("utf-16"), b"\x93quote\x94", b"\xf0\x9f"):
        check_contract(data.replace(b"ferry", bad, 1), suffix)
