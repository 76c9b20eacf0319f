"""Pictures: are they there, do they say what they show, are they large enough?"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from syndicate.article import Figure
from syndicate.errors import RenderError
from syndicate.kit.pictures import is_remote
from syndicate.lint.lint_input import LintInput, Remark, Remarks, Subject


def missing(lint_input: LintInput) -> Remarks:
    """Pictures of the newsroom that are not there, or are no pictures."""
    for subject, block, figure in _figures(lint_input):
        if not is_remote(figure.src):
            try:
                lint_input.pixels_across(figure.src)
            except RenderError as error:
                yield Remark(subject, block, error.message, error.hint)


def missing_alt(lint_input: LintInput) -> Remarks:
    """Pictures of which nobody said what they show (WCAG 2.2, 1.1.1)."""
    for subject, block, figure in _figures(lint_input):
        if figure.alt is None:
            hint = 'say what it shows; alt = "" if it only decorates'
            yield Remark(subject, block, f"{_name(figure)} has no alternative text", hint)


def small(lint_input: LintInput) -> Remarks:
    """Pictures with fewer pixels than a channel needs for its full measure. Of those on the web
    nobody knows the pixels: what a page states is the size at which it shows them."""
    asking = [(c.picture, c.name) for c in lint_input.channels if c.picture]
    if not asking:
        return
    for subject, block, figure in _figures(lint_input):
        width = _width(lint_input, figure)
        names = [name for least, name in asking if width and width < least]
        if names:
            least = max(least for least, name in asking if name in names)
            text = f"{_name(figure)} is {width} pixels wide"
            hint = f"{', '.join(names)}: {least} pixels would be sharp across the page"
            yield Remark(subject, block, text, hint)


def _width(lint_input: LintInput, figure: Figure) -> int | None:
    try:
        return None if is_remote(figure.src) else lint_input.pixels_across(figure.src)
    except RenderError:
        return None


def _name(figure: Figure) -> str:
    """The picture as a person would call it: of a web address, the file alone."""
    if not is_remote(figure.src):
        return f"picture {figure.src!r}"
    parts = urlsplit(figure.src)
    file = unquote(parts.path.rpartition("/")[2])
    return f"picture {file[:60]!r} at {parts.hostname}"


def _figures(lint_input: LintInput) -> list[tuple[Subject, int | None, Figure]]:
    found: dict[tuple[str, str], tuple[Subject, int | None, Figure]] = {}
    for subject in lint_input.subjects:
        for block, node in subject.nodes:
            if isinstance(node, Figure):
                found.setdefault((subject.article.id, node.src), (subject, block, node))
    return list(found.values())
