"""Pictures of the newsroom at the size and in the colour space a channel needs."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from syndicate.errors import RenderError

Format = Literal["jpeg", "png", "webp"]
MOST_PIXELS = 100_000_000
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


@dataclass(frozen=True)
class Picture:
    """A picture's bytes; `name` is unique to its content, `width` and `height` are in pixels."""

    name: str
    media_type: str
    content: bytes
    width: int
    height: int


def is_remote(src: str) -> bool:
    """Whether `src` points out of the newsroom."""
    parts = urlsplit(src)
    return bool(parts.scheme or parts.netloc)


def picture_path(content: Path, src: str) -> Path:
    """The file below the `content` folder that `src` names.

    Raises:
        RenderError: it lies outside, or is not there.
    """
    path = (content / unquote(urlsplit(src).path).lstrip("/")).resolve()
    if not path.is_relative_to(content.resolve()):
        raise RenderError(f"picture {src!r} lies outside content/")
    if not path.is_file():
        raise RenderError(
            f"picture {src!r} is missing", hint=f"put the file at {PurePosixPath('content') / src}"
        )
    return path


def open_picture(
    content: Path, src: str, width: int | None = None, formats: frozenset[str] = frozenset()
) -> Picture:
    """The picture `src` in sRGB, upright, without its private metadata.

    Args:
        content: the newsroom's `content/` folder.
        src: the path below it.
        width: scaled down to this many pixels across; never scaled up.
        formats: the media types the channel can show; others become PNG or JPEG.

    Raises:
        RenderError: the file is missing, outside `content/`, no picture, or too large.
    """
    path = picture_path(content, src)
    stat = path.stat()
    return _converted(path, stat.st_mtime_ns, stat.st_size, src, width, formats)


@lru_cache(maxsize=64)
def _converted(
    path: Path, changed: int, size: int, src: str, width: int | None, formats: frozenset[str]
) -> Picture:
    from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(path)
            kind = _MEDIA_TYPES.get(image.format or "", "")
            image.load()
            profile = image.info.get("icc_profile")
            image = ImageOps.exif_transpose(image)
            if profile and image.mode in ("RGB", "CMYK", "L"):
                image = (
                    ImageCms.profileToProfile(
                        image,
                        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                        ImageCms.createProfile("sRGB"),
                        outputMode="L" if image.mode == "L" else "RGB",
                    )
                    or image
                )
    except UnidentifiedImageError as error:
        raise RenderError(f"picture {src!r} cannot be read: it is no JPEG, PNG, GIF …") from error
    except (OSError, ValueError, SyntaxError, ImageCms.PyCMSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RenderError(f"picture {src!r} cannot be read: {reason}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RenderError(f"picture {src!r} has more than {MOST_PIXELS:,} pixels") from error

    wanted = formats or frozenset(_SUFFIXES)
    if kind not in wanted or (kind == "image/gif" and width and width < image.width):
        kind = "image/png" if _transparent(image) or kind == "image/gif" else "image/jpeg"
    if width and width < image.width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if kind == "image/jpeg":
        image.convert("L" if image.mode == "L" else "RGB").save(
            out, "JPEG", quality=85, optimize=True, progressive=True
        )
    elif kind == "image/gif":
        out.write(path.read_bytes())
    else:
        mode = image.mode if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else "RGBA"
        image.convert(mode).save(out, kind.removeprefix("image/").upper())
    data = out.getvalue()
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:40] or "picture"
    name = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}{_SUFFIXES[kind]}"
    return Picture(name, kind, data, image.width, image.height)


def _transparent(image: object) -> bool:
    mode = getattr(image, "mode", "")
    return mode in ("LA", "RGBA", "PA") or "transparency" in getattr(image, "info", {})
