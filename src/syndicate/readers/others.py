"""Files that no reader takes: what they are, and what turns them into an article."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

PICTURES = frozenset(
    [
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".svg", ".tif"),
        *(".tiff", ".bmp", ".heic", ".heif", ".ico", ".jxl"),
    ]
)
"""What lies beside articles to be shown in them."""
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
    ".webloc": "it is only a link: syndicate add with the address that it holds",
    ".url": "it is only a link: syndicate add with the address that it holds",
    ".mht": "save the page as HTML",
    ".mhtml": "save the page as HTML",
    ".webarchive": "save the page as HTML",
    ".tex": "turn it into Markdown, as with: pandoc -t markdown",
    ".rst": "turn it into Markdown, as with: pandoc -t markdown",
    ".adoc": "turn it into Markdown, as with: pandoc -f asciidoc -t markdown",
    ".asciidoc": "turn it into Markdown, as with: pandoc -f asciidoc -t markdown",
    ".org": "turn it into Markdown, as with: pandoc -t markdown",
    ".mdx": "rename it to .md; what its components show has to be written out",
    ".mdown": "rename it to .md",
    ".mkd": "rename it to .md",
    ".text": "rename it to .txt",
    ".epub": "turn it into Markdown, as with: pandoc -t markdown",
    ".indd": "export its text from InDesign as RTF",
    ".idml": "export its text from InDesign as RTF",
    ".icml": "export its text from InCopy as RTF",
    ".gz": "unpack it, and put what is inside there",
    ".7z": "unpack it, and put what is inside there",
    ".rar": "unpack it, and put what is inside there",
}
_OTHERWISE = "save it as .md, .txt, .docx or .odt, or move it out of content/"
_WITHOUT_SUFFIX = "if it is an article, add .md or .txt to its name; else move it out of content/"
_SYSTEM = re.compile(
    r"\..*|~\$.*|~WR[A-Z]\d+\.tmp|thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|.*~|#.*#|\$recycle\.bin"
    r"|__macosx|@eadir|system volume information|.*\.(?:tmp|temp|swp|swo|bak|lock|lck|orig)",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r".*\.(?:part|partial|crdownload|download|opdownload|!ut)", re.IGNORECASE)


def is_system(name: str) -> bool:
    """Whether a file or folder is none of people's: hidden, a lock, a backup, the system's own, or
    one that a browser still fetches."""
    return bool(_SYSTEM.fullmatch(name) or _UNFINISHED.fullmatch(name))


def is_document(suffix: str) -> bool:
    """Whether files ending so are likely meant as articles."""
    return suffix.lower() in _REMEDIES


def remedy(suffix: str) -> str:
    """What to do with a file that ends so (lower case, with the dot; "" for no ending)."""
    return _REMEDIES.get(suffix, _OTHERWISE if suffix else _WITHOUT_SUFFIX)


def unknown(name: str) -> str:
    """What to say of the file `name`, which no reader takes."""
    suffix = PurePosixPath(name).suffix
    if not suffix:
        return "no reader knows files without an ending"
    return f"no reader knows files ending in {suffix!r}"
