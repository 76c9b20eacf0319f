"""Errors as people see them."""

from __future__ import annotations

import pickle

from syndicate.errors import Location, SourceError


def test_an_error_is_one_line_whatever_it_quotes() -> None:
    error = SourceError("not well-formed: a section\n  begins here\r\nand never ends")
    assert error.message == "not well-formed: a section begins here and never ends"


def test_an_error_crosses_processes_whole() -> None:
    error = SourceError("no title", where=Location("content/ferry.md", 3), hint="write one")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.hint) == ("content/ferry.md:3: no title", "write one")
