"""A style sheet into a mail: unused rules out, the rest into the elements, hooks into the head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_CLASSES = re.compile(r'class="([^"]*)"')
# HTML allows bare angle brackets in attribute values and the inliner writes them so; mail
# filters are less sure. These characters occur in no article (XML 1.0 forbids them).
_STAND_INS = {"&lt;": "\ufdd0", "&gt;": "\ufdd1"}
# A state, a generated box, or an attribute that a mail client sets: nothing to inline.
_LATE = re.compile(r"::|:(?:active|focus|hover|link|root|visited)|\[data-")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def inline(html: str, sheet: str) -> str:
    """`html` with the rules of `sheet` in its elements' `style` attributes.

    What no attribute can hold (media queries, pseudo-classes, the `[data-…]` hooks of mail
    clients) goes into a `<style>` at the end of the head. Rules for classes that `html` does
    not have are left out, because mail clients count bytes.
    """
    import css_inline

    used = {name for names in _CLASSES.findall(html) for name in names.split()}
    rules = list(_rules(sheet, used))
    head = [rule for rule, inlined in rules if not inlined]
    media = "".join(rule for rule in head if rule.startswith("@"))
    hooks = "".join(rule for rule in head if not rule.startswith("@"))
    # Two elements: a client that chokes on a hook drops the whole <style> it stands in.
    styles = "".join(f"<style>{sheet}</style>" for sheet in (media, hooks) if sheet)
    inliner = css_inline.CSSInliner(
        extra_css="".join(rule for rule, inlined in rules if inlined),
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


def _rules(sheet: str, used: set[str]) -> Iterator[tuple[str, bool]]:
    """Each rule that some class in `used` can need, and whether an attribute can hold it."""
    import tinycss2

    for node in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword == "media":
            inner = "".join(rule for rule, _ in _rules(tinycss2.serialize(node.content), used))
            if inner:
                yield f"@media{tinycss2.serialize(node.prelude).rstrip()}{{{inner}}}", False
        elif node.type == "at-rule":
            yield node.serialize(), False
        elif node.type == "qualified-rule":
            yield from _selected(node, used)


def _selected(rule: Any, used: set[str]) -> Iterator[tuple[str, bool]]:
    import tinycss2

    declarations = re.sub(r"\s+", " ", tinycss2.serialize(rule.content)).strip()
    selectors = [one.strip() for one in tinycss2.serialize(rule.prelude).split(",")]
    wanted = [one for one in selectors if used.issuperset(_CLASS.findall(one))]
    for inlined in (True, False):
        chosen = [one for one in wanted if inlined is not bool(_LATE.search(one))]
        if chosen:
            yield f"{','.join(chosen)}{{{declarations}}}", inlined
