"""The newsroom's pictures in the size and colour space that a channel needs."""

from __future__ import annotations

import hashlib
import io
import os
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from syndicate.errors import RenderError
from syndicate.grounds import Grounds, open_file
from syndicate.kit.strip_metadata import stripped_jpeg, stripped_png

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 100_000_000
# Pixels. A byte limit never makes a picture narrower than this.
_NARROWEST = 320
_ORIENTATION = 0x0112  # Exif 3.0 table 4
_LYING = 5  # from this orientation on, height and width are swapped
_ALLOWED = "copy it to content/; or allow its folder in syndicate.toml: [content] follow = […]"
_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
_PHONE_FORMATS = (".heic", ".heif")
_PLAIN_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


@dataclass(frozen=True)
class Picture:
    """A picture: `name` is unique to its content, `width` and `height` are in pixels."""

    name: str
    media_type: str
    content: bytes
    width: int
    height: int


def is_web_picture(src: str) -> bool:
    """Whether `src` points outside the newsroom."""
    parts = urlsplit(src)
    return bool(parts.scheme or parts.netloc)


@dataclass(frozen=True)
class _Wanted:
    """What a channel needs of a picture; see `PictureFolders.open`."""

    width: int | None
    formats: frozenset[str]
    most: int | None


@dataclass(frozen=True)
class PictureFolders:
    """The pictures in `folders`, named by their paths (`src`) below a folder.

    If several folders have the same path, the first one wins. Links may lead into the folders
    `follow`.
    """

    folders: tuple[Path, ...] = ()
    follow: tuple[Path, ...] = ()

    def path(self, src: str) -> Path:
        """The file that `src` names.

        Raises:
            RenderError: the path leads out of a folder, or no folder has the file.
        """
        name = unquote(urlsplit(src).path).lstrip("/")
        for folder in self.folders:
            # A name typed on one system may be written in another Unicode form on another.
            for form in dict.fromkeys((name, *(normalize(form, name) for form in _FORMS))):
                real = Path(os.path.realpath(folder / form))
                if not self._grounds(folder).contain(real):
                    raise RenderError(f"picture {src!r} is outside content/", hint=_ALLOWED)
                if real.is_file():
                    return real
                if real.exists():
                    raise RenderError(f"picture {src!r} cannot be read: it is not a file")
        raise RenderError(
            f"picture {src!r} is missing", hint=f"put the file at {PurePosixPath('content') / src}"
        )

    def _grounds(self, folder: Path) -> Grounds:
        return Grounds((folder, *self.follow))

    def pixels_across(self, src: str) -> int | None:
        """The width in pixels of the picture `src` once upright.

        None for an SVG drawing, which is sharp at any size. Only the file's header is read.

        Raises:
            RenderError: the file is missing, outside the folders, or not a picture.
        """
        path = self.path(src)
        if path.suffix.lower() == ".svg":
            return None
        if path.suffix.lower() in _PHONE_FORMATS:
            raise RenderError(
                f"picture {src!r} is in a format of phones that no channel can show",
                hint="save it as JPEG and use that file",
            )
        from PIL import Image

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with open_file(path) as file, Image.open(file) as image:
                    lies = image.getexif().get(_ORIENTATION, 1) >= _LYING
                    width, height = image.size
        except (OSError, ValueError, SyntaxError) as error:
            raise RenderError(
                f"picture {src!r} cannot be read: it is not in a known picture format"
            ) from error
        except Image.DecompressionBombError as error:
            raise _too_large(src) from error
        if width * height > MOST_PIXELS:
            raise _too_large(src)
        return height if lies else width

    def open(
        self,
        src: str,
        width: int | None = None,
        formats: frozenset[str] = frozenset(),
        most: int | None = None,
    ) -> Picture:
        """The picture `src` in sRGB, upright, without its private metadata.

        A JPEG or PNG that is already so keeps its pixels: it is not compressed again.

        Args:
            src: the path below a folder.
            width: scaled down to this many pixels across; never scaled up.
            formats: the media types the channel can show; others become PNG or JPEG.
            most: the largest size in bytes; above it, the quality is lowered, then the width.

        Raises:
            RenderError: the file is missing, outside the folders, not a picture, or too large.
        """
        path = self.path(src)
        stat = path.stat()
        wanted = _Wanted(width, formats or frozenset(_SUFFIXES), most)
        return _converted(path, (stat.st_mtime_ns, stat.st_size), src, wanted)


def _too_large(src: str) -> RenderError:
    return RenderError(
        f"picture {src!r} has more than {MOST_PIXELS:,} pixels",
        hint="save it with fewer pixels; 4,000 across are enough for print",
    )


@lru_cache(maxsize=64)
def _converted(path: Path, state: tuple[int, int], src: str, wanted: _Wanted) -> Picture:
    """See `PictureFolders.open`. `state` is the file's modification time and its size in bytes."""
    from PIL import Image, ImageCms, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    (_, size), width, most = state, wanted.width, wanted.most
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with open_file(path) as file:
                data = file.read()
            image: Image.Image = Image.open(io.BytesIO(data))
            kind = _MEDIA_TYPES.get(image.format or "", "")
            fits = not (width and width < image.width) and not (most and most < size)
            stripped = _stripped(image, kind, data) if fits and kind in wanted.formats else None
            if stripped:
                return _named(path, kind, stripped, image.width, image.height)
            image = _upright_srgb(image)
    except UnidentifiedImageError as error:
        raise RenderError(
            f"picture {src!r} cannot be read: it is not in a known picture format"
        ) from error
    except (OSError, ValueError, SyntaxError, ImageCms.PyCMSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RenderError(f"picture {src!r} cannot be read: {reason}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(src) from error

    if kind not in wanted.formats or (kind == "image/gif" and not fits):
        kind = "image/png" if _transparent(image) or kind == "image/gif" else "image/jpeg"
    if kind == "image/gif":
        return _named(path, kind, data, image.width, image.height)
    if width and width < image.width:
        image = _narrowed(image, width)
    if most and kind == "image/png" and not _transparent(image) and "image/jpeg" in wanted.formats:
        kind = "image/png" if len(_encoded(image, kind)) <= most else "image/jpeg"
    image, data = _within(image, kind, most)
    return _named(path, kind, data, image.width, image.height)


def _stripped(image: Image, kind: str, data: bytes) -> bytes | None:
    """The file without its metadata, if nothing else has to change; else None."""
    upright = image.getexif().get(_ORIENTATION, 1) == 1
    if image.mode not in _PLAIN_MODES or not upright or "icc_profile" in image.info:
        return None
    if kind == "image/jpeg":
        return stripped_jpeg(data)
    return stripped_png(data) if kind == "image/png" else None


def _upright_srgb(image: Image) -> Image:
    from PIL import ImageCms, ImageOps

    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    return (
        ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="L" if image.mode == "L" else "RGB",
        )
        or image
    )


def _narrowed(image: Image, width: int) -> Image:
    from PIL.Image import Resampling

    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Resampling.LANCZOS)


def _within(image: Image, kind: str, most: int | None) -> tuple[Image, bytes]:
    """`image` and its file of at most `most` bytes, at a lower quality, then at a smaller width."""
    qualities = iter((85, 75, 65, 55))
    quality, data = 0, b""
    while not data or (most and len(data) > most and image.width > _NARROWEST):
        following = next(qualities, 0) if kind != "image/png" or not data else 0
        if not following:
            image = _narrowed(image, max(_NARROWEST, image.width * 3 // 4))
        quality = following or quality
        data = _encoded(image, kind, quality)
    return image, data


def _encoded(image: Image, kind: str, quality: int = 85) -> bytes:
    out = io.BytesIO()
    if kind == "image/jpeg":
        grey_or_colour = image.convert("L" if image.mode == "L" else "RGB")
        grey_or_colour.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    else:
        mode = image.mode if image.mode in _PLAIN_MODES else "RGBA"
        image.convert(mode).save(out, kind.removeprefix("image/").upper(), quality=quality)
    return out.getvalue()


def _named(path: Path, kind: str, data: bytes, width: int, height: int) -> Picture:
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:40] or "picture"
    name = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}{_SUFFIXES[kind]}"
    return Picture(name, kind, data, width, height)


def _transparent(image: Image) -> bool:
    return image.mode in ("LA", "RGBA", "PA") or "transparency" in image.info
