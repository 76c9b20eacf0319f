"""WordPress exports: classic and block posts, and files of any size."""

from __future__ import annotations

import gc
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pytest

from syndicate.article import CodeBlock, Embed, Figure, Footnote, Gallery, Table
from syndicate.article.text import passages, plain
from syndicate.errors import SourceError
from syndicate.readers import Reading, Source, read, stream
from tests.articles import PUBLICATION
from tests.readers.reading import MODIFIED, read_one, refused, source

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Harbour Blog</title>
<language>en-GB</language><wp:base_blog_url>https://blog.example.org</wp:base_blog_url>
<wp:author><wp:author_login>ines</wp:author_login><wp:author_email>i@example.org</wp:author_email>
<wp:author_display_name><![CDATA[Ines Okafor]]></wp:author_display_name></wp:author>
"""


def post(content: str, number: int = 12, /, **more: str) -> str:
    """A post; `more` are additional wp: elements, `raw` is additional XML."""
    raw = more.pop("raw", "")
    values = {"status": "publish", "post_type": "post", "post_name": f"post-{number}"} | more
    rest = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in values.items())
    return (
        f"<item><title>Post {number}</title><link>https://blog.example.org/post-{number}/</link>"
        f"<guid isPermaLink='false'>https://blog.example.org/?p={number}</guid>"
        f"<dc:creator>ines</dc:creator><content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date_gmt>2026-10-05 10:00:00</wp:post_date_gmt>{rest}{raw}</item>\n"
    )


def attachment(number: int, name: str) -> str:
    """A picture in the media library."""
    return (
        f"<item><title>{name}</title><excerpt:encoded><![CDATA[The {name}]]></excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_type>attachment</wp:post_type>"
        f"<wp:attachment_url>https://blog.example.org/{name}.jpg</wp:attachment_url>"
        "<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>"
        f"<wp:meta_value>Alt {name}</wp:meta_value></wp:postmeta></item>\n"
    )


def export(*items: str) -> str:
    """A complete export."""
    return HEAD + "".join(items) + "</channel></rss>"


def first(content: str, *others: str, **more: str) -> Reading:
    """The post with this content."""
    return read(source(export(post(content, **more), *others), "blog.xml"))[0]


def body(content: str, *others: str) -> tuple[Any, ...]:
    """The blocks of a post with this content."""
    return first(content, *others).article.body


def test_a_post_keeps_its_author_dates_and_address() -> None:
    terms = (
        '<category domain="category" nicename="news">News</category>'
        '<category domain="post_tag" nicename="tides">Tides</category>'
        "<excerpt:encoded>In short</excerpt:encoded><wp:postmeta><wp:meta_key>_thumbnail_id"
        "</wp:meta_key><wp:meta_value>21</wp:meta_value></wp:postmeta>"
    )
    reading = first("The boat sails.", attachment(21, "quay"), raw=terms)
    one = reading.article
    assert (one.title, one.slug, one.section) == ("Post 12", "post-12", "News")
    assert (one.id, one.url) == (
        "https://blog.example.org/?p=12",
        "https://blog.example.org/post-12/",
    )
    assert one.published.isoformat() == "2026-10-05T10:00:00+00:00"
    assert [(p.name, p.email) for p in one.contributors] == [("Ines Okafor", "i@example.org")]
    assert [(tag.name, tag.scheme) for tag in one.tags] == [
        ("Tides", "https://blog.example.org/tag/")
    ]
    assert one.lead_image is not None
    assert (one.lead_image.src, one.lead_image.alt) == (
        "https://blog.example.org/quay.jpg",
        "Alt quay",
    )
    assert (one.summary, one.language, one.credit.source) == ("In short", "en-GB", "Harbour Blog")


@pytest.mark.parametrize(
    ("status", "becomes"),
    [("publish", "usable"), ("draft", "draft"), ("pending", "draft"), ("private", "withheld")],
)
def test_the_status_is_kept(status: str, becomes: str) -> None:
    assert first("Text.", status=status).article.status == becomes


def test_a_scheduled_post_is_embargoed_until_its_date() -> None:
    one = first("Text.", status="future").article
    assert one.embargoed == one.published


def test_items_that_are_not_posts_are_counted_in_the_report() -> None:
    items = [post("Text."), post("x", 2, post_type="page"), post("x", 3, post_type="nav_menu_item"),
             post("x", 4, post_type="page"), post("x", 5, status="trash")]  # fmt: skip
    (reading,) = read(source(export(*items), "blog.xml"))
    notes = [note.what for note in reading.notes if note.kind == "left out"]
    assert notes == [
        "1 item of type 'nav_menu_item'",
        "2 items of type 'page'",
        "1 item of type 'post in the bin'",
    ]


def test_blank_lines_of_the_classic_editor_separate_paragraphs() -> None:
    blocks = body("One\nline.\n\nTwo.\n\n<pre>a\n\nb</pre>\n\nThree <em>x</em>.")
    assert list(passages(blocks)) == ["One\nline.", "Two.", "a\n\nb", "Three x."]
    assert isinstance(blocks[2], CodeBlock)


def test_shortcodes_become_what_they_show() -> None:
    blocks = body(
        '[caption id="a" width="3"]<a href="x"><img src="https://i.example.org/a.jpg" alt="A"></a>'
        ' The <b>quay</b>[/caption]\n\n[gallery ids="21,22"]\n\n'
        "[embed]https://youtu.be/abcdefg[/embed]\n\n"
        '[audio mp3="https://i.example.org/a.mp3"]\n\n'
        '[code language="python"]if a &lt; b:[/code]\n\nSaid [sic] and'
        ' [foo_x a="1"]inside[/foo_x].',
        attachment(21, "quay"),
        attachment(22, "lock"),
    )
    figure, gallery, video, audio, code, text = blocks
    assert isinstance(figure, Figure)
    assert (figure.src, plain(figure.caption)) == ("https://i.example.org/a.jpg", "The quay")
    assert isinstance(gallery, Gallery)
    assert [(one.src, one.alt) for one in gallery.figures] == [
        ("https://blog.example.org/quay.jpg", "Alt quay"),
        ("https://blog.example.org/lock.jpg", "Alt lock"),
    ]
    assert isinstance(video, Embed)
    assert video.provider == "YouTube"
    assert isinstance(audio, Embed)
    assert code == CodeBlock(text="if a < b:", language="python")
    assert plain(text.content) == "Said [sic] and inside."


BLOCKS = """<!-- wp:paragraph -->
<p>Para<sup data-fn="f1" class="fn"><a href="#f1" id="f1-link">1</a></sup>.</p>
<!-- /wp:paragraph -->

<!-- wp:embed {"url":"https://youtu.be/abcdefg","type":"video"} -->
<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://youtu.be/abcdefg
</div></figure>
<!-- /wp:embed -->

<!-- wp:table --><figure class="wp-block-table"><table><tbody><tr><td>a</td><td>b</td></tr></tbody>
</table><figcaption>Fares</figcaption></figure><!-- /wp:table -->

<!-- wp:block {"ref":77} /-->

<!-- wp:acme/widget {"a":1} /-->

<!-- wp:footnotes /-->"""


def test_gutenberg_blocks_are_read() -> None:
    meta = (
        "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA["
        '[{"content":"Ask <em>Ruth</em>.","id":"f1"}]]]></wp:meta_value></wp:postmeta>'
    )
    reused = post("<!-- wp:paragraph --><p>Used again.</p><!-- /wp:paragraph -->", 77,
                  post_type="wp_block")  # fmt: skip
    reading = first(BLOCKS, reused, raw=meta)
    paragraph, video, table, again, note = reading.article.body
    assert plain(paragraph.content) == "Para."  # type: ignore[union-attr]
    assert isinstance(video, Embed)
    assert isinstance(table, Table)
    assert plain(table.caption) == "Fares"
    assert plain(again.content) == "Used again."  # type: ignore[union-attr]
    assert isinstance(note, Footnote)
    assert list(passages(note.blocks)) == ["Ask Ruth."]
    assert "the block 'acme/widget'" in str(reading.notes)


def test_a_bad_post_does_not_stop_the_others() -> None:
    readings = read(source(export(post("A."), post("", 13), post("B.", 14)), "blog.xml"))
    assert [reading.article.title for reading in readings] == ["Post 12", "Post 14"]
    (note,) = (note for note in readings[0].notes if note.kind == "left out")
    assert (note.what, note.line) == ("the item 'Post 13': has no text", 9)


class Endless(io.RawIOBase):
    """A file whose content is generated while it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return next(self._parts, b"")


def large(parts: Any) -> Source:
    """A source that is too large for memory."""
    return Source(PurePosixPath("blog.xml"), HEAD.encode(), MODIFIED, PUBLICATION,
                  file=lambda: Endless(parts()))  # type: ignore[arg-type, return-value]  # fmt: skip


def test_an_export_of_any_size_is_read_post_by_post() -> None:
    made = 0

    def parts() -> Iterator[bytes]:
        nonlocal made
        yield HEAD.encode()
        for number in range(300):
            made = number
            yield post("The boat sails. " * 20, number).encode()
        yield b"</channel></rss>"

    readings = stream(large(parts))
    assert next(readings).article.title == "Post 0"
    assert made < 299, "it was all read before the first post came out"
    assert sum(1 for _ in readings) == 299


def test_memory_does_not_grow_with_the_number_of_posts() -> None:
    def parts() -> Iterator[bytes]:
        yield HEAD.encode()
        for number in range(1_500):
            yield attachment(10_000 + number, f"pier-{number}").encode()
            yield post("The boat sails.", number).encode()
        yield b"</channel></rss>"

    readings = stream(large(parts))
    tracemalloc.start()
    try:
        held = []
        for number, _ in enumerate(readings):
            if number in (500, 1_499):
                gc.collect()
                held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    early, late = held
    assert late - early < 150_000, "more than 150 bytes are kept of each post"


def test_a_gallery_finds_its_pictures_among_thousands() -> None:
    pictures = (attachment(number, f"pier-{number}") for number in range(5_000))
    (gallery,) = body('[gallery ids="4,4321"]', *pictures)
    assert [figure.src.rpartition("/")[2] for figure in gallery.figures] == [
        "pier-4.jpg",
        "pier-4321.jpg",
    ]


@pytest.mark.parametrize("junk", [b"<x/>" * 10_000, b"<x>" * 10_000, b"<title>a</title>" * 3000])
def test_endless_text_outside_posts_is_refused(
    junk: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicate.readers.wordpress.export.MOST_BYTES", 1_000_000)

    def parts() -> Iterator[bytes]:
        yield HEAD.encode()
        yield from (junk for _ in range(2_000_000 // len(junk)))

    with pytest.raises(SourceError, match="without the end of an article"):
        list(stream(large(parts)))


def test_the_posts_before_the_end_of_a_truncated_file_are_read() -> None:
    text = export(post("A."), post("B.", 13))
    reading = read_one(text[: text.index("<content:encoded><![CDATA[B.")], "blog.xml")
    assert reading.article.title == "Post 12"


@pytest.mark.parametrize("place", ["<title>Post 13", "<![CDATA[B."])
def test_invalid_bytes_do_not_stop_the_other_posts(place: str) -> None:
    whole = export(post("A."), post("B.", 13), post("C.", 14)).encode()
    data = whole.replace(place.encode(), place.encode() + b"\xed\xa0\x80")
    titles = [reading.article.title for reading in read(source(data, "blog.xml"))]
    assert {"Post 12", "Post 14"} <= set(titles)


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    text = export(post("A.")).replace("<rss ", bomb + "<rss ", 1)
    assert "declares XML entities" in refused(text, "blog.xml")[0].message


def test_an_export_with_a_broken_header_does_not_crash() -> None:
    broken = (
        b'<?xml\r{"="http://wordpress.org/export/1.2/">\n<title<p>>Blog</title><item><title>Notes'
    )
    (error,) = refused(broken, "blog.xml")
    assert "AttributeError" not in error.message


def test_an_export_without_posts_is_refused() -> None:
    assert "no article in this file" in refused(export(), "blog.xml")[0].message
