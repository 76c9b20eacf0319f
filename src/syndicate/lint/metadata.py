"""What stands above the text."""

from __future__ import annotations

from syndicate.lint.lint_input import LintInput, Remark, Remarks


def missing_date(lint_input: LintInput) -> Remarks:
    """Articles dated by nothing but their file's time, which a copy or a checkout changes."""
    for subject in lint_input.subjects:
        if "published" not in subject.given:
            day = subject.article.published.date()
            hint = f"state it: published: {day}"
            yield Remark(subject, None, f"states no date; its file's is taken: {day}", hint)


def long_headline(lint_input: LintInput) -> Remarks:
    """Headlines that a channel has to cut or set on too many lines."""
    for subject in lint_input.subjects:
        length = len(subject.article.title)
        for channel in lint_input.channels:
            if channel.headline and length > channel.headline:
                text = (
                    f"the headline has {length} characters; {channel.name} shows {channel.headline}"
                )
                yield Remark(subject, None, text, "shorten the title")
