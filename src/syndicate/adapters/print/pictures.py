"""An article's pictures at the size they are printed, in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from syndicate.adapters.print.colour import separate
from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Shown
from syndicate.kit.pictures import is_remote

DPI = 300
_FORMATS = frozenset({"image/jpeg", "image/png"})


@dataclass
class Pictures:
    """Fetches pictures through the kit; `files` holds their bytes by the URL the page uses.

    With an ICC `profile` they are separated into its CMYK; without one they stay in sRGB.
    """

    kit: Kit
    profile: bytes | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def shown(self, article: Article, figure: Figure, width: float) -> Shown | None:
        """`figure` for a place `width` millimetres wide, or None after reporting why not."""
        if is_remote(figure.src):
            self.kit.lossy(article, "figure", f"picture {figure.src} is not in the newsroom")
            return None
        try:
            picture = self.kit.picture(
                figure.src, width=round(width / 25.4 * DPI), formats=_FORMATS
            )
        except RenderError as error:
            self.kit.lossy(article, "figure", error.message)
            return None
        content = picture.content
        if self.profile is not None:
            content = _for_press(content, self.profile)
        return Shown(self.add(picture.name, content), picture.width, picture.height)

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


def _for_press(content: bytes, profile: bytes) -> bytes:
    from PIL import Image

    image: Image.Image = Image.open(io.BytesIO(content))
    grey = image.mode in ("1", "L")
    image = image.convert("L") if grey else separate(_on_paper(image), profile)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling=0, optimize=True)
    return out.getvalue()


def _on_paper(image: object) -> object:
    """An image over white, since the press has no transparency of its own."""
    from PIL import Image

    assert isinstance(image, Image.Image)
    if image.mode == "RGB":
        return image
    over = image.convert("RGBA")
    paper = Image.new("RGBA", over.size, "white")
    return Image.alpha_composite(paper, over).convert("RGB")
