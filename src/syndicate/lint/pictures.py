"""Pictures: are they there, do they say what they show, are they large enough?"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from syndicate.article import Figure
from syndicate.errors import RenderError
from syndicate.kit.pictures import is_remote, picture_path
from syndicate.lint.review import Desk, Remark, Remarks, Subject


def missing(desk: Desk) -> Remarks:
    """Pictures below `content/` that are not there, or are no pictures."""
    for subject, block, figure in _figures(desk):
        if not is_remote(figure.src):
            try:
                _pixels_across(picture_path(desk.content, figure.src))
            except RenderError as error:
                yield Remark(subject, block, error.message, error.hint)
            except OSError:
                yield Remark(subject, block, f"picture {figure.src!r} cannot be read")


def missing_alt(desk: Desk) -> Remarks:
    """Pictures of which nobody said what they show (WCAG 2.2, 1.1.1)."""
    for subject, block, figure in _figures(desk):
        if figure.alt is None:
            hint = 'say what it shows; alt = "" if it only decorates'
            yield Remark(subject, block, f"picture {figure.src!r} has no alternative text", hint)


def small(desk: Desk) -> Remarks:
    """Pictures with fewer pixels than a channel needs for its full measure."""
    asking = [(c.picture, c.name) for c in desk.channels if c.picture]
    if not asking:
        return
    for subject, block, figure in _figures(desk):
        width = _width(desk, figure)
        names = [name for least, name in asking if width and width < least]
        if names:
            least = max(least for least, name in asking if name in names)
            text = f"picture {figure.src!r} is {width} pixels wide"
            hint = f"{', '.join(names)}: {least} pixels would be sharp across the page"
            yield Remark(subject, block, text, hint)


def _width(desk: Desk, figure: Figure) -> int | None:
    if is_remote(figure.src):
        return figure.width
    try:
        return _pixels_across(picture_path(desk.content, figure.src))
    except (RenderError, OSError):
        return None


@lru_cache(maxsize=1024)
def _pixels_across(path: Path) -> int | None:
    """The width that the file's header states, None for a drawing, which is sharp at any size.

    Raises:
        OSError: no header of a picture can be read.
    """
    if path.suffix.lower() == ".svg":
        return None
    from PIL import Image

    with Image.open(path) as image:
        return image.width


def _figures(desk: Desk) -> list[tuple[Subject, int | None, Figure]]:
    found: dict[tuple[str, str], tuple[Subject, int | None, Figure]] = {}
    for subject in desk.subjects:
        for block, node in subject.nodes:
            if isinstance(node, Figure):
                found.setdefault((subject.article.id, node.src), (subject, block, node))
    return list(found.values())
