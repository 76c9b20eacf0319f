"""The metadata of a Word file, and notes on what it has that an article cannot contain."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from syndicate.article import Contributor, Tag
from syndicate.article.values import language_tag, one_line
from syndicate.readers.docx.package import DocxPackage
from syndicate.readers.language import guess_language
from syndicate.readers.reader_state import ReaderState, shortened_for_note

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_NOT_A_PERSON = re.compile(
    r"(?:.*\bmicrosoft\b.*|.*\boffice\b.*|windows.?user|user|benutzer|usuario|utilisateur|admin"
    r"(?:istrator)?|owner|author|autor|unknown|python-docx|libreoffice.*|pandoc|apple|google.*"
    r"|un-?named|-)",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:microsoft word - .*|word document|document ?\d*|dokument ?\d*|documento ?\d*|untitled"
    r"|template|vorlage|.*\.(?:docx?|dotx?|rtf|odt|pdf))",
    re.IGNORECASE,
)
_SAID = (
    ("w:sym", "a symbol that exists only in its own font"),
    ("Could not find image file", "a picture that is not in the file"),
    ("without a relationship ID", "a picture that is not in the file"),
    ("cell merging may be incorrect", "which cells of a table are merged"),
)
"""Mammoth's messages about losses, and the notes for editors. Its other messages are not about
words or pictures."""
_TEMPLATES = ("2013-12-23", "2006-09-16")
"""The dates that python-docx, and the samples of Microsoft's SDK, put into every file."""
FIRST_YEAR = 1993
"""Earlier dates are the zero points of clocks: 1601, 1899, 1970, 1980."""
LONGEST_WRITTEN = timedelta(days=180)
"""A document that was last saved this long after it was created began as a copy of another."""


def docx_properties(package: DocxPackage, document: Any, state: ReaderState) -> dict[str, Any]:
    """The metadata in `docProps/core.xml` (ECMA-376 part 2, core properties), by the article's
    field names, without values that programs write. Also sets `state.language` to the language that
    most of the text is marked as.

    Raises:
        SourceError: a part of the file is refused.
    """
    core = package.xml("docProps/core.xml")
    found: dict[str, Any] = {}
    if core is not None:
        title, creator = _text(core, f"{_DC}title"), _text(core, f"{_DC}creator")
        if title and not _NO_TITLE.fullmatch(title):
            found["title"] = title
        if creator and not _NOT_A_PERSON.fullmatch(creator):
            found["contributors"] = tuple(
                Contributor(name=name) for part in creator.split(";") if (name := one_line(part))
            )
        tags = re.split(r"[,;]", _text(core, f"{_CP}keywords"))
        if names := [one_line(tag) for tag in tags if one_line(tag)]:
            found["tags"] = tuple(Tag(name=name) for name in dict.fromkeys(names))
        if published := _begun(core, state):
            found["published"] = published
    stated = core is not None and _text(core, f"{_DC}language")
    text = "".join(document.itertext(f"{_W}t"))
    language = _tag(stated) if stated else _marked(document, package)
    state.language = guess_language(text, language or state.source.publication.language)
    if state.language != state.source.publication.language:
        state.guessed(f"the language {state.language!r}")
    return found


def note_docx_leftovers(
    package: DocxPackage, document: Any, result: Any, state: ReaderState
) -> None:
    """Note tracked changes, comments and everything else that stays in the file."""
    kept = sum(1 for tag in ("ins", "moveTo") for _ in document.iter(f"{_W}{tag}"))
    gone = sum(1 for tag in ("del", "moveFrom") for _ in document.iter(f"{_W}{tag}"))
    if kept or gone:
        state.guessed(f"all tracked changes are accepted ({kept} added, {gone} deleted)")
    if next(document.iter(f"{_W}headerReference", f"{_W}footerReference"), None) is not None:
        state.left_out("the page headers and footers")
    for comment in result.value.comments:
        words = " ".join(part for one in comment.body for part in [_words(one)] if part)
        author = f" by {comment.author_name}" if comment.author_name else ""
        state.left_out(f"the comment{author}: {shortened_for_note(words)!r}")
    for name in package.names():
        if name.endswith("settings.xml.rels") and (links := package.xml(name)) is not None:
            for link in links:
                if link.get("TargetMode") == "External":
                    state.left_out(f"the template {shortened_for_note(link.get('Target', ''))!r}")
    for message in dict.fromkeys(one.message for one in result.messages):
        said = next((own for mark, own in _SAID if mark in message), None)
        if said:
            state.left_out(said)


def _begun(core: Any, state: ReaderState) -> datetime | None:
    """The date when the document was created. If it was created long before, as a copy of another,
    it is the date when it was last saved; None if both dates are from a template."""
    dates: list[datetime] = []
    disbelieved: list[str] = []
    for name in ("created", "modified"):
        written = _text(core, f"{_TERMS}{name}")
        try:
            found = state.source.moment(written)
        except ValueError:
            continue
        if written[:10] in _TEMPLATES or found.year < FIRST_YEAR:
            disbelieved.append(written[:10])
        else:
            dates.append(found)
    if not dates:
        for day in dict.fromkeys(disbelieved):
            state.left_out(f"the date {day}: it is from a template, not from this document")
        return None
    if len(dates) > 1 and dates[1] - dates[0] > LONGEST_WRITTEN:
        state.guessed(
            f"the date {state.local_time(dates[1])}, when the document was last saved; it was"
            f" created as a copy of a document from {dates[0]:%d %b %Y}"
        )
        return dates[1]
    state.guessed(f"the date {state.local_time(dates[0])}, when the document was created")
    return dates[0]


def _text(core: Any, tag: str) -> str:
    return one_line(core.findtext(tag) or "")


def _tag(stated: str) -> str | None:
    try:
        return language_tag(stated.replace("_", "-"))
    except ValueError:
        return None


def _marked(document: Any, package: DocxPackage) -> str | None:
    """The language that most characters are marked as, else the default in the file's styles."""
    letters: Counter[str] = Counter()
    for run in document.iter(f"{_W}r"):
        mark = run.find(f"{_W}rPr/{_W}lang")
        if mark is not None and mark.get(f"{_W}val"):
            letters[mark.get(f"{_W}val")] += sum(len(t.text or "") for t in run.iter(f"{_W}t"))
    for tag, _ in letters.most_common(1):
        return _primary(tag)
    styles = package.xml("word/styles.xml")
    if styles is None:
        return None
    mark = styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang")
    return _primary(mark.get(f"{_W}val", "")) if mark is not None else None


def _primary(stated: str) -> str | None:
    """The language without the country: Word's country is where it was bought, not the text's."""
    tag = _tag(stated)
    return tag.split("-")[0] if tag else None


def _words(element: Any) -> str:
    if hasattr(element, "value"):
        return str(element.value)
    return "".join(_words(child) for child in getattr(element, "children", ()))
