"""Extreme articles give a good page or a clear error, within limits of time and memory."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from syndicate.adapters.pdf.adapter import PDF
from syndicate.article import Article, Figure, Heading, Link, Paragraph, Table, Text
from syndicate.errors import RenderError
from syndicate.kit import Kit
from tests.adapters.pdf import pages
from tests.articles import article, para, words

SECONDS = 60


def judged(story: Article, tools: Kit | None = None, **options: object) -> str:
    """The text of the article's pages, after preflight has found no error."""
    tools = tools or pages.kit()
    edition, adapter = pages.edition(story), PDF.model_validate(options)
    began = time.process_time()
    artifacts = tuple(adapter.render(edition, tools))
    assert time.process_time() - began < SECONDS
    found = [one for one in adapter.inspect(edition, artifacts, tools) if one.severity == "error"]
    assert not found
    return pages.text_of(artifacts[0].content)


def test_a_table_of_300_rows_repeats_its_header() -> None:
    rows = tuple((words(f"row {n}"), words("x" * (n % 40)), words(str(n))) for n in range(300))
    table = Table(header=(words("Berth"), words("What"), words("Metres")), rows=rows)
    text = judged(article(body=(para("A list."), table)), layout="report")
    assert text.count("Berth") > 3
    assert all(f"row {n} " in text for n in range(300))


def test_pictures_of_every_kind(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (8000, 6000), "#a41").save(tmp_path / "huge.jpg")
    Image.new("CMYK", (600, 400), (255, 255, 255, 255)).save(tmp_path / "cmyk.jpg")
    Image.linear_gradient("L").resize((900, 600)).save(tmp_path / "grey.png")
    Image.new("I;16", (900, 600), 40000).save(tmp_path / "deep.png")
    frames = [Image.new("P", (900, 600), n) for n in range(3)]
    frames[0].save(tmp_path / "moves.gif", save_all=True, append_images=frames[1:])
    (tmp_path / "vector.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    names = ("huge.jpg", "cmyk.jpg", "grey.png", "deep.png", "moves.gif", "vector.svg", "no.png")
    figures = tuple(Figure(src=name, alt=f"Alt of {name}") for name in names)
    tools = pages.kit(tmp_path)
    text = judged(article(body=figures), tools)
    lost = {loss.reason.split("'")[1] for loss in tools.losses}
    assert {"vector.svg", "no.png"} <= lost
    assert all(f"[Alt of {name}]" in text for name in lost)


@pytest.mark.parametrize("layout", ["broadsheet", "magazine", "report"])
@pytest.mark.parametrize("size", [(300, 6000), (6000, 300)])
def test_a_lead_picture_of_any_shape(layout: str, size: tuple[int, int], tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", size, "#a41").save(tmp_path / "long.png")
    lead = Figure(src="long.png", alt="A mast", caption=words("The mast."))
    story = article(lead_image=lead, body=tuple(para("It stands. " * 30) for _ in range(9)))
    tools = pages.kit(tmp_path)
    edition = pages.edition(story)
    (made,) = PDF.model_validate({"layout": layout}).render(edition, tools)
    first, *others = pages.texts_of(made.content)
    assert "The mast." in first
    assert "It stands." in first
    assert len(others) <= 2


@pytest.mark.parametrize("layout", ["broadsheet", "magazine", "report"])
def test_a_headline_of_400_characters_and_no_picture(layout: str) -> None:
    title = ("The council of Port Ellery and the line to Sund agree on nothing " * 7)[:400]
    text = judged(article(title=title), layout=layout)
    assert "agree on nothing" in text


@pytest.mark.parametrize(
    "text",
    ["\N{GRINNING FACE} and \N{FAMILY}", "المد والجزر", "東京の港に霧が出た。", "שלום", "​\u202e"],
)
@pytest.mark.parametrize("profile", ["press", "screen"])
def test_scripts_that_our_fonts_lack(text: str, profile: str) -> None:
    assert "After it." in judged(
        article(title=f"A {text}", body=(para(text), para("After it."))), profile=profile
    )


def test_a_link_of_500_characters() -> None:
    url = "https://example.org/" + "a" * 480
    link = Paragraph(content=(Link(url=url, content=words("here")), Text(text=".")))
    assert "a" * 480 in judged(article(body=(link,))).replace(" ", "").replace("-", "")


def test_headings_may_skip_levels() -> None:
    body = (
        Heading(level=6, content=words("Deep")),
        para("x"),
        Heading(level=4, content=words("Up")),
    )
    assert "Deep" in judged(article(body=(*body, para("y"))))


def test_style_that_refers_to_itself_files_and_servers(tmp_path: Path) -> None:
    channel = tmp_path / "templates"
    channel.mkdir()
    secret = tmp_path / "secret.css"
    secret.write_text("h1::after { content: 'the secret' }")
    own = (pages.ROOT / "templates/pdf/broadsheet.css").read_text()
    (channel / "broadsheet.css").write_text(
        f"@import url('{secret.as_uri()}'); @import url('http://127.0.0.1:9/a.css');\n"
        ":root { --a: var(--b); --b: var(--a) } h1 { color: var(--a) }\n"
        f".kicker {{ background: url('{secret.as_uri()}') }}\n{own}"
    )
    tools = Kit((channel, *pages.kit().folders), tmp_path)
    assert "the secret" not in judged(article(section="News"), tools)


def test_a_template_that_loops_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "story.html.j2").write_text('{% include "story.html.j2" %}')
    with pytest.raises(RenderError):
        pages.render(article(), tools=Kit((tmp_path, *pages.kit().folders), tmp_path))


@pytest.mark.slow
def test_thirty_thousand_words() -> None:
    passage = " ".join(f"word{n}" for n in range(100)) + "."
    text = judged(article(body=tuple(para(passage) for _ in range(300))))
    assert text.count("word0") >= 300
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # kilobytes
