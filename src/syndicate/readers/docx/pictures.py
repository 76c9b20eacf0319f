"""The pictures inside a Word file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from syndicate.article import Figure
from syndicate.readers.contract import picture_name
from syndicate.readers.embedded_pictures import MOST_PIXELS, picture_size_and_suffix
from syndicate.readers.reader_state import ReaderState


class DocxPictures:
    """Extracts pictures; `data` is their bytes, by the `src` of their figures."""

    def __init__(self, state: ReaderState) -> None:
        self._state = state
        self.data: dict[str, bytes] = {}

    def figures(self, images: Iterable[Any]) -> Iterator[Figure]:
        """The figures for mammoth's `images`. Pictures that no channel could show are left out with
        a note."""
        for image in images:
            figure = self._figure(image)
            if figure:
                yield figure

    def _figure(self, image: Any) -> Figure | None:
        from mammoth.docx.files import ExternalFileAccessIsDisabledError
        from PIL import UnidentifiedImageError

        name = f"the picture {image.alt_text!r}" if image.alt_text else "a picture"
        try:
            with image.open() as file:
                data: bytes = file.read()
            width, height, suffix = picture_size_and_suffix(data)
        except ExternalFileAccessIsDisabledError:
            self._state.left_out(f"{name}: it is linked, not in the file")
            return None
        except (UnidentifiedImageError, KeyError):
            self._state.left_out(f"{name} of type {image.content_type}: save it as PNG or JPEG")
            return None
        except Exception as error:  # each of Pillow's formats raises errors of its own
            self._state.left_out(f"{name}: {type(error).__name__}")
            return None
        if width * height > MOST_PIXELS:
            self._state.left_out(f"{name}: too large ({width:,} by {height:,} pixels)")
            return None
        src = picture_name(self._state.source, data, suffix)
        self.data[src] = data
        alt = " ".join((image.alt_text or "").split())
        return Figure(src=src, alt=alt or None, width=width, height=height)
