"""Turns front matter values into an article's values.

Each `read_` function takes the value as written and raises `WrongValueError` if it cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar, get_args

from syndicate.article import Contributor, Role, Status, Tag
from syndicate.article.values import language_tag, one_line, safe_url
from syndicate.readers.byline import authors_in
from syndicate.readers.contract import Source
from syndicate.readers.front_matter import FrontMatterValue, Path
from syndicate.readers.reader_state import shortened_for_note

T = TypeVar("T")


class WrongValueError(ValueError):
    """A value is wrong for its key; `path` is the path of the wrong part inside the value."""

    def __init__(self, expected: str, value: FrontMatterValue, path: Path = ()) -> None:
        super().__init__(f"must be {expected}, not {described(value)}")
        self.path = path


class NotOursError(ValueError):
    """A value has another meaning in the system that it comes from; it is skipped."""


def described(value: FrontMatterValue) -> str:
    """`value` as it is shown in an error."""
    match value:
        case None:
            return "empty"
        case str():
            return repr(shortened_for_note(value))
        case list():
            return "a list"
        case _:
            return "a table"


def front_matter_key(name: str) -> str:
    """`name` without the differences of spelling that are ignored."""
    return re.sub(r"[\s_-]", "", name.lower())


def read_text(value: FrontMatterValue, source: Source) -> str:
    if not isinstance(value, str) or not one_line(value):
        raise WrongValueError("text", value)
    return one_line(value)


def read_texts(value: FrontMatterValue, source: Source) -> tuple[str, ...]:
    if isinstance(value, str):
        return (read_text(value, source),)
    return tuple(_each(value, lambda one: read_text(one, source), "text or a list of texts"))


def _each(value: FrontMatterValue, read: Callable[[FrontMatterValue], T], expected: str) -> list[T]:
    if not isinstance(value, list):
        raise WrongValueError(expected, value)
    items = []
    for number, item in enumerate(value):
        try:
            items.append(read(item))
        except WrongValueError as wrong:
            wrong.path = (number, *wrong.path)
            raise
    return items


def _table(value: FrontMatterValue, allowed: dict[str, str], expected: str) -> dict[str, str]:
    """The texts in a table whose keys are among the spellings in `allowed`."""
    if not isinstance(value, dict):
        raise WrongValueError(expected, value)
    table: dict[str, str] = {}
    for key, inner in value.items():
        name = allowed.get(front_matter_key(key))
        if name is None:
            raise WrongValueError(
                f"one of {', '.join(dict.fromkeys(allowed.values()))}", key, (key,)
            )
        if inner is None:
            continue
        if not isinstance(inner, str):
            raise WrongValueError("text", inner, (key,))
        table[name] = inner
    return table


def read_moment(value: FrontMatterValue, source: Source) -> object:
    if isinstance(value, str) and value.casefold() in _OF_THE_FILE:
        return None
    try:
        return source.moment(read_text(value, source))
    except ValueError as error:
        raise WrongValueError("a date such as 2026-10-05 or 2026-10-05 12:00", value) from error


_OF_THE_FILE = ("created", "last modified", "git created", "git last modified")
"""Eleventy's values for the dates of the file itself."""


_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_STATUSES: dict[str, Status] = {
    **{status: status for status in get_args(Status)},
    "published": "usable",
    "publish": "usable",
    "scheduled": "usable",
    "sent": "usable",
    "future": "usable",
    "pending": "draft",
    "private": "withheld",
    "canceled": "withdrawn",
    "cancelled": "withdrawn",
}


def read_corrections(value: FrontMatterValue, source: Source) -> tuple[tuple[date, str], ...]:
    """Each correction as its date and its text."""

    def read(one: FrontMatterValue) -> tuple[date, str]:
        table = _table(one, {"date": "date", "note": "note"}, "a table with date and note")
        try:
            return date.fromisoformat(table["date"]), read_text(table["note"], source)
        except (KeyError, ValueError) as error:
            raise WrongValueError("a table with date (2026-10-06) and note", one) from error

    return tuple(_each(value, read, "a list of tables with date and note"))


def read_draft(value: FrontMatterValue, source: Source) -> object:
    if not isinstance(value, str) or value.lower() not in _TRUTH:
        raise WrongValueError("true or false", value)
    return "draft" if _TRUTH[value.lower()] else None


def read_publish(value: FrontMatterValue, source: Source) -> object:
    """The status from `publish: false` (Obsidian) or `published: false` (Jekyll): a draft."""
    if not isinstance(value, str) or value.lower() not in _TRUTH:
        raise WrongValueError("true or false", value)
    return None if _TRUTH[value.lower()] else "draft"


def is_truth(value: FrontMatterValue) -> bool:
    """Whether `value` is a spelling of true or false."""
    return isinstance(value, str) and value.lower() in _TRUTH


def read_status(value: FrontMatterValue, source: Source) -> object:
    if not isinstance(value, str) or value.lower() not in _STATUSES:
        raise WrongValueError(f"one of {', '.join(get_args(Status))}", value)
    return _STATUSES[value.lower()]


_ACCESS = {"public": "free", "tiers": "paid"}
"""Ghost's names for the levels of access."""


def read_access(value: FrontMatterValue, source: Source) -> object:
    value = _ACCESS.get(value, value) if isinstance(value, str) else value
    if value not in ("free", "members", "paid"):
        raise WrongValueError("free, members or paid", value)
    return value


def read_version(value: FrontMatterValue, source: Source) -> object:
    if isinstance(value, str) and re.fullmatch(r"v?\d+(?:\.\w+)+", value):
        raise NotOursError
    if not isinstance(value, str) or not re.fullmatch(r"0*[1-9][0-9]{0,8}", value):
        raise WrongValueError("a whole number of 1 or more", value)
    return int(value)


def read_language(value: FrontMatterValue, source: Source) -> object:
    try:
        return language_tag(read_text(value, source).replace("_", "-"))
    except ValueError as error:
        raise WrongValueError("a language tag such as en or pt-BR", value) from error


def read_slug(value: FrontMatterValue, source: Source) -> object:
    if isinstance(value, str) and re.fullmatch(r"/?(?:[\w.-]+/)*[A-Za-z][\w.-]*/?", value):
        from slugify import slugify

        value = slugify(value.rstrip("/").rpartition("/")[2]) or value
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise WrongValueError("lower-case letters, digits and single hyphens", value)
    if len(value) > 120:
        raise WrongValueError("at most 120 characters", value)
    return value


def read_url(value: FrontMatterValue, source: Source) -> str:
    try:
        return source.publication.absolute(safe_url(read_text(value, source)))
    except ValueError as error:
        raise WrongValueError(
            "a web address such as https://news.example.org/ferry/", value
        ) from error


def read_tags(value: FrontMatterValue, source: Source) -> object:
    def tag(item: FrontMatterValue) -> Tag:
        if isinstance(item, dict):
            table = _table(item, {"name": "name", "scheme": "scheme"}, "text")
            name = read_text(table.get("name"), source)
            return Tag(
                name=name, scheme=read_url(table["scheme"], source) if table.get("scheme") else None
            )
        return Tag(name=read_text(item, source))

    if isinstance(value, str):
        parts = value.split() if _are_words(value) else value.split(",")
        names = (one_line(part).removeprefix("#") for part in parts)
        return tuple(Tag(name=name) for name in names if name)
    return tuple(_each(value, tag, "a list such as [harbour, tides]"))


_SMALL_WORDS = {"a", "an", "and", "at", "by", "de", "der", "die", "du", "el", "en", "for", "in"}
_SMALL_WORDS |= {"la", "le", "of", "on", "or", "the", "to", "und", "y"}


def _are_words(value: str) -> bool:
    """Whether tags are separated by spaces, as in Jekyll and Obsidian: they have hash signs, or are
    three or more words that do not make a phrase."""
    words = value.split()
    if "," in value or len(words) < 2:
        return False
    if all(word.startswith("#") for word in words):
        return True
    return (
        len(words) > 2
        and value == value.lower()
        and not _SMALL_WORDS.intersection(words)
        and all(re.fullmatch(r"[\w/-]+", word) for word in words)
    )


def read_section(value: FrontMatterValue, source: Source) -> str:
    if isinstance(value, list) and value:
        return read_text(value[0], source)
    return read_text(value, source)


_PERSON = {
    "name": "name",
    "role": "role",
    "organisation": "organisation",
    "organization": "organisation",
    "affiliation": "organisation",
    "email": "email",
    "url": "url",
    "website": "url",
}
_ADDRESS = re.compile(r"(?P<name>[^<>]+?)\s*<(?P<email>[^<>@\s]+@[^<>@\s]+)>")


def read_people(role: Role) -> Callable[[FrontMatterValue, Source], object]:
    expected = "a name, a table with name, role, organisation, email, url, or a list of these"

    def read(value: FrontMatterValue, source: Source) -> object:
        def person(item: FrontMatterValue) -> Contributor:
            if not isinstance(item, dict):
                name = read_text(item, source) if isinstance(item, str) else None
                if name is None:
                    raise WrongValueError(expected, item)
                found = _ADDRESS.fullmatch(name)
                return Contributor(role=role, **(found.groupdict() if found else {"name": name}))
            table = _table(item, _PERSON, expected)
            if not one_line(table.get("name", "")):
                raise WrongValueError("a table with a name", item)
            own = table.pop("role", role).lower()
            if own not in get_args(Role):
                raise WrongValueError(f"one of {', '.join(get_args(Role))}", own, ("role",))
            if url := table.get("url"):
                table["url"] = read_url(url, source)
            return Contributor.model_validate({**table, "role": own})

        if isinstance(value, str):
            return tuple(person(name) for name in _names(read_text(value, source)))
        return (
            tuple(_each(value, person, expected)) if isinstance(value, list) else (person(value),)
        )

    return read


def _names(written: str) -> list[FrontMatterValue]:
    """The people named on one line, each as a name, an address or a table."""
    if "<" in written:
        return [part for part in re.split(r"(?<=>)\s*(?:,|;|&|\b\w{1,3}\b)\s*", written) if part]
    found = authors_in(f"By {written}")
    if len(found) < 2:
        return [written]
    return [
        {"name": one.name, **({"organisation": one.organisation} if one.organisation else {})}
        for one in found
    ]


_PICTURE = {
    **dict.fromkeys(("src", "url", "path", "file"), "src"),
    **{name: name for name in ("alt", "caption", "credit", "width", "height")},
    "mediatype": "media_type",
}


def read_picture(value: FrontMatterValue, source: Source) -> object:
    """The parts of a figure; `syndicate.readers.metadata` combines them."""
    if isinstance(value, dict):
        table = _table(value, _PICTURE, "a picture's path")
        if "src" not in table:
            raise WrongValueError("a table with src", value)
        for side in ("width", "height"):
            if side in table and not re.fullmatch(r"[1-9]\d{0,5}", table[side]):
                raise WrongValueError("a number of pixels", table[side], (side,))
        return table
    return {"src": read_text(value, source)}


def read_alt(value: FrontMatterValue, source: Source) -> object:
    if not isinstance(value, str):
        raise WrongValueError("text", value)
    return value
