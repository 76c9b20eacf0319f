"""Tables written with pipes."""

from __future__ import annotations

from collections.abc import Sequence

from syndicate.article import Table
from syndicate.article.blocks import Align
from syndicate.article.inlines import Content
from syndicate.readers.markdown.captions import caption_in_last_row
from syndicate.readers.markdown.syntax import SyntaxNode

_ALIGN: dict[str, Align] = {"left": "start", "center": "center", "right": "end"}


def markdown_table(found: Sequence[Sequence[tuple[Content, SyntaxNode]]]) -> Table:
    """The table with these rows. Each cell is given as content and as a node. The first row is the
    header; the last row may be the caption."""
    header, *others = [tuple(content for content, _ in row) for row in found]
    caption = caption_in_last_row(others)
    others = others[:-1] if caption else others
    align = tuple(
        _ALIGN.get(str(cell.attrs.get("style", "")).removeprefix("text-align:"))
        for _, cell in found[0]
    )
    return Table(
        header=header if any(header) else (),
        rows=tuple(others),
        align=align if any(align) else (),
        caption=caption,
    )
