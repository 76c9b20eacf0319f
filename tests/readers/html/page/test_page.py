"""The article on a page is found; page furniture is left out and reported."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from syndicate.article import Figure, Gallery, Heading, Paragraph
from syndicate.article.text import passages, plain
from syndicate.readers import Source, read
from syndicate.testing import ReaderContract
from tests.articles import PUBLICATION
from tests.cost import LINEAR, growth
from tests.missing import PAGES, needs_pages
from tests.readers.html.copy import SENTENCES
from tests.readers.reading import MODIFIED, read_one, refused

PAGE = f"""<!doctype html><html lang="en-GB"><head>
<title>Night ferry returns - The Harbour Gazette</title>
<meta property="og:title" content="Night ferry returns">
<meta property="og:site_name" content="The Harbour Gazette">
<meta name="description" content="After two winters ashore the boat sails again.">
<meta property="article:section" content="Harbour">
<meta property="article:tag" content="ferries">
<link rel="canonical" href="https://gazette.example.org/ferry/">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Night ferry returns",
 "datePublished": "2026-10-05T08:30:00+02:00", "dateModified": "2026-10-06T09:00:00+02:00",
 "author": [{{"@type": "Person", "name": "Ines Okafor"}}]}}</script></head><body>
<nav><ul><li><a href="/">Home</a><li><a href="/tides/">Tides</a></ul></nav>
<div class="layout"><article><header><h1>Night ferry returns</h1>
<p>After two winters ashore the boat sails again.</p>
<p class="byline">By Ines Okafor</p><time datetime="2026-10-05">5 October 2026</time></header>
<figure><img src="/quay.jpg" alt="The quay"><figcaption>The eastern quay.</figcaption></figure>
<p>{SENTENCES[0]}</p><div class="share-buttons"><a href="#">Share</a></div>
<h2>Less water</h2><p>{SENTENCES[1]}</p><ul><li>Low water: 21:40<li>High water: 03:55</ul>
<p>{SENTENCES[2]}</p><p><a href="/other/">Read more: the winter timetable</a></p>
<p>{SENTENCES[3]}</p></article>
<aside class="related"><h3>Related stories</h3><ul><li><a href="/a/">Fog on the pier</a></ul>
</aside>
<div class="comments"><p>A reader wrote a long comment here about the tides and the old boat.</p>
</div></div><footer>All rights reserved.</footer></body></html>"""


def words(text: str) -> Counter[str]:
    """How often each word occurs in `text`, counted as the usual measure of extraction does."""
    return Counter(re.findall(r"\w+", text.lower()))


class TestContract(ReaderContract):
    """The HTML reader fulfils the contract of all readers."""

    suffix = ".html"
    sample = (
        "<meta charset=utf-8><h1>Notes from the harbour</h1><p>" + " ".join(SENTENCES)
    ).encode()


def test_only_the_article_is_read() -> None:
    article = read_one(PAGE, "ferry.html").article
    text = "\n".join(passages(article.body))
    for sentence in SENTENCES:
        assert sentence in text
    for other in ("Home", "Share", "Read more", "Fog on the pier", "comment", "rights", "Okafor"):
        assert other not in text


def test_the_metadata_of_the_page_is_read() -> None:
    article = read_one(PAGE, "ferry.html").article
    assert article.title == "Night ferry returns"
    assert article.byline == "Ines Okafor"
    assert article.published.isoformat() == "2026-10-05T08:30:00+02:00"
    assert article.updated.isoformat() == "2026-10-06T09:00:00+02:00"
    assert article.url == "https://gazette.example.org/ferry/"
    assert (article.section, article.language) == ("Harbour", "en-GB")
    assert [tag.name for tag in article.tags] == ["ferries"]
    assert article.credit.source == "The Harbour Gazette"
    assert article.lead_image is not None
    assert article.lead_image.src == "https://gazette.example.org/quay.jpg"
    assert plain(article.lead_image.caption) == "The eastern quay."


def test_guesses_and_omissions_are_reported_with_their_lines() -> None:
    reading = read_one(PAGE, "ferry.html")
    guessed = [note for note in reading.notes if note.kind == "guessed"]
    assert any("title" in note.what and note.line for note in guessed)
    assert any("author" in note.what and note.line for note in guessed)
    left_out = " ".join(note.what for note in reading.notes if note.kind == "left out")
    assert "Share" in left_out
    assert "Read more" in left_out


def test_blocks_have_their_line_numbers() -> None:
    reading = read_one(PAGE, "ferry.html")
    lines = PAGE.splitlines()
    assert len(reading.lines) == len(reading.article.body)
    for block, line in zip(reading.article.body, reading.lines, strict=True):
        if isinstance(block, Heading):
            assert line is not None
            assert plain(block.content) in lines[line - 1]


def test_links_are_resolved_against_the_address_of_the_page() -> None:
    page = "<title>Tides today</title><h1>Tides today</h1>" + "".join(
        f'<p>{sentence} <a href="gauge">The gauge</a> says more.</p>' for sentence in SENTENCES
    )
    source = Source(
        PurePosixPath("tides.html"),
        page.encode(),
        MODIFIED,
        PUBLICATION,
        url="https://other.example.net/news/tides",
    )
    (reading,) = read(source)
    assert reading.article.url == "https://other.example.net/news/tides"
    assert '"https://other.example.net/news/gauge"' in reading.article.model_dump_json()


def test_a_caption_without_its_picture_is_left_out_and_reported() -> None:
    lazy = '<figure><img src="data:image/svg+xml,x"><figcaption>The pier.</figcaption></figure>'
    reading = read_one(PAGE.replace("<h2>", lazy + "<h2>"), "ferry.html")
    assert "The pier." not in "\n".join(passages(reading.article.body))
    assert any("'The pier.'" in note.what for note in reading.notes)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp1252", "iso-8859-1"), ("cp1252", None), ("utf-16", None), ("utf-8", "windows-1252")],
)
def test_declared_and_undeclared_encodings_are_read(encoding: str, declared: str | None) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    page = f"{meta}<h1>Der Kapitän über Bord</h1>" + "".join(
        f"<p>{s} Für “alle”.</p>" for s in SENTENCES
    )
    article = read_one(page.encode(encoding), "note.html").article
    assert article.title == "Der Kapitän über Bord"
    assert "“alle”" in "\n".join(passages(article.body))


@pytest.mark.parametrize("label", ["hex", "zlib", "idna", "undefined", "utf-7", "nope"])
def test_encodings_that_are_not_used_on_the_web_are_not_tried(label: str) -> None:
    body = "".join(f"<p>{s} Für alle.</p>" for s in SENTENCES)
    page = f'<meta charset="{label}"><h1>Über Bord</h1>{body}'
    assert read_one(page.encode("cp1252"), "note.html").article.title == "Über Bord"


def test_text_that_was_encoded_twice_is_repaired() -> None:
    said = "The pilot’s café\u00a0opened."
    twice = "".join(f"<p>{s} {said}</p>" for s in SENTENCES).encode().decode("latin-1")
    article = read_one(f"<h1>Tides</h1>{twice}".encode(), "note.html").article
    text = "\n".join(passages(article.body))
    assert text.count("The pilot’s café\u00a0opened.") == len(SENTENCES)
    assert "Â" not in text
    assert "Ã" not in text


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html></html>",
        b"\x00\x01\x02" * 200,
        b"<div>" * 10_000 + b"calm",
        b"<script>" * 2_000,
        b"<meta charset=utf-8><h1>A</h1><p>calm\xff\xfe\xfa</p>",
        b'<!DOCTYPE h [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>&b;',
    ],
    ids=lambda page: repr(page[:16]),
)
def test_the_error_for_a_page_without_an_article_is_one_line(page: bytes) -> None:
    refused(page, "note.html")


def test_text_that_only_looks_like_page_furniture_stays() -> None:
    sentences = "The pilots read the gauge at dawn and again at dusk, as they always had done. "
    page = f"""<html><head><title>Harbour life</title></head><body><article>
        <p>{sentences * 3}</p><h1>Harbour life</h1><p>{sentences * 2}</p>
        <h2 id="popular-piers-of-the-north">Popular piers of the north<a href="#x">#</a></h2>
        <p>The <a class="recommendation" href="/x">northern pier</a> is the oldest of all.</p>
        <h3><button aria-expanded="false">When is the tide highest?</button></h3>
        <p>{sentences}</p><h3>Pinterest</h3>
        <p>Harbours that run affiliate links on posters earn little by them. {sentences}</p>
        <p>Donât wait. {sentences * 4}</p><p>— R.A.</p></article></body></html>"""
    body = read_one(page.encode(), "page.html").article.body
    text = "\n".join(passages(body))
    for kept in (
        "Popular piers of the north\n",
        "The northern pier is",
        "When is the tide highest?",
        "Pinterest",
        "affiliate links",
        "Don’t wait",
        "— R.A.",
    ):
        assert kept in text, kept
    assert text.startswith(sentences.strip())


GRID = "<div><div><h3><a href=x>a</a></h3></div><div><h3><a href=y>b</a></h3></div>"


@pytest.mark.parametrize(
    "piece",
    [
        lambda n: "<h2>" + "<span>aB</span> " * (30 * n) + "</h2>",
        lambda n: "<div>A</div>" * (20 * n),
        lambda n: "<aside>" * 140 + f"<p>{SENTENCES[0]}</p>" * (3 * n) + "</aside>" * 140,
        lambda n: f"{GRID * 140}{'</div>' * 140}" * (n // 50),
    ],
    ids=["spans", "letters", "asides", "grids"],
)
def test_large_pages_take_linear_time(piece: Callable[[int], str]) -> None:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    power = growth(
        lambda n: f"<main><h1>Tides</h1>{body}{piece(n)}</main>",
        lambda page: read_one(page, "note.html"),
    )
    assert power < LINEAR


def test_a_page_with_fifty_megabytes_of_inlined_pictures_is_read() -> None:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = (
        f"<title>Night ferry returns</title><h1>Night ferry returns</h1>{body}"
        f'<img src="data:image/png;base64,{"QUJD" * 11_500_000}">'
        f"<script>{'x=1;' * 1_000_000}</script>"
    ).encode()
    source = Source(
        PurePosixPath("note.html"),
        page[:65_536],
        MODIFIED,
        PUBLICATION,
        file=lambda: io.BytesIO(page),
    )
    (reading,) = read(source)
    assert sum(isinstance(block, Paragraph) for block in reading.article.body) == len(SENTENCES)


@needs_pages
def test_real_pages_are_read_well() -> None:
    """A few pages of the corpus; `benchmarks/extraction.py` measures all of them."""
    scores = []
    for path in sorted((PAGES / "html").iterdir())[:20]:
        truth = json.loads((PAGES / "truth" / f"{path.name[:4]}.json").read_text())
        article = read_one(gzip.decompress(path.read_bytes()), f"{path.name[:4]}.html").article
        body = tuple(b for b in article.body if not isinstance(b, Figure | Gallery))
        found = words("\n".join(passages(body)))
        true = words(truth["ground_truth"]["main_content"])
        both = sum((found & true).values())
        scores.append(2 * both / (sum(found.values()) + sum(true.values())))
    assert sum(scores) / len(scores) > 0.95
