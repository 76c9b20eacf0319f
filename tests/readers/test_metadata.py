"""What front matter may say, and the defaults for what it does not say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from syndicate.article import Contributor, Tag
from syndicate.article.publication import Publication
from tests.articles import PUBLICATION
from tests.readers.reading import MODIFIED, article_of, read_one, refused

TEXT = "\nThe boat sails.\n"


def with_front(front: str, name: str = "note.md") -> str:
    return f"---\n{front}\n---\n{TEXT}"


def test_without_front_matter_slug_and_date_come_from_the_file() -> None:
    reading = read_one("# The night boat\n" + TEXT, "news/Night Boat.md")
    assert reading.article.slug == "night-boat"
    assert reading.article.url == "https://gazette.example.org/night-boat/"
    assert reading.article.id == "tag:gazette.example.org,2026-10-07:night-boat"
    assert reading.article.published == MODIFIED.replace(microsecond=0)
    assert reading.article.first_published == reading.article.updated == reading.article.published
    assert reading.given == {"title"}


def test_a_date_in_the_file_name_is_the_date_and_not_part_of_the_slug() -> None:
    article = article_of("# Boat\n" + TEXT, "2026-10-05-night-boat.md")
    assert article.slug == "night-boat"
    assert article.published == datetime(2026, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("boats/index.md", "boats"), ("🚢.md", "the-boat"), ("2026-10-05.md", "the-boat")],
)
def test_an_unusable_file_name_is_replaced_by_the_title(name: str, slug: str) -> None:
    assert article_of("# The Boat!\n" + TEXT, name).slug == slug


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-10-05", datetime(2026, 10, 4, 22, tzinfo=UTC)),
        ("2026-10-05 12:00", datetime(2026, 10, 5, 10, tzinfo=UTC)),
        ("2026-10-05T12:00:00Z", datetime(2026, 10, 5, 12, tzinfo=UTC)),
        ("2026-10-05 12:00:00 +0300", datetime(2026, 10, 5, 9, tzinfo=UTC)),
        ("Mon, 05 Oct 2026 12:00:00 +0000", datetime(2026, 10, 5, 12, tzinfo=UTC)),
        ("5 October 2026, 6:30 pm", datetime(2026, 10, 5, 16, 30, tzinfo=UTC)),
        ("Oct. 5, 2026", datetime(2026, 10, 4, 22, tzinfo=UTC)),
        ("5. Oktober 2026", datetime(2026, 10, 4, 22, tzinfo=UTC)),
    ],
)
def test_dates_without_a_zone_are_in_the_newsrooms_zone(written: str, moment: datetime) -> None:
    berlin = Publication(
        **{**PUBLICATION.model_dump(), "timezone": "Europe/Berlin", "language": "de"}
    )
    text = with_front(f"title: Boat\ndate: {written}")
    assert read_one(text, publication=berlin).article.published == moment


def test_keys_may_be_spelled_as_in_other_systems() -> None:
    reading = read_one(
        with_front(
            "Headline: Boat\nLastMod: 2026-10-06\npubDate: 2026-10-05\nkeywords: sea, ships\n"
            "categories: [News, Boats]\nguid: 'tag:old.example.org,2020:1'\ncanonical_url: /b/\n"
            "usageTerms: Ask first.\nembargo: 2026-10-04\nexpiryDate: 2027-01-01\nlayout: post"
        )
    )
    article = reading.article
    assert article.title == "Boat"
    assert article.tags == (Tag(name="sea"), Tag(name="ships"))
    assert article.section == "News"
    assert article.id == "tag:old.example.org,2020:1"
    assert article.url == "https://gazette.example.org/b/"
    assert article.credit.usage_terms == "Ask first."
    assert article.embargoed == datetime(2026, 10, 4, tzinfo=UTC)
    assert {"id", "url", "title", "published", "updated"} <= reading.given
    assert "slug" not in reading.given
    assert any("layout" in note.what for note in reading.notes)


def test_people_may_be_given_as_names_or_tables() -> None:
    article = article_of(
        with_front(
            "title: Boat\nauthors:\n- Ines Okafor\n- {name: Bo, organization: Agency, url: /bo/}\n"
            "contributors:\n- name: Ruth\n  role: photographer\neditor: Ed <ed@example.org>"
        )
    )
    assert article.contributors == (
        Contributor(name="Ines Okafor"),
        Contributor(name="Bo", organisation="Agency", url="https://gazette.example.org/bo/"),
        Contributor(name="Ruth", role="photographer"),
        Contributor(name="Ed", role="editor", email="ed@example.org"),
    )


def test_yaml_1_1_does_not_turn_words_into_numbers() -> None:
    article = article_of(with_front("title: 1_000\nsubtitle: 12:30\nsummary: no\ndateline: NO"))
    assert (article.title, article.subtitle, article.summary, article.dateline) == (
        "1_000",
        "12:30",
        "no",
        "NO",
    )


@pytest.mark.parametrize("front", ["draft: true", "published: false", "status: draft"])
def test_there_are_three_ways_to_mark_a_draft(front: str) -> None:
    assert article_of(with_front(f"title: Boat\n{front}")).status == "draft"


def test_all_bad_keys_are_reported_at_once_with_their_places() -> None:
    errors = refused(
        with_front(
            "title: [a]\ntitel: Boat\npublished: soon\nversion: 0\nauthors:\n- name: A\n  rôle: x\n"
            "status: live\nslug: A B\nlang: english!\ndraft: maybe\naccess: none\nimage: data:x"
        )
    )
    assert [str(error) for error in errors] == [
        "content/note.md:2:1: 'title' must be text, not a list",
        "content/note.md:3:1: there is no key 'titel'",
        "content/note.md:4:1: 'published' must be a date such as 2026-10-05 or 2026-10-05 12:00, "
        "not 'soon'",
        "content/note.md:5:1: 'version' must be a whole number of 1 or more, not '0'",
        "content/note.md:8:3: 'authors[0].rôle' must be one of name, role, organisation, email, "
        "url, not 'rôle'",
        "content/note.md:9:1: 'status' must be one of draft, usable, withheld, withdrawn, "
        "not 'live'",
        "content/note.md:10:1: 'slug' must be lower-case letters, digits and single hyphens, "
        "not 'A B'",
        "content/note.md:11:1: 'lang' must be a language tag such as en or pt-BR, not 'english!'",
        "content/note.md:12:1: 'draft' must be true or false, not 'maybe'",
        "content/note.md:13:1: 'access' must be free, members or paid, not 'none'",
        "content/note.md:14:1: 'image' must be a web address or a path in the newsroom, "
        "not 'data:x'",
    ]
    assert errors[1].hint == "did you mean 'title'?"


def test_two_keys_with_the_same_meaning_are_refused() -> None:
    (error,) = refused(with_front("title: Boat\ndate: 2026-10-05\npublished: 2026-10-06"))
    assert str(error).startswith("content/note.md:4:1: 'published' and 'date'")


def test_toml_errors_have_their_line() -> None:
    (error,) = refused("+++\ntitle = 'Boat'\nversion = 'x'\n+++\n" + TEXT)
    reported = "content/note.md:3:1: 'version' must be a whole number of 1 or more, not 'x'"
    assert str(error) == reported
    (error,) = refused("+++\ntitle = 'Boat'\n???\n+++\n" + TEXT)
    assert str(error).startswith("content/note.md:3:1: TOML:")


@pytest.mark.parametrize(
    ("front", "place", "says"),
    [
        ("just words", "1:1", "lines such as"),
        ("- a\n- b", "1:1", "lines such as"),
        ("title: Boat\ntitle: Ship", "3:1", "given twice"),
        ("title: 'Boat", "3:1", "YAML"),
        ("title: !!python/name:os.system x", "2:8", "tag"),
        ("title: *a", "2:8", "anchor"),
        ("titel: &a [x]\ntitle: Boat", "2:1", "no key"),
        ("title: Boat\nx: " + "[" * 500, "3:", "deeper"),
    ],
)
def test_the_error_for_bad_yaml_is_one_line(front: str, place: str, says: str) -> None:
    (error,) = refused(with_front(front))
    assert f"content/note.md:{place}" in str(error)
    assert says in error.message


def test_nested_yaml_aliases_do_not_use_up_the_memory() -> None:
    laughs = "\n".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]" for n in range(30))
    reading = read_one(with_front(f"title: Boat\nl0: &l0 [ha]\n{laughs}"))
    assert sum("the front matter key" in note.what for note in reading.notes) == 31


def test_the_error_for_unclosed_front_matter_says_so() -> None:
    (error,) = refused("---\ntitle: Boat\n\nThe boat sails.\n")
    assert "has no closing" in str(error)


@pytest.mark.parametrize(
    ("src", "found"),
    [
        ("quay.jpg", "news/quay.jpg"),
        ("../quay.jpg", "quay.jpg"),
        ("/media/quay.jpg", "media/quay.jpg"),
        ("./a/../quay.jpg", "news/quay.jpg"),
        ("https://cdn.example.org/q.jpg?w=3", "https://cdn.example.org/q.jpg?w=3"),
    ],
)
def test_picture_paths_are_relative_to_the_file(src: str, found: str) -> None:
    article = article_of(f"---\ntitle: Boat\nimage: {src}\n---\n![x]({src})\n", "news/boat.md")
    assert article.lead_image is not None
    assert article.lead_image.src == found
    assert [getattr(block, "src", None) for block in article.body] == [found]


@pytest.mark.parametrize(
    "src", ["../../x.jpg", "/../x.jpg", "..%2f..%2fx.jpg", "a/..%5c..%5c..%5cx"]
)
def test_pictures_outside_content_are_refused(src: str) -> None:
    assert "outside content/" in str(refused(f"# Boat\n\n![x](<{src}>)\n", "news/boat.md")[0])
    assert "outside content/" in str(
        refused(with_front(f"title: B\nimage: '{src}'"), "news/b.md")[0]
    )
