"""Sources that are as much work as possible for their size, for each reader."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator

Heavy = Callable[[int], bytes]
"""The bytes of a source of about this many bytes; of an archive, once it is unpacked."""

_W = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>'
    '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Boat</w:t></w:r></w:p>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
    ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_O = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink">'
    "<office:body><office:text><text:h>Boat</text:h>"
)


def times(before: str, piece: str, after: str = "") -> Heavy:
    """`piece` again and again; "%d" in it becomes its number."""

    def made(size: int) -> bytes:
        number = max(1, (size - len(before) - len(after)) // max(1, len(piece)))
        if "%d" in piece:
            middle = "".join(piece.replace("%d", str(one)) for one in range(number))
        else:
            middle = piece * number
        return (before + middle + after).encode()

    return made


def nested(before: str, start: str, end: str, after: str = "") -> Heavy:
    """`start` around itself again and again, with a word in the middle."""

    def made(size: int) -> bytes:
        number = max(1, (size - len(before) - len(after)) // (len(start) + len(end)))
        return (before + start * number + "word" + end * number + after).encode()

    return made


def packed(parts: dict[str, str | Heavy]) -> Heavy:
    """A zip archive of `parts`."""

    def made(size: int) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                data = part.encode() if isinstance(part, str) else part(size)
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    return made


def word(piece: str, **more: str | Heavy) -> Heavy:
    """A Word file with `piece` in its body again and again."""
    return word_of(times(_W, piece, "</w:body></w:document>"), **more)


def word_of(document: Heavy, **more: str | Heavy) -> Heavy:
    """A Word file with this `document`."""
    parts: dict[str, str | Heavy] = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS}
    named = {f"word/{name}.xml": part for name, part in more.items()}
    return packed({**parts, "word/document.xml": document, **named})


def writer(piece: str, end: str = "", nest: bool = False) -> Heavy:
    """An OpenDocument file with `piece` in its body again and again."""
    close = "</office:text></office:body></office:document-content>"
    content = nested(_O, piece, end, close) if nest else times(_O, piece, close)
    mime = "application/vnd.oasis.opendocument.text"
    return packed({"mimetype": mime, "content.xml": content})


def rss(piece: str) -> Heavy:
    """A feed whose only item has `piece` in its body again and again."""
    return times(
        '<rss version="2.0"><channel><title>B</title><link>https://example.org/</link><item>'
        "<title>Boat</title><link>https://example.org/a</link><description><![CDATA[<p>A</p>",
        piece,
        "]]></description></item></channel></rss>",
    )


def items(before: str, piece: str, after: str) -> Heavy:
    """As `times`: items of a collection."""
    return times(before, piece, after)


def as_json(before: dict[str, object], key: str, piece: str, wrap: Callable[..., object]) -> Heavy:
    """A JSON object in whose text `key` is `piece` again and again."""

    def made(size: int) -> bytes:
        return json.dumps(wrap({**before, key: piece * max(1, size // len(piece))})).encode()

    return made


def _blocks(piece: object) -> Heavy:
    def made(size: int) -> bytes:
        number = max(1, size // len(json.dumps(piece)))
        return json.dumps({"title": "Boat", "body": [piece] * number}).encode()

    return made


def _row(cells: int) -> str:
    return "<tr>" + "<td>a" * cells


def _mail(kind: str, piece: str) -> Heavy:
    def made(size: int) -> bytes:
        head = f"From: ann@example.org\r\nSubject: Boat\r\nContent-Type: {kind}\r\n\r\n"
        return head.encode() + piece.encode() * max(1, size // len(piece))

    return made


def _parts(size: int) -> bytes:
    part = "--b\r\nContent-Type: text/plain\r\n\r\nWords here.\r\n"
    head = "From: a@example.org\r\nSubject: Boat\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    return (head + "\r\n" + part * max(1, size // len(part)) + "--b--\r\n").encode()


def _nested_mail(size: int) -> bytes:
    lines = ["From: a@example.org", "Subject: Boat"]
    for number in range(max(1, size // 60)):
        lines += [f'Content-Type: multipart/mixed; boundary="b{number}"', "", f"--b{number}"]
    return ("\r\n".join(lines) + "\r\nContent-Type: text/plain\r\n\r\nwords\r\n").encode()


def _base64_mail(size: int) -> bytes:
    text = base64.encodebytes(b"<p>a <b>b</b>" * (size // 18)).decode()
    head = "From: a@example.org\nSubject: Boat\nContent-Type: text/html\n"
    return (head + "Content-Transfer-Encoding: base64\n\n" + text).encode()


def _aliases(size: int) -> bytes:
    lines = ["---", "title: Boat", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for number in range(1, max(2, size // 70)):
        lines.append(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]")
    return "\n".join([*lines, "---", "# Boat", "", "Words."]).encode()


def _entities(size: int) -> bytes:
    lines = ['<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "words words words">']
    for number in range(1, max(2, min(500, size // 70))):
        lines.append(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">')
    last = f"&a{len(lines) - 1};"
    return (
        "".join(lines) + f']><rss version="2.0"><channel><title>b</title><item><title>B</title>'
        f"<description>{last * max(1, size // 20)}</description></item></channel></rss>"
    ).encode()


def _inner_zip(size: int) -> bytes:
    data = b"0" * size
    for _ in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", data)
        data = out.getvalue()
    return data


_HTML = "<html><head><title>Boat</title></head><body><article><h1>Boat</h1><p>" + "Words. " * 60
_TABLE = "# Boat\n\n" + "|a" * 50 + "\n" + "|-" * 50 + "\n"
_WXR = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/'
    'content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>B</title>'
    "<wp:wxr_version>1.2</wp:wxr_version>"
)
_POST = (
    "<item><title>Boat</title><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>"
    "<wp:post_type>post</wp:post_type><wp:post_date_gmt>2026-01-01 00:00:00</wp:post_date_gmt>"
    "<content:encoded><![CDATA[<p>A</p>"
)
_POST_END = "]]></content:encoded></item></channel></rss>"
_NITF = (
    "<nitf><head><title>Boat</title></head><body><body.head><hedline><hl1>Boat</hl1></hedline>"
    "</body.head><body.content>"
)
_NITF_END = "</body.content></body></nitf>"
_RTF = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\b\fs40 Boat\par}\pard "


def _wordpress(piece: str) -> Heavy:
    return times(_WXR + _POST, piece, _POST_END)


def _feed_json(item: dict[str, object]) -> dict[str, object]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "B", "items": [item]}


def _ghost(post: dict[str, object]) -> dict[str, object]:
    return {"db": [{"meta": {"version": "5"}, "data": {"posts": [post], "posts_tags": []}}]}


HEAVY: dict[str, dict[str, Heavy]] = {
    "note.md": {
        "words": times("# Boat\n\n", "word "),
        "paragraphs": times("# Boat\n\n", "a\n\n"),
        "strong": times("# Boat\n\n", "**a** "),
        "open stress": times("# Boat\n\n", "*a _b "),
        "crossed stress": times("# Boat\n\n", "*a **b "),
        "links": times("# Boat\n\n", "<https://e.org> "),
        "references": times("# Boat\n\n", "[%d]: /u\n\n"),
        "footnotes": times("# Boat\n\n", "a[^%d]\n\n[^%d]: b\n\n"),
        "cells": times(_TABLE, "|a" * 50 + "\n"),
        "items": times("# Boat\n\n", "- a\n"),
        "nested items": times("# Boat\n\n", "- " * 40 + "a\n"),
        "boxes": times("# Boat\n\n", "::: note\na\n:::\n\n"),
        "questions": times("# Boat\n\n", "Q: a?\n\nA: b\n\n"),
        "pictures": times("# Boat\n\n", "![a](a.png)\n\n"),
        "headings": times("# Boat\n\n", "## a\n\n"),
        "tags": times("# Boat\n\n", "<b>a</b> "),
        "html": times("# Boat\n\n", "<div>a\n\n"),
        "entities": times("# Boat\n\n", "&amp;"),
        "ticks": times("# Boat\n\n", "`a ``b "),
        "marks": times("# Boat\n\n", "==a == ~~b ^c "),
        "addresses": times("# Boat\n\n", "https://e.org/a "),
        "shortcodes": times("# Boat\n\n", '{{< figure src="a" >}}\n\n'),
        "liquid": times("# Boat\n\n", "{% include a %}\n\n"),
        "callouts": times("# Boat\n\n", "> [!tip] a\n\n"),
        "quotes": times("# Boat\n\n", "> a\n\n"),
        "lazy quotes": times("# Boat\n\n", ">" * 50 + "a\n"),
        "aliases": _aliases,
        "keys": times("---\ntitle: Boat\n", "k%d: v\n", "---\n# Boat\n\na\n"),
        "tag list": times("---\ntitle: Boat\ntags: [", "t%d, ", "]\n---\n# Boat\n\na\n"),
        "toml tables": times("+++\ntitle = 'Boat'\n", "[a.b%d]\n", "+++\n# Boat\n\na\n"),
        "toml dots": times("+++\ntitle = 'Boat'\n", "a.", "b = 1\n+++\n# Boat\n\na\n"),
        "yaml braces": times("---\ntitle: Boat\na: ", "{a: ", "\n---\n# Boat\n\na\n"),
        "spaces": times("# Boat\n\na", " ", "b\n"),
        "bare lines": times("# Boat\n\n", "\n"),
        "quote marks": times("# Boat\n\n", '"a '),
        "definition": times("# Boat\n\n", "a\n: b\n\n"),
    },
    "note.txt": {
        "words": times("Boat\n\n", "word "),
        "lines": times("Boat\n\n", "A short line\n"),
        "paragraphs": times("Boat\n\n", "A short line.\n\n"),
        "headings": times("Boat\n\n", "A HEADING\n\nSome words here.\n\n"),
        "questions": times("Boat\n\n", "Q: Why?\n\nA: Because.\n\n"),
        "items": times("Boat\n\n", "- an item\n"),
        "numbers": times("Boat\n\n", "1. an item\n"),
        "addresses": times("Boat\n\n", "https://e.org/a "),
        "quotes": times("Boat\n\n", '"Words," she said.\n\n'),
        "open quotes": times("Boat\n\n", '"Words '),
        "share": times("Boat\n\n", "Read more: a\n\n"),
        "bylines": times("Boat\n\n", "By Ann Lee\n\n"),
        "notes": times("Boat\n\n", "Note: a\n\n"),
        "dashes": times("Boat\n\n", "— a "),
        "spaces": times("Boat\n\na", " ", "b\n"),
        "capitals": times("Boat\n\n", "A"),
        "brackets": times("Boat\n\n", "[a] (b) "),
    },
    "note.html": {
        "paragraphs": times(_HTML, "<p>a"),
        "long paragraphs": times(_HTML, "<p>Some words, and more of them."),
        "deep": times(_HTML, "<div>"),
        "stress": times(_HTML, "<b>a</b> "),
        "open stress": times(_HTML, "<b>a<i>"),
        "spans": times(_HTML, "<span>a"),
        "links": times(_HTML, '<a href="/a">a</a> '),
        "cells": times(_HTML + "<table>", _row(50)),
        "wide": times(_HTML + "<table><tr>", "<td>a"),
        "spans of cells": times(_HTML + "<table>", "<tr><td colspan=99999 rowspan=99999>a"),
        "tables": times(_HTML, "<table><tr><td>a</table>"),
        "nested tables": times(_HTML, "<table><tr><td>"),
        "items": times(_HTML + "<ul>", "<li>a"),
        "nested items": times(_HTML, "<ul><li>a"),
        "figures": times(_HTML, "<figure><img src=a.png><figcaption>a</figcaption></figure>"),
        "pictures": times(_HTML, "<img src=a.png>"),
        "breaks": times(_HTML, "<br>a"),
        "attributes": times(_HTML + "<p ", "a%d=1 ", ">a"),
        "classes": times(_HTML, '<p class="a b c">a'),
        "divs": times(_HTML, "<div><p>Some words.</p></div>"),
        "footnotes": times(_HTML, '<sup id=r%d><a href="#f%d">1</a></sup><p id=f%d>a'),
        "entities": times(_HTML, "&amp;"),
        "headings": times(_HTML, "<h2>a</h2><p>b"),
        "quotes": times(_HTML, "<blockquote>a"),
        "metas": times(
            "<html><head><title>B</title>", "<meta name=a content=b>", "</head>" + _HTML
        ),
        "json": times(
            "<script type=application/ld+json>", "[" * 50 + "]" * 50, "</script>" + _HTML
        ),
        "scripts": times(_HTML, '<script type="application/ld+json">{"@type":"A"}</script>'),
        "articles": times(_HTML, "<article><p>Some words here.</article>"),
        "boxes": times(_HTML, "<aside><p>Some words here.</aside>"),
        "times": times(_HTML, "<time datetime=2026-01-01>a</time>"),
        "authors": times(_HTML, '<a rel=author href="/a">Ann %d</a> '),
        "embeds": times(_HTML, "<iframe src=https://youtu.be/a></iframe>"),
        "code": times(_HTML, "<pre>a</pre>"),
        "forms": times(_HTML, "<form><input><button>a</button>"),
        "bodies": times(_HTML, "</p></div></body></html><p>a"),
        "definitions": times(_HTML + "<dl>", "<dt>a<dd>b"),
    },
    "note.docx": {
        "paragraphs": word("<w:p/>"),
        "words": word("<w:p><w:r><w:t>a</w:t></w:r></w:p>"),
        "runs": word("<w:r><w:t>a</w:t></w:r>"),
        "runs in a paragraph": word_of(
            times(_W + "<w:p>", "<w:r><w:t>a</w:t></w:r>", "</w:p></w:body></w:document>")
        ),
        "stress": word_of(
            times(
                _W + "<w:p>",
                "<w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r>",
                "</w:p></w:body></w:document>",
            )
        ),
        "unknown": word("<w:x/>"),
        "cells": word_of(
            times(
                _W + "<w:tbl>",
                "<w:tr>" + "<w:tc><w:p/></w:tc>" * 20 + "</w:tr>",
                "</w:tbl></w:body></w:document>",
            )
        ),
        "wide": word_of(
            times(
                _W + "<w:tbl><w:tr>", "<w:tc><w:p/></w:tc>", "</w:tr></w:tbl></w:body></w:document>"
            )
        ),
        "merged": word_of(
            times(
                _W + "<w:tbl>",
                "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>",
                "</w:tbl></w:body></w:document>",
            )
        ),
        "tables": word("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
        "nested tables": word_of(
            nested(_W, "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", "</w:body></w:document>")
        ),
        "deep": word_of(nested(_W, "<w:ins>", "</w:ins>", "</w:body></w:document>")),
        "items": word(
            '<w:p><w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr></w:pPr>'
            "<w:r><w:t>a</w:t></w:r></w:p>"
        ),
        "fields": word(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "a"'
            "</w:instrText></w:r></w:p>"
        ),
        "breaks": word("<w:p><w:r><w:br/></w:r></w:p>"),
        "tabs": word_of(times(_W + "<w:p><w:r>", "<w:tab/>", "</w:r></w:p></w:body></w:document>")),
        "footnotes": word('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'),
        "bookmarks": word('<w:bookmarkStart w:id="%d" w:name="a%d"/><w:p/>'),
        "styles": word(
            "<w:p/>",
            styles=times(
                _W.partition("<w:document")[0]
                + '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">',
                '<w:style w:styleId="a%d"><w:basedOn w:val="a%d"/></w:style>',
                "</w:styles>",
            ),
        ),
        "drawings": word("<w:p><w:r><w:drawing/></w:r></w:p>"),
        "attributes": word_of(times(_W + "<w:p ", 'a%d="1" ', "/></w:body></w:document>")),
        "deleted": word("<w:p><w:del><w:r><w:delText>a</w:delText></w:r></w:del></w:p>"),
        "text boxes": word("<w:p><w:r><w:txbxContent><w:p/></w:txbxContent></w:r></w:p>"),
    },
    "note.odt": {
        "paragraphs": writer("<text:p/>"),
        "words": writer("<text:p>a</text:p>"),
        "spans": writer("<text:p><text:span>a</text:span></text:p>"),
        "deep": writer("<text:section>", "</text:section>", nest=True),
        "items": writer(
            "<text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>"
        ),
        "nested items": writer(
            "<text:list><text:list-item>", "</text:list-item></text:list>", nest=True
        ),
        "cells": writer(
            "<table:table><table:table-row>"
            + "<table:table-cell><text:p>a</text:p></table:table-cell>" * 20
            + "</table:table-row></table:table>"
        ),
        "repeated": writer(
            '<table:table><table:table-row table:number-rows-repeated="99999"><table:table-cell'
            ' table:number-columns-repeated="99999"><text:p>a</text:p></table:table-cell>'
            "</table:table-row></table:table>"
        ),
        "spaces": writer('<text:p>a<text:s text:c="999999999"/>b</text:p>'),
        "headings": writer('<text:h text:outline-level="2">a</text:h><text:p>b</text:p>'),
        "links": writer('<text:p><text:a xlink:href="https://e.org/">a</text:a></text:p>'),
        "notes": writer(
            "<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>b</text:p></text:note-body></text:note></text:p>"
        ),
        "tabs": writer("<text:p><text:tab/><text:line-break/></text:p>"),
    },
    "note.rtf": {
        "paragraphs": times(_RTF, r"a\par ", "}"),
        "words": times(_RTF, "word ", r"\par}"),
        "stress": times(_RTF, r"{\b a}", r"\par}"),
        "groups": nested(_RTF, "{", "}", r"\par}"),
        "open groups": times(_RTF, "{"),
        "closed groups": times(_RTF, "}"),
        "controls": times(_RTF, r"\b\i0", r" a\par}"),
        "cells": times(_RTF, r"\trowd\cellx1\intbl a\cell\row ", "}"),
        "wide": times(_RTF + r"\trowd\intbl ", r"a\cell ", r"\row}"),
        "nested tables": times(_RTF, r"\itap9\intbl a\nestcell\nestrow ", "}"),
        "fields": times(_RTF, r'{\field{\*\fldinst HYPERLINK "a"}{\fldrslt a}}', r"\par}"),
        "unicode": times(_RTF, r"\u233?", r"\par}"),
        "hex": times(_RTF, r"\'e9", r"\par}"),
        "skipped": times(_RTF, r"{\*\x a}", r"\par}"),
        "fonts": times(r"{\rtf1\ansi{\fonttbl", r"{\f%d Arial;}", r"}Boat\par a\par}"),
        "styles": times(r"{\rtf1\ansi{\stylesheet", r"{\s%d\sbasedon%d A;}", r"}Boat\par a\par}"),
        "binary": times(_RTF, r"\bin9999 ", "}"),
        "pictures": times(_RTF, r"{\pict\pngblip 89504e47}", r"\par}"),
        "items": times(_RTF, r"{\listtext\'b7\tab}a\par ", "}"),
        "notes": times(_RTF, r"a{\footnote b}\par ", "}"),
    },
    "note.eml": {
        "html": _mail("text/html", "<p>a"),
        "stress": _mail("text/html", "<b>a</b> "),
        "text": _mail("text/plain", "A short line.\n\n"),
        "quoted": _mail("text/plain", "> a\n"),
        "deep quotes": _mail("text/plain", ">" * 60 + " a\n"),
        "parts": _parts,
        "nested parts": _nested_mail,
        "base64": _base64_mail,
        "headers": times("From: a@example.org\nSubject: Boat\n", "X-A%d: b\n", "\nWords.\n"),
        "one header": times("From: a@example.org\nSubject: Boat\nX-A: b\n", " b\n", "\nWords.\n"),
        "addresses": times("Subject: Boat\nFrom: ", "a@b.org, ", "\n\nWords here.\n"),
        "encoded words": times("From: a@b.org\nSubject: ", "=?utf-8?q?a?= ", "\n\nWords.\n"),
        "parentheses": times("Subject: Boat\nFrom: a", "(", "\n\nWords here.\n"),
    },
    "note.ninjs": {
        "paragraphs": as_json(
            {"uri": "a", "headline": "Boat", "version": "1"}, "body_html", "<p>a", lambda x: x
        ),
        "stress": as_json(
            {"uri": "a", "headline": "Boat", "version": "1"}, "body_html", "<b>a</b>", lambda x: x
        ),
        "text": as_json(
            {"uri": "a", "headline": "Boat", "version": "1"}, "body_text", "a\n\n", lambda x: x
        ),
        "cells": as_json(
            {"uri": "a", "headline": "Boat"}, "body_html", "<table>" + _row(9), lambda x: x
        ),
        "subjects": lambda size: json.dumps(
            {
                "uri": "a",
                "headline": "Boat",
                "body_html": "<p>a",
                "subject": [{"name": f"s{one}"} for one in range(size // 20)],
            }
        ).encode(),
        "nested": times('{"uri": "a", "headline": "Boat", "x": ', "[", ""),
    },
    "note.json": {
        "paragraphs": _blocks({"type": "paragraph", "content": [{"type": "text", "text": "a"}]}),
        "empty": _blocks({}),
        "wrong": _blocks({"type": "x"}),
        "numbers": times("[", "1,", "1]"),
        "nested": times("", "[", ""),
        "keys": times("{", '"k%d":1,', '"title":"Boat"}'),
        "big number": times('{"title": ', "9", "}"),
        "lines": times("", '{"title":"a"}\n'),
        "strings": times('{"title": "', "\\u00e9", '"}'),
    },
    "feed.json": {
        "paragraphs": as_json({"id": "1", "title": "Boat"}, "content_html", "<p>a", _feed_json),
        "stress": as_json({"id": "1", "title": "Boat"}, "content_html", "<b>a</b>", _feed_json),
        "text": as_json({"id": "1", "title": "Boat"}, "content_text", "a\n\n", _feed_json),
        "items": items(
            '{"version":"https://jsonfeed.org/version/1.1","title":"B","items":[',
            '{"id":"%d","title":"Boat %d","content_text":"words"},',
            '{"id":"x","title":"Boat","content_text":"words"}]}',
        ),
        "same items": items(
            '{"version":"https://jsonfeed.org/version/1.1","title":"B","items":[',
            '{"id":"1","title":"Boat","content_text":"words"},',
            '{"id":"x","title":"Boat","content_text":"words"}]}',
        ),
    },
    "ghost.json": {
        "paragraphs": as_json(
            {"id": "1", "title": "Boat", "status": "published"}, "html", "<p>a", _ghost
        ),
        "stress": as_json(
            {"id": "1", "title": "Boat", "status": "published"}, "html", "<b>a</b>", _ghost
        ),
        "cells": as_json(
            {"id": "1", "title": "Boat", "status": "published"}, "html", _row(9), _ghost
        ),
        "items": items(
            '{"db":[{"data":{"posts_tags":[],"posts":[',
            '{"id":"%d","title":"Boat","status":"published","html":"<p>a"},',
            '{"id":"x","title":"Boat","html":"<p>a"}]}}]}',
        ),
        "links": items(
            '{"db":[{"data":{"posts":[{"id":"x","title":"Boat","html":"<p>a"}],"posts_tags":[',
            '{"post_id":"x","tag_id":"%d"},',
            '{"post_id":"x","tag_id":"x"}]}}]}',
        ),
    },
    "feed.xml": {
        "paragraphs": rss("<p>a"),
        "stress": rss("<b>a</b>"),
        "cells": rss("<table>" + _row(9)),
        "deep": rss("<div>"),
        "items": items(
            '<rss version="2.0"><channel><title>B</title>',
            "<item><title>Boat %d</title><guid>%d</guid><description>words</description></item>",
            "</channel></rss>",
        ),
        "same items": items(
            '<rss version="2.0"><channel><title>B</title>',
            "<item><title>Boat</title><guid>1</guid><description>words</description></item>",
            "</channel></rss>",
        ),
        "tags": items(
            '<rss version="2.0"><channel><title>B</title><item><title>Boat</title>',
            "<category>c%d</category>",
            "<description>words</description></item></channel></rss>",
        ),
        "nested": nested(
            '<rss version="2.0"><channel><item>', "<a>", "</a>", "</item></channel></rss>"
        ),
        "attributes": times('<rss version="2.0" ', 'a%d="1" ', "><channel/></rss>"),
        "entities": _entities,
        "open": times('<rss version="2.0"><channel>', "<item>"),
        "namespaces": times('<rss version="2.0" ', 'xmlns:a%d="u%d" ', "><channel/></rss>"),
    },
    "export.xml": {
        "paragraphs": _wordpress("<p>a"),
        "bare lines": _wordpress("a\n\n"),
        "stress": _wordpress("<b>a</b>"),
        "captions": _wordpress('[caption id="a"]<img src="a.png" />a[/caption]\n\n'),
        "open captions": _wordpress("[caption "),
        "galleries": _wordpress('[gallery ids="1,2,3"]\n\n'),
        "shortcodes": _wordpress("[a b=c]d[/a]"),
        "blocks": _wordpress("<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->"),
        "open blocks": _wordpress("<!-- wp:group -->"),
        "breaks": _wordpress("<br />"),
        "preformatted": _wordpress("<pre>"),
        "items": items(
            _WXR,
            _POST.replace("<wp:post_id>1", "<wp:post_id>%d") + "]]></content:encoded></item>",
            "</channel></rss>",
        ),
        "authors": items(
            _WXR,
            "<wp:author><wp:author_login>a%d</wp:author_login></wp:author>",
            _POST + _POST_END,
        ),
        "meta": items(
            _WXR + _POST + "]]></content:encoded>",
            "<wp:postmeta><wp:meta_key>a%d</wp:meta_key><wp:meta_value>b</wp:meta_value>"
            "</wp:postmeta>",
            "</item></channel></rss>",
        ),
    },
    "nitf.xml": {
        "paragraphs": times(_NITF, "<p>a</p>", _NITF_END),
        "stress": times(_NITF + "<p>", "<em>a</em>", "</p>" + _NITF_END),
        "deep": nested(_NITF, "<block>", "</block>", _NITF_END),
        "cells": times(
            _NITF + "<table>", "<tr>" + "<td>a</td>" * 9 + "</tr>", "</table>" + _NITF_END
        ),
        "media": times(
            _NITF, '<media media-type="image"><media-reference source="a"/></media>', _NITF_END
        ),
        "attributes": times("<nitf><body ", 'a%d="1" ', "/></nitf>"),
        "keys": times(
            "<nitf><head><docdata><key-list>",
            '<keyword key="k%d"/>',
            "</key-list></docdata></head></nitf>",
        ),
    },
    "page.zip": {
        "paragraphs": packed({"a.html": times(_HTML, "<p>a")}),
        "stress": packed({"a.html": times(_HTML, "<b>a</b> ")}),
        "entries": lambda size: packed(
            {f"a{one}.html": "<p>a" for one in range(max(1, min(size // 100, 60_000)))}
        )(size),
        "pictures": lambda size: packed(
            {
                "a.html": "<p>"
                + "".join(f"<img src=p{n}.png>" for n in range(min(4900, size // 20))),
                **{f"p{n}.png": "x" for n in range(min(4900, size // 20))},
            }
        )(size),
        "inner": _inner_zip,
        "bomb": packed({"a.html": times(_HTML, "<p>a"), "b.bin": lambda size: b"0" * size * 9}),
        "rows": packed(
            {"posts.csv": times("post_id,title\n", "%d.a,Boat\n"), "posts/1.a.html": "<p>a"}
        ),
        "wide rows": packed(
            {"posts.csv": times("post_id,title", ",a%d", "\n1.a,Boat\n"), "posts/1.a.html": "<p>a"}
        ),
    },
}
"""What each reader is given, by the name of the file."""

LIMITS = {".html": 8_000_000, ".docx": 9_900_000, ".odt": 9_900_000}
"""The most bytes that some readers accept."""


def heavy() -> Iterator[tuple[str, str, Heavy]]:
    """Each file's name, what is heavy about it, and what makes it."""
    for name, table in HEAVY.items():
        for what, made in table.items():
            yield name, what, made
