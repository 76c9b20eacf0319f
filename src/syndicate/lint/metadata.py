"""Rules about metadata: the date and the headline."""

from __future__ import annotations

from syndicate.lint.lint_input import LintInput, Remark, Remarks


def missing_date(lint_input: LintInput) -> Remarks:
    """Articles without a date. The time of their file is used, which a copy or checkout changes."""
    for subject in lint_input.subjects:
        if "published" not in subject.given:
            day = subject.article.published.date()
            hint = f"add the date: published: {day}"
            text = f"no date given, so the file's own date is used ({day.day} {day:%b %Y})"
            yield Remark(subject, None, text, hint)


def long_headline(lint_input: LintInput) -> Remarks:
    """Headlines that a channel would cut off, or set on too many lines."""
    for subject in lint_input.subjects:
        length = len(subject.article.title)
        for channel in lint_input.channels:
            if channel.headline and length > channel.headline:
                text = (
                    f"the headline has {length} characters, but {channel.name} shows only "
                    f"{channel.headline}"
                )
                yield Remark(subject, None, text, "shorten the title")
