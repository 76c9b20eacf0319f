"""Writes inlines as Markdown."""

from __future__ import annotations

import re
import unicodedata

from syndicate.article import (
    Code,
    Emphasis,
    FootnoteReference,
    Inline,
    LineBreak,
    Link,
    Span,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
)
from syndicate.article.inlines import Content
from syndicate.article.text import plain

# Characters that Markdown nearly always interprets, and some that it interprets next to others.
_MARKS = re.compile(
    r"[\\`*_\[\]<~^{}|]"
    r"|&(?=#?\w+;)|:(?=//)|(?<=[^\W\d_]):(?=[a-z_]+:)|==|%%|\$(?=\S)|!(?=\[)|(?<=\n)[#>+=:-]"
)
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TOUCHING = frozenset("*~_`")
_SIGNS: dict[type[Inline], tuple[str, str]] = {
    Emphasis: ("*", "em"),
    Strong: ("**", "strong"),
    Strike: ("~~", "s"),
    Subscript: ("", "sub"),
    Superscript: ("", "sup"),
}


def escaped_markdown(text: str, careful: bool) -> str:
    """`text` with Markdown characters escaped; if `careful`, with all punctuation escaped."""
    if careful:
        return _PUNCTUATION.sub(r"\\\g<0>", text)
    return _MARKS.sub(lambda found: "".join("\\" + mark for mark in found[0]), text)


def markdown_inlines(content: Content, careful: bool) -> str:
    """`content` as Markdown, on one line except for its line breaks."""
    pieces = []
    for number, inline in enumerate(content):
        before = plain(content[:number])[-1:]
        after = plain(content[number + 1 :])[:1]
        pieces.append(_inline(inline, before, after, careful))
    return "".join(pieces).strip()


def _inline(inline: Inline, before: str, after: str, careful: bool) -> str:
    match inline:
        case Text(text=text):
            return escaped_markdown(" ".join(re.split(r"\s*\n\s*", text)), careful)
        case Code(text=text):
            return _code(text)
        case LineBreak():
            return "\\\n"
        case FootnoteReference(label=label):
            return f"[^{label}]"
        case Link():
            title = f' "{escaped_markdown(inline.title, True)}"' if inline.title else ""
            words, url = markdown_inlines(inline.content, careful), markdown_link_target(inline.url)
            return f"[{words}]({url}{title})"
        case Span():
            direction = f' dir="{inline.direction}"' if inline.direction else ""
            inside = _inside(inline.content, careful)
            return f'<span lang="{inline.language}"{direction}>{inside}</span>'
        case _:
            return _stressed(inline, before, after, careful)


def _stressed(
    inline: Emphasis | Strong | Strike | Subscript | Superscript,
    before: str,
    after: str,
    careful: bool,
) -> str:
    """Styled text. Written with Markdown signs where they would be recognised, otherwise with HTML
    tags, which work everywhere."""
    sign, tag = _SIGNS[type(inline)]
    text = plain(inline.content)
    flat = all(isinstance(one, Text) for one in inline.content)
    if sign and flat and _flanks(before, text[:1]) and _flanks(after, text[-1:]) and not careful:
        return f"{sign}{markdown_inlines(inline.content, careful)}{sign}"
    return f"<{tag}>{_inside(inline.content, careful)}</{tag}>"


def _flanks(outside: str, inside: str) -> bool:
    """Whether a sign between these two characters ("" for none) opens or closes (CommonMark section
    6.2). It does not if it would split a word or touch another sign."""
    if outside.isalnum() or _TOUCHING & {outside, inside} or not inside.strip():
        return False
    word = unicodedata.category(inside)[0] not in "PS"
    return word or not outside.strip() or unicodedata.category(outside)[0] == "P"


def _inside(content: Content, careful: bool) -> str:
    """Like `markdown_inlines`, but keeps a space at either end."""
    text = plain(content)
    lead = " " if text[:1].isspace() else ""
    trail = " " if text[-1:].isspace() and text.strip() else ""
    return f"{lead}{markdown_inlines(content, careful)}{trail}"


def _code(text: str) -> str:
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def markdown_link_target(url: str) -> str:
    """`url` as the target of a Markdown link."""
    return f"<{url}>" if re.search(r"[\s()<>]", url) or not url else url
