"""Pictures keep their pixels and lose their metadata."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from syndicate.kit.pictures import PictureFolders
from syndicate.kit.strip_metadata import stripped_jpeg, stripped_png


def drawn(kind: str, **options: object) -> bytes:
    """A picture of 64 by 48 pixels."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def private() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    return exif


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_loses_its_metadata_and_keeps_its_pixels(progressive: bool) -> None:
    whole = drawn("JPEG", exif=private(), comment=b"private", progressive=progressive)
    bare = stripped_jpeg(whole + b"PK\x03\x04 something behind it")
    assert bare is not None
    for gone in (b"Secret", b"private", b"something"):
        assert gone not in bare
    assert pixels(bare) == pixels(whole)


def test_a_png_loses_its_metadata_and_keeps_its_pixels() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "private")
    whole = drawn("PNG", pnginfo=info, exif=private())
    bare = stripped_png(whole + b"<script>")
    assert bare is not None
    for gone in (b"Secret", b"private", b"script"):
        assert gone not in bare
    assert pixels(bare) == pixels(whole)


def test_an_incomplete_file_is_not_stripped() -> None:
    for length in (0, 1, 2, 10, 200, len(drawn("JPEG")) - 2):
        assert stripped_jpeg(drawn("JPEG")[:length]) is None
    for length in (0, 4, 8, 30, len(drawn("PNG")) - 12):
        assert stripped_png(drawn("PNG")[:length]) is None


def test_a_picture_that_fits_is_not_compressed_again(tmp_path: Path) -> None:
    data = drawn("JPEG", quality=61)
    (tmp_path / "a.jpg").write_bytes(data)
    assert pixels(PictureFolders((tmp_path,)).open("a.jpg", 64).content) == pixels(data)


@pytest.mark.parametrize("transparent", [False, True])
def test_a_size_limit_is_kept(tmp_path: Path, transparent: bool) -> None:
    noise = Image.effect_noise((1600, 900), 100)
    image = Image.merge("LA", (noise, noise)) if transparent else noise.convert("RGB")
    image.save(tmp_path / "a.png")
    formats = frozenset({"image/jpeg", "image/png"})
    picture = PictureFolders((tmp_path,)).open("a.png", 1200, formats, most=120_000)
    assert picture.media_type == ("image/png" if transparent else "image/jpeg")
    assert picture.width >= 320
    assert len(picture.content) <= 120_000 or picture.width == 320
