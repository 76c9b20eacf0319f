"""Combines front matter and what a reader found into an article's metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from syndicate.article import Article, Correction, Credit, Figure
from syndicate.errors import Problems, SourceError, SyndicateError
from syndicate.readers.contract import Reading, Source
from syndicate.readers.dates import midnight_of
from syndicate.readers.decode import decoded_text
from syndicate.readers.elsewhere import KEPT, front_matter_is_of
from syndicate.readers.front_matter import FrontMatter, toml_front_matter
from syndicate.readers.front_matter_keys import BY_NAME, Key
from syndicate.readers.front_matter_values import (
    NotOursError,
    WrongValueError,
    front_matter_key,
    is_truth,
)
from syndicate.readers.overrides import TABLES, overrides_in, with_overrides
from syndicate.readers.prose import Placed, with_urls_linked
from syndicate.readers.reader_state import (
    DATED_STEM,
    ReaderState,
    UnsafePictureError,
    date_of_stem,
    picture_src,
)

_PARTS = "lead_image_parts"
"""Keys that describe a lead picture whose address is stated elsewhere."""
MISSPELT = 0.8
"""How similar (0 to 1) an unknown key must be to one of ours to count as a misspelling of it."""
_PEOPLE = ("authors", "contributors", "editor", "photographer", "illustrator", "translator")


def front_matter_metadata(front: FrontMatter, state: ReaderState) -> dict[str, Any]:
    """The metadata in the front matter, by the article's field names. What it states about single
    blocks is added to `state.overrides`.

    Raises:
        SourceError: a key is unknown or its value is wrong; `Problems` if there are several errors.
    """
    errors: list[SyndicateError] = []
    values: dict[str, Any] = {}
    written: dict[str, str] = {}
    state.overrides.extend(overrides_in(front, state.source, errors))
    names = {front_matter_key(name) for name in front.values}
    for name, value in front.values.items():
        if name in TABLES or _is_empty(value):
            continue
        place = front.place((name,))
        key = _key(name, value)
        if key is None:
            _unknown(name, state, place, errors)
            continue
        if key.field == "tags" and isinstance(value, str) and front_matter_is_of("jekyll", names):
            value = value if "," in value else [*value.split()]
        try:
            read = _read(key, value, state.source)
        except NotOursError:
            state.left_out(f"the front matter key {name!r}", place[0], common=True)
            continue
        except ValueError as error:
            errors.append(_wrong(error, name, front, state))
            read = None
        other = written.get(key.field)
        if other is None:
            written[key.field], values[key.field] = name, read
        elif merged := _merged(key, (other, values[key.field]), (name, read)):
            written[key.field], values[key.field] = merged
        else:
            message = f"{name!r} and {other!r} mean the same; keep only one of them"
            errors.append(SourceError(message, where=state.source.at(*place)))
    if errors:
        raise errors[0] if len(errors) == 1 else Problems(errors)
    return _grouped(values)


def _wrong(error: ValueError, name: str, front: FrontMatter, state: ReaderState) -> SourceError:
    """What is wrong with the value of `name`, at its place in the source."""
    if not isinstance(error, WrongValueError):
        return SourceError(str(error), where=state.source.at(*front.place((name,))))
    dotted = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.path)
    where = state.source.at(*front.place((name, *error.path)))
    return SourceError(f"{name + dotted!r} {error}", where=where)


def _is_empty(value: Any) -> bool:
    """Whether a key has an empty value: `categories: []`, `description: ""`."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _key(name: str, value: Any) -> Key | None:
    """The key called `name`; Jekyll's `published: false` is not the key for the date."""
    spelled = front_matter_key(name)
    return BY_NAME.get("publish" if spelled == "published" and is_truth(value) else spelled)


def _merged(key: Key, one: tuple[str, Any], other: tuple[str, Any]) -> tuple[str, Any] | None:
    """The name and value to use if two spellings of a key are given; None if that is an error."""
    if key.joined:
        return one[0], tuple(dict.fromkeys((*(one[1] or ()), *(other[1] or ()))))
    if one[1] == other[1] or other[1] is None:
        return one
    ranks = [
        key.rather.index(spelled) if (spelled := front_matter_key(name)) in key.rather else None
        for name, _ in (one, other)
    ]
    if ranks[0] is None or ranks[1] is None:
        return None
    return one if ranks[0] < ranks[1] else other


def sidecar_metadata(state: ReaderState) -> dict[str, Any]:
    """The metadata in the source's sidecar, as `given` returns it; the sidecar is read once.

    Raises:
        SourceError: the same errors as `given`, at a place in the sidecar.
    """
    if state.beside is None:
        state.beside = {}
        if state.source.sidecar is not None:
            path = state.source.path.with_suffix(".toml")
            own = replace(
                state.source, path=path, data=state.source.sidecar, file=None, sidecar=None
            )
            side = ReaderState(own, state.language)
            state.beside = front_matter_metadata(toml_front_matter(decoded_text(own), own), side)
            state.overrides.extend(side.overrides)
            for note in side.notes:
                state.left_out(f"{note.what}, at {own.at(note.line)}")
    return state.beside


def merged_metadata(found: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """`found`, with values replaced by those in `stated`. People are replaced role by role; rights
    and the parts of the lead picture one by one."""
    values = {**found, **stated}
    if "contributors" in found and "contributors" in stated:
        roles = {person.role for person in stated["contributors"]}
        others = (person for person in found["contributors"] if person.role not in roles)
        values["contributors"] = (*stated["contributors"], *others)
    if "credit" in found and "credit" in stated:
        own = stated["credit"].model_dump(exclude_none=True)
        values["credit"] = found["credit"].model_copy(update=own)
    if "corrections" in found and "corrections" in stated:
        values["corrections"] = (*found["corrections"], *stated["corrections"])
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


def _unknown(
    name: str, state: ReaderState, place: tuple[int, int], errors: list[SyndicateError]
) -> None:
    """Skip a key that is not ours. Add it to `errors` if it is probably one of ours misspelt, or if
    the newsroom wants every unknown key to be an error."""
    spelled = front_matter_key(name)
    known = {front_matter_key(key.field): key.field for key in BY_NAME.values()}
    near = get_close_matches(spelled, list(BY_NAME), n=1, cutoff=0.6)
    misspelt = bool(get_close_matches(spelled, list(BY_NAME), n=1, cutoff=MISSPELT))
    if spelled in KEPT or (state.source.habits.unknown_keys == "warn" and not misspelt):
        state.left_out(f"the front matter key {name!r}", place[0], common=True)
        return
    nearest = BY_NAME[near[0]].field if near else None
    suggested = near[0] if near and near[0] not in known else nearest
    hint = (
        f"did you mean {suggested!r}?"
        if suggested
        else f"known keys: {', '.join(sorted(known.values()))}"
    )
    errors.append(
        SourceError(f"there is no key {name!r}", where=state.source.at(*place), hint=hint)
    )


def _grouped(values: dict[str, Any]) -> dict[str, Any]:
    """`values`, with keys that belong together combined: people, picture, rights, status."""
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
        picture["caption"] = with_urls_linked(picture.get("caption", ""))
        values["lead_image"] = Figure.model_validate(picture)
    elif parts := {part: text for part, text in parts.items() if text is not None}:
        if "caption" in parts:
            parts["caption"] = with_urls_linked(parts["caption"])
        values[_PARTS] = parts
    draft = values.pop("draft", None) or values.pop("publish", None)
    values.pop("publish", None)
    if draft:
        values.setdefault("status", draft)
    return {field: value for field, value in values.items() if value is not None}


def reading(
    state: ReaderState,
    stated: Mapping[str, Any],
    found: Mapping[str, Any],
    body: Sequence[Placed],
) -> Reading:
    """The reading of an article with the blocks in `body`, each with its line. Values `stated` in
    front matter replace what the reader `found` in the text, and values in the sidecar replace
    both. The rest is derived from the file's name and time.

    Raises:
        SourceError: there is no title, or the sidecar is wrong or refers to a missing block.
    """
    stated = merged_metadata(stated, sidecar_metadata(state))
    known: dict[str, Any] = {"language": state.language, **merged_metadata(found, stated)}
    if known.pop(_PARTS, None):
        state.left_out("the caption, credit or size of the lead picture: there is no lead picture")
    if not known.get("title"):
        raise SourceError(
            "the article has no title",
            where=state.source.at(1, 1),
            hint="begin with a headline, or add 'title: …' to the front matter",
        )
    publication = state.source.publication
    slug = known.setdefault("slug", _slug(state.source, known["title"]))
    known.update(_dates(state, known))
    known.setdefault("url", publication.article_url(slug, known["first_published"]))
    day = known["first_published"].astimezone(UTC).date()
    known.setdefault("id", f"tag:{publication.authority},{day.isoformat()}:{slug}")
    stated_corrections = known.pop("corrections", ())
    body = with_overrides(body, state.overrides, known["language"])
    body = [*body, *((_correction(*one), None) for one in stated_corrections)]
    article = Article.model_validate({**known, "body": tuple(block for block, _ in body)})
    return Reading(
        article,
        (frozenset(stated) | frozenset(found)) - {_PARTS, "corrections"},
        state.account(),
        tuple(line for _, line in body),
    )


def _correction(day: date, note: str) -> Correction:
    return Correction(date=day, content=with_urls_linked(note))


def _dates(state: ReaderState, known: Mapping[str, Any]) -> dict[str, datetime]:
    published = known.get("published") or known.get("first_published") or known.get("updated")
    if published is None and (day := date_of_stem(state.source.path.name)):
        state.guessed(f"the date {day:%d %b %Y}, from the file's name")
        published = midnight_of(day, state.source.publication.zone)
    if published is None:
        published = state.source.modified.replace(microsecond=0)
        state.guessed(f"the date {state.local_time(published)}, from the file's own date")
    return {
        "published": published,
        "first_published": known.get("first_published") or published,
        "updated": known.get("updated") or published,
    }


def _slug(source: Source, title: str) -> str:
    """The slug: made from the file's name (from its folder's if the file is an `index`), else from
    the title."""
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
