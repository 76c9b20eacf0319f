"""One small but complete source for each reader, for tests that run on all readers."""

from __future__ import annotations

import json
from functools import cache

from syndicate.testing.articles import article

MARKDOWN = """---
title: Notes from the harbour
tags: [tides, boats]
---
## The ferry

The *night* ferry [sails](https://ferry.example.org/) again.[^1]

- one
- two

> [!tip] Before you go
> Bring coins.

| who | fare |
|-----|------|
| all | 9    |

![A quay](quay.jpg "The quay. | Photo: Ruth Abara")

[^1]: Ask the pilot.
"""
COPY = """Notes from the harbour

By Ines Okafor

PORT ELLERY (Coast) — The night ferry sails again.

Did you know? It is old.

Q: When?
A: At ten.

“It was late,” she said.
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Notes from the harbour</title>
<meta property="og:title" content="Notes from the harbour"><script type="application/ld+json">
{"@type":"NewsArticle","headline":"Notes from the harbour","author":{"name":"Ines Okafor"}}</script>
</head><body><article><h1>Notes from the harbour</h1><p>The night ferry sails again, and nobody in
the harbour is surprised, for it has sailed before and it will sail again.</p><figure>
<img src="https://i.example.org/a.jpg" alt="A quay"><figcaption>The quay.</figcaption></figure>
<table><tr><th>who</th></tr><tr><td>all</td></tr></table><ul><li>one<ul><li>two</li></ul></li></ul>
<p>It leaves at ten, when the tide is high enough for boats of its kind, and comes back.</p>
</article></body></html>"""
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Wire</title>
<link>https://wire.example.org/</link><item><title>Notes from the harbour</title>
<link>https://gazette.example.org/harbour-notes/</link>
<guid isPermaLink="false">tag:gazette.example.org,2026:harbour-notes</guid>
<pubDate>Mon, 05 Oct 2026 12:00:00 +0000</pubDate>
<description><![CDATA[<p>The <b>night</b> ferry sails again.</p>]]></description></item></channel>
</rss>"""
WORDPRESS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><item><title>Notes from the harbour</title>
<link>https://gazette.example.org/harbour-notes/</link><guid>tag:gazette.example.org,2026:1</guid>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>The night ferry sails again.</p>
<!-- /wp:paragraph -->[gallery ids="1"][caption]<img src="a.jpg"> x[/caption]]]></content:encoded>
<wp:post_id>1</wp:post_id><wp:post_name>harbour-notes</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type></item></channel></rss>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {
            "id": "tag:gazette.example.org,2026:1",
            "url": "https://gazette.example.org/harbour-notes/",
            "title": "Notes from the harbour",
            "content_html": "<p>The <b>night</b> ferry sails again.</p>",
        }
    ],
}
NINJS = {
    "uri": "tag:gazette.example.org,2026:1",
    "type": "text",
    "versionCreated": "2026-10-05T12:00:00Z",
    "headlines": [{"role": "main", "value": "Notes from the harbour"}],
    "bodies": [{"contentType": "text/html", "value": "<p>The night ferry sails again.</p>"}],
}


@cache
def docx() -> bytes:
    """A Word file."""
    from tests.readers.docx.making import document, packed

    made = document()
    made.add_paragraph("Notes from the harbour", "Title")
    made.add_heading("The ferry", 1)
    made.add_paragraph("The night ferry sails again.")
    made.add_paragraph("one", "List Bullet")
    made.add_table(2, 2).cell(0, 0).text = "who"
    return packed(made)


@cache
def seeds() -> dict[str, tuple[str, bytes]]:
    """For the name of each reader: a file suffix and a source."""
    # Imported here, because these modules are tests themselves.
    from tests.readers.odt.test_odt import p, packed
    from tests.readers.rtf.test_rtf import HEAD
    from tests.readers.test_eml import PLAIN, mail
    from tests.readers.test_ghost import POST, export
    from tests.readers.test_wire import NITF
    from tests.readers.test_zipped import packed as zipped

    rtf = HEAD + r"\pard\s2 Notes from the harbour\par\pard The {\b night} ferry sails again.\par}"
    return {
        "rtf": (".rtf", rtf.encode()),
        "eml": (".eml", mail(PLAIN).as_bytes()),
        "wire": (".xml", NITF.format(status="usable").encode()),
        "ghost": (".json", export(POST).encode()),
        "zip": (".zip", zipped(Notes_dot_html=PAGE)),
        "odt": (".odt", packed(p("Notes from the harbour", "Title") + p("The ferry sails again."))),
        "markdown": (".md", MARKDOWN.encode()),
        "newscopy": (".txt", COPY.encode()),
        "html": (".html", PAGE.encode()),
        "docx": (".docx", docx()),
        "feed": (".xml", RSS.encode()),
        "jsonfeed": (".json", json.dumps(JSON_FEED).encode()),
        "wordpress": (".xml", WORDPRESS.encode()),
        "ninjs": (".json", json.dumps(NINJS).encode()),
        "json": (".json", article("harbour-notes").model_dump_json().encode()),
    }
