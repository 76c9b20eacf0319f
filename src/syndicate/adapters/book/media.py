"""The pictures that a book carries."""

from __future__ import annotations

from collections.abc import Callable

from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Picture, Shown

# Core media types (EPUB 3.3 section 3.2) that every reading system shows, WebP left out.
_FORMATS = frozenset({"image/jpeg", "image/png", "image/gif"})


class Media:
    """Collects pictures as the pages ask for them; `width` is in pixels.

    `pictures` maps a picture's name to it, `described` tells whether each has a text alternative.
    """

    def __init__(self, kit: Kit, width: int) -> None:
        self._kit = kit
        self._width = width
        self.pictures: dict[str, Picture] = {}
        self.described = True

    def of(self, article: Article) -> Callable[[Figure], Shown | None]:
        """How the figures of `article` are shown; None, and a loss, for those that cannot be."""

        def shown(figure: Figure) -> Shown | None:
            try:
                picture = self._kit.picture(figure.src, width=self._width, formats=_FORMATS)
            except RenderError as error:
                self._kit.lossy(article, figure.type, error.message)
                return None
            self.pictures[picture.name] = picture
            self.described = self.described and figure.alt is not None
            return Shown(f"images/{picture.name}", picture.width, picture.height)

        return shown
