"""Errors as people see them."""

from __future__ import annotations

import pickle

from syndicate.errors import DeliveryError, Location, PostponedError, SourceError


def test_an_error_is_one_line_whatever_it_quotes() -> None:
    error = SourceError("not well-formed: a section\n  begins here\r\nand never ends")
    assert error.message == "not well-formed: a section begins here and never ends"


def test_an_error_crosses_processes_whole() -> None:
    error = SourceError("no title", where=Location("content/ferry.md", 3), hint="write one")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.hint) == ("content/ferry.md:3: no title", "write one")


def test_an_error_can_say_more_whatever_its_class_takes() -> None:
    """Couriers of plug-ins have classes of their own."""

    class OddError(DeliveryError):
        def __init__(self, code: int, text: str) -> None:
            super().__init__(f"{code} {text}")
            self.code = code

    error = OddError(42, "no").saying("social: ferry: 42 no", "wait")
    assert isinstance(error, OddError)
    assert (str(error), error.hint, error.code) == ("social: ferry: 42 no", "wait", 42)


def test_how_long_to_wait_survives_a_process() -> None:
    error = pickle.loads(pickle.dumps(PostponedError("later", 60, hint="wait")))
    assert (str(error), error.seconds, error.hint) == ("later", 60, "wait")
