"""Files that no reader accepts: what they are, and how to turn them into an article."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

PICTURES = frozenset(
    [
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".svg", ".tif"),
        *(".tiff", ".bmp", ".heic", ".heif", ".ico", ".jxl"),
    ]
)
"""Files next to articles that are shown in them."""
LICENCES = frozenset(["license", "licence", "copying", "notice", "authors", "copyright"])
"""Files without an ending that say who made the pictures next to them."""
_EXPORT = "open it and save it as .docx or .odt, or copy its text into a .txt file"
_REMEDIES = {
    ".pdf": "ask for the document it was made from, or copy its text into a .txt file",
    ".doc": "open it in Word or LibreOffice and save it as .docx",
    ".dot": "open it in Word or LibreOffice and save it as .docx",
    ".docm": "open it in Word and save it as .docx, without macros",
    ".dotx": "open it in Word and save it as .docx",
    ".pages": "open it in Pages and choose File, Export To, Word",
    ".wpd": _EXPORT,
    ".wps": _EXPORT,
    ".sxw": _EXPORT,
    ".fodt": "open it in LibreOffice and save it as .odt",
    ".ott": "open it in LibreOffice and save it as .odt",
    ".abw": _EXPORT,
    ".rtfd": "open it in TextEdit and save it as .rtf or .docx",
    ".msg": "open it in Outlook and save it as .eml, or copy its text into a .txt file",
    ".gdoc": "it is only a link: in Google Docs choose File, Download, Microsoft Word",
    ".webloc": "it is only a link: run syndicate add with the address in it",
    ".url": "it is only a link: run syndicate add with the address in it",
    ".mht": "save the page as HTML",
    ".mhtml": "save the page as HTML",
    ".webarchive": "save the page as HTML",
    ".tex": "convert it to Markdown, for example with: pandoc -t markdown",
    ".rst": "convert it to Markdown, for example with: pandoc -t markdown",
    ".adoc": "convert it to Markdown, for example with: pandoc -f asciidoc -t markdown",
    ".asciidoc": "convert it to Markdown, for example with: pandoc -f asciidoc -t markdown",
    ".org": "convert it to Markdown, for example with: pandoc -t markdown",
    ".mdx": "rename it to .md and write out what its components show",
    ".mdown": "rename it to .md",
    ".mkd": "rename it to .md",
    ".text": "rename it to .txt",
    ".epub": "convert it to Markdown, for example with: pandoc -t markdown",
    ".indd": "export its text from InDesign as RTF",
    ".idml": "export its text from InDesign as RTF",
    ".icml": "export its text from InCopy as RTF",
    ".gz": "unpack it and put the files inside in its place",
    ".7z": "unpack it and put the files inside in its place",
    ".rar": "unpack it and put the files inside in its place",
}
_OTHERWISE = "save it as .md, .txt, .docx or .odt, or move it out of content/"
_WITHOUT_SUFFIX = (
    "if it is an article, add .md or .txt to its name; otherwise move it out of content/"
)
_SYSTEM = re.compile(
    r"\..*|~\$.*|~WR[A-Z]\d+\.tmp|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|.*~|#.*#|\$recycle\.bin"
    r"|__macosx|@eadir|system volume information|.*\.(?:tmp|temp|swp|swo|bak|lock|lck|orig)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r".*\.(?:part|partial|crdownload|download|opdownload|!ut)", re.IGNORECASE)


def is_system_file(name: str) -> bool:
    """Whether a file or folder was not made by people: hidden, a lock file, a backup, the operating
    system's own, or a browser's unfinished download."""
    return bool(_SYSTEM.fullmatch(name) or _UNFINISHED.fullmatch(name))


def is_unreadable_document(suffix: str) -> bool:
    """Whether files with this suffix are likely meant as articles."""
    return suffix.lower() in _REMEDIES


def remedy_for_unreadable(suffix: str) -> str:
    """What to do with a file with this `suffix` (lower case, with the dot; "" for none)."""
    return _REMEDIES.get(suffix, _OTHERWISE if suffix else _WITHOUT_SUFFIX)


def unreadable_file(name: str) -> str:
    """The error for the file `name`, which no reader accepts."""
    suffix = PurePosixPath(name).suffix
    if not suffix:
        return "files without an ending cannot be read"
    return f"files ending in {suffix!r} cannot be read"
