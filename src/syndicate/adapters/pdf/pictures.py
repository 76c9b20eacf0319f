"""An article's pictures in memory, at the size at which they are printed."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from syndicate.adapters.pdf.colour import separate_inks
from syndicate.adapters.pdf.paper import POINTS_A_MM
from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Shown
from syndicate.kit.pictures import is_web_picture

if TYPE_CHECKING:
    from PIL.Image import Image

BASELINE = 12.5
"""The distance between lines of running text, in points."""
CAPTION_GAP = 4.0
"""The distance between a picture and its caption in points (`figcaption` in `base.css`)."""
_TALLEST = 1.5
"""The greatest height of a picture in a column, as a multiple of its width."""
# The ink, in per cent, that JPEG compression may add to a pixel.
_NOISE = 4
_FORMATS = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True)
class PrintedFrame:
    """The space for a picture on the page, in points.

    `height` is the picture's. `slack` is the space below its caption that brings the following
    lines back to the baseline of the other columns.
    """

    height: float
    slack: float


def printed_frame(width: int, height: int, across: float) -> PrintedFrame:
    """The frame of a picture of `width` by `height` pixels that is `across` millimetres wide."""
    tall = across * POINTS_A_MM * min(height / width, _TALLEST)
    slack = -(tall + CAPTION_GAP) % BASELINE
    return PrintedFrame(
        round(tall, 2), round(slack if slack > BASELINE / 2 else slack + BASELINE, 2)
    )


@dataclass
class PrintPictures:
    """Gets pictures from the kit; `files` contains their bytes by the URL that the page uses.

    They are scaled down to `resolution` pixels per inch at their printed size. With an ICC
    `profile` they are converted to its CMYK, with at most `ink` per cent of ink; without one they
    stay in sRGB.
    """

    kit: Kit
    resolution: int
    profile: bytes | None = None
    ink: int = 300
    frames: dict[str, PrintedFrame] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def shown(self, article: Article, figure: Figure, width: float) -> Shown | None:
        """`figure` at a width of `width` millimetres; None after reporting a loss."""
        if is_web_picture(figure.src):
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
        self.frames[url] = printed_frame(picture.width, picture.height, width)
        return Shown(url, picture.width, picture.height)

    def image(self, shown: Shown) -> PrintedFrame:
        """The frame of the picture `shown`."""
        return self.frames[shown.src]

    def add(self, name: str, content: bytes) -> str:
        """Store `content` and return the URL by which a page refers to it."""
        url = f"picture:{name}"
        self.files[url] = content
        return url


def printed_qr_code(url: str) -> bytes:
    """A QR code of `url` as a grey PNG, one pixel per module, without its quiet zone."""
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
    image = image.convert("L") if grey else separate_inks(_on_paper(image), profile, ink)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling=0)
    return out.getvalue()


def _on_paper(image: Image) -> Image:
    """`image` on a white background, since print has no transparency."""
    from PIL import Image as Images

    if image.mode == "RGB":
        return image
    over = image.convert("RGBA")
    paper = Images.new("RGBA", over.size, "white")
    return Images.alpha_composite(paper, over).convert("RGB")
