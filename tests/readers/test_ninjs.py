"""IPTC ninjs: all versions are read, and what is written is read back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from syndicate.adapters.edition import Edition
from syndicate.adapters.ninjs import Ninjs
from syndicate.article import Article, Contributor, Credit, Figure, Tag, Text
from syndicate.article.text import passages
from syndicate.engine.export import NAMELESS, export_ninjs
from syndicate.kit import Kit
from syndicate.newsroom.starter import starter
from syndicate.readers import read
from tests.articles import NOON, PUBLICATION, article, every_block
from tests.missing import ITEMS, STANDARDS, needs_items
from tests.readers.reading import read_one, refused, source

STANDARD = STANDARDS / "ninjs"


def wrong(item: dict[str, Any]) -> list[str]:
    """The errors that the schema of ninjs 3.1 finds in `item`."""
    schema = json.loads((STANDARD / "ninjs-schema_3.1.json").read_text("utf-8"))
    places = json.loads((STANDARD / "GeoJSON-schema.json").read_text("utf-8"))
    registry: Registry[Any] = Registry().with_resource(
        "https://geojson.org/schema/GeoJSON.json", Resource.from_contents(places)
    )
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, registry=registry, format_checker=checker)
    return [error.message for error in validator.iter_errors(item)]


def exported(one: Article) -> dict[str, Any]:
    """`one` as ninjs."""
    kit = Kit((starter() / "templates",), starter() / "content")
    edition = Edition(PUBLICATION, "ninjs", PUBLICATION.base_url, (one,), NOON)
    *_, item = Ninjs(content="full").render(edition, kit)
    made: dict[str, Any] = json.loads(item.content)
    return made


@needs_items
@pytest.mark.parametrize("name", ["dpa_text", "ninjsExSimpleText_3", "ntb_text", "tt_text_image_3"])
def test_the_standards_examples_survive_import_and_export(name: str) -> None:
    path = ITEMS / f"{name}.json"
    ((line, losses),) = export_ninjs(path)
    assert not losses
    assert wrong(json.loads(line)) == []
    before = read_one(path.read_bytes(), path.name, NAMELESS).article
    assert read_one(line, path.name, NAMELESS).article == before


@pytest.mark.parametrize("one", [article("harbour-notes"), every_block()], ids=["plain", "all"])
def test_exported_ninjs_is_valid(one: Article) -> None:
    assert wrong(exported(one)) == []


def test_metadata_survives_export_and_import() -> None:
    one = article("harbour-notes").model_copy(
        update={
            "alt_ids": ("wire-17",),
            "subtitle": "After two winters",
            "summary": "In short.",
            "dateline": "PORT ELLERY",
            "section": "Harbour",
            "tags": (Tag(name="Tides"), Tag(name="Boats", scheme="https://example.org/topics")),
            "contributors": (
                Contributor(name="Ines Okafor", organisation="Coast Agency", email="i@example.org"),
                Contributor(name="Ruth Abara", role="photographer", url="https://r.example.org/"),
            ),
            "credit": Credit(source="Wire", source_url="https://w.example.org/"),
            "status": "withheld",
            "version": 3,
            "lead_image": Figure(
                src="https://i.example.org/a.jpg", alt="A quay", caption=(Text(text="The quay."),),
                credit="Ruth Abara", width=900, height=600, media_type="image/jpeg",
            ),
        }
    )  # fmt: skip
    again = read_one(json.dumps(exported(one)), "a.json").article
    before, after = one.model_dump(exclude={"body"}), again.model_dump(exclude={"body"})
    assert after == before
    assert list(passages(again.body)) == list(passages(one.body))


OLD = {
    "uri": "https://wire.example.org/1",
    "type": "text",
    "versioncreated": "2026-10-05T10:00:00Z",
    "pubstatus": "withheld",
    "headline": "Night ferry",
    "byline": "Von Jana Beck",
    "language": "de",
    "body_xhtml": "<p>Sie <b>fährt</b>.</p>",
    "description_text": "Kurz.",
    "subject": [{"name": "Hafen", "scheme": "https://wire.example.org/topics"}],
    "copyrightholder": "Wire",
    "associations": {
        "main": {
            "type": "picture",
            "description_caption": "Der Kai.",
            "byline": "Ruth Abara",
            "renditions": {
                "small": {
                    "href": "https://i.example.org/s.jpg",
                    "mimetype": "image/jpeg",
                    "width": 90,
                },
                "big": {
                    "href": "https://i.example.org/b.jpg",
                    "mimetype": "image/jpeg",
                    "width": 900,
                },
            },
        }
    },
}


def test_ninjs_version_2_is_read() -> None:
    one = read_one(json.dumps(OLD), "wire.json").article
    assert (one.title, one.id, one.status) == (
        "Night ferry",
        "https://wire.example.org/1",
        "withheld",
    )
    assert [person.name for person in one.contributors] == ["Jana Beck"]
    assert (one.summary, one.credit.copyright_holder) == ("Kurz.", "Wire")
    assert one.lead_image is not None
    assert (one.lead_image.src, one.lead_image.credit) == (
        "https://i.example.org/b.jpg",
        "Ruth Abara",
    )
    assert list(passages(one.body)) == ["Sie fährt."]


def test_texts_in_a_package_are_read_and_single_pictures_are_not() -> None:
    package = {
        "uri": "x",
        "type": "composite",
        "bodies": [],
        "associations": [OLD, {"type": "picture"}],
    }
    (reading,) = read(source(json.dumps(package), "wire.json"))
    assert reading.article.title == "Night ferry"
    picture = {"uri": "x", "type": "picture", "headlines": []}
    assert "it is not a text" in refused(json.dumps(picture), "wire.json")[0].message


def test_only_the_open_part_of_a_members_article_is_exported() -> None:
    one = every_block().model_copy(update={"access": "paid"})
    kit = Kit((starter() / "templates",), starter() / "content")
    edition = Edition(PUBLICATION, "ninjs", PUBLICATION.base_url, (one,), NOON)
    *_, item = Ninjs().render(edition, kit)
    assert json.loads(item.content)["representationType"] == "partial"
    assert "access" in {loss.block for loss in kit.losses}
