"""IPTC ninjs, "News in JSON", of versions 1, 2 and 3 (https://iptc.org/std/ninjs/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, get_args

from syndicate.article import Contributor, Credit, Role, Tag
from syndicate.article.values import one_line
from syndicate.readers.collection import LeftOut, readings_of_items
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Note, Reader, Reading, Source
from syndicate.readers.decode import decoded_text
from syndicate.readers.fields import absolute_url, json_text, line_of_markup, people_in_bylines
from syndicate.readers.json_text import json_values
from syndicate.readers.ninjs.pictures import body_with_pictures, is_page_rendition, ninjs_picture
from syndicate.readers.ninjs.versions import (
    ninjs_associations,
    ninjs_by_role,
    ninjs_moment,
    ninjs_objects,
    ninjs_text,
)

MOST_DEPTH = 5
_STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "withdrawn"}
_SUBTITLE = ("subtitle", "subheadline", "sub", "subhead", "secondary", "dek")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[1-9]\d{0,8}")


class NinjsReader(Reader):
    """One news item, a list of items, or one item per line; each text becomes an article."""

    suffixes: ClassVar[tuple[str, ...]] = (".json", ".ninjs")

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not JSON, or there is no article in it.
        """
        yield from readings_of_items(_items(source), source)


def _items(source: Source) -> Iterator[Item | LeftOut]:
    content = decoded_text(source)
    for value, start in json_values(content, source):
        line = content.count("\n", 0, start) + 1
        inside = value.get("items") if isinstance(value, dict) else value
        for one in inside if isinstance(inside, list) else [value]:
            yield from _texts(one, line, source, 0)


def _texts(one: Any, line: int, source: Source, depth: int) -> Iterator[Item | LeftOut]:
    """The news item, or the items in it if it is a package."""
    if not isinstance(one, dict):
        yield LeftOut("an item that is not a JSON object", line)
        return
    kind = json_text(one, "type") or "text"
    if kind == "composite" and depth < MOST_DEPTH:
        for inner in ninjs_associations(one):
            yield from _texts(inner, line, source, depth + 1)
    elif kind == "text":
        yield _item(one, line, source)
    elif depth == 0:
        yield LeftOut(f"the {kind} {json_text(one, 'uri')!r}: it is not a text", line)


def _item(one: dict[str, Any], line: int, source: Source) -> Item:
    made = Item(key=json_text(one, "uri"), line=line)
    headlines = ninjs_by_role(one, "headlines", "headline")
    made.title = next(
        (value for role, value in headlines if role not in _SUBTITLE), json_text(one, "title")
    )
    described = ninjs_by_role(one, "descriptions", "description")
    summary = next((line_of_markup(value) for _, value in described), "")
    made.body, made.text = _body(one)
    if not made.body and not made.text and summary:
        made.text = summary
        made.notes.append(Note("guessed", "the text, from the description", line))
    url = next(
        (
            absolute_url(json_text(one, "href"))
            for one in ninjs_objects(one, "renditions")
            if is_page_rendition(one)
        ),
        None,
    )
    pictures = [figure for figure in map(ninjs_picture, ninjs_associations(one)) if figure]
    lead = next((figure for figure, is_main in pictures if is_main), None)
    made.base = url
    made.body = body_with_pictures(
        made.body, one, [figure for figure, _ in pictures if figure != lead]
    )
    subtitle = next((line_of_markup(value) for role, value in headlines if role in _SUBTITLE), "")
    section, tags = _subjects(one)
    fields: dict[str, Any] = {
        "url": url,
        "subtitle": subtitle or None,
        "summary": summary or None,
        "first_published": ninjs_moment(one, "firstCreated", source),
        "published": ninjs_moment(one, "contentCreated", source)
        or ninjs_moment(one, "firstCreated", source)
        or ninjs_moment(one, "versionCreated", source),
        "updated": ninjs_moment(one, "versionCreated", source),
        "embargoed": ninjs_moment(one, "embargoedUntil", source)
        or ninjs_moment(one, "embargoed", source),
        "expires": ninjs_moment(one, "expires", source),
        "status": _STATUSES.get(ninjs_text(one, "pubStatus").lower()),
        "version": int(version)
        if _NUMBER.fullmatch(version := ninjs_text(one, "version"))
        else None,
        "language": json_text(one, "language"),
        "dateline": one_line(json_text(one, "located")) or None,
        "contributors": _people(one),
        "section": section,
        "tags": tags,
        "credit": _credit(one),
        "lead_image": lead,
        **_other_ids(one),
    }
    made.fields = {name: value for name, value in fields.items() if value}
    return made


def _body(one: dict[str, Any]) -> tuple[str, str]:
    """The HTML of the item, "" if it has none, and its plain text."""
    bodies = [
        (json_text(each, "role"), json_text(each, "contentType"), json_text(each, "value"))
        for each in ninjs_objects(one, "bodies")
    ]
    bodies += [(name[5:], "", json_text(one, name)) for name in one if name.startswith("body_")]
    marked = [
        value
        for role, kind, value in bodies
        if "html" in kind or (not kind and "html" in role) or (not kind and role == "nitf")
    ]
    words = [value for role, kind, value in bodies if kind == "text/plain" or role == "text"]
    others = [value for _, _, value in bodies if value]
    html = next((value for value in marked if value.strip()), "")
    return html, next((value for value in words if value.strip()), "" if html else "".join(others))


def _people(one: dict[str, Any]) -> tuple[Contributor, ...]:
    """The people who worked on the item (not those it is about); else the names in `by`."""
    found = []
    for person in ninjs_objects(one, "people") or ninjs_objects(one, "person"):
        name, role = one_line(json_text(person, "name")), json_text(person, "rel").lower()
        if name and role in get_args(Role):
            contacts = {
                json_text(each, "type"): one_line(json_text(each, "value"))
                for each in ninjs_objects(person, "contactInfo")
            }
            found.append(
                Contributor.model_validate(
                    {
                        "name": name,
                        "role": role,
                        "organisation": contacts.get("organisation"),
                        "email": contacts.get("email"),
                        "url": absolute_url(contacts.get("web")),
                    }
                )
            )
    return tuple(found) or people_in_bylines([json_text(one, "by") or json_text(one, "byline")])


def _subjects(one: dict[str, Any]) -> tuple[str | None, tuple[Tag, ...]]:
    """The section and the tags."""
    section: str | None = None
    tags: dict[tuple[str, str | None], Tag] = {}
    for subject in ninjs_objects(one, "subjects") or ninjs_objects(one, "subject"):
        name = line_of_markup(
            json_text(subject, "name")
            or json_text(subject, "literal")
            or json_text(subject, "code")
        )
        if name and json_text(subject, "rel") == "section":
            section = section or name
        elif name:
            scheme = absolute_url(json_text(subject, "scheme")) or _vocabulary(
                json_text(subject, "uri")
            )
            tags[(name, scheme)] = Tag(name=name, scheme=scheme)
    return section, tuple(tags.values())


def _vocabulary(concept: str) -> str | None:
    """The URI of the vocabulary that a concept's URI belongs to. A URI that ends in "/" or "#" is
    that of a vocabulary itself."""
    if concept.endswith("#"):
        return absolute_url(concept[:-1])
    return absolute_url(re.sub(r"[^/#]*$", "", concept))


def _credit(one: dict[str, Any]) -> Credit | None:
    origin = next(iter(ninjs_objects(one, "infoSources") or ninjs_objects(one, "infosource")), {})
    known = {
        "source": one_line(json_text(origin, "name")) or None,
        "source_url": absolute_url(json_text(origin, "uri")),
        "copyright_holder": one_line(ninjs_text(one, "copyrightHolder")) or None,
        "copyright_notice": one_line(ninjs_text(one, "copyrightNotice")) or None,
        "usage_terms": one_line(ninjs_text(one, "usageTerms")) or None,
    }
    return Credit(**known) if any(known.values()) else None


def _other_ids(one: dict[str, Any]) -> dict[str, Any]:
    """The item's other ids, and a slug if one of them is one."""
    found: dict[str, Any] = {}
    old = one.get("altids")
    before = old.items() if isinstance(old, dict) else ()
    pairs = [(role, value) for role, value in before if isinstance(value, str)]
    pairs += [
        (json_text(each, "role"), json_text(each, "value")) for each in ninjs_objects(one, "altIds")
    ]
    for role, value in pairs:
        if role == "slug" and _SLUG.fullmatch(value[:121]):
            found["slug"] = value
        elif value := one_line(value):
            found["alt_ids"] = (*found.get("alt_ids", ()), value)
    return found
