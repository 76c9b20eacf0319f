"""Puts a style sheet into a mail: unused rules are dropped, the rest go into elements or head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

_CLASSES = re.compile(r'class="([^"]*)"')
# HTML allows unescaped angle brackets in attribute values, and the inliner writes them; some mail
# filters choke on them. No article contains these characters (XML 1.0 forbids them).
_STAND_INS = {"&lt;": "\ufdd0", "&gt;": "\ufdd1"}
# A state, a generated box, or an attribute that a mail client sets: these cannot be inlined.
_LATE = re.compile(r"::|:(?:active|focus|hover|link|root|visited)|\[data-")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def inline_mail_styles(html: str, sheet: str) -> str:
    """`html` with the rules of `sheet` in the `style` attributes of its elements.

    Rules that an attribute cannot contain (media queries, pseudo-classes, the `[data-…]` hooks of
    mail clients) go into `<style>` elements at the end of the head. Rules for classes that `html`
    does not use are left out, because mail clients limit the size.
    """
    import css_inline

    used = {name for names in _CLASSES.findall(html) for name in names.split()}
    rules = _parsed(sheet)
    inlined = "".join(rule.needed(used, late=False) for rule in rules if not rule.media)
    hooks = "".join(rule.needed(used, late=True) for rule in rules if not rule.media)
    media = "".join(_queries(rules, used))
    # Two elements: a client that cannot parse a hook drops the whole <style> around it.
    styles = "".join(f"<style>{sheet}</style>" for sheet in (media, hooks) if sheet)
    inliner = css_inline.CSSInliner(
        extra_css=inlined,
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        minify_css=True,
    )
    html = html.replace("</head>", f"{styles}</head>", 1)
    for entity, stand_in in _STAND_INS.items():
        html = html.replace(entity, stand_in)
    html = inliner.inline(html)
    for entity, stand_in in _STAND_INS.items():
        html = html.replace(stand_in, entity)
    return html


@dataclass(frozen=True)
class _Rule:
    """Declarations for some selectors in the media query `media`; at-rules have no selectors."""

    selectors: tuple[_Selector, ...]
    declarations: str
    media: str = ""

    def needed(self, used: set[str], *, late: bool) -> str:
        """The part that the classes `used` need: for attributes or, if `late`, for the head."""
        if not self.selectors:
            return self.declarations if late else ""
        chosen = [
            selector.text
            for selector in self.selectors
            if selector.late is late and selector.classes <= used
        ]
        return f"{','.join(chosen)}{{{self.declarations}}}" if chosen else ""


@dataclass(frozen=True)
class _Selector:
    text: str
    classes: frozenset[str]
    late: bool


def _queries(rules: tuple[_Rule, ...], used: set[str]) -> Iterator[str]:
    """The media queries with the rules that are needed."""
    for media, group in groupby((rule for rule in rules if rule.media), lambda rule: rule.media):
        inner = "".join(rule.needed(used, late=late) for rule in group for late in (False, True))
        if inner:
            yield f"@media{media}{{{inner}}}"


@lru_cache(maxsize=32)
def _parsed(sheet: str, media: str = "") -> tuple[_Rule, ...]:
    return tuple(_rules(sheet, media))


def _rules(sheet: str, media: str) -> Iterator[_Rule]:
    import tinycss2

    for node in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword == "media":
            query = tinycss2.serialize(node.prelude).rstrip()
            yield from _rules(tinycss2.serialize(node.content), query)
        elif node.type == "at-rule":
            yield _Rule((), node.serialize(), media)
        elif node.type == "qualified-rule":
            texts = [selector.strip() for selector in tinycss2.serialize(node.prelude).split(",")]
            yield _Rule(
                tuple(
                    _Selector(text, frozenset(_CLASS.findall(text)), bool(_LATE.search(text)))
                    for text in texts
                ),
                re.sub(r"\s+", " ", tinycss2.serialize(node.content)).strip(),
                media,
            )
