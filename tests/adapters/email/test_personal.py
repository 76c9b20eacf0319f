"""Merge fields in subject, preheader, text and HTML, and the letter that contains them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syndicate.adapters.edition import Artifact
from syndicate.adapters.email.adapter import Email
from syndicate.errors import RenderError
from syndicate.kit import Kit
from syndicate.letter import Letter, Subscriber
from tests.adapters.email.mails import TEMPLATES, body, edition, kit, named, parsed, tree
from tests.adapters.email.references import reference
from tests.articles import article, para

OWN = """\
{% extends "letter.html.j2" %}
{% import "parts.html.j2" as parts %}
{% block contents %}
{% call subscriber.tagged("member") %}
{% call parts.section() %}
<p class="small">Thank you, {{ subscriber.first_name | default("friend") }}.</p>
{% endcall %}
{% endcall %}
{% call subscriber.untagged("member") %}
{% call parts.section() %}
{{ parts.button("https://gazette.example.org/join/", "Join") }}
{% endcall %}
{% endcall %}
{% endblock %}
"""
ANN = Subscriber(
    "ann@example.org",
    {"first_name": "Ann <&>"},
    frozenset({"member"}),
    "https://u.example.org/k3?x=1&y=2",
    "mailto:out+k3@example.org",
)


@pytest.fixture
def own(tmp_path: Path) -> Kit:
    """A kit whose newsroom has a theme called "own"."""
    (tmp_path / "own.html.j2").write_text(OWN)
    (tmp_path / "own.css.j2").write_text('{% include "letter.css.j2" %}')
    return Kit((tmp_path, TEMPLATES / "email", TEMPLATES), Path("no-content-here"))


def letter(artifacts: dict[str, Artifact]) -> Letter:
    return Letter.read(artifacts["0012.letter"].content)


def test_each_subscriber_gets_their_own_values(own: Kit) -> None:
    adapter = Email(
        theme="own",
        subject='{{ subscriber.first_name | default("Reader") }}: {{ title }}',
        preheader='For {{ subscriber.first_name | default("you") }}',
    )
    made = named(adapter.render(edition(article()), own))
    mail = parsed(letter(made).to(ANN))
    assert mail["To"] == "ann@example.org"
    assert mail["Subject"] == "Ann <&>: Night ferry returns to Port Ellery"
    page = body(mail, "html")
    shown = " ".join(tree(page).body.text_content().split())
    assert "Thank you, Ann <&>." in shown and "Join" not in shown and "For Ann <&>" in shown
    assert 'href="https://u.example.org/k3?x=1&amp;y=2"' in page
    assert "https://u.example.org/k3?x=1&y=2" in body(mail, "plain")
    assert mail["List-Unsubscribe"] == (
        "<https://u.example.org/k3?x=1&y=2>, <mailto:out+k3@example.org>"
    )

    unknown = parsed(made["0012.eml"].content)
    assert unknown["Subject"] == "Reader: Night ferry returns to Port Ellery"
    assert "Join" in body(unknown, "html") and "Thank you" not in body(unknown, "html")
    assert "Join" in made["0012.html"].content.decode()
    for artifact in made.values():
        if not artifact.name.endswith(".letter"):
            assert "\ufdd2" not in artifact.content.decode()
            assert "\ufdd3" not in artifact.content.decode()


def test_an_article_cannot_use_fields() -> None:
    asks = "{{ subscriber.address }} {% call subscriber.tagged('x') %}y{% endcall %}"
    evil = f"{asks} \ufdd2\ufde7\ufde8"
    made = named(Email().render(edition(article(title=evil, body=(para(evil),))), kit()))
    mail = parsed(letter(made).to(ANN))
    assert mail["Subject"] == asks
    assert "{{ subscriber.address }}" in tree(body(mail, "html")).body.text_content()
    assert "ann@example.org" not in body(mail, "plain") + body(mail, "html")


@pytest.mark.parametrize(
    "pattern",
    [
        "{% if subscriber.plan %}x{% endif %}",
        "{{ subscriber.name | length }}",
        "{{ title.__class__ }}",
    ],
)
def test_an_unsupported_pattern_is_an_error_that_quotes_it(pattern: str) -> None:
    with pytest.raises(RenderError) as caught:
        list(Email(subject=pattern).render(edition(article()), kit()))
    assert pattern in str(caught.value)


def test_the_error_for_an_unknown_theme_lists_the_known_ones() -> None:
    with pytest.raises(RenderError) as caught:
        list(Email(theme="tabloid").render(edition(article()), kit()))
    assert "broadsheet" in str(caught.value.hint)


def test_a_theme_can_be_written_in_mjml(tmp_path: Path) -> None:
    pytest.importorskip("mrml", reason="mrml is not installed")
    (tmp_path / "pier.mjml.j2").write_text(
        "<mjml><mj-body><mj-section><mj-column><mj-text>{{ stories[0].article.title }}, "
        '{{ subscriber.first_name | default("reader") }}!'
        '{% call subscriber.tagged("member") %}<b>Member</b>{% endcall %}'
        '<a href="{{ unsubscribe }}">out</a></mj-text></mj-column></mj-section></mj-body></mjml>'
    )
    (tmp_path / "pier.css.j2").write_text("b { color: {{ accent }}; }")
    own = Kit((tmp_path, TEMPLATES / "email", TEMPLATES), Path("no-content-here"))
    made = named(Email(theme="pier").render(edition(article(title="A & <b>")), own))
    page = body(parsed(letter(made).to(ANN)), "html")
    shown = " ".join(tree(page).body.text_content().split())
    assert shown == "A & <b>, Ann <&>!Memberout"
    assert '<b style="color:#a4161a">' in page and "<table" in page
    (tmp_path / "pier.mjml.j2").write_text('<mjml><mj-include path="/etc/hostname" /></mjml>')
    own = Kit((tmp_path, TEMPLATES), Path("no-content-here"))
    with pytest.raises(RenderError, match="not valid MJML"):
        list(Email(theme="pier").render(edition(article()), _fresh(tmp_path)))


def _fresh(folder: Path) -> Kit:
    """A kit that reads the folder's templates anew."""
    again = folder / "again"
    again.mkdir()
    for file in folder.glob("*.j2"):
        (again / file.name).write_text(file.read_text())
    return Kit((again, TEMPLATES / "email", TEMPLATES), Path("no-content-here"))


def test_pictures_can_be_embedded(tmp_path: Path) -> None:
    from PIL import Image

    from syndicate.article import Figure

    Image.new("RGB", (300, 150), "#335577").save(tmp_path / "pier.png")
    lead = Figure(src="pier.png", alt="The pier")
    adapter = Email(pictures="embedded")
    made = named(adapter.render(edition(article(lead_image=lead)), kit(tmp_path)))
    mail = parsed(letter(made).to(ANN))
    image = next(part for part in mail.walk() if part.get_content_maintype() == "image")
    cid = str(image["Content-ID"]).strip("<>")
    assert f'src="cid:{cid}"' in body(mail, "html")
    assert "cid:" not in made["0012.html"].content.decode()
    assert any(a.content == image.get_content() for a in made.values())


def test_a_summary_has_its_fact_question_and_corrections() -> None:
    made = named(Email(body="summary").render(reference("en", 5), kit()))
    mail = parsed(made["0012.eml"].content)
    for part in (" ".join(tree(body(mail, "html")).body.text_content().split()),
                 " ".join(body(mail, "plain").split())):  # fmt: skip
        summary: Any = part.partition("Who owns the tide gauge?")[2]
        assert "Did you know?" in summary
        assert "Question of the day" in summary and "Can I take a bicycle?" in summary
        assert "Corrections" in summary and "It is eight." in summary
    assert "Corrections" not in body(parsed(
        named(Email().render(edition(article()), kit()))["0012.eml"].content), "plain")  # fmt: skip


def test_the_reason_can_be_set() -> None:
    made = named(Email(reason="You asked at the quay.").render(edition(article()), kit()))
    mail = parsed(made["0012.eml"].content)
    for kind in ("plain", "html"):
        assert "You asked at the quay." in body(mail, kind)
        assert "You receive this because" not in body(mail, kind)
