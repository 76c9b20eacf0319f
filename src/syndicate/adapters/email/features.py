"""HTML and CSS features that mail clients do not support."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;{}]+)")
_RULE = re.compile(r"@([a-z-]+)")
_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"(?<![\w#.])-?(?:\d*\.)?\d+([a-z]+)\b")


@dataclass(frozen=True)
class MailFeature:
    """A feature by its `name` at caniemail.com, and the clients `lacking` it."""

    name: str
    lacking: tuple[str, ...]

    @property
    def is_image(self) -> bool:
        """Whether those clients lack only a picture, and show its alt text instead."""
        return self.name.startswith("image-")


def unsupported_in_mail(page: Any) -> Iterator[MailFeature]:
    """The features used in `page` (an lxml HTML element) that some client lacks, sorted by name."""
    known = _known()
    found = {known[trait] for trait in _traits(page) if trait in known}
    yield from sorted(found, key=lambda feature: feature.name)


@cache
def _known() -> dict[tuple[str, str], MailFeature]:
    from importlib.resources import files

    table = tomllib.loads(files(__package__).joinpath("features.toml").read_text("utf-8"))
    return {
        (kind, trait): MailFeature(name, tuple(entry["lacking"]))
        for name, entry in table.items()
        for kind, trait in entry.items()
        if kind != "lacking"
    }


def _traits(page: Any) -> Iterator[tuple[str, str]]:
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        yield "element", element.tag
        for name, value in element.attrib.items():
            yield "attribute", name
            if name == "style":
                yield from _declared(value)
            elif name == "src" and element.tag == "img":
                yield "image", _kind(value)
        if element.tag == "style":
            sheet = (element.text or "").lower()
            yield from (("rule", rule) for rule in _RULE.findall(sheet))
            yield from _declared(sheet)


def _declared(css: str) -> Iterator[tuple[str, str]]:
    for name, value in _DECLARATION.findall(css):
        yield "property", name
        yield "declaration", f"{name}:{value.split('!')[0].strip()}"
        yield from (("function", function) for function in _FUNCTION.findall(value))
        yield from (("unit", unit) for unit in _UNIT.findall(value))


def _kind(src: str) -> str:
    if src.startswith("data:"):
        return "data:"
    return PurePosixPath(urlsplit(src).path).suffix.lower().lstrip(".")
