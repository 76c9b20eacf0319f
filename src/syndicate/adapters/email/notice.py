"""The letter about an article that people were sent: its correction, or that it was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from syndicate.adapters.edition import Edition
from syndicate.adapters.email.layout import MailLayout
from syndicate.kit import Kit


@dataclass(frozen=True)
class NoticeLayout(MailLayout):
    """The layout of such a letter, below the masthead of the theme."""

    text_template: ClassVar[str] = "notice.txt.j2"

    @cached_property
    def _template(self) -> str:
        return "notice.html.j2"

    @cached_property
    def _common(self) -> dict[str, Any]:
        notice = self.edition.notice
        assert notice is not None
        frame = f"{self.theme}.html.j2"
        if not any((folder / frame).is_file() for folder in self.kit.folders):
            frame = "letter.html.j2"  # a theme of the newsroom's own, in MJML
        return {
            **super()._common,
            "frame": frame,
            "article": self.edition.articles[0],
            "kind": notice.kind,
            "notes": notice.dated_notes,
        }


def notice_subject(edition: Edition, kit: Kit) -> str:
    """The subject of such a letter, such as "Correction: The night ferry returns"."""
    assert edition.notice is not None
    label = kit.words(edition.publication.language)[edition.notice.kind]
    return f"{label}: {edition.articles[0].title}"
