"""How large the values of templates are, and how large what a filter or operator makes of them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import is_dataclass
from types import GeneratorType
from typing import Any

from jinja2.environment import TemplateModule

from syndicate.article.values import Node
from syndicate.kit.allowance import (
    TEXT,
    Steps,
    TooMuchWorkError,
    require,
    require_digits,
    require_items,
    spend,
)

_NAMED = 40  # characters that `repr` writes for each object and field
_LONG = 1_000_000  # characters that filters take which need a while for each
_FORM = 1_000  # characters
_WIDE = re.compile(r"%[-_0^#+]*\d{4}")
_CHARACTER_NAME = 100  # characters, with what is around it
_CONVERSION = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d*)(?:\.(\*|\d*))?")
_NUMBER = re.compile(r"\d+")


def made(value: Any) -> Any:
    """`value`, which an operator, a call or a filter has made, after counting it."""
    kind = type(value)
    if kind is int:
        require_digits(value.bit_length())
    elif isinstance(value, str | bytes):
        spend(len(value))
    elif isinstance(value, list | tuple | Mapping | Set | deque):
        _require_small(value)
    elif kind is GeneratorType or isinstance(value, map | filter | zip | reversed | enumerate):
        return Steps(value)
    return value


def _require_small(value: Any) -> None:
    """Lists in lists count as often as they appear: comparing and printing visits them all."""
    items, inside = 0, [value]
    while inside:
        one = inside.pop()
        items += len(one)
        require_items(items)
        found = (*one, *one.values()) if isinstance(one, Mapping) else one
        inside += (each for each in found if isinstance(each, _CONTAINERS))


_CONTAINERS = (list, tuple, Mapping, Set, deque)


def printed_size(value: Any) -> float:
    """About how many characters `value` is when printed, at most what a template may make.

    Raises:
        TooMuchWorkError: it is longer.
    """
    if isinstance(value, str | bytes):
        return len(value)
    size, inside = 0, [value]
    while inside:
        one = inside.pop()
        if isinstance(one, str | bytes):
            size += len(one)
        elif isinstance(one, TemplateModule):
            size += sum(map(len, one._body_stream))
        elif isinstance(one, Mapping):
            size += _NAMED * len(one)
            inside += (*one, *one.values())
        elif isinstance(one, list | tuple | Set | deque):
            size += 2 * len(one)
            inside += one
        elif isinstance(one, Node) or (is_dataclass(one) and not isinstance(one, type)):
            size += _NAMED * len(vars(one)) if hasattr(one, "__dict__") else _NAMED
            inside += getattr(one, "__dict__", {}).values()
        else:
            size += one.bit_length() // 3 if isinstance(one, int) else _NAMED
        if size > TEXT:
            break
    require(size)
    return size


def require_product(left: Any, right: Any) -> None:
    """Make sure that `left * right` is no larger than it may be."""
    if isinstance(right, int) and not isinstance(left, int):
        left, right = right, left
    if not isinstance(left, int):
        return
    if isinstance(right, str | bytes):
        require(max(left, 0) * len(right))
    elif isinstance(right, list | tuple | deque):
        require_items(max(left, 0) * len(right))
    elif isinstance(right, int):
        require_digits(left.bit_length() + right.bit_length())


def require_power(left: Any, right: Any) -> None:
    """Make sure that `left ** right` is no larger than it may be."""
    if isinstance(left, int) and isinstance(right, int):
        require_digits(left.bit_length() * abs(right))


def require_filled(text: Any, values: Any) -> None:
    """Make sure that `text % values` is no longer than it may be."""
    if not isinstance(text, str | bytes):
        return
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    conversions, width = 0, 0
    for found in _CONVERSION.finditer(text):
        conversions += 1
        if "*" in found.groups():
            raise TooMuchWorkError("a width of * is not possible here")
        width += sum(_whole(one) for one in found.groups() if one)
    require(width + conversions * printed_size(values))


def require_field(spec: str) -> None:
    """Make sure that a value formatted by `spec` (as in `"{:>20}"`) is no longer than it may be."""
    require(sum(map(_whole, _NUMBER.findall(spec))))


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < 10 else 10**10


def _center(text: Any, width: int = 80, *_: Any) -> None:
    require(width)


def _replace(text: Any, old: Any, new: Any, *_: Any, **__: Any) -> None:
    text, old = str(text), str(old)
    times = text.count(old) if old else len(text) + 1
    require(len(text) + times * len(str(new)))


def _expandtabs(text: str, tabsize: int = 8) -> None:
    require(len(text) + text.count("\t") * tabsize)


def _to_bytes(number: int, length: int = 1, *_: Any, **__: Any) -> None:
    require(length)


def _split(text: str, *_: Any, **__: Any) -> None:
    if len(text) > _LONG:
        raise TooMuchWorkError(f"a text of more than {_LONG:,} characters cannot be split")


def _join(text: str, values: Iterable[Any]) -> None:
    if isinstance(values, list | tuple):
        require(sum(len(one) + len(text) for one in values if isinstance(one, str | bytes)))
    else:
        raise TooMuchWorkError("join takes a list here; the filter `join` takes anything")


def _translate(text: str, table: Any) -> None:
    values = table.values() if isinstance(table, Mapping) else table
    longest = max((len(one) for one in values if isinstance(one, str)), default=1)
    require(len(text) * longest)


def _encode(text: str, encoding: str = "utf-8", errors: str = "strict") -> None:
    require(len(text) * (4 if errors == "strict" else _CHARACTER_NAME))


def _strftime(moment: Any, form: str) -> None:
    if len(form) > _FORM or _WIDE.search(form):
        raise TooMuchWorkError(f"the form of a date has at most {_FORM} characters, and no widths")


METHODS: Mapping[str, Callable[..., None]] = {
    "center": _center,
    "ljust": _center,
    "rjust": _center,
    "zfill": _center,
    "expandtabs": _expandtabs,
    "replace": _replace,
    "to_bytes": _to_bytes,
    "split": _split,
    "rsplit": _split,
    "splitlines": _split,
    "join": _join,
    "translate": _translate,
    "encode": _encode,
    "strftime": _strftime,
}
"""What is checked before a method of a text, number or date is called: its `self`, then its
arguments."""


def _indent(text: Any, width: Any = 4, *_: Any, **__: Any) -> None:
    each = width if isinstance(width, int) else len(str(width))
    require((str(text).count("\n") + 1) * each)


def _wordwrap(text: Any, width: int = 79, *_: Any, wrapstring: Any = "", **__: Any) -> None:
    text, width = str(text), max(width, 1)
    longest = max(map(len, text.split()), default=0)
    require(longest * longest / width / 100)  # a word that is too long is copied for each line
    require((len(text) / width + text.count("\n")) * len(wrapstring or ""))


def _format(text: Any, *values: Any, **named: Any) -> None:
    require_filled(str(text), named or values)


def _batch(values: Any, linecount: int, *_: Any, **__: Any) -> None:
    require_items(linecount)


def _tojson(value: Any, indent: int | None = None) -> None:
    require(printed_size(value) * 6)  # "<" becomes six characters
    if indent is not None:
        require(printed_size(value) * min(indent, 1000))
        require(indent * 50_000)


def _round(value: Any, precision: int = 0, *_: Any, **__: Any) -> None:
    require_digits(abs(precision) * 4)


def _grown(times: float) -> Callable[..., None]:
    return lambda value, *_, **__: require(printed_size(value) * times)


FILTERS: Mapping[str, Callable[..., None]] = {
    "center": _center,
    "replace": _replace,
    "indent": _indent,
    "wordwrap": _wordwrap,
    "format": _format,
    "batch": _batch,
    "slice": _batch,
    "tojson": _tojson,
    "round": _round,
    "pprint": _grown(500),
    "urlencode": _grown(9),
    "xmlattr": _grown(5),
    "escape": _grown(5),
    "e": _grown(5),
    "forceescape": _grown(5),
    "urlize": _grown(20),
}
"""What is checked before a filter runs: the value, then what the filter gets."""

_TAKEN_WHOLE = {
    "attr",
    "count",
    "d",
    "default",
    "first",
    "float",
    "int",
    "last",
    "length",
    "random",
}
_LISTS = {"batch", "dictsort", "groupby", "items", "join", "list", "map", "max", "min", "reverse"}
_LISTS |= {"reject", "rejectattr", "safe", "select", "selectattr", "slice", "sort", "sum", "unique"}
UNREAD = _TAKEN_WHOLE | _LISTS
"""Filters that do not print a value that is not a text."""
QUICK = _TAKEN_WHOLE | {"capitalize", "e", "escape", "forceescape", "indent", "lower", "replace"}
QUICK |= {"safe", "string", "trim", "upper"}
"""Filters that need next to no time for each character."""


def require_filtered(name: str, value: Any) -> None:
    """Make sure that the filter `name` may take `value`."""
    if isinstance(value, str | bytes):
        if len(value) > _LONG and name not in QUICK:
            raise TooMuchWorkError(f"the filter {name} takes texts of at most {_LONG:,} characters")
    elif name not in UNREAD and not isinstance(value, int | float):
        printed_size(value)
