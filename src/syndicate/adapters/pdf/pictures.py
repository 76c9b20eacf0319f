"""An article's pictures at the size they are printed, in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from syndicate.adapters.pdf.colour import separate
from syndicate.adapters.pdf.paper import POINTS_A_MM
from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Shown
from syndicate.kit.pictures import is_remote

if TYPE_CHECKING:
    from PIL.Image import Image

BASELINE = 12.5
"""Points from line to line in running text."""
CAPTION_GAP = 4.0
"""Points between a picture and its caption (`figcaption` in `base.css`)."""
_TALLEST = 1.5
"""The height of a picture in a column, as a share of its width."""
# What JPEG may add to the ink of a pixel, in per cent.
_NOISE = 4
_FORMATS = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True)
class PictureFrame:
    """The `height` of a picture on the page and the `slack` beneath its caption that brings the
    lines after it back to the baseline of the other columns. Both are in points."""

    height: float
    slack: float


def frame(width: int, height: int, across: float) -> PictureFrame:
    """The frame of a picture of `width` by `height` pixels that is `across` millimetres wide."""
    tall = across * POINTS_A_MM * min(height / width, _TALLEST)
    slack = -(tall + CAPTION_GAP) % BASELINE
    return PictureFrame(
        round(tall, 2), round(slack if slack > BASELINE / 2 else slack + BASELINE, 2)
    )


@dataclass
class PrintPictures:
    """Fetches pictures through the kit; `files` holds their bytes by the URL the page uses.

    They are scaled down to `resolution` pixels an inch at their printed size. With an ICC
    `profile` they are separated into its CMYK, with at most `ink` per cent of it; without one
    they stay in sRGB.
    """

    kit: Kit
    resolution: int
    profile: bytes | None = None
    ink: int = 300
    frames: dict[str, PictureFrame] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def shown(self, article: Article, figure: Figure, width: float) -> Shown | None:
        """`figure` for a place `width` millimetres wide, or None after reporting why not."""
        if is_remote(figure.src):
            self.kit.lossy(article, "figure", f"picture {figure.src} is not in the newsroom")
            return None
        try:
            picture = self.kit.picture(
                figure.src, width=round(width / 25.4 * self.resolution), formats=_FORMATS
            )
        except RenderError as error:
            self.kit.lossy(article, "figure", error.message)
            return None
        content = picture.content
        if self.profile is not None:
            content = _for_press(content, self.profile, self.ink - _NOISE)
        url = self.add(picture.name, content)
        self.frames[url] = frame(picture.width, picture.height, width)
        return Shown(url, picture.width, picture.height)

    def image(self, shown: Shown) -> PictureFrame:
        """The frame that a picture stands in."""
        return self.frames[shown.src]

    def add(self, name: str, content: bytes) -> str:
        """Keep `content`; the URL that a page refers to it by."""
        url = f"picture:{name}"
        self.files[url] = content
        return url


def code(url: str) -> bytes:
    """A QR code of `url` as a grey PNG, one module a pixel, without its quiet zone."""
    import segno
    from PIL import Image

    rows = [bytes(0 if dark else 255 for dark in row) for row in segno.make_qr(url).matrix]
    image = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _for_press(content: bytes, profile: bytes, ink: int) -> bytes:
    from PIL import Image

    image: Image.Image = Image.open(io.BytesIO(content))
    grey = image.mode in ("1", "L")
    image = image.convert("L") if grey else separate(_on_paper(image), profile, ink)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def _on_paper(image: Image) -> Image:
    """An image over white, since the press has no transparency of its own."""
    from PIL import Image as Images

    if image.mode == "RGB":
        return image
    over = image.convert("RGBA")
    paper = Images.new("RGBA", over.size, "white")
    return Images.alpha_composite(paper, over).convert("RGB")
