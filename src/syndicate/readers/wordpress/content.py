"""The content of a post: Gutenberg blocks, shortcodes and the classic editor's paragraphs, as the
HTML that WordPress would have made from them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Note
from syndicate.readers.fields import absolute_url
from syndicate.readers.reader_state import shortened_for_note
from syndicate.readers.wordpress.site import Blog, MediaFile

_COMMENT = re.compile(
    r"<!--\s*(?P<end>/)?wp:(?P<name>[a-z][\w/-]*)\s*(?P<values>\{[^\n]*?\})?\s*(?P<alone>/)?-->"
)
_OTHER_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SHORTCODE = re.compile(
    r"\[(?P<escaped>\[)?(?P<name>[a-zA-Z][\w-]{1,40})(?P<values>(?:\s[^\[\]<>]*)?|\s[^\]]{0,2000}?)\s*/?\]"
)
_LINKED_PICTURE = re.compile(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", re.DOTALL)
_CLOSING = re.compile(r"\[/([a-zA-Z][\w-]{1,40})\]")
_VALUE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s'"\]]+))|"([^"]*)"|(\S+)""")
_BLOCKS = (
    "address article aside audio blockquote center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr iframe li main math nav object ol p pre script"
    " section style summary table tbody td tfoot th thead tr ul video"
).replace(" ", "|")
_STARTS_BLOCK = re.compile(rf"\s*</?(?:{_BLOCKS})\b", re.IGNORECASE)
_KEPT_WHOLE = re.compile(r"<(pre|script|style|table|svg)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_LONE_URL = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t]*$", re.MULTILINE)
_WRAPPED_URL = re.compile(r"(embed__wrapper[^>]*>)\s*(https?://[^\s<>]+)\s*(?=<)")
_DYNAMIC = re.compile(
    r"(?:core/)?(?:latest-|archives|categories|tag-cloud|calendar|search|rss|loginout|query|post-"
    r"|comments|site-|navigation|template-part|page-list|avatar|read-more|social-link)|jetpack/"
    r"|more$|nextpage$|spacer$"
)


def wordpress_html(text: str, site: Blog, custom: dict[str, str], item: Item) -> str:
    """The HTML of a post's `text`; what has no equivalent is noted on `item`."""
    post = _Post(site, custom, item)
    is_blocks = "<!-- wp:" in text
    text = _COMMENT.sub(post.block, text)
    text = _OTHER_COMMENT.sub("", text)
    text = _WRAPPED_URL.sub(lambda found: f"{found[1]}{_player(found[2])}", text)
    text = post.shortcodes(text)
    return text if is_blocks else wordpress_paragraphs(text)


def wordpress_paragraphs(text: str) -> str:
    """`text` as HTML: blank lines separate paragraphs and other line ends are line breaks, as in
    WordPress's classic editor."""
    whole: list[str] = []

    def keep(found: re.Match[str]) -> str:
        whole.append(found[0])
        return f"\n\n\0{len(whole) - 1}\0\n\n"

    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = _KEPT_WHOLE.sub(keep, text)
    text = _LONE_URL.sub(lambda found: f"\n\n{_player(found[1])}\n\n", text)
    parts = []
    for part in re.split(r"\n[ \t]*\n", text):
        part = part.strip()
        if part.startswith("\0") or _STARTS_BLOCK.match(part):
            parts.append(part)
        elif part:
            parts.append("<p>" + re.sub(r"(?<!>)\n", "<br>\n", part) + "</p>")
    return re.sub(r"\0(\d+)\0", lambda found: whole[int(found[1])], "\n".join(parts))


def _player(url: str) -> str:
    """The HTML of a player for an address on a line of its own."""
    address = escape(unescape(url))
    return f'<p><a href="{address}">{address}</a></p>'


class _Post:
    """A post that is being turned into HTML."""

    def __init__(self, site: Blog, custom: dict[str, str], item: Item) -> None:
        self._site = site
        self._custom = custom
        self._item = item
        self._depth = 0
        self._handlers: dict[str, Callable[[dict[str, str], str | None], str]] = {
            "caption": self._caption,
            "wp_caption": self._caption,
            "gallery": self._gallery,
            "embed": self._embed,
            "audio": lambda values, _: self._file("audio", values),
            "video": lambda values, _: self._file("video", values),
            "playlist": self._playlist,
            **dict.fromkeys(("code", "sourcecode", "highlight"), self._code),
            **dict.fromkeys(("youtube", "vimeo", "tweet", "twitter", "instagram"), self._embed),
        }

    def block(self, found: re.Match[str]) -> str:
        """The HTML that a Gutenberg comment stands for; "" if HTML follows the comment."""
        name = found["name"]
        if not found["alone"] or found["end"]:
            return ""
        if name == "footnotes":
            return self._footnotes()
        try:
            values = json.loads(found["values"] or "{}")
        except (ValueError, RecursionError):
            values = {}
        if name == "block":
            own = self._site.block(str(values.get("ref", "")))
            self._depth += 1
            inner = _COMMENT.sub(self.block, own) if self._depth < 4 else ""
            self._depth -= 1
            if inner:
                return inner
        if isinstance(url := values.get("url"), str) and "embed" in name and absolute_url(url):
            return _player(url)
        if not _DYNAMIC.match(name):
            self._left_out(f"the block {name!r}")
        return ""

    def shortcodes(self, text: str) -> str:
        """`text` with its shortcodes as HTML; unknown shortcodes leave only the words inside."""
        parts: list[str] = []
        unknown: set[str] = set()
        at = 0
        for _ in range(10_000):
            found = _SHORTCODE.search(text, at)
            if not found:
                break
            parts.append(text[at : found.start()])
            name, at = found["name"].lower(), found.end()
            handler = self._handlers.get(name)
            if found["escaped"] or (handler is None and not self._is_shortcode(text, found)):
                parts.append(found[0])
                continue
            inner = None
            closing = text.lower().find(f"[/{name}]", at, at + 200_000)
            if handler and closing >= 0:
                inner, at = text[at:closing], closing + len(name) + 3
            if handler:
                parts.append(handler(_values(found["values"]), inner))
            else:
                self._left_out(f"the shortcode {shortened_for_note(found[0])!r}")
                unknown.add(name)
        whole = "".join((*parts, text[at:]))
        return _CLOSING.sub(lambda end: "" if end[1].lower() in unknown else end[0], whole)

    def _is_shortcode(self, text: str, found: re.Match[str]) -> bool:
        """Whether an unknown word in brackets is a shortcode and not an editor's "[sic]"."""
        name = found["name"]
        return "=" in found["values"] or "_" in name or f"[/{name}]" in text

    def _left_out(self, what: str) -> None:
        if not any(note.what == what for note in self._item.notes):
            self._item.notes.append(Note("left out", what, self._item.line))

    def _caption(self, values: dict[str, str], inner: str | None) -> str:
        """A picture, with the words after it or in `caption` as its caption."""
        found = _LINKED_PICTURE.match(inner or "")
        if not found:
            return inner or ""
        caption = found[2].strip() or escape(values.get("caption", ""))
        return f"\n\n<figure>{found[1]}<figcaption>{caption}</figcaption></figure>\n\n"

    def _gallery(self, values: dict[str, str], inner: str | None) -> str:
        numbers = re.findall(r"\d+", values.get("ids") or values.get("include") or "")
        pictures = [one for one in map(self._site.attachment, numbers) if one]
        if not pictures:
            self._left_out("a gallery whose pictures are not in the export")
            return ""
        return "\n\n<figure>" + "".join(map(_figure, pictures)) + "</figure>\n\n"

    def _embed(self, values: dict[str, str], inner: str | None) -> str:
        url = (inner or values.get("src") or values.get("url") or values.get("") or "").strip()
        url = re.sub(r"<[^>]*>", "", url)
        if absolute_url(unescape(url)):
            return f"\n\n{_player(url)}\n\n"
        self._left_out("an embed without an address")
        return ""

    def _file(self, kind: str, values: dict[str, str]) -> str:
        for name in ("src", "mp3", "mp4", "m4a", "m4v", "ogg", "ogv", "webm", "wav", "flv"):
            if url := absolute_url(unescape(values.get(name, "")), self._item.base):
                return f'\n\n<{kind} src="{escape(url)}"></{kind}>\n\n'
        self._left_out(f"{kind} without an address")
        return ""

    def _playlist(self, values: dict[str, str], inner: str | None) -> str:
        kind = "video" if values.get("type") == "video" else "audio"
        files = map(self._site.attachment, re.findall(r"\d+", values.get("ids", "")))
        return "".join(f'\n\n<{kind} src="{escape(one.url)}"></{kind}>\n\n' for one in files if one)

    def _code(self, values: dict[str, str], inner: str | None) -> str:
        language = values.get("language") or values.get("lang") or ""
        mark = f' class="language-{escape(language)}"' if language else ""
        return f"\n\n<pre><code{mark}>{escape(unescape(inner or '').strip())}</code></pre>\n\n"

    def _footnotes(self) -> str:
        """The footnotes, which Gutenberg stores apart from the text in the field `footnotes`."""
        try:
            notes: Any = json.loads(self._custom.get("footnotes", "[]"))
        except (ValueError, RecursionError):
            notes = []
        items = [
            f'<li id="{escape(str(note["id"]))}">{note["content"]}'
            f' <a href="#{escape(str(note["id"]))}-link">↩</a></li>'
            for note in (notes if isinstance(notes, list) else [])
            if isinstance(note, dict) and "id" in note and isinstance(note.get("content"), str)
        ]
        return f'<ol class="wp-block-footnotes">{"".join(items)}</ol>' if items else ""


def _figure(picture: MediaFile) -> str:
    caption = f"<figcaption>{picture.caption}</figcaption>" if picture.caption else ""
    alt = f' alt="{escape(picture.alt)}"' if picture.alt else ""
    return f'<figure><img src="{escape(picture.url)}"{alt}>{caption}</figure>'


def _values(written: str) -> dict[str, str]:
    """The values of a shortcode by name; a value without a name is at ""."""
    values: dict[str, str] = {}
    for found in _VALUE.finditer(written.replace("”", '"').replace("“", '"').replace("″", '"')):
        if found[1]:
            values[found[1].lower()] = found[2] or found[3] or found[4] or ""
        else:
            values.setdefault("", found[5] or found[6] or "")
    return values
