"""Merge fields in templates: `subscriber`, whose values are not known while a page is rendered.

Printing a field writes a mark into the page: a run of Unicode noncharacters. No article, setting
or style sheet can contain these (the canonical article excludes them), so marks survive escaping,
line wrapping and CSS inlining unchanged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import jinja2
from jinja2.filters import FILTERS as JINJA_FILTERS
from markupsafe import Markup

from syndicate.letter.merge import (
    FILTERS,
    Merge,
    MergeBlock,
    MergeDefault,
    MergeField,
    merge_from_json,
    merge_to_json,
)

_FIELD, _BLOCK, _END = "\ufdd2", "\ufdd3", "\ufdd4"
_DIGITS = {f"{n:x}": chr(0xFDE0 + n) for n in range(16)}
_HEX = str.maketrans({character: digit for digit, character in _DIGITS.items()})
_NONCHARACTERS = str.maketrans(_DIGITS)
# In HTML the marks of blocks are comments, because nothing else is allowed between table rows.
_OPEN, _CLOSE = "(?:<!--|&lt;!--)?", "(?:-->|--&gt;)?"
_MARK = re.compile(
    f"{_FIELD}(?P<field>[\ufde0-\ufdef]+)"
    f"|{_OPEN}{_BLOCK}(?P<block>[\ufde0-\ufdef]+){_CLOSE}"
    f"|{_OPEN}(?P<end>{_END}){_CLOSE}"
)


@dataclass(frozen=True, eq=False)
class MergePlaceholder:
    """A field in a template. It can only be printed, with or without filters."""

    field: MergeField

    def then(self, step: str | MergeDefault) -> MergePlaceholder:
        """The same field with one more filter."""
        return MergePlaceholder(replace(self.field, filters=(*self.field.filters, step)))

    def _unknown(self, *_: object) -> NoReturn:
        known = ", ".join(sorted(FILTERS))
        raise TypeError(
            f"subscriber.{self.field.name} has no value yet when a template runs; it can only be "
            f"printed: {{{{ subscriber.{self.field.name} }}}}, with the filters default, {known}. "
            'For text that only some subscribers get, write {% call subscriber.tagged("…") %}…'
            "{% endcall %}"
        )

    __str__ = __bool__ = __eq__ = __lt__ = __contains__ = __len__ = __add__ = __mod__ = _unknown
    __iter__ = __getitem__ = __gt__ = __le__ = __ge__ = __int__ = __call__ = _unknown
    __hash__ = None  # type: ignore[assignment]


class AnySubscriber:
    """The `subscriber` of templates, which stands for every recipient."""

    def __getattr__(self, name: str) -> MergePlaceholder:
        if name.startswith("_"):
            raise AttributeError(name)
        return MergePlaceholder(MergeField(name))

    def tagged(self, tag: str, caller: Callable[[], str]) -> str:
        """`{% call subscriber.tagged("x") %}…{% endcall %}`: text for subscribers with the tag."""
        return _block(tag, True, caller())

    def untagged(self, tag: str, caller: Callable[[], str]) -> str:
        """`{% call subscriber.untagged("x") %}…{% endcall %}`: for subscribers without the tag."""
        return _block(tag, False, caller())


def teach_merge_fields(environment: jinja2.Environment) -> None:
    """Add `subscriber` to `environment`, so that templates can print and filter its fields."""
    environment.finalize = _printed
    environment.globals["subscriber"] = AnySubscriber()
    environment.filters |= {name: _filter(name) for name in FILTERS}
    environment.filters |= {"default": _default, "d": _default}


def parse_merge(marked: str) -> Merge:
    """The merge text in the output of templates, with marks turned into fields and blocks."""
    pieces: list[Any] = []
    outer: list[tuple[list[Any], str, bool]] = []
    at = 0
    for mark in _MARK.finditer(marked):
        if mark.start() > at:
            pieces.append(marked[at : mark.start()])
        at = mark.end()
        if mark["field"]:
            pieces += merge_from_json([_read(mark["field"])])
        elif mark["block"]:
            tag, wanted = _read(mark["block"])
            outer.append((pieces, tag, wanted))
            pieces = []
        else:
            before, tag, wanted = outer.pop()
            pieces = [*before, MergeBlock(tag, wanted, tuple(pieces))]
    return (*pieces, marked[at:]) if at < len(marked) else tuple(pieces)


def _block(tag: str, wanted: bool, body: str) -> str:
    opening, closing = _BLOCK + _written([tag, wanted]), _END
    if isinstance(body, Markup):
        return Markup(f"<!--{opening}-->{body}<!--{closing}-->")  # noqa: S704 - body is markup
    return f"{opening}{body}{closing}"


def _printed(value: object) -> object:
    if isinstance(value, MergePlaceholder):
        return _FIELD + _written(merge_to_json((value.field,))[0])
    return value


def _written(value: object) -> str:
    return json.dumps(value).encode().hex().translate(_NONCHARACTERS)


def _read(digits: str) -> Any:
    return json.loads(bytes.fromhex(digits.translate(_HEX)))


def _filter(name: str) -> Callable[..., object]:
    original = JINJA_FILTERS[name]

    def filtered(value: object, *arguments: object) -> object:
        return (
            value.then(name) if isinstance(value, MergePlaceholder) else original(value, *arguments)
        )

    return filtered


def _default(value: object, text: object = "", boolean: bool = False) -> object:
    if isinstance(value, MergePlaceholder):
        if not isinstance(text, str) or isinstance(text, Markup):
            raise TypeError(f"the default of subscriber.{value.field.name} must be plain text")
        return value.then(MergeDefault(text, boolean))
    return JINJA_FILTERS["default"](value, text, boolean)
