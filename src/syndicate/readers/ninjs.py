"""IPTC ninjs, "News in JSON", of versions 1, 2 and 3 (https://iptc.org/std/ninjs/).

Version 3 has lists of headlines, descriptions and bodies with roles; before it their names carried
the role (`body_xhtml`), were in lower case, and associations and renditions were objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any, ClassVar, get_args

from syndicate.article import Contributor, Credit, Figure, Role, Tag
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.readers.contract import Note, Reader, Reading, Source
from syndicate.readers.decode import text_of
from syndicate.readers.fields import absolute, line_of, people, text, when
from syndicate.readers.item import Item
from syndicate.readers.items import LeftOut, readings
from syndicate.readers.json_text import values
from syndicate.readers.prose import linked

MOST_DEPTH = 5
WIDEST = 2400
_STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "withdrawn"}
_SUBTITLE = ("subtitle", "subheadline", "sub", "subhead", "secondary", "dek")
_MAIN = re.compile(r"main|lead|feature|hero|primary", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[1-9]\d{0,8}")


class Ninjs(Reader):
    """One news item, a list of them, or one a line; each text becomes an article."""

    suffixes: ClassVar[tuple[str, ...]] = (".json", ".ninjs")

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is no JSON, or there is no article in it.
        """
        yield from readings(_items(source), source)


def _items(source: Source) -> Iterator[Item | LeftOut]:
    content = text_of(source)
    for value, start in values(content, source):
        line = content.count("\n", 0, start) + 1
        inside = value.get("items") if isinstance(value, dict) else value
        for one in inside if isinstance(inside, list) else [value]:
            yield from _texts(one, line, source, 0)


def _texts(one: Any, line: int, source: Source, depth: int) -> Iterator[Item | LeftOut]:
    """The news item, or those in it if it is a package."""
    if not isinstance(one, dict):
        yield LeftOut("an item that is no object", line)
        return
    kind = text(one, "type") or "text"
    if kind == "composite" and depth < MOST_DEPTH:
        for inner in _associations(one):
            yield from _texts(inner, line, source, depth + 1)
    elif kind == "text":
        yield _item(one, line, source)
    elif depth == 0:
        yield LeftOut(f"the {kind} {text(one, 'uri')!r}, which is no text", line)


def _item(one: dict[str, Any], line: int, source: Source) -> Item:
    made = Item(key=text(one, "uri"), line=line)
    headlines = _by_role(one, "headlines", "headline")
    made.title = next(
        (value for role, value in headlines if role not in _SUBTITLE), text(one, "title")
    )
    described = _by_role(one, "descriptions", "description")
    summary = next((line_of(value) for _, value in described), "")
    made.body, made.text = _body(one)
    if not made.body and not made.text and summary:
        made.text = summary
        made.notes.append(Note("guessed", "the text, from the description", line))
    url = next(
        (absolute(text(one, "href")) for one in _objects(one, "renditions") if _is_page(one)), None
    )
    pictures = [figure for figure in map(_figure, _associations(one)) if figure]
    lead = next((figure for figure, is_main in pictures if is_main), None)
    made.base = url
    made.body = _with_pictures(made.body, one, [figure for figure, _ in pictures if figure != lead])
    subtitle = next((line_of(value) for role, value in headlines if role in _SUBTITLE), "")
    section, tags = _subjects(one)
    fields: dict[str, Any] = {
        "url": url,
        "subtitle": subtitle or None,
        "summary": summary or None,
        "first_published": _when(one, "firstCreated", source),
        "published": _when(one, "contentCreated", source)
        or _when(one, "firstCreated", source)
        or _when(one, "versionCreated", source),
        "updated": _when(one, "versionCreated", source),
        "embargoed": _when(one, "embargoedUntil", source) or _when(one, "embargoed", source),
        "expires": _when(one, "expires", source),
        "status": _STATUSES.get(_value(one, "pubStatus").lower()),
        "version": int(version) if _NUMBER.fullmatch(version := _value(one, "version")) else None,
        "language": text(one, "language"),
        "dateline": one_line(text(one, "located")) or None,
        "contributors": _people(one),
        "section": section,
        "tags": tags,
        "credit": _credit(one),
        "lead_image": lead,
        **_other_ids(one),
    }
    made.fields = {name: value for name, value in fields.items() if value}
    return made


def _value(one: dict[str, Any], name: str) -> str:
    """The text under `name`, as version 3 or, in lower case, as the others spell it."""
    return text(one, name) or text(one, name.lower())


def _when(one: dict[str, Any], name: str, source: Source) -> Any:
    return when(one, name, source) or when(one, name.lower(), source)


def _objects(one: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in the list or, before version 3, the object under `name`, which gives each
    its name."""
    held = one.get(name)
    if isinstance(held, list):
        return [inner for inner in held if isinstance(inner, dict)]
    if isinstance(held, dict):
        return [{"name": key, **inner} for key, inner in held.items() if isinstance(inner, dict)]
    return []


def _associations(one: dict[str, Any]) -> list[dict[str, Any]]:
    return _objects(one, "associations")


def _by_role(one: dict[str, Any], many: str, single: str) -> list[tuple[str, str]]:
    """What is said under `many` (version 3) or under names such as `single_role`, by role; that
    for the reader comes before that for machines."""
    found = [(text(each, "role").lower(), text(each, "value")) for each in _objects(one, many)]
    names = (name for name in one if name == single or name.startswith(f"{single}_"))
    found += [(name.removeprefix(single).strip("_"), text(one, name)) for name in names]
    ranks = {"main": 0, "": 1, "summary": 1, "text": 2}
    return sorted(((r, v) for r, v in found if v.strip()), key=lambda pair: ranks.get(pair[0], 3))


def _body(one: dict[str, Any]) -> tuple[str, str]:
    """The HTML of the item, "" if it has none, and its plain text."""
    bodies = [
        (text(each, "role"), text(each, "contentType"), text(each, "value"))
        for each in _objects(one, "bodies")
    ]
    bodies += [(name[5:], "", text(one, name)) for name in one if name.startswith("body_")]
    marked = [
        value
        for role, kind, value in bodies
        if "html" in kind or (not kind and "html" in role) or (not kind and role == "nitf")
    ]
    words = [value for role, kind, value in bodies if kind == "text/plain" or role == "text"]
    others = [value for _, _, value in bodies if value]
    html = next((value for value in marked if value.strip()), "")
    return html, next((value for value in words if value.strip()), "" if html else "".join(others))


def _is_page(rendition: dict[str, Any]) -> bool:
    return (text(rendition, "contentType") or text(rendition, "mimetype")) == "text/html"


def _figure(picture: dict[str, Any]) -> tuple[Figure, bool] | None:
    """The picture with its caption, credit and largest rendition; whether it is the main one."""
    kind = text(picture, "type")
    if kind not in ("picture", "graphic", "image"):
        return None
    shown = [
        (src, _pixels(each, "width"), _pixels(each, "height"), text(each, "contentType"))
        for each in _objects(picture, "renditions")
        if (src := absolute(text(each, "href"))) and not _is_page(each)
    ]
    if not shown:
        return None
    src, width, height, media_type = max(shown, key=lambda each: _fit(each[1] or 0))
    described = _by_role(picture, "descriptions", "description")
    alt = next((value for role, value in described if role.startswith(("alt", "access"))), None)
    caption = next((v for role, v in described if not role.startswith(("alt", "access"))), "")
    credit = text(picture, "by") or text(picture, "byline") or _value(picture, "copyrightHolder")
    figure = Figure(
        src=src,
        alt=None if alt is None else one_line(alt),
        caption=linked(line_of(caption)),
        credit=one_line(credit) or None,
        width=width,
        height=height,
        media_type=media_type or text(picture, "mimetype") or None,
    )
    return figure, bool(_MAIN.search(f"{text(picture, 'name')} {text(picture, 'rel')}"))


def _fit(width: int) -> int:
    """The widest picture that is no wider than print needs is best."""
    return width if width <= WIDEST else -width


def _pixels(rendition: dict[str, Any], name: str) -> int | None:
    value = rendition.get(name)
    return value if isinstance(value, int) and 0 < value < 100_000 else None


def _with_pictures(body: str, one: dict[str, Any], figures: list[Figure]) -> str:
    """`body` showing the best rendition of each picture, and at its end those that it does not
    show itself."""
    for picture in _associations(one):
        best = _figure(picture)
        for each in _objects(picture, "renditions"):
            href = text(each, "href")
            if best and href and href != best[0].src:
                body = body.replace(f'"{escape(href)}"', f'"{escape(best[0].src)}"')
    for figure in figures:
        if not body or escape(figure.src) in body or figure.src in body:
            continue
        alt = "" if figure.alt is None else f' alt="{escape(figure.alt)}"'
        credit = f'<small class="credit">{escape(figure.credit)}</small>' if figure.credit else ""
        caption = f"<figcaption>{escape(plain(figure.caption))} {credit}</figcaption>"
        body += f'<figure><img src="{escape(figure.src)}"{alt}>{caption}</figure>'
    return body


def _people(one: dict[str, Any]) -> tuple[Contributor, ...]:
    """Those with a part in the item, not those it is about; else who `by` names."""
    found = []
    for person in _objects(one, "people") or _objects(one, "person"):
        name, role = one_line(text(person, "name")), text(person, "rel").lower()
        if name and role in get_args(Role):
            contacts = {
                text(each, "type"): one_line(text(each, "value"))
                for each in _objects(person, "contactInfo")
            }
            found.append(
                Contributor.model_validate(
                    {
                        "name": name,
                        "role": role,
                        "organisation": contacts.get("organisation"),
                        "email": contacts.get("email"),
                        "url": absolute(contacts.get("web")),
                    }
                )
            )
    return tuple(found) or people([text(one, "by") or text(one, "byline")])


def _subjects(one: dict[str, Any]) -> tuple[str | None, tuple[Tag, ...]]:
    """The section and the tags."""
    section: str | None = None
    tags: dict[tuple[str, str | None], Tag] = {}
    for subject in _objects(one, "subjects") or _objects(one, "subject"):
        name = line_of(text(subject, "name") or text(subject, "literal") or text(subject, "code"))
        if name and text(subject, "rel") == "section":
            section = section or name
        elif name:
            scheme = absolute(text(subject, "scheme")) or _vocabulary(text(subject, "uri"))
            tags[(name, scheme)] = Tag(name=name, scheme=scheme)
    return section, tuple(tags.values())


def _vocabulary(concept: str) -> str | None:
    """The URI of the vocabulary that a concept's URI belongs to. A URI that ends in "/" or "#"
    is a vocabulary's own."""
    if concept.endswith("#"):
        return absolute(concept[:-1])
    return absolute(re.sub(r"[^/#]*$", "", concept))


def _credit(one: dict[str, Any]) -> Credit | None:
    origin = next(iter(_objects(one, "infoSources") or _objects(one, "infosource")), {})
    stated = {
        "source": one_line(text(origin, "name")) or None,
        "source_url": absolute(text(origin, "uri")),
        "copyright_holder": one_line(_value(one, "copyrightHolder")) or None,
        "copyright_notice": one_line(_value(one, "copyrightNotice")) or None,
        "usage_terms": one_line(_value(one, "usageTerms")) or None,
    }
    return Credit(**stated) if any(stated.values()) else None


def _other_ids(one: dict[str, Any]) -> dict[str, Any]:
    """The other ids, and the slug among them."""
    found: dict[str, Any] = {}
    old = one.get("altids")
    stated = old.items() if isinstance(old, dict) else ()
    pairs = [(role, value) for role, value in stated if isinstance(value, str)]
    pairs += [(text(each, "role"), text(each, "value")) for each in _objects(one, "altIds")]
    for role, value in pairs:
        if role == "slug" and _SLUG.fullmatch(value[:121]):
            found["slug"] = value
        elif value := one_line(value):
            found["alt_ids"] = (*found.get("alt_ids", ()), value)
    return found
