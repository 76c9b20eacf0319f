"""HTML elements, grouped by their effect on running text."""

from __future__ import annotations

BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "iframe",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "video",
    ]
)
"""Elements that end the paragraph before them."""
SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "link",
        "meta",
        "head",
        "title",
        "base",
        "noscript",
        "param",
        "source",
        "track",
        "col",
        "colgroup",
        "datalist",
        "wbr",
        "area",
        "map",
    ]
)
"""Elements that have no words for readers."""
LEFT_OUT = frozenset(
    [
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "label",
        "progress",
        "meter",
        "canvas",
        "svg",
        "applet",
        "frame",
        "frameset",
        "noframes",
    ]
)
"""Elements that only work on the page itself."""
