"""A thread contains what a social editor would pick, and never what an editor would leave out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.adapters.social.composer import compose_thread
from syndicate.adapters.social.passages import ComposedPost
from syndicate.adapters.social.provenance import untraceable_in_posts
from syndicate.article import (
    FAQ,
    Article,
    Callout,
    CallToAction,
    Heading,
    Paragraph,
    Paywall,
    QuestionAnswer,
    Quote,
)
from syndicate.article.blocks import Block
from syndicate.thread.counting import BLUESKY, MASTODON, PostCounter, X
from tests.articles import article, para, words

COUNTERS = [X, MASTODON, BLUESKY]
FILLER = (
    "The harbour office keeps a log of each crossing since the pier was built.",
    "Port Ellery lies at the mouth of a river that silts up every winter.",
    "Crews dredge the channel between November and the first storms of spring.",
)


def thread(*body: Block, posts: int = 8, **fields: Any) -> list[str]:
    """The texts of the thread of an article with this `body`."""
    one = article(body=body, **fields)
    return [post.text for post in compose_thread(one, one.url, X.fits, posts=posts)]


def test_a_thread_takes_the_best_of_each_kind_of_block() -> None:
    assert thread(
        para("The night ferry sails again from Friday after six months in dry dock. It is late."),
        Heading(content=words("What it costs")),
        para("Repairs took all summer. According to the port, the repairs cost 3.2 million euros."),
        Heading(content=words("What people say")),
        Quote(
            blocks=(para("We have waited for this since the spring."),), cite=words("Marit Vane")
        ),
        Callout(
            kind="fact",
            label="Did you know?",
            blocks=(para("The ferry carries 70,000 people a year."),),
        ),
        FAQ(
            pairs=(
                QuestionAnswer(question=words("Who owns the pier?"), answer=(para("The town."),)),
                QuestionAnswer(
                    question=words("When does the night ferry sail?"),
                    answer=(para("It sails at eleven on every weekday."),),
                ),
            )
        ),
        CallToAction(content=words("Subscribe to our newsletter today!")),
    ) == [
        "Night ferry returns to Port Ellery\n\n"
        "The night ferry sails again from Friday after six months in dry dock. It is late.",
        "Repairs took all summer. According to the port, the repairs cost 3.2 million euros.",
        "The ferry carries 70,000 people a year.",
        "When does the night ferry sail?\n\nIt sails at eleven on every weekday.\n\n"
        "https://gazette.example.org/ferry/",
    ]


def test_an_empty_article_gives_headline_and_link() -> None:
    assert thread() == ["Night ferry returns to Port Ellery\n\nhttps://gazette.example.org/ferry/"]


def test_the_dek_comes_before_the_lede_but_never_replaces_it() -> None:
    hook = thread(para(FILLER[0]), subtitle="It sails from Friday")[0]
    dek = "Night ferry returns to Port Ellery\n\nIt sails from Friday"
    assert hook.startswith(f"{dek}\n\n{FILLER[0]}")
    score = thread(para(FILLER[0]), subtitle="Ferry 2-1 Wind")
    assert FILLER[0] in score[0]


def test_a_summary_that_is_cut_short_is_not_a_dek() -> None:
    hook = thread(para(FILLER[0]), summary="The harbour office keeps a log of each…")[0]
    assert hook.startswith(f"Night ferry returns to Port Ellery\n\n{FILLER[0]}")


def test_a_first_paragraph_without_a_full_stop_is_a_dek() -> None:
    dek = "Six months in dry dock have cost the port a summer of passengers"
    assert thread(para(dek), para(FILLER[0]))[0] == f"Night ferry returns to Port Ellery\n\n{dek}"


@pytest.mark.parametrize(
    ("lede", "leads"),
    [
        ("It is the first crossing by night since the storm of October.", True),
        ("This report explains what the storm of October cost the town.", True),
        ("Each year some forty ships call at the pier of Port Ellery.", True),
        ("This is the first crossing by night since the storm of October.", False),
        ("They have not crossed by night since the storm of October.", False),
    ],
)
def test_a_thread_may_begin_with_the_articles_first_sentence(lede: str, leads: bool) -> None:
    assert (
        thread(para(lede))[0].startswith(f"Night ferry returns to Port Ellery\n\n{lede}") is leads
    )


def test_a_sentence_that_continues_the_lede_stays_with_it() -> None:
    lede = "The night ferry sails again from Friday after " + "half a year and " * 9 + "a day."
    after = "It will take seventy cars and the passengers of two trains across the sound."
    posts = thread(para(f"{lede} {after}"), para(FILLER[0]))
    assert posts[:2] == ["Night ferry returns to Port Ellery", f"{lede} {after}"]


def test_a_sentence_that_does_not_fit_is_left_out_and_never_cut() -> None:
    long = "The mayor " + "and the council " * 30 + "agreed on 40 million euros."
    assert not any("mayor" in post for post in thread(para(long), para(FILLER[1])))


@pytest.mark.parametrize(
    "sentence",
    [
        "However, 40% of the passengers will pay more for their ticket.",
        "They expect 40% of the passengers to pay more for their ticket.",
        "While planned for years, it costs 40% more than the first estimate.",
        "Will 40% of the passengers pay more for their ticket in spring?",
        "Sign up for our newsletter and save 40% on your next ticket.",
        "In this article, we show how 40% of the passengers travel free.",
        "See https://tickets.example.org/ for how 40% of people save on it.",
        "“We expect 40% of the passengers to pay more for their ticket.”",
        "“We expect 40% of the passengers to pay more for it,” she said.",
        "“We expect 40% of the passengers to pay more for their ticket.",
        "and 40% of the passengers will pay more for their ticket soon.",
        "Of those who travel to the island by night, some 40% will pay…",
        "The passengers fall into these groups, 40% in the first of them:",
        "3. Expect 40% of the passengers to pay more for their tickets.",
    ],
)
def test_a_sentence_that_cannot_be_understood_alone_is_left_out(sentence: str) -> None:
    unusable = para("Sign up for our newsletter today and never miss a ferry again.")
    posts = thread(para(FILLER[0]), unusable, para(sentence), para(FILLER[1]))
    assert not any("40%" in post for post in posts)


def test_the_sentence_that_explains_a_pronoun_is_posted_with_it() -> None:
    pier = "The new pier opens in May. However, it will cost the town 40 million euros."
    posts = thread(para(FILLER[0]), para(FILLER[1]), para(pier))
    assert any(pier in post for post in posts)


def test_pronouns_are_recognised_in_other_languages() -> None:
    german = thread(
        para(
            "Die Fähre fährt ab dem 3. Oktober wieder. "
            "Allerdings steigen die Preise um 12 Prozent im Mittel."
        ),
        language="de",
        title="Fähre",
    )
    assert not any(post.startswith("Allerdings") for post in german)
    assert "3. Oktober" in german[0]


def test_a_quotation_is_posted_with_its_speaker() -> None:
    said = Quote(
        blocks=(para("We have waited for this day since the spring."),), cite=words("Marit Vane")
    )
    nobody = Quote(blocks=(para("Nobody knows who said that of the night ferry."),))
    posts = thread(para(FILLER[0]), said, nobody)
    assert "“We have waited for this day since the spring.”\n— Marit Vane" in posts[1]
    assert not any("Nobody" in post for post in posts)


def test_nothing_behind_the_paywall_is_posted() -> None:
    body = (para(FILLER[0]), Paywall(), para("Members read that 70,000 people will travel."))
    assert not any("70,000" in post for post in thread(*body, access="members"))
    assert not any("70,000" in post for post in thread(*body[2:], access="paid"))
    assert any("70,000" in post for post in thread(*body))


def test_a_thread_has_no_more_posts_than_asked() -> None:
    body = [
        para(
            f"Pier{n} opened{n} for{n} boats{n} carrying{n} {n + 2},000 people. {FILLER[n % 3] * 8}"
        )
        for n in range(30)
    ]
    assert 2 <= len(thread(*body, posts=3)) <= 3
    assert len(thread(*body, posts=1)) == 1
    assert 3 <= len(thread(*body)) <= 8


def test_repetition_is_left_out() -> None:
    said = "The harbour counted 70,000 passengers on the night ferry last year."
    again = "Last year the harbour counted 70,000 passengers on the night ferry."
    posts = thread(para(FILLER[0]), para(said), para(again))
    assert sum("70,000" in post for post in posts) == 1


@pytest.mark.parametrize("counter", COUNTERS)
def test_posts_fit_even_if_the_link_is_longer_than_a_post(counter: PostCounter) -> None:
    one = article(url="https://gazette.example.org/" + "字" * 600, title="T" * 600)
    assert all(counter.fits(post.text) for post in compose_thread(one, one.url, counter.fits))


# ---- for all articles ----

fragments = st.sampled_from(
    [
        "The harbour counted 70,000 passengers on the night ferry.",
        "The U.S. will pay $3.5 million to Dr. B. Low by Jan. 5.",
        "However, it sank.",
        "Why?",
        "“Yes,” said Ann Lee.",
        "字" * 90 + "。",
        "قال د. سامي حداد: «ارتفع العدد بنسبة 15%».",
        "See gazette.com now.",
        "👩‍👩‍👧‍👦",
        "---",
        "…",
        "“Open",
        "(half",
        "#tag @name@host $ABC $DEF",
        "\u202e",
    ]
)
sentence_texts = st.lists(st.one_of(fragments, st.text(max_size=60)), min_size=1, max_size=8).map(
    " ".join
)
paragraphs = sentence_texts.map(para)
blocks = st.one_of(
    paragraphs,
    paragraphs,
    st.builds(lambda text: Heading(content=words(text)), sentence_texts),
    st.builds(lambda p, text: Quote(blocks=(p,), cite=words(text)), paragraphs, sentence_texts),
    st.builds(lambda p, text: Callout(label=text, blocks=(p,)), paragraphs, sentence_texts),
    st.builds(
        lambda text, p: FAQ(pairs=(QuestionAnswer(question=words(text), answer=(p,)),)),
        sentence_texts,
        paragraphs,
    ),
)
articles = st.builds(
    article,
    title=st.one_of(sentence_texts, st.just("Ferry")).filter(
        lambda text: any(map(str.isalnum, text))
    ),
    subtitle=st.none() | sentence_texts,
    summary=st.none() | sentence_texts,
    language=st.sampled_from(["en", "de", "ar", "ja", "th", "xx"]),
    body=st.lists(blocks, max_size=8).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(articles, st.sampled_from(COUNTERS), st.integers(1, 9))
def test_every_post_of_a_random_article_fits_and_every_sentence_is_the_articles(
    one: Article, counter: PostCounter, most: int
) -> None:
    link = "https://gazette.example.org/ferry/"
    posts = compose_thread(one, link, counter.fits, posts=most)
    assert len(posts) <= most
    assert all(counter.fits(post.text) for post in posts)
    assert [post.text.count(link) for post in posts] == [0] * (len(posts) - 1) + [1]
    assert untraceable_in_posts([post.text for post in posts], one) == ()
    assert all(_has_the_places_it_says(post, one) for post in posts)
    assert posts == compose_thread(one, link, counter.fits, posts=most)


def _has_the_places_it_says(post: ComposedPost, one: Article) -> bool:
    parts = {"title": one.title, "subtitle": one.subtitle, "summary": one.summary}
    for sentence in post.sentences:
        if sentence.part == "body":
            block = one.body[sentence.block]
            source = " ".join(_text(block).split())
        else:
            source = parts[sentence.part] or ""
        if sentence.text not in source or sentence.text not in post.text:
            return False
    return True


def _text(block: Block) -> str:
    from syndicate.article.text import passages, plain

    return plain(block.content) if isinstance(block, Paragraph) else "\n".join(passages((block,)))
