"""Warnings before approval: about what an editor would regret, and little else."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.adapters.social.cautions import cautions_about
from syndicate.adapters.social.mastodon import MastodonAdapter
from syndicate.adapters.social.x import XAdapter
from syndicate.article import Correction
from tests.adapters.social.desk import NAMES, read
from tests.adapters.social.test_thread import drafts
from tests.articles import article, para, words

ARTICLE = article(
    body=(
        para("The ferry carried 70,000 people. The figure was given by the harbour office."),
        para("The mayor says that the pier is safe. None of that is true."),
        Correction(
            date=date(2026, 10, 6), content=words("We said that 140 boats sank. It was 14.")
        ),
        para("On Friday 14 boats sank."),
    )
)


@pytest.mark.parametrize(
    ("post", "kinds"),
    [
        ("We will sail again on Friday.", ["first person"]),
        ("“We will sail again on Friday.”\n— Marit Vane", []),
        ("Senator Cole stole the money for the pier.", ["accusation"]),
        ("The president is a crook.", ["accusation"]),
        ("Senator Cole stole the money, the court said.", []),
        ("The hull of the ferry was stolen in the night.", []),
        ("Thanks go to @anna for the picture.", ["mention"]),
        ("Thanks go to @gazette for the picture.", []),
        ("Shares of Booking.com fell.", ["link"]),
        ("The ferry carried 70,000 people.", ["source"]),
        ("The ferry carried 70,000 people. The figure was given by the harbour office.", []),
        ("The mayor says that the pier is safe.", ["rebuttal"]),
        ("The mayor says that the pier is safe. None of that is true.", []),
        ("It says that 140 boats sank.", ["correction"]),
        ("On Friday 14 boats sank.", []),
        ("Read more: https://gazette.example.org/ferry/", []),
    ],
)
def test_each_kind_of_warning(post: str, kinds: list[str]) -> None:
    found = cautions_about([post], ARTICLE, mentions=("@gazette",))
    assert [one.kind for one in found] == kinds
    assert all(one.message.startswith("post 1 ") for one in found)


def test_composed_threads_seldom_have_warnings() -> None:
    threads = [
        cautions_about(draft.posts, one)
        for adapter in (XAdapter(card=False), MastodonAdapter(card=False))
        for one in map(read, NAMES)
        for draft in drafts(adapter, one)[0][:1]
    ]
    assert sum(map(bool, threads)) * 10 <= len(threads)
