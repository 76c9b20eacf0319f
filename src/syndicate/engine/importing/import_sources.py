"""The sources given to `add` (files, folders, addresses), and how they reach the readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from syndicate.article.publication import Publication
from syndicate.engine.content.sources import SourceFile, files_found_in, readings_of
from syndicate.engine.importing.fetch import WebFetcher
from syndicate.errors import Location, SourceError, UsageError
from syndicate.readers import MOST_BYTES, Reading, Source, stream
from syndicate.readers.contract import USUAL, Habits

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
}


def sources_to_import(
    sources: Iterable[str], unread: list[SourceError] | None = None
) -> Iterator[str]:
    """`sources`, with each folder replaced by the files in it; those that no reader takes are put
    into `unread`."""
    for name in sources:
        if urlsplit(name).scheme in ("http", "https") or not Path(name).is_dir():
            yield name
            continue
        found = files_found_in(Path(name), name.rstrip("/"))
        if unread is not None:
            unread += found.unread
        yield from (str(found.folder / file) for file in found.files)


def readings_to_import(
    name: str, web: WebFetcher, publication: Publication, habits: Habits = USUAL
) -> tuple[Iterable[Reading], Path | None]:
    """The articles of a source, and the folder that its pictures may be in.

    Raises:
        UsageError: the address is not http or https.
        SourceError: there is no such file, or the address returned nothing that can be read.
    """
    parts = urlsplit(name)
    if parts.scheme not in ("http", "https"):
        path = Path(name)
        if len(parts.scheme) > 1:
            raise UsageError(f"{name}: addresses begin with http:// or https://")
        if not path.is_file():
            raise SourceError("there is no such file", where=Location(name))
        source = PurePosixPath(path.name)
        file = SourceFile(path, name)
        return readings_of(file, source, publication, habits), path.resolve().parent
    fetched = web.fetch(name, MOST_BYTES)
    address = PurePosixPath(unquote(urlsplit(fetched.url).path))
    suffix = _SUFFIXES.get(fetched.media_type) or address.suffix.lower() or ".html"
    stem = address.stem or urlsplit(fetched.url).hostname or "page"
    now = datetime.now(UTC).replace(microsecond=0)
    page = Source(
        path=PurePosixPath(stem.replace("/", "-") + suffix),
        data=fetched.content,
        modified=now,
        publication=publication,
        folder=f"{parts.scheme}://{parts.netloc}",
        url=fetched.url,
        charset=fetched.charset,
        habits=habits,
    )
    return stream(page), None


def sidecar_to_import(source: Path) -> bytes | None:
    """The contents of `NAME.toml` next to `NAME.ext`."""
    file = source.with_suffix(".toml")
    return file.read_bytes() if file.is_file() else None
