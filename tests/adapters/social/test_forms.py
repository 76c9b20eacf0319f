"""Each kind of story becomes the thread that a social editor would post."""

from __future__ import annotations

import pytest

from syndicate.adapters.social.composer import alternative_posts, compose_thread
from syndicate.adapters.social.forms import PLANS
from syndicate.adapters.social.provenance import untraceable_in_posts
from syndicate.adapters.social.story import ThreadStory
from syndicate.thread.counting import MASTODON, X
from tests.adapters.social.desk import NAMES, read
from tests.articles import article, para

FORMS = {
    "column-benches": "column",
    "de-schleuse": "news",
    "earnings-yard": "earnings",
    "election-mayor": "election",
    "es-lonja": "news",
    "essay-swim": "first hand",
    "explainer-permits": "explainer",
    "fr-halles": "news",
    "interview-pilot": "interview",
    "list-walks": "list",
    "live-lock": "live",
    "match-hockey": "match",
    "news-warehouse-fire": "news",
    "obituary-keeper": "obituary",
    "science-eelgrass": "science",
    "update-tram": "correction",
    "weather-frost": "service",
}


def posts(name: str) -> list[str]:
    """The thread of an article for X, without its link."""
    one = read(name)
    texts = [
        post.text.replace(one.url, "").strip() for post in compose_thread(one, one.url, X.fits)
    ]
    return [post for post in texts if post]


@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_each_article_is_recognised(name: str) -> None:
    assert ThreadStory(read(name)).form == FORMS[name]
    assert FORMS[name] in PLANS


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_the_articles_and_every_post_has_a_reason(name: str) -> None:
    one = read(name)
    for counter in (X, MASTODON):
        thread = compose_thread(one, one.url, counter.fits)
        assert not untraceable_in_posts([post.text for post in thread], one)
        assert all(counter.fits(post.text) and post.why for post in thread)


def test_answers_in_an_interview_are_quoted_with_the_speaker() -> None:
    answers = [post for post in posts("interview-pilot") if "?\n\n" in post]
    assert len(answers) >= 2
    assert all("?\n\n“" in answer and answer.endswith("”\n— Marit Vane") for answer in answers)
    assert posts("interview-pilot")[-1].startswith("The harbour board said that it would not")


def test_answers_without_a_known_speaker_are_not_posted() -> None:
    one = read("interview-pilot")
    nobody = one.model_copy(update={"body": one.body[1:], "title": "The sea keeps no minutes"})
    thread = compose_thread(nobody, one.url, X.fits)
    assert not any("harbour board lied" in post.text for post in thread)


def test_a_column_has_its_author_and_its_conclusion_and_rebuts_the_other_side() -> None:
    thread = posts("column-benches")
    assert "Opinion · Frances Ade" in thread[0]
    assert thread[-1].startswith("Put the 38 benches back")
    (other,) = [post for post in thread if "people sleep on them" in post]
    assert "They do." in other
    (nudge,) = [post for post in thread if "a gentle nudge" in post]
    assert nudge.endswith("This is a bar across the ribs.")


def test_a_post_in_the_first_person_names_the_speaker() -> None:
    for post in posts("essay-swim"):
        assert post.endswith("— Noor Haddad") or "I " not in post


def test_a_match_has_its_result_its_turning_point_its_deciding_moment_and_what_it_means() -> None:
    thread = "\n".join(posts("match-hockey"))
    result, turn = thread.index("4-3"), thread.index("Then coach Petra Lind")
    moment, meaning = thread.index("hit the winner"), thread.index("in the final on 7 March")
    assert result < turn < moment < meaning
    assert "crowd" not in thread


def test_an_election_has_margin_leader_turnout_and_what_is_undecided() -> None:
    thread = "\n".join(posts("election-mayor"))
    assert all(word in thread for word in ("14,906", "Turnout was 48.3%", "conceded"))
    assert "Labour still holds 26 of its 48 seats" in posts("election-mayor")[-1]


def test_science_has_its_finding_its_margin_its_journal_and_its_doubt() -> None:
    thread = posts("science-eelgrass")
    for word in ("0.9 tonnes", "95% range", "Marine Ecology Letters", "Jorun Aas"):
        assert any(word in post for post in thread)
    assert "urged caution" in thread[-1]


def test_earnings_have_revenue_profit_outlook_and_the_chief() -> None:
    thread = "\n".join(posts("earnings-yard"))
    for word in ("£412m", "£31.6m", "£66m and £70m", "chief executive Sana Malik"):
        assert word in thread


def test_a_warning_keeps_its_list_and_ends_with_the_number_to_call() -> None:
    thread = posts("weather-frost")
    (advice,) = [post for post in thread if post.startswith("What to do\n\n• Do not drive")]
    assert advice.count("\n• ") == 4
    assert "999" in thread[-1]


def test_the_items_of_a_list_keep_their_headings() -> None:
    thread = posts("list-walks")
    numbered = [post for post in thread if post[0].isdigit()]
    assert [post[0] for post in numbered] == ["1", "2", "3", "4", "5"]
    assert numbered[1].startswith("2. The old railway\n\nIt is flat")


def test_a_live_blog_begins_with_its_key_points_then_the_latest_entry() -> None:
    thread = posts("live-lock")
    assert "• 300 homes cleared" in thread[0]
    assert [post[:5] for post in thread[1:]] == ["13:40", "12:05", "10:20", "07:10"]


def test_a_correction_comes_right_after_the_lede() -> None:
    assert posts("update-tram")[1].startswith("An earlier version of this article said")


def test_a_dateline_is_left_out() -> None:
    assert "PORT ELLERY —" not in posts("news-warehouse-fire")[0]
    assert posts("de-schleuse")[0].startswith("Die Große Schleuse")


def test_headline_and_lede_that_say_the_same_are_not_both_posted() -> None:
    assert "renonce à raser" not in posts("fr-halles")[0]
    assert posts("fr-halles")[0].startswith("La mairie de Saint-Vaast a renoncé")


def test_quotations_are_never_cut() -> None:
    for name, end in (
        ("fr-halles", "« Les halles resteront des halles. »"),
        ("news-warehouse-fire", 'why you can still see the chandlery."'),
        ("es-lonja", "«Cada salida cuesta 900 euros antes de echar la red»."),
    ):
        assert any(post.endswith(end) for post in posts(name)), name


def test_no_space_is_put_between_japanese_sentences() -> None:
    one = article(
        language="ja",
        title="港の工事、来年に延期\u3000資材高で",
        body=(
            para(
                "港の改修工事が来年春に延期されることが県のまとめで分かった。資材価格の高騰が背景にある。"
            ),
        ),
    )
    (post,) = compose_thread(one, one.url, X.fits)
    assert "港の工事、来年に延期\u3000資材高で" in post.text
    assert "分かった。資材" in post.text


def test_posts_are_longer_on_a_platform_with_more_room() -> None:
    one = read("news-warehouse-fire")
    short, long = compose_thread(one, one.url, X.fits), compose_thread(one, one.url, MASTODON.fits)
    assert max(len(post.text) for post in long) > 280
    assert [post.text for post in short] != [post.text for post in long]


def test_the_alternatives_to_a_post_repeat_nothing_in_the_thread() -> None:
    one = read("science-eelgrass")
    thread = [post.text for post in compose_thread(one, one.url, X.fits, posts=4)]
    others = alternative_posts(one, X.fits, thread)
    assert len(others) == len(thread)
    assert [hook.why for hook in others[0]]
    for post, found in zip(thread[1:], others[1:], strict=True):
        assert 1 <= len(found) <= 3
        for other in found:
            assert X.fits(other.text) and other.why
            assert other.text not in post
            assert not any(sentence.text in "\n".join(thread) for sentence in other.sentences)
