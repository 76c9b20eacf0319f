"""What is as much work as possible for its size is read, refused, or stopped: within 10 seconds of
processor time, whatever it is."""

from __future__ import annotations

import resource
from itertools import groupby

import pytest

from syndicate.engine.content.limits import Limits
from syndicate.engine.content.processes import StoppedError, streamed_apart
from syndicate.errors import SyndicateError
from syndicate.newsroom.settings import SECONDS_PER_ARTICLE
from syndicate.readers import read, stream
from tests.readers.heavy import HEAVY, LIMITS, Heavy, heavy
from tests.readers.reading import source

LARGE = [(name, what, made) for name, what, made in heavy()]
IDS = [f"{name} {what}" for name, what, _ in LARGE]
_MORE = 2.0
"""Seconds for the start of a process, and because limits are in whole seconds."""


@pytest.mark.parametrize("name", HEAVY)
def test_a_little_of_what_is_heavy_is_read_or_refused_in_words(name: str) -> None:
    for what, made in HEAVY[name].items():
        try:
            read(source(made(1_500), name))
        except SyndicateError as error:
            assert "cannot be read as an article" not in str(error), what


def test_every_reader_has_at_least_five_heavy_sources() -> None:
    assert {name: len(table) for name, table in HEAVY.items() if len(table) < 5} == {}
    assert [name for name, _ in groupby(name for name, _, _ in LARGE)] == list(HEAVY)


@pytest.mark.slow
@pytest.mark.parametrize("size", [15_000, 1_000_000, 20_000_000])
@pytest.mark.parametrize(("name", "what", "made"), LARGE, ids=IDS)
def test_whatever_is_heavy_ends_within_ten_seconds(
    name: str, what: str, made: Heavy, size: int
) -> None:
    del what
    data = made(min(size, LIMITS.get(f".{name.rpartition('.')[2]}", size)))
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    limits = Limits(2**40, 600, SECONDS_PER_ARTICLE)
    articles = 0
    try:
        for _ in streamed_apart(stream(source(data, name)), limits):
            articles += 1
    except StoppedError as error:
        assert "processor time" in str(error)
    except SyndicateError as error:
        assert "\n" not in error.message
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    assert spent < (articles + 1) * SECONDS_PER_ARTICLE + _MORE
