"""Reads and writes subscribers as a CSV file with a header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from syndicate.errors import Location, SourceError, SyndicateError
from syndicate.subscribers.store import Entry

ADDRESS = ("email", "address", "e-mail", "email address", "mail")  # names of the address column
_TAGS = "tags"
_LEDGER = ("status", "since", "cause")  # columns that an export adds and an import ignores
_FORMULA = ("=", "+", "-", "@")  # a cell that starts with these is a formula to a spreadsheet
_MOST = 100_000  # characters of one cell
# Before the @: what every server takes, and what is stored as it is written.
_PLAIN = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*")
_SHORT = 64  # characters of an address whose length cannot be wrong


def stored_address(address: str) -> str:
    """`address` as it is stored: the domain in lower case and ASCII, the rest unchanged.

    Raises:
        SourceError: it is not a valid mail address.
    """
    address = address.strip()
    local, _, domain = address.rpartition("@")
    # The library takes 40 µs for an address, which is most of the time that a long list takes.
    plain = len(address) <= _SHORT and domain.isascii() and _PLAIN.fullmatch(local)
    stored = _stored_domain(domain) if plain else ""
    return f"{local}@{stored}" if stored else _validated(address)


@lru_cache(10_000)
def _stored_domain(domain: str) -> str:
    """`domain` as it is stored; "" if there is something wrong with it."""
    try:
        return _validated(f"a@{domain}").removeprefix("a@")
    except SourceError:
        return ""


def _validated(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise SourceError(f"{address!r}: {error}") from error
    return found.ascii_email or found.normalized


def read_subscribers(file: Path, channel: str, errors: list[SyndicateError]) -> Iterator[Entry]:
    """The subscribers in `file`, as a stream. Errors in single lines are added to `errors`.

    One column is called "email" or "address". The column "tags" has tags separated by commas or
    semicolons. Every other column is a field, named as in templates ("First name" is `first_name`).

    Raises:
        SourceError: the file cannot be read, or has no column for the address.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            yield from _entries(opened, str(file), channel, errors)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"cannot be read as CSV: {reason}", where=Location(str(file))) from error


def _entries(
    opened: TextIO, name: str, channel: str, errors: list[SyndicateError]
) -> Iterator[Entry]:
    csv.field_size_limit(_MOST)
    sample = opened.read(8192)
    opened.seek(0)
    delimiter = max(",;\t", key=sample.partition("\n")[0].count)
    lines = csv.reader(opened, delimiter=delimiter)
    header = [column.strip().lower() for column in next(lines, [])]
    where = next((header.index(one) for one in ADDRESS if one in header), None)
    if where is None:
        raise SourceError(
            "no column called 'email'",
            where=Location(name, 1),
            hint="name the columns in the first line, for example: email,first_name,tags",
        )
    columns = [_field(column) for column in header]
    for line in lines:
        if not any(line):
            continue
        try:
            address = stored_address(line[where] if where < len(line) else "")
        except SourceError as error:
            place = Location(name, lines.line_num)
            errors.append(SourceError(error.message, where=place))
            continue
        cells = dict(zip(columns, (_plain(cell) for cell in line), strict=False))
        tags = re.split(r"[,;]", cells.pop(_TAGS, ""))
        del cells[columns[where]]
        yield Entry(
            channel,
            address,
            {key: value for key, value in cells.items() if key and key not in _LEDGER and value},
            tuple(sorted({tag.strip() for tag in tags if tag.strip()})),
        )


def write_subscribers(entries: Iterable[Entry], fields: Sequence[str], opened: TextIO) -> None:
    """Write everything known about `entries`, in the form that `read_subscribers` accepts.

    Args:
        fields: the names of all fields that they have, one for each column.
    """
    writer = csv.writer(opened, lineterminator="\n")
    writer.writerow(["email", *fields, _TAGS, *_LEDGER])
    for one in entries:
        cells = [one.fields.get(name, "") for name in fields]
        ending = [";".join(one.tags), one.status, one.at, one.cause]
        writer.writerow([one.address, *(_inert(cell) for cell in (*cells, *ending))])


def _field(column: str) -> str:
    return re.sub(r"\W+", "_", column).strip("_")


def _inert(cell: str) -> str:
    """`cell`, quoted so that no spreadsheet runs it as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    """`cell` without the quote that `_inert` adds."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
