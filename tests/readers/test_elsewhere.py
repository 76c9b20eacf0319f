"""Front matter written for Hugo, Jekyll, Obsidian, Eleventy, Astro and Ghost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.article import Link, Paragraph
from syndicate.article.text import passages
from syndicate.errors import SyndicateError
from syndicate.readers import Reading, read
from syndicate.readers.contract import Habits
from tests.readers.reading import read_one, refused, source

TEXT = "\nThe boat sails.\n"


def of(front: str, name: str = "note.md", text: str = TEXT) -> Reading:
    return read_one(f"---\n{front}\n---\n{text}", name)


@pytest.mark.parametrize(
    "front",
    [
        "linkTitle: B\nweight: 3\ncascade: {params: {a: b}}\nisCJKLanguage: false\nmenus: main",
        "layout: post\npermalink: /b/\nredirect_from: [/a/]\nnav_order: 2\nexcerpt_separator: x",
        "aliases: [b]\ncssclasses: [wide]\nkanban-plugin: basic\nmobile: true",
        "eleventyNavigation: {key: b}\npagination: {data: c}\ntemplateEngineOverride: njk",
        "sidebar: {order: 1}\neditUrl: false\ntableOfContents: false\nhero: {tagline: x}",
        "featured: true\nog_title: x\nmeta_description: y\ncodeinjection_head: z\nprimary_tag: t",
    ],
)
def test_keys_that_only_another_system_uses_are_skipped(front: str) -> None:
    reading = of(f"title: Boat\n{front}")
    reported = [note for note in reading.notes if "the front matter key" in note.what]
    assert len(reported) == front.count("\n") + 1
    assert all(note.common and note.kind == "left out" for note in reported)


def test_the_newsroom_decides_whether_an_unknown_key_is_an_error() -> None:
    text = source(f"---\ntitle: Boat\nharbour_no: 7\n---\n{TEXT}")
    (reading,) = read(text)
    assert "the front matter key 'harbour_no'" in [note.what for note in reading.notes]
    with pytest.raises(SyndicateError) as caught:
        read(replace(text, habits=Habits(unknown_keys="error")))
    assert str(caught.value) == "content/note.md:3:1: there is no key 'harbour_no'"


def test_a_misspelt_key_is_always_an_error() -> None:
    (error,) = refused(f"---\ntitle: Boat\nembargod: 2030-01-01\n---\n{TEXT}")
    assert error.hint == "did you mean 'embargoed'?"


@pytest.mark.parametrize("front", ["categories: []", "description: ''", "image: {}", "tags:"])
def test_a_key_without_a_value_is_ignored(front: str) -> None:
    article = of(f"title: Boat\n{front}").article
    assert (article.section, article.summary, article.tags) == (None, None, ())


@pytest.mark.parametrize(
    ("front", "tags"),
    [
        ("tags: ferry harbour night", ["ferry", "harbour", "night"]),
        ("layout: post\ntags: ferry harbour", ["ferry", "harbour"]),
        ("tags: '#ferry #harbour'", ["ferry", "harbour"]),
        ("tags: Port Ellery", ["Port Ellery"]),
        ("tags: climate change", ["climate change"]),
        ("tags: cost of living", ["cost of living"]),
        ("tags: [a, b]\nkeywords: [b, c]", ["a", "b", "c"]),
    ],
)
def test_tags_are_separated_as_in_their_own_system(front: str, tags: list[str]) -> None:
    assert [tag.name for tag in of(f"title: Boat\n{front}").article.tags] == tags


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ines Okafor and Tomas Lindqvist", ["Ines Okafor", "Tomas Lindqvist"]),
        ("Ines Okafor, Tomas Lindqvist & Bo Ek", ["Ines Okafor", "Tomas Lindqvist", "Bo Ek"]),
        ("Ines <i@example.org>, Bo <b@example.org>", ["Ines", "Bo"]),
        ("Ines <i@example.org> and Bo <b@example.org>", ["Ines", "Bo"]),
        ("Ines Okafor", ["Ines Okafor"]),
    ],
)
def test_one_line_may_name_several_authors(written: str, names: list[str]) -> None:
    people = of(f"title: Boat\nauthor: {written}").article.contributors
    assert [person.name for person in people] == names


@pytest.mark.parametrize(
    ("front", "day", "status"),
    [
        ("date: 2026-10-05\npublished: false", "2026-10-05", "draft"),
        ("published: true\ndate: 2026-10-05", "2026-10-05", "usable"),
        ("date: 2026-10-05\npublish: false", "2026-10-05", "draft"),
        ("date: 2026-10-05\npublishDate: 2026-10-06", "2026-10-06", "usable"),
        ("date: Last Modified", "2026-10-07", "usable"),
        ("published_at: 2026-10-05\nvisibility: public\nstatus: sent", "2026-10-05", "usable"),
    ],
)
def test_dates_and_draft_status_are_read_from_many_keys(front: str, day: str, status: str) -> None:
    article = of(f"title: Boat\n{front}").article
    assert (article.published.date().isoformat(), article.status) == (day, status)


def test_summary_takes_precedence_over_description() -> None:
    article = of("title: Boat\ndescription: For machines.\nsummary: For people.").article
    assert article.summary == "For people."


def test_a_software_version_is_not_the_articles_version() -> None:
    assert of("title: Boat\nversion: 1.2.0").article.version == 1
    assert of("title: Boat\nslug: hugo_build").article.slug == "hugo-build"


@pytest.mark.parametrize(
    ("name", "front", "text", "title"),
    [
        ("Night ferry returns.md", "", TEXT, "Night ferry returns"),
        ("plan.md", "aliases: [x]", TEXT, "plan"),
        ("plan.md", "", "See [[Harbour]].", "plan"),
        ("Überfahrt.md", "", TEXT, "Überfahrt"),
        ("2026-10-05-night-ferry.md", "layout: post", TEXT, "Night ferry"),
    ],
)
def test_the_file_name_is_the_title_in_systems_that_use_it_so(
    name: str, front: str, text: str, title: str
) -> None:
    reading = of(front, name, text)
    assert reading.article.title == title
    assert any("from the file's name" in note.what for note in reading.notes)


def test_a_file_name_made_by_a_machine_is_not_a_title() -> None:
    assert "no title" in refused("Only text.\n", "night-ferry.md")[0].message


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("title: Ferry: the boat stays", 'title: "Ferry: the boat stays"'),
        ('title: "Ferry" stays', 'title: "\\"Ferry\\" stays"'),
        ("title: @harbour", 'title: "@harbour"'),
    ],
)
def test_an_error_in_yaml_has_the_correct_line_as_its_hint(line: str, fix: str) -> None:
    (error,) = refused(f"---\n{line}\n---\n{TEXT}")
    assert error.hint == f"put quotes around it: {fix}"


def test_liquid_that_cannot_be_filled_in_is_left_out_and_reported() -> None:
    reading = read_one(
        "# T\n\nSee [issue 1]({{ site.repository }}/issues/1) of {{ page.name }}, "
        "{{ subscriber.name }}.\n"
    )
    (paragraph,) = reading.article.body
    assert isinstance(paragraph, Paragraph)
    assert not any(isinstance(one, Link) for one in paragraph.content)
    assert list(passages((paragraph,))) == ["See issue 1 of , {{ subscriber.name }}."]
    reported = [(note.line, note.what) for note in reading.notes if note.kind == "left out"]
    assert reported == [
        (3, "the link to '{{ site.repository }}/issues/1'"),
        (3, "the value '{{ page.name }}'"),
    ]


def test_raw_liquid_is_text() -> None:
    reading = read_one("# T\n\n{% raw %}{{ page.x }} {% if %}{% endraw %}\n")
    assert list(passages(reading.article.body)) == ["{{ page.x }} {% if %}"]


def test_a_shortcode_may_span_several_lines_but_not_in_code() -> None:
    code = '~~~\n{{< figure\n  src="a.jpg" >}}\n~~~'
    reading = read_one(f'# T\n\n{{{{< figure\n  src="a.jpg"\n>}}}}\n\nText.\n\n{code}\n')
    figure, _, block = reading.article.body
    assert getattr(figure, "src", "") == "a.jpg"
    assert getattr(block, "text", "") == '{{< figure\n  src="a.jpg" >}}'
    assert reading.lines == (3, 7, 9)
