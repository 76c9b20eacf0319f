"""Whatever a thread says that its article does not is reported."""

from __future__ import annotations

from syndicate.adapters.social.provenance import (
    Untraceable,
    invented_in_post,
    trace_posts,
    untraceable_in_posts,
)
from tests.articles import article, every_block, para

ARTICLE = article(
    body=(
        para(
            "Fares rise by 15% from Friday. “We waited too long,” said harbour master Marit Vane."
        ),
        para("The ferry carried 70,000 people in 2025."),
    )
)


def found(*posts: str) -> list[tuple[str, str]]:
    """What is untraceable in `posts`, as kind and text."""
    return [(one.kind, one.text) for one in untraceable_in_posts(posts, ARTICLE)]


def test_the_articles_own_words_are_found() -> None:
    assert not found(
        "Night ferry returns to Port Ellery\n\nFares rise by 15% from Friday.\n\n1/2",
        "“We waited too long,” said harbour master Marit Vane. The ferry carried 70,000 people in"
        " 2025.\n\nhttps://gazette.example.org/ferry/\n\n#NightFerry #Fares",
    )


def test_a_changed_number_is_reported() -> None:
    assert untraceable_in_posts(
        ["Fares rise by 15% from Friday.", "The ferry carried 80,000 people in 2025."], ARTICLE
    ) == (
        Untraceable(2, "sentence", "The ferry carried 80,000 people in 2025."),
        Untraceable(2, "number", "80,000"),
    )
    assert ("number", "5%") in found("Fares rise by 5% from Friday.")
    assert ("number", "15") not in found("Fares rise by 15 points.")


def test_a_changed_quotation_is_reported() -> None:
    said = "“We waited too short,” said harbour master Marit Vane."
    assert found(said) == [("sentence", said), ("quotation", "We waited too short,")]


def test_half_a_sentence_does_not_count_as_the_sentence() -> None:
    assert found("Fares rise.") == [("sentence", "Fares rise.")]


def test_a_wrong_count_and_an_unknown_link_are_reported() -> None:
    assert found("Fares rise by 15% from Friday.\n\n1/6")
    assert found("https://elsewhere.example.org/")


def test_table_cells_and_captions_belong_to_the_article() -> None:
    assert not untraceable_in_posts(["4.2", "The gauge at berth four."], every_block())


def test_sentences_of_one_quotation_are_traced_one_by_one() -> None:
    said = article(body=(para("We waited. We waited too long. We will not wait again."),))
    assert not untraceable_in_posts(["“We waited. We waited too long.”"], said)
    assert [
        str(one.place) for one in trace_posts(["“We waited. We waited too long.”"], said)[0]
    ] == [
        "block 1, sentence 1",
        "block 1, sentence 2",
    ]
    assert [
        one.kind for one in untraceable_in_posts(["“We waited. We waited too short.”"], said)
    ] == [
        "sentence",
        "quotation",
    ]


def test_new_numbers_quotations_and_names_in_a_rewording_are_reported() -> None:
    def added(post: str, language: str = "en") -> list[tuple[str, str]]:
        one = article(body=ARTICLE.body, language=language)
        return [(found.kind, found.text) for found in invented_in_post(post, one, one.url)]

    assert not added("After years of waiting, fares rise by 15%, says Marit Vane’s office.")
    assert not added("The pier: https://gazette.example.org/ferry/")
    assert added("Fares rise by 51%.") == [("number", "51%")]
    assert added("“We waited for ever,” said Vane.") == [("quotation", "We waited for ever,")]
    assert added("Stenholm pays, says the Port of Zug.") == [
        ("name", "Stenholm"), ("name", "Zug"),
    ]  # fmt: skip
    assert added("قال سامي حداد", language="ar") == [
        ("name", "قال"), ("name", "سامي"), ("name", "حداد"),
    ]  # fmt: skip
