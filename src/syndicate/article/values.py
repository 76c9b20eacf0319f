"""The value types used in all parts of an article: safe text, safe URLs, languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict

Direction = Literal["ltr", "rtl"]

_SPACES = re.compile(r"[^\S\u3000]+")
# XML 1.0 section 2.2: characters that are not allowed in feeds, EPUB and PDF metadata.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Control characters and spaces that browsers ignore inside a scheme ("java\tscript:").
_SKIPPED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RTL_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"})


class Node(BaseModel):
    """The base of all parts of an article. It is frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def clean(text: str) -> str:
    """`text` in NFC without the characters that XML 1.0 forbids. Idempotent."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _ILLEGAL.sub("", text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """`clean` text with every run of white space replaced by one space, but an ideographic space
    kept: in Japanese it stands between the parts of a headline. Idempotent."""
    text = clean(text)
    if "\u3000" not in text:
        return " ".join(text.split())
    return _SPACES.sub(" ", text).strip()


def folded(name: str) -> str:
    """`name` in the form used for comparison: case and the kind of apostrophe do not matter."""
    return name.replace("’", "'").casefold()


def safe_url(url: str) -> str:
    """`url`, if it is relative or its scheme cannot run code or read files.

    Raises:
        ValueError: the scheme is not http, https, mailto or tel, or the URL cannot be parsed.
    """
    url = _SKIPPED.sub(lambda found: "%20" if found[0] == " " else "", clean(url).strip())
    scheme = urlsplit(url).scheme.lower()
    if scheme and scheme not in _SCHEMES:
        raise ValueError(f"links with the scheme {scheme!r} are not allowed")
    return url


def language_tag(tag: str) -> str:
    """A BCP 47 language tag in its usual case (`pt-BR`, `zh-Hant`).

    Raises:
        ValueError: it does not have the form of a language tag.
    """
    if not _LANGUAGE.match(tag):
        raise ValueError(f"{tag!r} is not a BCP 47 language tag such as 'en' or 'pt-BR'")
    head, *rest = tag.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([head.lower(), *(cased.get(len(part), str.lower)(part) for part in rest)])


def direction_of(language: str) -> Direction:
    """The writing direction of a BCP 47 `language` tag."""
    head, *rest = language.lower().split("-")
    scripts = [part for part in rest if len(part) == 4]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if head in _RTL_LANGUAGES else "ltr"


def _whole_seconds(moment: datetime) -> datetime:
    """`moment` without fractions of a second, which feeds, mail and EPUB cannot represent."""
    return moment.replace(microsecond=0)


def _before(cleaned: Callable[[str], str]) -> BeforeValidator:
    """Applies `cleaned` to text before pydantic sees it, since pydantic refuses lone surrogates."""
    return BeforeValidator(lambda value: cleaned(value) if isinstance(value, str) else value)


CleanText = Annotated[str, _before(clean)]
Line = Annotated[str, _before(one_line)]
Url = Annotated[str, _before(safe_url)]
Language = Annotated[str, AfterValidator(language_tag)]
Moment = Annotated[AwareDatetime, AfterValidator(_whole_seconds)]
"""A point in time with a time zone, in whole seconds."""
