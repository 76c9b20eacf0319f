"""The pictures of a news item: associated items, each with renditions."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from syndicate.article import Figure
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.fields import absolute_url, json_text, line_of_markup
from syndicate.readers.ninjs.versions import (
    ninjs_associations,
    ninjs_by_role,
    ninjs_objects,
    ninjs_text,
)
from syndicate.readers.prose import with_urls_linked

WIDEST = 2400
_MAIN = re.compile(r"main|lead|feature|hero|primary", re.IGNORECASE)


def is_page_rendition(rendition: dict[str, Any]) -> bool:
    """Whether it is a web page and not a picture."""
    return (json_text(rendition, "contentType") or json_text(rendition, "mimetype")) == "text/html"


def ninjs_picture(picture: dict[str, Any]) -> tuple[Figure, bool] | None:
    """The picture with its caption, credit and best rendition; and whether it is the main one."""
    kind = json_text(picture, "type")
    if kind not in ("picture", "graphic", "image"):
        return None
    shown = [
        (src, _pixels(each, "width"), _pixels(each, "height"), json_text(each, "contentType"))
        for each in ninjs_objects(picture, "renditions")
        if (src := absolute_url(json_text(each, "href"))) and not is_page_rendition(each)
    ]
    if not shown:
        return None
    src, width, height, media_type = max(shown, key=lambda each: _fit(each[1] or 0))
    described = ninjs_by_role(picture, "descriptions", "description")
    alt = next((value for role, value in described if role.startswith(("alt", "access"))), None)
    caption = next((v for role, v in described if not role.startswith(("alt", "access"))), "")
    credit = (
        json_text(picture, "by")
        or json_text(picture, "byline")
        or ninjs_text(picture, "copyrightHolder")
    )
    figure = Figure(
        src=src,
        alt=None if alt is None else one_line(alt),
        caption=with_urls_linked(line_of_markup(caption)),
        credit=one_line(credit) or None,
        width=width,
        height=height,
        media_type=media_type or json_text(picture, "mimetype") or None,
    )
    return figure, bool(_MAIN.search(f"{json_text(picture, 'name')} {json_text(picture, 'rel')}"))


def _fit(width: int) -> int:
    """The rank of a picture by its width: the widest that is not wider than print needs is best."""
    return width if width <= WIDEST else -width


def _pixels(rendition: dict[str, Any], name: str) -> int | None:
    value = rendition.get(name)
    return value if isinstance(value, int) and 0 < value < 100_000 else None


def body_with_pictures(body: str, one: dict[str, Any], figures: list[Figure]) -> str:
    """`body` with the best rendition of each picture; pictures that it does not show are added at
    its end."""
    for picture in ninjs_associations(one):
        best = ninjs_picture(picture)
        for each in ninjs_objects(picture, "renditions"):
            href = json_text(each, "href")
            if best and href and href != best[0].src:
                body = body.replace(f'"{escape(href)}"', f'"{escape(best[0].src)}"')
    for figure in figures:
        if not body or escape(figure.src) in body or figure.src in body:
            continue
        alt = "" if figure.alt is None else f' alt="{escape(figure.alt)}"'
        credit = f'<small class="credit">{escape(figure.credit)}</small>' if figure.credit else ""
        caption = f"<figcaption>{escape(plain(figure.caption))} {credit}</figcaption>"
        body += f'<figure><img src="{escape(figure.src)}"{alt}>{caption}</figure>'
    return body
