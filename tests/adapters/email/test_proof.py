"""A mail is refused for faults that would affect readers, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syndicate.adapters import Inspects
from syndicate.adapters.edition import Artifact
from syndicate.adapters.email.adapter import Email
from syndicate.adapters.email.proof import GMAIL_CLIPS_AT, proof_mail
from syndicate.article import Figure
from syndicate.findings import Finding
from syndicate.letter import MEDIA_TYPE, Letter
from tests.adapters.email.mails import edition, kit, named
from tests.adapters.email.references import LANGUAGES, SIZES, reference
from tests.articles import PUBLICATION, article, para

PAGE = (
    "<!DOCTYPE html><html><body>{}<p>"
    + "Enough words for a filter to believe. " * 40
    + '<a href="https://u.example.org/">Out</a></p></body></html>'
)


def found(
    html: str = "", weights: dict[str, int] | None = None, **changes: object
) -> list[Finding]:
    """The findings for a mail whose HTML contains `html`; `changes` are fields of the letter."""
    letter = Letter(
        sender="desk@gazette.example.org",
        headers="",
        identity=("email.0012.x", "gazette.example.org"),
        unsubscribe="https://u.example.org/",
        mailto="mailto:desk@gazette.example.org",
        subject=("Night ferry returns",),
        text=("word " * 300 + "https://u.example.org/",),
        html=(PAGE.format(html),),
    )
    letter = Letter(**{**vars(letter), **changes})
    artifact = Artifact("0012.letter", MEDIA_TYPE, letter.written())
    return list(proof_mail(artifact, PUBLICATION, weights or {}))


def rules(*arguments: object, **changes: object) -> list[str]:
    return [f"{one.rule} {one.severity}" for one in found(*arguments, **changes)]  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["broadsheet", "magazine", "letter"])
def test_reference_editions_pass(theme: str, language: str, size: int) -> None:
    body = "full" if size == 1 else "summary"
    adapter = Email.model_validate({"theme": theme, "body": body})
    assert isinstance(adapter, Inspects)
    given = reference(language, size)
    made = tuple(adapter.render(given, kit()))
    assert list(adapter.inspect(given, made, kit())) == []


def test_a_sound_page_passes() -> None:
    assert rules('<p style="color:#16181d;background-color:#ffffff">Fine</p>') == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("x" * GMAIL_CLIPS_AT, ["email/too-large error"]),
        ('<div style="display:flex">x</div>', ["email/unsupported-feature error"]),
        ("<form></form>", ["email/unsupported-feature error"]),
        ('<p style="width:calc(1px + 2px)">x</p>', ["email/unsupported-feature error"]),
        ('<p style="color:var(--x)">x</p>', ["email/unsupported-feature error"]),
        ("<style>.a{position:absolute}</style>", ["email/unsupported-feature error"]),
        ("<style>@import url(x.css);</style>", ["email/unsupported-feature error"]),
        ('<img alt="A" src="https://a.example/x.webp">', ["email/unsupported-feature warning"]),
        ('<img src="https://a.example/x.png">', ["email/missing-alt error"]),
        ('<img src="https://a.example/x.png" alt="">', []),
        ('<p style="color:#999">x</p>', ["email/low-contrast error"]),
        ('<table bgcolor="#000000"><tr><td>x</td></tr></table>', ["email/low-contrast error"]),
        ('<p style="display:none;color:#fff">x</p>', []),
        (
            "<style>@media (prefers-color-scheme: dark){.a{background-color:#111111 !important}}"
            '</style><p class="a">x</p>',
            ["email/low-contrast error"],
        ),
        ('<a href="">x</a>', ["email/broken-link error"]),
        ('<a href="/ferry/">x</a>', ["email/broken-link error"]),
        ('<a href="#top">x</a>', ["email/broken-link error"]),
        ('<a href="javascript:x()">x</a>', ["email/broken-link error"]),
        ('<a href="https://localhost/">x</a>', ["email/broken-link error"]),
        ('<a href="https://[x/">x</a>', ["email/broken-link error"]),
        ('<a href="mailto:a@b.example">x</a>', []),
        ('<a href="https://a.example/?utm_source=x">x</a>', ["email/tracking-link warning"]),
        ('<a href="https://bit.ly/x">x</a>', ["email/tracking-link warning"]),
        ('<a href="https://b.example/">www.a.example</a>', ["email/misleading-link error"]),
        ('<a href="https://b.example/">Ferry.com</a>', ["email/misleading-link error"]),
        ('<a href="https://www.a.example/x">https://a.example</a>', []),
        ('<a href="https://shop.ferry.com/x">ferry.com</a>', []),
        ('<a href="https://b.example/">ASP.NET</a> <a href="https://b.example/">Node.js</a>', []),
    ],
)  # fmt: skip
def test_findings_in_a_page(html: str, expected: list[str]) -> None:
    assert rules(html) == expected


def test_unsupported_features_are_named_with_the_clients() -> None:
    (one,) = found('<div style="display:grid">x</div>')
    assert one.message.startswith("css-display-grid is not supported by")
    assert "Outlook (Windows)" in one.message
    assert one.where is not None and one.where.file == "0012.eml"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": ("Word " * 30,)}, ["email/subject-too-long warning"]),
        ({"subject": ("WIN A FERRY NOW",)}, ["email/spam-signal warning"]),
        ({"subject": ("Win a ferry!!",)}, ["email/spam-signal warning"]),
        ({"text": ("no way out " * 200,)}, ["email/no-unsubscribe error"]),
        ({"unsubscribe": "https://v.example.org/"}, ["email/no-unsubscribe error"]),
    ],
)  # fmt: skip
def test_findings_in_headers_and_text(changes: dict[str, object], expected: list[str]) -> None:
    assert rules(**changes) == expected


def test_large_pictures_and_little_text_are_reported() -> None:
    image = '<img alt="A" src="https://a.example/x.png">'
    assert rules(image, {"https://a.example/x.png": 500_000}) == ["email/heavy-picture warning"]
    assert "email/heavy-pictures warning" in rules(image, {"https://a.example/x.png": 2_000_000})
    assert rules(image * 5, text=("https://u.example.org/",)) == ["email/spam-signal warning"]


def test_a_field_without_default_is_reported() -> None:
    adapter = Email(subject="{{ subscriber.first_name }}, {{ title }}")
    made = tuple(adapter.render(edition(article()), kit()))
    assert [one.rule for one in adapter.inspect(edition(article()), made, kit())] == [
        "email/field-without-default"
    ]


def test_requirements_of_law_and_mail_services_are_checked() -> None:
    publication = PUBLICATION.model_copy(
        update={"address": None, "base_url": "http://gazette.example.org/"}
    )
    given = edition(article(), publication=publication)
    made = tuple(Email().render(given, kit()))
    assert [one.rule for one in Email().inspect(given, made, kit())] == [
        "email/no-one-click",
        "email/no-address",
    ]


def test_a_picture_without_alt_text_stops_the_mail() -> None:
    bare = Figure(src="https://gazette.example.org/x.jpg", width=100, height=50)
    given = edition(article(body=(para("Text."), bare)))
    made = tuple(Email().render(given, kit()))
    assert "email/missing-alt" in [one.rule for one in Email().inspect(given, made, kit())]


def test_every_accent_is_legible_in_the_mail() -> None:
    for accent in ("#ffff00", "#000000", "#ffffff", "#7f7f7f", "#00ff00"):
        publication = PUBLICATION.model_copy(update={"accent": accent})
        given = replace(reference("en", 5), publication=publication)
        made = named(Email(body="summary").render(given, kit()))
        findings = Email().inspect(given, tuple(made.values()), kit())
        assert [one.rule for one in findings] == []
