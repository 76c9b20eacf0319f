"""Numbers in addresses and forms, which anyone can write."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

_DIGITS = 9  # enough for any page, and less than any database or interpreter refuses


def small_number(text: str) -> int | None:
    """The number that `text` is, or None if it is not a number or has too many digits."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


class _SmallNumber(Convertor[int]):
    """`{name:number}` in a route."""

    regex = rf"[0-9]{{1,{_DIGITS}}}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


def know_small_numbers() -> None:
    """Let routes have parameters such as `{page:number}`."""
    register_url_convertor("number", _SmallNumber())
