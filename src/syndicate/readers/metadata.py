"""From front matter and what a reader found to an article's metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from syndicate.article import Article, Credit, Figure
from syndicate.errors import Problems, SourceError, SyndicateError
from syndicate.readers.contract import Reading, Source
from syndicate.readers.copy import DATED_STEM, Copy, UnsafePictureError, picture_src
from syndicate.readers.dates import midnight
from syndicate.readers.decode import text_of
from syndicate.readers.front_matter import FrontMatter, of_toml
from syndicate.readers.front_matter_keys import BY_NAME, IGNORED, Key
from syndicate.readers.front_matter_values import WrongValueError, squashed
from syndicate.readers.overrides import TABLES, applied, overrides_in
from syndicate.readers.prose import Placed, linked

_PARTS = "lead_image_parts"
"""What is said of a lead picture that is named elsewhere."""
_PEOPLE = ("authors", "contributors", "editor", "photographer", "illustrator", "translator")


def given(front: FrontMatter, copy: Copy) -> dict[str, Any]:
    """The article's metadata that the front matter states, by the article's field names; what it
    says about single blocks goes to `copy.overrides`.

    Raises:
        SourceError: a key is unknown or holds the wrong thing; `Problems` if several do.
    """
    errors: list[SyndicateError] = []
    values: dict[str, Any] = {}
    written: dict[str, str] = {}
    copy.overrides.extend(overrides_in(front, copy.source, errors))
    for name, value in front.values.items():
        place = front.place((name,))
        if name in TABLES:
            continue
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


def beside(copy: Copy) -> dict[str, Any]:
    """What the sidecar of the source states, as `given`; it is read once.

    Raises:
        SourceError: as `given`, at a place in the sidecar.
    """
    if copy.beside is None:
        copy.beside = {}
        if copy.source.sidecar is not None:
            path = copy.source.path.with_suffix(".toml")
            own = replace(copy.source, path=path, data=copy.source.sidecar, file=None, sidecar=None)
            side = Copy(own, copy.language)
            copy.beside = given(of_toml(text_of(own), own), side)
            copy.overrides.extend(side.overrides)
            for note in side.notes:
                copy.left_out(f"{note.what}, at {own.at(note.line)}")
    return copy.beside


def merged(found: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """`found` with what is `stated` in its place. People give way role by role, rights and the
    parts of the lead picture one by one."""
    values = {**found, **stated}
    if "contributors" in found and "contributors" in stated:
        roles = {person.role for person in stated["contributors"]}
        others = (person for person in found["contributors"] if person.role not in roles)
        values["contributors"] = (*stated["contributors"], *others)
    if "credit" in found and "credit" in stated:
        own = stated["credit"].model_dump(exclude_none=True)
        values["credit"] = found["credit"].model_copy(update=own)
    parts = values.pop(_PARTS, None)
    picture = values.get("lead_image")
    if parts and picture:
        values["lead_image"] = picture.model_copy(update=parts)
    elif parts:
        values[_PARTS] = parts
    return values


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
    elif parts := {part: text for part, text in parts.items() if text is not None}:
        if "caption" in parts:
            parts["caption"] = linked(parts["caption"])
        values[_PARTS] = parts
    draft = values.pop("draft", None)
    if values.get("published") == "draft":
        draft = values.pop("published")
    if draft:
        values.setdefault("status", draft)
    return {field: value for field, value in values.items() if value is not None}


def reading(
    copy: Copy,
    stated: Mapping[str, Any],
    found: Mapping[str, Any],
    body: Sequence[Placed],
) -> Reading:
    """The article of `body`, its blocks with their lines. What is `stated` in front matter goes
    before what the reader `found` in the text, and the sidecar before both; the rest is derived
    from the file's name and time.

    Raises:
        SourceError: there is no title; the sidecar is wrong, or names no block.
    """
    stated = merged(stated, beside(copy))
    known: dict[str, Any] = {"language": copy.language, **merged(found, stated)}
    if known.pop(_PARTS, None):
        copy.left_out("what is said of the lead picture, which the article does not have")
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
    body = applied(body, copy.overrides, known["language"])
    article = Article.model_validate({**known, "body": tuple(block for block, _ in body)})
    return Reading(
        article,
        (frozenset(stated) | frozenset(found)) - {_PARTS},
        copy.account(),
        tuple(line for _, line in body),
    )


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
    found = DATED_STEM.match(source.path.name)
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
    yield DATED_STEM.sub("", stem, count=1)
