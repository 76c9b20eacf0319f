"""Text that Word hides in print: runs, rows and whole paragraphs, hidden directly or by a style."""

from __future__ import annotations

from functools import cache

from syndicate.readers.docx.markup.names import DocxElement, W, is_on, under, words
from syndicate.readers.reader_state import ReaderState, shortened_for_note

DEEPEST_STYLE = 20


class DocxStyles:
    """What the file's styles, and the styles they are based on, say about letters and lists."""

    def __init__(self, root: DocxElement) -> None:
        found = () if root is None else root.iter(f"{W}style")
        self._styles = {style.get(f"{W}styleId"): style for style in found}
        self.says = cache(self._says)

    def _says(self, style_id: str | None, path: str) -> DocxElement:
        """The element at `path` (such as `w:rPr/w:vanish`) in the style, else in the nearest style
        that it is based on; None if there is none."""
        for _ in range(DEEPEST_STYLE):
            style = self._styles.get(style_id)
            if style is None:
                return None
            element = style.find(path.replace("w:", W))
            if element is not None:
                return element
            parent = style.find(f"{W}basedOn")
            style_id = None if parent is None else parent.get(f"{W}val")
        return None


def take_out_hidden(root: DocxElement, styles: DocxStyles, state: ReaderState) -> None:
    """Remove hidden text and hidden rows from `root`, with notes on what it was."""
    for row in under(root, f"{W}tr"):
        if is_on(row.find(f"{W}trPr/{W}hidden")):
            _report(state, "hidden row of a table", words(row))
            row.getparent().remove(row)
    for paragraph in under(root, f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        below = styles.says(style.get(f"{W}val"), "w:rPr/w:vanish") if style is not None else None
        gone = [run for run in under(paragraph, f"{W}r") if _is_hidden(run, styles, is_on(below))]
        text = "".join("".join(run.itertext(f"{W}t")) for run in gone)
        for run in gone:
            # A field spans several runs: keep its marks, or the field would never end.
            if run.getparent() is not None and run.find(f"{W}fldChar") is None:
                run.getparent().remove(run)
        if text.strip():
            _report(state, "hidden text", " ".join(text.split()))


def _is_hidden(run: DocxElement, styles: DocxStyles, below: bool) -> bool:
    own = run.find(f"{W}rPr/{W}vanish")
    if own is not None:
        return is_on(own)
    style = run.find(f"{W}rPr/{W}rStyle")
    named = styles.says(style.get(f"{W}val"), "w:rPr/w:vanish") if style is not None else None
    return is_on(named) if named is not None else below


def _report(state: ReaderState, what: str, text: str) -> None:
    state.left_out(f"{what}: {shortened_for_note(text)!r}")
