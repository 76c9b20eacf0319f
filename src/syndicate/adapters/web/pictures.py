"""Pictures for web formats: already on the web, or published next to the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.web.addresses import web_uri
from syndicate.article import Article, Figure
from syndicate.errors import RenderError
from syndicate.kit import Kit, Loss, Picture
from syndicate.kit.pictures import is_web_picture

FULL_WIDTH = 1200
THUMBNAIL_WIDTH = 480
LOGO_HEIGHT = 400  # pixels; the most that RSS allows
# Formats that every feed reader shows, including old ones and those in mail programs.
FORMATS = frozenset({"image/jpeg", "image/png", "image/gif"})
_MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class WebPicture:
    """A picture with a public URL; `length`, in bytes, is known only for the newsroom's own."""

    url: str
    media_type: str | None = None
    length: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass
class WebPictures:
    """The pictures of one rendering; `artifacts` collects those that must be published with it."""

    edition: Edition
    kit: Kit
    artifacts: dict[str, Artifact] = field(default_factory=dict)

    def figure(
        self, article: Article, figure: Figure, *, width: int = FULL_WIDTH
    ) -> WebPicture | None:
        """The picture of `figure`; None after reporting a loss if it is not available."""
        if is_web_picture(figure.src):
            return self._remote(figure)
        try:
            return self._local(figure.src, width)
        except RenderError as error:
            self.kit.lossy(article, figure.type, error.message)
            return None

    def logo(self, width: int) -> WebPicture | None:
        """The publication's logo; None if it has none, or after reporting a loss."""
        publication = self.edition.publication
        if not publication.logo:
            return None
        if is_web_picture(publication.logo):
            return self._remote(Figure(src=publication.logo))
        try:
            size = self.kit.picture(publication.logo, width=width, formats=FORMATS)
            if size.height > LOGO_HEIGHT:
                width = max(1, size.width * LOGO_HEIGHT // size.height)
            return self._local(publication.logo, width)
        except RenderError as error:
            self.kit.losses.append(Loss(publication.base_url, "logo", error.message))
            return None

    def _remote(self, figure: Figure) -> WebPicture:
        url = web_uri(self.edition.publication.absolute(figure.src))
        guess = _MEDIA_TYPES.get(PurePosixPath(urlsplit(url).path).suffix.lower())
        return WebPicture(url, figure.media_type or guess, width=figure.width, height=figure.height)

    def _local(self, src: str, width: int) -> WebPicture:
        picture: Picture = self.kit.picture(src, width=width, formats=FORMATS)
        name = f"media/{picture.name}"
        self.artifacts[name] = Artifact(name, picture.media_type, picture.content)
        return WebPicture(
            web_uri(self.edition.url_of(name)),
            picture.media_type,
            len(picture.content),
            picture.width,
            picture.height,
        )
