"""The metadata at the top of a text file: YAML between `---` lines, TOML between `+++` lines, or a
JSON object.

Every scalar stays text, whatever YAML 1.1 would make of it (`no`, `12:30`, `1_000`); each key
converts its own values (`syndicate.readers.front_matter_keys`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from syndicate.errors import SourceError
from syndicate.readers.contract import DEEPEST, Source

FrontMatterValue: TypeAlias = "str | list[FrontMatterValue] | dict[str, FrontMatterValue] | None"
Path: TypeAlias = "tuple[str | int, ...]"

_FENCED = re.compile(
    r"\A(?:[ \t]*\n)*(?P<fence>---|\+\+\+)[ \t]*\n"
    r"(?P<text>.*?)^(?P<end>(?P=fence)|\.\.\.)[ \t]*$\n?",
    re.DOTALL | re.MULTILINE,
)
_OPENED = re.compile(r"\A(?:[ \t]*\n)*(---|\+\+\+)[ \t]*\n(?=[ \t]*[\w\"'-]+[ \t]*[:=])")
_OBJECT = re.compile(r"\A\s*(?=\{\s*\"[^\"\n]*\"\s*:)")
_JSON_KEY = re.compile(r"[ \t{]*\"(?P<key>[^\"\\]*)\"[ \t]*:")
_YAML_LINE = re.compile(r"\s*(?P<key>(?:-\s+)?[\w-]+:|-)\s+(?P<value>\S.*?)\s*")
_PLAINLY = {
    "mapping values are not allowed in this context": "a value with a colon in it needs quotes",
    "mapping values are not allowed here": "a value with a colon in it needs quotes",
}
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_TOML_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_TOML_KEY = re.compile(
    rf"[ \t]*(?P<open>\[\[?[ \t]*)?(?P<key>{_TOML_PART}(?:[ \t]*\.[ \t]*{_TOML_PART})*)"
    r"[ \t]*(?(open)\]|=)"
)
_TOML_NAME = re.compile(r"""\"([^"]*)"|'([^']*)'|([\w-]+)""")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)


@dataclass(frozen=True)
class FrontMatter:
    """`values` by key as written; `text` is what follows, from line `line` of the file onwards."""

    values: dict[str, FrontMatterValue]
    text: str
    line: int = 1
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column, from 1, of the value at `path` or of the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


def split_front_matter(text: str, source: Source) -> FrontMatter:
    """The front matter of `text` (empty if there is none) and the text after it.

    Raises:
        SourceError: it is never closed, cannot be parsed, repeats a key, or is not a mapping.
    """
    found = _FENCED.match(text)
    if not found:
        if begun := _OBJECT.match(text):
            return _json(text, begun.end(), source)
        if opened := _OPENED.match(text):
            raise SourceError(
                f"the front matter has no closing {opened[1]!r} line",
                where=source.at(opened[0].count("\n"), 1),
            )
        return FrontMatter({}, text)
    first = text.count("\n", 0, found.start("text")) + 1
    places: dict[Path, tuple[int, int]] = {}
    parse = _toml if found["fence"] == "+++" else _yaml
    value = parse(found["text"], first, source, places)
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise SourceError(
            "front matter must be lines such as 'title: Night ferry returns'",
            where=source.at(first - 1, 1),
        )
    rest = found.end()
    return FrontMatter(value, text[rest:], text.count("\n", 0, rest) + 1, places)


def toml_front_matter(text: str, source: Source) -> FrontMatter:
    """All of `text` as front matter.

    Raises:
        SourceError: it is not TOML; with line and column.
    """
    places: dict[Path, tuple[int, int]] = {}
    values = _toml(text, 1, source, places)
    return FrontMatter(values if isinstance(values, dict) else {}, "", 1, places)


def _yaml(
    text: str, first: int, source: Source, places: dict[Path, tuple[int, int]]
) -> FrontMatterValue:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Composer(yaml.parse(text, Loader=loader), first, source, places).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = source.at(first + mark.line, mark.column + 1) if mark else source.at(first)
        lines = text.split("\n")
        hint = _quoted(lines[mark.line]) if mark and mark.line < len(lines) else None
        raise SourceError(
            f"YAML: {_PLAINLY.get(str(error.problem), error.problem or error.context)}",
            where=where,
            hint=hint,
        ) from error
    except yaml.YAMLError as error:
        raise SourceError(f"YAML: {str(error).splitlines()[0]}", where=source.at(first)) from error


def _quoted(line: str) -> str | None:
    """How to write `line` so that YAML reads its value literally; None if it has no value."""
    if line.startswith("\t") or line.lstrip(" ").startswith("\t"):
        return "indent with spaces: YAML allows no tabs there"
    found = _YAML_LINE.fullmatch(line)
    if not found:
        return None
    value = found["value"]
    bare = value[1:-1] if len(value) > 1 and value[0] == value[-1] in "'\"" else value
    escaped = bare.replace("\\", "\\\\").replace('"', '\\"')
    return f'put quotes around it: {found["key"]} "{escaped}"'


class _Composer:
    """Turns YAML events into plain values. An alias shares its anchor's value, so that a few lines
    cannot grow into millions. Only the standard tags are accepted."""

    def __init__(
        self, events: Iterator[Any], first: int, source: Source, places: dict[Path, tuple[int, int]]
    ) -> None:
        self._events = events
        self._first = first
        self._source = source
        self._places = places
        self._anchors: dict[str, FrontMatterValue] = {}

    def document(self) -> FrontMatterValue:
        import yaml

        value: FrontMatterValue = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._wrong(event, "more than one YAML document")
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, ())
        return value

    def _node(self, event: Any, path: Path) -> FrontMatterValue:
        import yaml

        self._places[path] = self._place(event)
        if len(path) > DEEPEST:
            raise self._wrong(event, f"nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise self._wrong(event, f"there is no anchor {event.anchor!r}")
            return self._anchors[event.anchor]
        if event.tag is not None and event.tag not in _PLAIN_TAGS:
            raise self._wrong(event, f"the tag {event.tag!r} is not allowed")
        value: FrontMatterValue
        if isinstance(event, yaml.SequenceStartEvent):
            value = [self._node(item, (*path, n)) for n, item in enumerate(self._inside())]
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(path)
        else:
            plain = event.implicit[0]
            value = None if plain and event.value in ("", "~", "null") else event.value
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _mapping(self, path: Path) -> dict[str, FrontMatterValue]:
        import yaml

        values: dict[str, FrontMatterValue] = {}
        inside = self._inside()
        for key in inside:
            if not isinstance(key, yaml.ScalarEvent):
                raise self._wrong(key, "a key must be plain text")
            if key.value in values:
                raise self._wrong(key, f"{key.value!r} is given twice")
            here = (*path, key.value)
            values[key.value] = self._node(next(inside), here)
            self._places[here] = self._place(key)
        return values

    def _inside(self) -> Iterator[Any]:
        import yaml

        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _place(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return self._first + mark.line, mark.column + 1

    def _wrong(self, event: Any, message: str) -> SourceError:
        return SourceError(f"YAML: {message}", where=self._source.at(*self._place(event)))


def _toml(
    text: str, first: int, source: Source, places: dict[Path, tuple[int, int]]
) -> FrontMatterValue:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _TOML_PLACE.search(message)
        where = source.at(first + int(found[1]) - 1, int(found[2])) if found else source.at(first)
        raise SourceError(f"TOML: {_TOML_PLACE.sub('', message).strip()}", where=where) from error
    except RecursionError as error:
        raise SourceError(
            f"TOML: nested deeper than {DEEPEST} levels", where=source.at(first)
        ) from error
    _locate(text, first, places)
    return _as_text(values)


def _locate(text: str, first: int, places: dict[Path, tuple[int, int]]) -> None:
    """Record where each key of a TOML document is first written."""
    table: Path = ()
    for number, line in enumerate(text.split("\n"), first):
        found = _TOML_KEY.match(line)
        if not found:
            continue
        path = tuple(part[0] or part[1] or part[2] for part in _TOML_NAME.findall(found["key"]))
        path = path if found["open"] else (*table, *path)
        if found["open"]:
            table = path
        for length in range(1, len(path) + 1):
            places.setdefault(path[:length], (number, found.start("key") + 1))


def _json(text: str, start: int, source: Source) -> FrontMatter:
    """The object that begins at `start`, and the text after it."""
    first = text.count("\n", 0, start) + 1
    try:
        values, end = json.JSONDecoder(object_pairs_hook=_once).raw_decode(text, start)
        stated = _as_text(values)
    except json.JSONDecodeError as error:
        where = source.at(error.lineno, error.colno)
        raise SourceError(f"JSON front matter: {error.msg}", where=where) from error
    except (ValueError, RecursionError) as error:
        deep = f"nested deeper than {DEEPEST} levels"
        what = deep if isinstance(error, RecursionError) else str(error)
        raise SourceError(f"JSON front matter: {what}", where=source.at(first)) from error
    places: dict[Path, tuple[int, int]] = {}
    for number, one in enumerate(text[start:end].split("\n"), first):
        if found := _JSON_KEY.match(one):
            places.setdefault((found["key"],), (number, found.start("key")))
    line = text.count("\n", 0, end) + 1
    return FrontMatter(stated if isinstance(stated, dict) else {}, text[end:], line, places)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is given twice")
    return values


def _as_text(value: Any) -> FrontMatterValue:
    match value:
        case None:
            return None
        case dict():
            return {key: _as_text(inner) for key, inner in value.items()}
        case list():
            return [_as_text(inner) for inner in value]
        case bool():
            return str(value).lower()
        case date() | datetime():
            return value.isoformat()
        case _:
            return str(value)
