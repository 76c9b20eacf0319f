"""The newsletter as an editor configures it and a subscriber sees it."""

from __future__ import annotations

import hashlib
import os
import sys
from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from syndicate.adapters.contract import Scope
from syndicate.adapters.email.adapter import Email
from syndicate.adapters.email.proof import GMAIL_CLIPS_AT
from syndicate.article import (
    Article,
    Contributor,
    Divider,
    Figure,
    Gallery,
    Link,
    Paragraph,
    Paywall,
    Table,
)
from syndicate.article.publication import Publication
from syndicate.errors import RenderError
from syndicate.letter import MEDIA_TYPE
from tests import waiting
from tests.adapters.email.mails import body, edition, kit, named, parsed, render, tree
from tests.articles import NOON, article, every_block, para, words

THEMES = ("broadsheet", "magazine", "letter")
MARKS = [
    "Every pilot carries a table",
    "Wind & pressure <matter>",
    "Wind from the west adds water.",
    "one centimetre a hectopascal",
    "Read the gauge",
    "The sea does not read our tables.",
    "Marit Vane, harbour pilot",
    "No pilot trusts it.",
    "Did you know?",
    "The highest tide here came without a moon.",
    "The gauge at berth four.",
    "One day, two lights.",
    "Spring tides, mean",
    "3.9",
    "level = mean + surge",
    "Watch the surge of 1987",
    "* * *",
    "Can a table be wrong?",
    "It is never right; it is near enough.",
    "An earlier version put Sund at 3.7 metres.",
    "The locks",
    "Write to the harbour desk.",
    "For members: the full table.",
    "Ask one.",
    "The old pier at low tide.",
]


def shown(page: str) -> str:
    """The visible words of an HTML page."""
    return " ".join(tree(page).body.text_content().split())


def mail_of(*articles: Article, adapter: Email | None = None) -> tuple[str, str]:
    """The HTML and the text of a mail."""
    message = parsed(render(*articles, adapter=adapter)["0012.eml"].content)
    return body(message, "html"), body(message, "plain")


def test_a_numbered_edition_is_a_mail_a_page_and_a_text() -> None:
    artifacts = render(every_block())
    assert {a.name: a.media_type for a in artifacts.values()} == {
        "0012.html": "text/html",
        "0012.txt": "text/plain",
        "0012.eml": "message/rfc822",
        "0012.letter": MEDIA_TYPE,
    }
    message = parsed(artifacts["0012.eml"].content)
    assert body(message, "plain") == artifacts["0012.txt"].content.decode()
    assert message["Subject"] == "What a tide table cannot tell you"
    assert str(message["From"]) == "The Harbour Gazette <desk@gazette.example.org>"
    assert parsedate_to_datetime(message["Date"]) == NOON
    assert message["Archived-At"] == "<https://gazette.example.org/email/0012.html>"


def test_the_mail_of_one_article_is_named_after_its_slug() -> None:
    adapter = Email(scope=Scope.ARTICLE)
    made = named(adapter.render(edition(article(), article("lock"), number=None), kit()))
    assert list(made) == [
        f"{s}.{x}" for s in ("ferry", "lock") for x in ("html", "txt", "eml", "letter")
    ]
    assert "Night ferry" in parsed(made["ferry.eml"].content)["Subject"]


@pytest.mark.parametrize("theme", THEMES)
def test_every_block_is_in_both_parts(theme: str) -> None:
    page, text = mail_of(every_block(), adapter=Email.model_validate({"theme": theme}))
    for mark in MARKS:
        assert mark in shown(page), f"{mark} is not in the HTML"
        assert mark in " ".join(text.split()), f"{mark} is not in the text"
    assert "Q: Can a table be wrong?" in text
    assert "[1] https://tides.example.org/?a=1&b=2" in text


@pytest.mark.parametrize("theme", THEMES)
def test_full_contains_every_article_whole_and_lists_them(theme: str) -> None:
    articles = [article(f"a{n}", title=f"Piece {n}", body=(para(f"End {n}."),)) for n in range(6)]
    page, text = mail_of(*articles, adapter=Email.model_validate({"theme": theme}))
    for part in (shown(page), text):
        assert "In this issue" in part
        for n in range(6):
            assert part.count(f"Piece {n}") >= 2 and f"End {n}." in part
    assert "In this issue" not in shown(mail_of(articles[0])[0])


@pytest.mark.parametrize("theme", THEMES)
def test_summary_contains_the_first_article_and_links_to_the_others(theme: str) -> None:
    articles = [
        article(f"a{n}", title=f"Piece {n}", summary=f"Sum {n}.", body=(para(f"End {n}."),))
        for n in range(8)
    ]
    adapter = Email.model_validate({"theme": theme, "body": "summary"})
    page, text = mail_of(*articles, adapter=adapter)
    assert "End 0." in shown(page) and "End 1." not in shown(page)
    for n in range(1, 8):
        assert f"Piece {n}" in shown(page) and f"Sum {n}." in shown(page) and f"Sum {n}." in text
        assert f"https://gazette.example.org/a{n}/" in page
        assert f"https://gazette.example.org/a{n}/" in text


def test_header_and_footer_say_who_why_and_how_to_unsubscribe() -> None:
    page, text = mail_of(every_block(), adapter=Email(unsubscribe="https://u.example.org/?l=1&m=2"))
    for part in (shown(page), text):
        for said in ("The Harbour Gazette", "No. 12", "1 Quay Street", "You receive this because"):
            assert said.casefold() in part.casefold()
    links = [a.get("href") for a in tree(page).iter("a")]
    assert "https://u.example.org/?l=1&m=2" in links and "https://u.example.org/?l=1&m=2" in text
    assert "https://gazette.example.org/email/0012.html" in links


def test_the_archive_page_has_no_unsubscribe_link() -> None:
    page = render(every_block())["0012.html"].content.decode()
    assert "Unsubscribe" not in page and "preheader" not in page
    assert "What a tide table cannot tell you" in page


def test_structure_for_screen_readers_and_outlook() -> None:
    page, _ = mail_of(every_block())
    found = tree(page)
    data = found.find_class("data")
    assert all(t.get("role") == "presentation" for t in found.iter("table") if t not in data)
    assert all(image.get("alt") is not None for image in found.iter("img"))
    assert found.get("lang") == "en" and found.get("dir") == "ltr"
    headings = [(e.tag, e.text_content()) for e in found.iter("h1", "h2", "h3")]
    assert headings[0] == ("h1", "What a tide table cannot tell\u00a0you")
    assert ("h2", "FAQ") in headings
    assert "<!--[if mso]>" in page and "[data-ogsc]" in page and "prefers-color-scheme" in page
    assert "<script" not in page and "<link" not in page


def test_the_first_picture_of_an_odd_gallery_takes_the_full_width() -> None:
    url = "https://gazette.example.org/{}.jpg"
    figures = tuple(Figure(src=url.format(n), alt="A crane") for n in range(3))
    page, _ = mail_of(article(body=(Gallery(figures=figures),)))
    assert [image.get("width") for image in tree(page).iter("img")] == ["552", "264", "264"]


def test_a_table_too_wide_for_a_phone_becomes_paragraphs() -> None:
    header = tuple(words(f"Head {n}") for n in range(7))
    cells = tuple(words(f"cell {n}") for n in range(7))
    page, _ = mail_of(article(body=(Table(header=header, rows=(cells, cells)),)))
    found = tree(page)
    assert not found.find_class("data")
    first, _ = found.find_class("record")
    said = " ".join(first.text_content().split())
    assert said.startswith("cell 0 Head 1 cell 1 · Head 2 cell 2") and said.endswith("cell 6")


def test_an_end_mark_follows_only_running_text() -> None:
    assert "■" in mail_of(article())[0]
    assert "■" not in mail_of(article(body=(*article().body, Divider())))[0]


def test_the_newsrooms_own_pictures_are_published_with_the_mail(tmp_path: Path) -> None:
    Image.new("RGB", (3000, 1500), "#335577").save(tmp_path / "pier.png")
    lead = Figure(src="pier.png", alt="The pier")
    made = named(Email().render(edition(article(lead_image=lead)), kit(tmp_path)))
    media = next(a for name, a in made.items() if name.startswith("media/"))
    assert media.media_type == "image/png" and Image.open(BytesIO(media.content)).width == 1104
    url = f"https://gazette.example.org/email/{media.name}"
    page = body(parsed(made["0012.eml"].content), "html")
    image = next(tree(page).iter("img"))
    assert (image.get("src"), image.get("width"), image.get("alt")) == (url, "552", "The pier")


def test_a_missing_picture_is_a_loss_and_its_text_stays() -> None:
    ear = kit()
    figure = Figure(src="none.jpg", alt="A crane", caption=words("At berth two."))
    svg = Figure(src="https://gazette.example.org/x.svg", alt="A chart")
    made = named(Email().render(edition(article(body=(figure, svg))), ear))
    page = shown(made["0012.html"].content.decode())
    assert "[A crane]" in page and "At berth two." in page and "[A chart]" in page
    assert [loss.block for loss in ear.losses] == ["figure", "figure"]
    assert "none.jpg" in ear.losses[0].reason


def test_the_part_for_members_is_left_out() -> None:
    text = (para("Open."), Paywall(), para("Secret."))
    page, letter = mail_of(article(access="members", body=text))
    assert "Open." in page and "Secret." not in page + letter
    assert "for members" in page and "https://gazette.example.org/ferry/" in page
    assert "Secret." in mail_of(article(body=text))[0]


def test_hostile_text_stays_text() -> None:
    evil = '<script>x()</script>{{ 7*7 }}]]>--><img src=x onerror=y> " onload="z'
    bad = article(
        title=evil,
        subtitle=evil,
        section=evil,
        contributors=(Contributor(name=evil),),
        lead_image=Figure(src="https://gazette.example.org/x.jpg", alt=evil),
        body=(
            para(evil),
            Paragraph(content=(Link(url='/a"><b>', title=evil, content=words(evil)),)),
        ),
    )
    for theme in THEMES:
        page, text = mail_of(bad, adapter=Email.model_validate({"theme": theme}))
        found = tree(page)
        assert not list(found.iter("script"))
        assert len(list(found.iter("img"))) == 1
        assert not [e for e in found.iter() if set(e.keys()) & {"onerror", "onload"}]
        assert evil in shown(page) and evil in " ".join(text.split())


def test_relative_links_lead_to_the_publications_site() -> None:
    link = Paragraph(content=(Link(url="/locks/", content=words("locks")),))
    page, text = mail_of(article(body=(link,)))
    assert 'href="https://gazette.example.org/locks/"' in page
    assert "locks [1]" in text and "[1] https://gazette.example.org/locks/" in text


def test_right_to_left_in_page_and_articles() -> None:
    publication = Publication(title="الميناء", language="ar", base_url="https://mina.example.org/")
    one = article(language="ar", title="عودة العبّارة", body=(para("أبحرت السفينة."),))
    made = named(Email().render(edition(one, publication=publication), kit()))
    found = tree(made["0012.html"].content.decode())
    assert (found.get("lang"), found.get("dir")) == ("ar", "rtl")
    message = parsed(made["0012.eml"].content)
    assert message["Subject"] == "عودة العبّارة"
    assert str(message["From"]) == "الميناء <news@mina.example.org>"


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
@example("Hi =?UTF-8?Q?=0D=0A?=Bcc: x@example.net", "=?UTF-8?Q?=0D=0A?= Bcc: y")
def test_no_title_or_name_adds_a_header(title: str, name: str) -> None:
    one = article(title=f"T{title}")
    publication = Publication(title=f"P{name}", email=f"desk{name[:3]}@gazette.example.org")
    try:
        made = named(Email().render(edition(one, publication=publication), kit()))
    except RenderError:
        return
    message = parsed(made["0012.eml"].content)
    assert message["Subject"] == one.title
    assert not {"Bcc", "Cc", "To"} & set(message.keys())
    assert [part.get_content_subtype() for part in message.iter_parts()] == ["plain", "html"]


def long_edition() -> list[Article]:
    """Twenty-six articles of some length."""
    text = tuple(para("The harbour board met on Tuesday and talked. " * 8) for _ in range(8))
    lead = Figure(src="https://gazette.example.org/x.jpg", alt="Quay", width=1600, height=800)
    return [
        article(f"a{n}", title=f"What the board said, part {n}", lead_image=lead, body=text)
        for n in range(26)
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_a_long_summary_is_not_clipped(theme: str) -> None:
    adapter = Email.model_validate({"theme": theme, "body": "summary"})
    page, _ = mail_of(*long_edition(), adapter=adapter)
    assert len(page.encode()) < GMAIL_CLIPS_AT


CODE = """
import hashlib
from tests.adapters.email.mails import edition, named, parsed, kit
from tests.articles import every_block
from syndicate.adapters.email.adapter import Email
made = Email().render(edition(every_block()), kit())
print(hashlib.sha256(b"".join(a.content for a in made)).hexdigest())
"""


@pytest.mark.parametrize(("zone", "locale", "seed"), [("Asia/Tokyo", "de_DE.UTF-8", "7")])
def test_the_bytes_are_the_same_everywhere(
    zone: str, locale: str, seed: str, tmp_path: Path
) -> None:
    here = hashlib.sha256(b"".join(a.content for a in render(every_block()).values()))
    root = Path(__file__).parents[3]
    path = os.pathsep.join(map(str, (root, root / "src")))
    env = {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    done = waiting.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, **env},
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout.strip() == here.hexdigest()
