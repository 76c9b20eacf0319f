"""What an editor may write in the channel's file, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from syndicate.adapters.email.adapter import Email
from syndicate.errors import RenderError
from tests.adapters.email.mails import body, edition, kit, parsed, render
from tests.articles import PUBLICATION, article


def test_subject_and_preheader_are_patterns() -> None:
    adapter = Email(
        subject="{{ publication }} {{ number }}: {{ title }}", preheader="Of {{ date }}"
    )
    message = parsed(render(article(), adapter=adapter)["0012.eml"].content)
    assert message["Subject"] == "The Harbour Gazette 12: Night ferry returns to Port Ellery"
    assert "Of 2026-10-05" in body(message, "html")


@pytest.mark.parametrize(
    "options",
    [
        {"subject": "{{ secret }}"},
        {"subject": "{title}"},
        {"subject": "{{ title"},
        {"subject": "{% if %}"},
        {"subject": ""},
        {"sender": "nobody"},
        {"reply_to": "a@b\nBcc: c@d.example"},
        {"unsubscribe": "http://gazette.example.org/u"},
        {"unsubscribe": "https://gazette.example.org/u>,<x"},
        {"theme": "../../x"},
        {"scope": "rolling", "colour": "red"},
    ],
)
def test_wrong_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Email.model_validate(options)


def test_the_error_for_an_unusable_sender_says_what_to_set() -> None:
    publication = PUBLICATION.model_copy(update={"email": "not an address"})
    with pytest.raises(RenderError) as caught:
        list(Email().render(edition(article(), publication=publication), kit()))
    assert caught.value.hint == 'set sender = "The Harbour Gazette <news@example.org>"'
    with pytest.raises(RenderError, match="at least one"):
        list(Email().render(edition(), kit()))
