"""Looks for words in every byte of a folder: SQLite's free pages and logs, what is compressed, and
texts that are encoded for mail and the web."""

from __future__ import annotations

import base64
import gzip
import io
import quopri
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote


def spellings(text: str) -> set[bytes]:
    """How `text` may be written, in lower case."""
    plain = text.lower()
    found = {plain, quote(plain), quote(plain, safe="@"), quote(plain, safe="").lower()}
    found.add(plain.encode("unicode_escape").decode())
    local, at, domain = plain.partition("@")
    if at:
        with suppress(UnicodeError):
            found.add(f"{local}@{domain.encode('ascii').decode('idna')}")
    written = {one.encode() for one in found}
    written |= {quopri.encodestring(one.encode()).lower() for one in found}
    written |= {plain.encode("utf-16-le"), plain.encode("utf-16-be")}
    return {one for one in written if one}


def base64_forms(text: str) -> set[bytes]:
    """What base64 makes of `text`, wherever it begins within a group of three bytes."""
    forms = set()
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + text.encode())
        forms.add(whole[4 if lead else 0 : -4])
    return {one for one in forms if len(one) > 8}


def places_of(folder: Path, *texts: str, besides: str = "") -> list[str]:
    """Where in `folder` one of `texts` still is: files, or members of archives, with what it is. It
    may be in the text `besides`."""
    wanted = {form: text for text in texts for form in spellings(text)}
    exact = {form: text for text in texts for form in base64_forms(text)}
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        for name, content in _contents(str(file.relative_to(folder)), file.read_bytes()):
            lower = content.lower()
            for form in spellings(besides):
                lower = lower.replace(form, b"")
            hits = {text for form, text in wanted.items() if form in lower}
            hits |= {text for form, text in exact.items() if form in content}
            found += [f"{name}: {text}" for text in sorted(hits)]
    return found


def _contents(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if content.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, zlib.error):
            yield f"{name} (gzip)", gzip.decompress(content)
    if content.startswith(b"PK"):
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield f"{name}/{member}", archive.read(member)
