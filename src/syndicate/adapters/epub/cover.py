"""Draws the cover of an issue: name, number, date, lead picture, headlines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndicate.adapters.epub.issue import BookIssue
from syndicate.article import Article
from syndicate.errors import RenderError
from syndicate.kit import Kit, Picture
from syndicate.kit.colour import legible_colour
from syndicate.kit.lettering import Lettering, LetteringSpace, draw_tracked_lettering, set_lettering

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1600, 2560
_MARGIN, _GUTTER = 110, 70
_MEASURE = WIDTH - 2 * _MARGIN
_COLUMN = (_MEASURE - _GUTTER) // 2
_INK, _PAPER, _MUTED, _RULE = "#16181d", "#f6f2ea", "#5c5f66", "#c9c3b7"
_PICTURE = 1000
# A picture narrower than this would be blurred when drawn across the page.
_SMALLEST = 800


def draw_cover(issue: BookIssue, kit: Kit, dateline: str) -> bytes:
    """The cover as a JPEG of 1600 by 2560 pixels.

    Text that our fonts cannot set is left out; the cover page has all of it as text.
    """
    from PIL import Image, ImageDraw

    story, picture = cover_story(issue, kit)
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    sheet = _Sheet(ImageDraw.Draw(image), issue, legible_colour(issue.publication.accent, _PAPER))
    y = sheet.masthead(dateline)
    if picture:
        image.paste(_cropped(picture), (0, y))
        y += _PICTURE
    others = () if issue.article else tuple(a for a in issue.articles if a is not story)[:2]
    foot = sheet.seconds(others)
    sheet.lead(story, y + 64, foot)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, subsampling="4:2:0")
    return out.getvalue()


def cover_story(issue: BookIssue, kit: Kit) -> tuple[Article, Picture | None]:
    """The first article whose own picture is large enough, with it; else the first article."""
    for article in issue.articles:
        if article.lead_image:
            try:
                picture = kit.picture(article.lead_image.src, width=WIDTH)
            except RenderError:  # already reported by the chapter that shows it
                continue
            if picture.width >= _SMALLEST:
                return article, picture
    return issue.articles[0], None


def _cropped(picture: Picture) -> Image:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(picture.content)) as image:
        flat = image.convert("RGB")
        if image.has_transparency_data:
            flat = Image.new("RGB", image.size, _PAPER)
            flat.paste(image, mask=image.convert("RGBA"))
    # A face or a skyline is more often above the middle than below it.
    return ImageOps.fit(flat, (WIDTH, _PICTURE), centering=(0.5, 0.4))


@dataclass(frozen=True)
class _Sheet:
    """The page being drawn; positions are in pixels, with `y` from the top."""

    on: ImageDraw
    issue: BookIssue
    accent: str

    @property
    def _rtl(self) -> bool:
        return self.issue.direction == "rtl"

    def masthead(self, dateline: str) -> int:
        """Draw name, rules and date, and return where they end."""
        self.on.rectangle((0, 0, WIDTH, 30), self.accent)
        y = 112
        single = self.issue.article is not None
        sizes = range(96, 60, -4) if single else (*range(210, 100, -5), *range(100, 50, -5))
        name = set_lettering(
            self.issue.series, "serif", sizes, LetteringSpace(_MEASURE, 1 if single else 2, 220)
        )
        if name:
            y = self._set(name, y, _INK, rtl=self._rtl)
        y += 26
        self.on.rectangle((_MARGIN, y, WIDTH - _MARGIN, y + 4), _INK)
        y += 22
        date = set_lettering(dateline, "sans", (48, 40), LetteringSpace(_MEASURE, 1))
        if date:
            y = self._set(date, y, _MUTED, rtl=self._rtl)
        return y + 40

    def lead(self, story: Article, y: int, foot: int) -> None:
        """Draw kicker, headline and byline of the cover story as large as fits above `foot`."""
        rtl = story.direction == "rtl"
        y = self._kicker(story, y, 46, _edge(_MARGIN, _MEASURE, rtl=rtl))
        single = self.issue.article is not None
        byline = (
            set_lettering(story.byline, "sans", (52, 44), LetteringSpace(_MEASURE, 2))
            if single
            else None
        )
        room = foot - 70 - y - (byline.height + 50 if byline else 0)
        headline = set_lettering(
            story.title, "serif", range(260, 70, -6), LetteringSpace(_MEASURE, 9, room)
        )
        if headline:
            y = self._set(headline, y, _INK, rtl=rtl)
        if byline:
            self._set(byline, y + 50, _MUTED, rtl=rtl)

    def seconds(self, stories: tuple[Article, ...]) -> int:
        """Draw two more headlines side by side at the bottom, and return where they begin."""
        set_ = [
            (story, set_lettering(story.title, "serif", (72, 64, 56), LetteringSpace(_COLUMN, 4)))
            for story in stories
        ]
        found = [(story, headline) for story, headline in set_ if headline]
        if not found:
            return HEIGHT - _MARGIN
        top = HEIGHT - _MARGIN - max(headline.height for _, headline in found) - 90
        for number, (story, headline) in enumerate(found):
            start = _MARGIN + number * (_COLUMN + _GUTTER)
            left = WIDTH - start - _COLUMN if self._rtl else start
            self.on.rectangle((left, top, left + _COLUMN, top + 2), _RULE)
            rtl = story.direction == "rtl"
            edge = _edge(left, _COLUMN, rtl=rtl)
            y = self._kicker(story, top + 34, 38, edge)
            headline.draw(self.on, edge, y, _INK, end=rtl)
        return top

    def _set(self, lines: Lettering, y: int, colour: str, *, rtl: bool) -> int:
        lines.draw(self.on, _edge(_MARGIN, _MEASURE, rtl=rtl), y, colour, end=rtl)
        return y + lines.height

    def _kicker(self, story: Article, y: int, size: int, edge: int) -> int:
        if not story.section:
            return y
        if story.direction == "rtl":
            lines = set_lettering(story.section, "sans", (size,), LetteringSpace(_COLUMN, 1))
            if lines:
                lines.draw(self.on, edge, y, self.accent, end=True)
                return y + lines.height
            return y
        draw_tracked_lettering(self.on, story.section, size, (edge, y + size), self.accent)
        return y + round(size * 1.4)


def _edge(left: int, width: int, *, rtl: bool) -> int:
    """Where a line begins in a column of `width` pixels that starts at `left`."""
    return left + width if rtl else left
