"""The pictures in a book."""

from __future__ import annotations

from collections.abc import Callable

from syndicate.adapters.epub.writer import BookArchive
from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Shown

# The core media types of EPUB 3.3 section 3.2 except WebP, which some reading systems do not show.
_FORMATS = frozenset({"image/jpeg", "image/png", "image/gif"})


class BookPictures:
    """Adds pictures to `archive` when pages show them, so that they do not stay in memory.

    `width` is in pixels, `most` in bytes. `pictures` maps the name of each picture to its media
    type; `described` is true if every picture has a text alternative.
    """

    def __init__(self, kit: Kit, width: int, most: int, archive: BookArchive) -> None:
        self._kit = kit
        self._width = width
        self._most = most
        self._archive = archive
        self.pictures: dict[str, str] = {}
        self.described = True

    def of(self, article: Article) -> Callable[[Figure], Shown | None]:
        """A function that shows figures of `article`, or returns None after reporting a loss."""

        def shown(figure: Figure) -> Shown | None:
            try:
                picture = self._kit.picture(
                    figure.src, width=self._width, formats=_FORMATS, most=self._most
                )
            except RenderError as error:
                self._kit.lossy(article, figure.type, error.message)
                return None
            if picture.name not in self.pictures:
                self.pictures[picture.name] = picture.media_type
                self._archive.writestr(f"EPUB/images/{picture.name}", picture.content)
            self.described = self.described and figure.alt is not None
            return Shown(f"images/{picture.name}", picture.width, picture.height)

        return shown
