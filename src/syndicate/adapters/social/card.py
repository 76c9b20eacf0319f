"""The card that is drawn for an article without a picture: brand, section, headline."""

from __future__ import annotations

import io
from itertools import chain

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.kit.colour import legible_colour
from syndicate.kit.lettering import LetteringSpace, set_lettering

WIDTH, HEIGHT = 1200, 630  # 1.91 to 1: no platform crops this
_MARGIN, _TOP, _BAND, _RULE = 72, 60, 18, 3
_MEASURE = WIDTH - 2 * _MARGIN
_INK, _PAPER = "#16181d", "#f6f2ea"


def draw_card(article: Article, publication: Publication) -> bytes:
    """A PNG of 1200 by 630 pixels; the same article always gives the same bytes.

    Text for which no packaged font has the characters is left off: a card's alt text is the
    headline.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    sheet = ImageDraw.Draw(image)
    accent = legible_colour(publication.accent, _PAPER)
    rtl = article.direction == "rtl"
    edge = WIDTH - _MARGIN if rtl else _MARGIN
    sheet.rectangle((0, 0, WIDTH, _BAND), accent)
    foot = HEIGHT - _TOP
    if brand := set_lettering(publication.title, "serif", (40, 34), LetteringSpace(_MEASURE, 1)):
        foot -= brand.height
        brand.draw(sheet, edge, foot, _INK, end=rtl)
        foot -= 26
        sheet.rectangle((_MARGIN, foot, WIDTH - _MARGIN, foot + _RULE), _INK)
    y = _BAND + _TOP
    if article.section and (
        kicker := set_lettering(article.section, "sans", (34,), LetteringSpace(_MEASURE, 1))
    ):
        kicker.draw(sheet, edge, y, accent, end=rtl)
        y += kicker.height + 18
    sizes = chain(range(104, 60, -4), range(60, 38, -2))
    if headline := set_lettering(
        article.title, "serif", sizes, LetteringSpace(_MEASURE, 5, foot - 30 - y)
    ):
        headline.draw(sheet, edge, y, _INK, end=rtl)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
