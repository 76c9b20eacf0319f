"""The pictures of a mail: fetched from the web, where our own must be published first."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from syndicate.adapters.edition import Artifact, Edition
from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Shown
from syndicate.kit.pictures import is_web_picture
from syndicate.letter import Enclosure

_FORMATS = frozenset({"image/jpeg", "image/png", "image/gif"})
_DENSITY = 2  # device pixels per CSS pixel on most screens


@dataclass
class MailPictures:
    """Shows figures, and collects the artifacts that must be public for them to be seen."""

    edition: Edition
    kit: Kit
    artifacts: dict[str, Artifact] = field(default_factory=dict)

    def show(
        self, article: Article, figure: Figure, width: int, tallest: int | None = None
    ) -> Shown | None:
        """`figure` at most `width` by `tallest` CSS pixels; None after reporting a loss."""
        if is_web_picture(figure.src):
            return self._remote(article, figure, width)
        try:
            picture = self.kit.picture(figure.src, width=width * _DENSITY, formats=_FORMATS)
            if tallest and picture.height > tallest * _DENSITY:
                width = max(1, tallest * picture.width // picture.height)
                picture = self.kit.picture(figure.src, width=width * _DENSITY, formats=_FORMATS)
        except RenderError as error:
            self.kit.lossy(article, "figure", error.message)
            return None
        name = f"media/{picture.name}"
        self.artifacts[name] = Artifact(name, picture.media_type, picture.content)
        return _fitted(self.edition.url_of(name), picture.width, picture.height, width)

    def embedded(self, html: str, authority: str) -> tuple[str, tuple[Enclosure, ...]]:
        """`html` with references to enclosed pictures, and these pictures.

        Pictures from elsewhere stay linked. `authority` is the host part of the content ids.
        """
        enclosures = []
        for name, artifact in self.artifacts.items():
            cid = f"{artifact.digest[:24]}@{authority}"
            html = html.replace(f'src="{self.edition.url_of(name)}"', f'src="cid:{cid}"')
            enclosures.append(Enclosure(cid, artifact.media_type, artifact.content))
        return html, tuple(enclosures)

    def _remote(self, article: Article, figure: Figure, width: int) -> Shown | None:
        src = self.edition.publication.absolute(figure.src)
        if urlsplit(src).scheme not in ("http", "https"):
            self.kit.lossy(article, "figure", f"picture {figure.src!r} has no web address")
            return None
        if figure.media_type == "image/svg+xml" or urlsplit(src).path.lower().endswith(".svg"):
            self.kit.lossy(article, "figure", f"mail clients do not show SVG: {src}")
            return None
        return _fitted(src, figure.width, figure.height, width)


def _fitted(src: str, width: int | None, height: int | None, most: int) -> Shown:
    if not width:
        return Shown(src, most)
    shown = min(width, most)
    return Shown(src, shown, max(1, round(height * shown / width)) if height else None)
