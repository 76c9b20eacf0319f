"""The lengths of posts, checked with the platforms' own conformance data and with real posts."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from syndicate.thread import counting
from syndicate.thread.counting import (
    BLUESKY,
    LINKEDIN,
    MASTODON,
    THREADS,
    X,
    bluesky_length,
    escape_for_linkedin,
    graphemes,
    linkedin_length,
    mastodon_length,
    threads_length,
    x_length,
)
from syndicate.thread.urls import mastodon_urls, x_urls
from tests.missing import STANDARDS

TWITTER_TEXT = STANDARDS / "twitter-text"
GRAPHEME_BREAKS = STANDARDS / "unicode" / "GraphemeBreakTest.txt"


def cases(name: str, *groups: str) -> list[dict[str, Any]]:
    """The test cases of a twitter-text file."""
    tests = yaml.safe_load((TWITTER_TEXT / name).read_text("utf-8"))["tests"]
    return [case for group in groups or tests for case in tests[group]]


def test_x_lengths_are_those_of_twitter_text() -> None:
    found = cases(
        "validate.yml",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    )
    assert len(found) == 24
    assert not wrongly_weighed(found)


def test_x_lengths_without_emoji_are_those_of_configuration_2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before configuration 3, an emoji weighed as much as its parts. Nothing else has changed."""
    monkeypatch.setattr(counting, "_MAYBE_EMOJI", re.compile("(?!)"))
    found = cases("validate.yml", "WeightedTweetsCounterTest")
    assert len(found) == 20
    assert not wrongly_weighed(found)


def wrongly_weighed(found: list[dict[str, Any]]) -> list[str]:
    """The cases for which `x_length` is not the expected weight."""
    return [
        case["description"]
        for case in found
        if x_length(case["text"]) != case["expected"]["weightedLength"]
    ]


def test_x_finds_the_urls_that_twitter_text_finds() -> None:
    groups = ("urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params")
    found = cases("extract.yml", *groups)
    assert len(found) == 108
    for case in found:
        text, expected = case["text"], case["expected"]
        spans = x_urls(text)
        if expected and isinstance(expected[0], dict):
            indices = [tuple(one["indices"]) for one in expected]
            assert spans == indices, case["description"]
        else:
            assert [text[start:end] for start, end in spans] == expected, case["description"]


def test_top_level_domains_are_those_of_iana() -> None:
    found = cases("tlds.yml")
    assert len(found) == 1_574
    assert [case["text"] for case in found if not x_urls(case["text"])] == []
    assert x_urls("https://gazette.香港") == [(0, 18)]


def test_graphemes_are_those_of_the_unicode_test_data() -> None:
    wrong = []
    for line in GRAPHEME_BREAKS.read_text("utf-8").splitlines():
        marks = line.partition("#")[0].split()
        if marks:
            text = "".join(chr(int(mark, 16)) for mark in marks if mark not in "÷×")
            if graphemes(text) != marks.count("÷") - 1:
                wrong.append(marks)
    # Some versions of Unicode break at a joiner between dingbats that are not emoji, others do not.
    assert [marks for marks in wrong if "2701" not in marks] == []


@pytest.mark.parametrize(
    ("text", "x", "mastodon", "bluesky"),
    [
        ("The ferry sails.", 16, 16, 16),
        ("Read https://gazette.example.org/2026/10/a-long-path/", 28, 28, 53),
        ("Ask gazette.com first", 33, 21, 21),
        ("Thanks, @ines@harbour.example!", 30, 14, 30),
        ("港" * 80, 160, 80, 80),
        ("🇩🇪👩‍👩‍👧‍👦👍🏽☀️", 8, 4, 5),
        ("e\u0301", 1, 1, 1),
        ("1\ufe0f\u20e3 5 © ® ™", 11, 9, 9),
        ("", 0, 0, 0),
    ],
)
def test_platforms_count_the_same_text_differently(
    text: str, x: int, mastodon: int, bluesky: int
) -> None:
    assert (x_length(text), mastodon_length(text), bluesky_length(text)) == (x, mastodon, bluesky)


def test_bluesky_counts_bytes_too() -> None:
    family = "👩‍👩‍👧‍👦"  # one grapheme, 25 bytes
    assert BLUESKY.fits("a" * 300)
    assert not BLUESKY.fits("a" * 301)
    assert BLUESKY.fits(family * 120)
    assert not BLUESKY.fits(family * 121)


def test_threads_counts_emoji_as_bytes() -> None:
    assert THREADS.fits("å" * 500)
    assert not THREADS.fits("å" * 501)
    assert threads_length("👍") == 4
    assert threads_length("👩‍👩‍👧‍👦") == len("👩‍👩‍👧‍👦".encode()) == 25
    assert threads_length("🇩🇪 and 1\ufe0f\u20e3") == 8 + 5 + 1 + 3 + 3
    assert threads_length("港 1 # *") == 7
    assert not THREADS.fits("👍" * 126)


def test_linkedin_counts_the_escaped_text() -> None:
    assert escape_for_linkedin("a_b (c) [d] {e} <f> #g @h *i* ~j | \\") == (
        r"a\_b \(c\) \[d\] \{e\} \<f\> \#g \@h \*i\* \~j \| " + "\\\\"
    )
    assert LINKEDIN.fits("a" * 2_998 + "(")
    assert not LINKEDIN.fits("a" * 2_999 + "(")
    assert linkedin_length("👍") == 2


def test_limits_are_exact() -> None:
    url = " https://gazette.example.org/" + "x" * 300
    assert X.fits("a" * 256 + url)
    assert not X.fits("a" * 257 + url)
    assert MASTODON.fits("a" * 476 + url)
    assert not MASTODON.fits("a" * 477 + url)


def test_text_that_is_not_a_url() -> None:
    for text in ("He left.Then it rained", "3.5 million", "U.S.-Mexico", "ask me@gazette.com"):
        assert x_urls(text) == []
        assert mastodon_urls(text) == []


def test_flags_and_other_pairs_of_regional_letters() -> None:
    assert x_length("\U0001f1eb\U0001f1f7") == 2
    assert x_length("\U0001f1e6\U0001f1e7") == 4  # "AB" is not a country


def test_counting_a_long_run_takes_linear_time() -> None:
    assert x_length("字" * 3_000 + "-.com@") == 6_006


@pytest.mark.parametrize(
    ("text", "weight"),
    [  # as npm's twitter-text 3.1.0 weighs them, which counts UTF-16 units
        (
            "[ \xf8\u202e\u201d\u200d.com//\U0001f1e6//%xn--bcher-kva.ch"
            "\U0001f575\ufe0f\u200d\u2640\ufe0f.org/",
            55,
        ),
        (
            "@\U0001f1e6.museuma\u05e9t.co/abc.org/1\ufe0f\u20e3\u2122-% "
            "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
            46,
        ),
        ("🙂.com 👍🏽 see example.com/a 🙂", 40),
    ],
)
def test_x_skips_urls_in_utf_16_units(text: str, weight: int) -> None:
    assert x_length(text) == weight
