"""The kit: overriding single blocks, making pictures safe, reporting losses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from syndicate.errors import RenderError
from syndicate.kit import Kit
from syndicate.kit.fonts import ARABIC, LATIN, font_faces, further_scripts
from syndicate.newsroom.starter import starter
from tests.articles import article, every_block, para

ROOT = starter() / "templates"


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    (tmp_path / "own").mkdir()
    (tmp_path / "content").mkdir()
    return Kit((tmp_path / "own", ROOT), tmp_path / "content")


def override(kit: Kit, text: str, name: str = "blocks.html.j2") -> None:
    (kit.folders[0] / name).write_text(text)


def test_every_block_renders_in_both_syntaxes(kit: Kit) -> None:
    assert "<h2>Wind &amp; pressure &lt;matter&gt;</h2>" in kit.body(every_block())
    assert "Wind & pressure <matter>" in kit.body(every_block(), "txt")


def test_a_channel_overrides_one_block_and_keeps_the_others(kit: Kit) -> None:
    override(kit, "{% macro heading(block) %}<h6>{{ inlines(block.content) }}</h6>{% endmacro %}")
    html = kit.body(every_block())
    assert "<h6>Wind &amp; pressure" in html
    assert "<blockquote" in html


def test_text_in_an_article_is_never_markup_or_template(kit: Kit) -> None:
    html = kit.body(article(body=(para("<script>x</script> {{ 7*7 }}"),)))
    assert html == "<p>&lt;script&gt;x&lt;/script&gt; {{ 7*7 }}</p>\n"


@dataclass
class Opener:
    """What an adapter might pass to its templates."""

    file: Path = Path("/etc/hostname")

    @property
    def name(self) -> str:
        return "its name"

    def read(self) -> str:
        return self.file.read_text()


GIVEN: dict[str, Any] = {
    "opener": Opener(),
    "place": Path("/etc/hostname"),
    "made": Path,
    "pattern": re.compile("a"),
    "shout": str.upper,
}


@pytest.mark.parametrize(
    "reach",
    [
        "''.__class__.__mro__",
        "block.__init__.__globals__",
        'block.parse_raw("{}", content_type="application/pickle", allow_pickle=True)',
        'block["parse_raw"]("{}")',
        '(block | attr("parse_file"))("/etc/passwd")',
        '[block] | map(attribute="model_construct") | first',
        "block.model_dump_json()",
        "block.copy(update={})",
        "block.model_fields_set",
        "block.model_extra",
        "block.dict()",
        "shout.__objclass__",
        "blocks.__func__",
        "range.__call__",
        "namespace.__init__.__globals__",
        "place.read_text()",
        "place.parent",
        "opener.file.read_text()",
        "opener.read()",
        "made(1)",
        "pattern.scanner",
        '"{0.__class__}".format(block)',
        '"{a.__init__}".format_map({"a": block})',
        '("{0[__class__]}" | safe).format(block)',
        '"".join.__self__.__class__',
        '[block] | selectattr("__class__") | list',
        '[block, block] | sort(attribute="__class__")',
        '[block] | join(attribute="__dict__")',
        '([1] | map("abs"))._items',
        '[1] | batch(1) | attr("_items")',
        "self._TemplateReference__context",
        "namespace()._Namespace__attrs",
        "nope._undefined_obj",
        "lipsum.__wrapped__",
        "{}.fromkeys([1])",
        "(1).from_bytes",
        "number.__self__",
    ],
)
def test_templates_see_values_and_nothing_else(kit: Kit, reach: str) -> None:
    override(kit, f"{{% macro paragraph(block) %}}{{{{ {reach} }}}}{{% endmacro %}}")
    with pytest.raises(RenderError, match=r"blocks\.html\.j2:1: SecurityError"):
        kit.body(article(), **GIVEN)


def test_templates_use_fields_properties_and_what_they_are_given(kit: Kit) -> None:
    first = "shout(block.content[0].text.split()[0])"
    uses = f"{{{{ opener.name }}}} {{{{ {first} }}}} {{{{ block.content | length }}}}"
    override(kit, f"{{% macro paragraph(block) %}}{uses}{{% endmacro %}}")
    assert kit.body(article(body=(para("wind and rain"),)), **GIVEN) == "its name WIND 1"


def test_a_syntax_error_is_reported_with_its_line(kit: Kit) -> None:
    override(kit, "{% macro paragraph(block) %}\n{{ block.content \n{% endmacro %}")
    with pytest.raises(RenderError, match=r"blocks\.html\.j2:3"):
        kit.body(article())


def test_an_undefined_name_is_an_error(kit: Kit) -> None:
    override(kit, "Hello\n{{ reader }}", "page.html.j2")
    with pytest.raises(RenderError, match=r"page\.html\.j2:2: UndefinedError"):
        kit.render("page.html.j2")


def test_words_fall_back_to_english(kit: Kit) -> None:
    assert kit.words("es-MX")["by"] == "Por"
    assert kit.words("fi")["by"] == "By"


@pytest.mark.parametrize("src", ["../secret.png", "/../../etc/passwd", "https://x.example/a.png"])
def test_pictures_outside_the_newsroom_are_refused(kit: Kit, src: str) -> None:
    with pytest.raises(RenderError):
        kit.picture(src)


def test_pictures_are_upright_small_and_without_private_metadata(kit: Kit) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees to show
    exif[0x010F] = "Secret Camera"
    Image.new("RGB", (400, 200), "#a4161a").save(kit.content / "a.jpg", exif=exif)
    picture = kit.picture("a.jpg", width=100)
    assert (picture.width, picture.height) == (100, 200)
    assert b"Secret Camera" not in picture.content
    assert picture.name == kit.picture("a.jpg", width=100).name
    assert kit.picture("a.jpg", width=9999).width == 200


def test_a_picture_is_converted_to_a_format_the_channel_can_show(kit: Kit) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(kit.content / "logo.webp")
    picture = kit.picture("logo.webp", formats=frozenset({"image/png", "image/jpeg"}))
    assert picture.media_type == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_a_file_that_is_not_a_picture_is_refused(kit: Kit) -> None:
    (kit.content / "a.jpg").write_bytes(b"not a picture")
    with pytest.raises(RenderError, match=r"'a\.jpg' cannot be read"):
        kit.picture("a.jpg")
    with pytest.raises(RenderError, match=r"'b\.jpg' is missing"):
        kit.picture("b.jpg")


def test_fonts_depend_on_the_script() -> None:
    assert font_faces(["plain"]) == LATIN
    assert font_faces(["مرحبا"]) == LATIN + ARABIC
    assert all(face.path.is_file() for face in LATIN + ARABIC)
    assert further_scripts(["abc Ωж مرحبا 12 €"]) == ()
    assert [one.name for one in further_scripts(["שלום", "港"])] == ["Han", "Hebrew"]


def test_a_loss_is_reported_once(kit: Kit) -> None:
    for _ in range(2):
        kit.lossy(article(), "table", "no tables here")
    assert len(kit.losses) == 1
