"""What the bytes of a picture inside a document say about it."""

from __future__ import annotations

import io
import warnings

MOST_PIXELS = 100_000_000
_SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "BMP": ".bmp",
}


def picture_size_and_suffix(data: bytes) -> tuple[int, int, str]:
    """The width and height in pixels, and the ending of a file name. Only the header is read.

    Raises:
        KeyError, UnidentifiedImageError: no channel could show such a picture.
        Exception: it is damaged; each of Pillow's formats raises errors of its own.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data)) as picture:
            return *picture.size, _SUFFIXES[picture.format or ""]
