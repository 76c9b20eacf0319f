"""From front matter and what a reader found to an article's metadata."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from syndicate.article import Article, Credit, Figure
from syndicate.article.blocks import Blocks
from syndicate.errors import Problems, SourceError, SyndicateError
from syndicate.readers.contract import Reading, Source
from syndicate.readers.copy import Copy, UnsafePictureError, picture_src
from syndicate.readers.dates import midnight
from syndicate.readers.front_matter import FrontMatter
from syndicate.readers.keys import BY_NAME, IGNORED, Key
from syndicate.readers.prose import linked
from syndicate.readers.values import WrongValueError, squashed

_DATED_STEM = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[-_ ]+|$)")
_PEOPLE = ("authors", "contributors", "editor", "photographer", "illustrator", "translator")


def given(front: FrontMatter, copy: Copy) -> dict[str, Any]:
    """The article's metadata that the front matter states, by the article's field names.

    Raises:
        SourceError: a key is unknown or holds the wrong thing; `Problems` if several do.
    """
    errors: list[SyndicateError] = []
    values: dict[str, Any] = {}
    written: dict[str, str] = {}
    for name, value in front.values.items():
        place = front.place((name,))
        key = BY_NAME.get(squashed(name))
        if key is None:
            if squashed(name) in IGNORED:
                copy.left_out(f"the front matter key {name!r}", place[0])
            else:
                errors.append(_unknown(name, copy.source, place))
        elif value is None:
            continue
        elif key.field in values:
            errors.append(
                SourceError(
                    f"{name!r} and {written[key.field]!r} say the same; keep one of them",
                    where=copy.source.at(*place),
                )
            )
        else:
            written[key.field] = name
            try:
                values[key.field] = _read(key, value, copy.source)
            except WrongValueError as wrong:
                path = (name, *wrong.path)
                dotted = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in wrong.path)
                errors.append(
                    SourceError(
                        f"{name + dotted!r} {wrong}", where=copy.source.at(*front.place(path))
                    )
                )
            except ValueError as error:
                errors.append(SourceError(str(error), where=copy.source.at(*place)))
    if errors:
        raise errors[0] if len(errors) == 1 else Problems(errors)
    return _grouped(values)


def _read(key: Key, value: Any, source: Source) -> object:
    read = key.read(value, source)
    if key.field == "image" and isinstance(read, dict):
        try:
            read["src"] = picture_src(source, read["src"])
        except UnsafePictureError as error:
            raise WrongValueError("a web address or a path in the newsroom", read["src"]) from error
    return read


def _unknown(name: str, source: Source, place: tuple[int, int]) -> SourceError:
    known = {squashed(key.field): key.field for key in BY_NAME.values()}
    near = get_close_matches(squashed(name), list(BY_NAME), n=1, cutoff=0.6)
    nearest = BY_NAME[near[0]].field if near else None
    spelled = near[0] if near and near[0] not in known else nearest
    return SourceError(
        f"there is no key {name!r}",
        where=source.at(*place),
        hint=f"did you mean {spelled!r}?"
        if spelled
        else f"known keys: {', '.join(sorted(known.values()))}",
    )


def _grouped(values: dict[str, Any]) -> dict[str, Any]:
    """What several keys say together: who, which picture, whose rights, in which state."""
    people = [person for key in _PEOPLE for person in values.pop(key, ())]
    if people:
        values["contributors"] = tuple(people)
    rights = {
        field: values.pop(key)
        for key, field in (
            ("source", "source"),
            ("source_url", "source_url"),
            ("copyright", "copyright_notice"),
            ("copyright_holder", "copyright_holder"),
            ("usage_terms", "usage_terms"),
        )
        if key in values
    }
    if rights:
        values["credit"] = Credit(**rights)
    picture = values.pop("image", None)
    parts = {part: values.pop(f"image_{part}", None) for part in ("alt", "caption", "credit")}
    if picture:
        picture = {part: text for part, text in parts.items() if text is not None} | picture
        picture["caption"] = linked(picture.get("caption", ""))
        values["lead_image"] = Figure.model_validate(picture)
    draft = values.pop("draft", None)
    if values.get("published") == "draft":
        draft = values.pop("published")
    if draft:
        values.setdefault("status", draft)
    return {field: value for field, value in values.items() if value is not None}


def reading(
    copy: Copy, stated: Mapping[str, Any], found: Mapping[str, Any], body: Blocks
) -> Reading:
    """The article of `body`. What is `stated` in front matter goes before what the reader
    `found` in the text; the rest is derived from the file's name and time.

    Raises:
        SourceError: there is no title.
    """
    known: dict[str, Any] = {"language": copy.language, **found, **stated}
    if not known.get("title"):
        raise SourceError(
            "the article has no title",
            where=copy.source.at(1, 1),
            hint="begin with a headline, or put 'title: …' in the front matter",
        )
    publication = copy.source.publication
    slug = known.setdefault("slug", _slug(copy.source, known["title"]))
    known.update(_dates(copy, known))
    known.setdefault("url", publication.article_url(slug))
    day = known["first_published"].astimezone(UTC).date()
    known.setdefault("id", f"tag:{publication.authority},{day.isoformat()}:{slug}")
    article = Article.model_validate({**known, "body": body})
    return Reading(article, frozenset(stated) | frozenset(found), copy.account())


def _dates(copy: Copy, known: Mapping[str, Any]) -> dict[str, datetime]:
    published = known.get("published") or known.get("first_published") or known.get("updated")
    if published is None and (day := _date_of_stem(copy.source)):
        copy.guessed(f"the date {day.isoformat()}, from the file's name")
        published = midnight(day, copy.source.publication.zone)
    if published is None:
        published = copy.source.modified.replace(microsecond=0)
        copy.guessed(f"the date {published.isoformat()}, from the file's own time")
    return {
        "published": published,
        "first_published": known.get("first_published") or published,
        "updated": known.get("updated") or published,
    }


def _date_of_stem(source: Source) -> date | None:
    found = _DATED_STEM.match(source.path.name)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _slug(source: Source, title: str) -> str:
    """From the file's name, its folder's if the file is an `index`, else from the title."""
    from slugify import slugify

    for candidate in (*_names(source), title):
        slug = slugify(candidate, max_length=120, word_boundary=True)
        if slug:
            return str(slug)
    return "article-" + hashlib.sha256(str(source.path).encode()).hexdigest()[:8]


def _names(source: Source) -> Iterator[str]:
    stem = source.path.stem
    if stem in ("index", "_index"):
        stem = source.path.parent.name
    yield _DATED_STEM.sub("", stem, count=1)
