"""A correction in the source of an article, with every other byte as it was.

Whether the source says it as it should is found out by reading it: the article must have the
correction then, and be the same otherwise. A source that cannot be edited gets a sidecar.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from syndicate.article import Article, Correction
from syndicate.engine.content.sources import (
    SourceFile,
    readings_of,
    source_modified_time,
)
from syndicate.engine.notices import is_corrected
from syndicate.errors import SourceError, SyndicateError, UsageError
from syndicate.newsroom.newsroom import Newsroom
from syndicate.readers import Reading, Source, stream
from syndicate.writers.correction import corrected_sidecar, corrected_sources


def corrected_file(
    newsroom: Newsroom, source: str, correction: Correction, slug: str
) -> tuple[Path, bytes | None, bytes]:
    """The file to write for the article from `source`, its content, and the content with
    `correction`: its own file, or the sidecar of one that cannot be edited.

    Raises:
        UsageError: neither is possible.
    """
    name, _, fragment = source.partition("#")
    file = SourceFile.in_content(newsroom, name)
    path, shown = file.path, file.shown
    try:
        readings = list(readings_of(file, PurePosixPath(name), newsroom.publication))
    except SourceError as error:
        raise _nul_byte(path, shown) or error from error
    at = next((n for n, one in enumerate(readings) if _is_fragment(one, n, fragment)), 0)
    before, data = readings[at].article, path.read_bytes()
    side = file.sidecar_bytes()

    def is_right(new: bytes, new_side: bytes | None) -> bool:
        try:
            found = list(stream(_source(newsroom, path, name, new, new_side)))
        except SyndicateError:
            return False
        same = len(found) == len(readings) and all(
            one.article == other.article
            for n, (one, other) in enumerate(zip(found, readings, strict=True))
            if n != at
        )
        return same and _is_only_corrected(before, found[at].article, correction)

    labels = tuple(
        dict.fromkeys(_label(newsroom, language) for language in (before.language, "en"))
    )
    for new in corrected_sources(data, path.suffix.lower(), correction, labels, slug):
        if is_right(new, side):
            return path, data, new
    if len(readings) == 1:
        try:
            new_side = corrected_sidecar(side or b"", correction)
        except UnicodeDecodeError:
            new_side = b""
        if new_side and is_right(data, new_side):
            return path.with_suffix(".toml"), side, new_side
    raise UsageError(
        f"{shown}: the correction cannot be written into it",
        hint="write it there yourself (see docs/articles.md), then run this again",
    )


def _nul_byte(path: Path, shown: str) -> UsageError | None:
    """The error that names the first NUL byte of a text file, for which its reader takes it for
    binary; None if that is not the matter."""
    data = path.read_bytes()
    before, nul, _ = data.partition(b"\0")
    if not nul or path.suffix.lower() not in (".md", ".markdown", ".txt", ".html", ".htm"):
        return None
    line = before.count(b"\n") + 1
    return UsageError(
        f"{shown}:{line}: there is a NUL byte, so the file cannot be read",
        hint="delete that byte in an editor (it shows as ^@), then run this again",
    )


def _source(
    newsroom: Newsroom, path: Path, name: str, data: bytes, sidecar: bytes | None
) -> Source:
    modified = source_modified_time(path.stat())
    about = (PurePosixPath(name), data, modified, newsroom.publication)
    return Source(*about, sidecar=sidecar)


def _is_fragment(reading: Reading, number: int, fragment: str) -> bool:
    return not fragment or fragment in (reading.fragment, str(number + 1))


def _is_only_corrected(before: Article, after: Article, correction: Correction) -> bool:
    """Whether `after` is `before` with `correction`, and the same otherwise."""
    if not is_corrected(after, correction) or is_corrected(before, correction):
        return False
    rest = [block for block in after.body if not isinstance(block, Correction)]
    own = [block for block in before.body if not isinstance(block, Correction)]
    count = len(after.corrections) - len(before.corrections)
    same = after.model_copy(update={"body": before.body}) == before
    return rest == own and count == 1 and same


def _label(newsroom: Newsroom, language: str) -> str:
    channel = next(iter(newsroom.channels.values()), None)
    return newsroom.kit(channel).words(language)["correction"] if channel else "Correction"
