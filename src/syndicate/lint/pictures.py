"""Rules about pictures: whether they exist, have alternative text and are large enough."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from syndicate.article import Figure
from syndicate.errors import RenderError
from syndicate.kit.pictures import is_web_picture
from syndicate.lint.lint_input import LintInput, LintSubject, Remark, Remarks


def missing(lint_input: LintInput) -> Remarks:
    """Pictures of the newsroom that are missing or cannot be read."""
    for subject, block, figure in _figures(lint_input):
        if not is_web_picture(figure.src):
            try:
                lint_input.pixels_across(figure.src)
            except RenderError as error:
                yield Remark(subject, block, error.message, error.hint)


def drawing(lint_input: LintInput) -> Remarks:
    """SVG drawings of the newsroom, which no channel can show."""
    for subject, block, figure in _figures(lint_input):
        if not is_web_picture(figure.src) and urlsplit(figure.src).path.lower().endswith(".svg"):
            hint = "save it as PNG, at least 2,000 pixels across, and use that file"
            yield Remark(subject, block, f"{_name(figure)} is an SVG drawing, not shown", hint)


def missing_alt(lint_input: LintInput) -> Remarks:
    """Pictures without alternative text (WCAG 2.2, 1.1.1)."""
    for subject, block, figure in _figures(lint_input):
        if figure.alt is None:
            hint = 'describe what it shows, or set alt = "" if it is only decoration'
            yield Remark(subject, block, f"{_name(figure)} has no alternative text", hint)


def small(lint_input: LintInput) -> Remarks:
    """Pictures with too few pixels for the full text width of a channel. Pictures on the web are
    not checked: the size given in a page is the size at which it shows them, not their own."""
    needed = [(c.picture, c.name) for c in lint_input.channels if c.picture]
    if not needed:
        return
    for subject, block, figure in _figures(lint_input):
        width = _width(lint_input, figure)
        names = [name for least, name in needed if width and width < least]
        if names:
            least = max(least for least, name in needed if name in names)
            text = f"{_name(figure)} is only {width} pixels wide"
            hint = f"use a picture at least {least} pixels wide for {', '.join(names)}"
            yield Remark(subject, block, text, hint)


def _width(lint_input: LintInput, figure: Figure) -> int | None:
    try:
        return None if is_web_picture(figure.src) else lint_input.pixels_across(figure.src)
    except RenderError:
        return None


def _name(figure: Figure) -> str:
    """The picture as a person would name it. For a web address, only file name and host."""
    if not is_web_picture(figure.src):
        return f"picture {figure.src!r}"
    parts = urlsplit(figure.src)
    file = unquote(parts.path.rpartition("/")[2])
    return f"picture {file[:60]!r} at {parts.hostname}"


def _figures(lint_input: LintInput) -> list[tuple[LintSubject, int | None, Figure]]:
    found: dict[tuple[str, str], tuple[LintSubject, int | None, Figure]] = {}
    for subject in lint_input.subjects:
        for block, node in subject.nodes:
            if isinstance(node, Figure):
                found.setdefault((subject.article.id, node.src), (subject, block, node))
    return list(found.values())
