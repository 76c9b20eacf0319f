"""From WeasyPrint's PDF to the one that leaves the house: metadata, drop caps, press, bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from syndicate.adapters.print.metadata import Metadata, describe
from syndicate.adapters.print.press import prepare
from syndicate.adapters.print.typeset import Profile


@dataclass(frozen=True)
class Finish:
    """How a PDF is finished; `bleed` is in millimetres and, like `marks`, for the press only."""

    profile: Profile
    bleed: float
    marks: bool
    icc: bytes


def finish(content: bytes, metadata: Metadata, how: Finish, openings: tuple[str, ...]) -> bytes:
    """`content` with its metadata, boxes and intents, the same bytes for the same input.

    `openings` are the first words that begin with a drop cap, in reading order.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        _join(pdf, openings)
        if how.profile == "press":
            prepare(pdf, how.bleed, how.marks, how.icc)
        describe(pdf, metadata, how.profile)
        if "/ID" in pdf.trailer:
            del pdf.trailer.ID
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            min_version="1.6",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


def _join(pdf: Any, openings: tuple[str, ...]) -> None:
    """Let each word that a drop cap cuts in two be read and copied as one.

    ActualText (ISO 32000-1, 14.9.4) on the rest of the word holds the whole of it, and on the
    initial a space: readers take an empty one for none.
    """
    for word, (initial, rest) in zip(openings, _initials(pdf.Root.StructTreeRoot), strict=False):
        if rest is not None:
            _say(pdf, initial, " ")
            _say(pdf, rest, word)


def _initials(element: Any) -> Iterator[tuple[Any, Any]]:
    """The marked content of drop caps, in reading order, each with the rest of its word.

    The template nests an initial in two spans, which nothing else that opens a paragraph is.
    """
    kids = _kids(element)
    if element.get("/S") == "/P" and kids:
        initial = _only_span(_only_span(kids[0]))
        if initial is not None and _marked(initial):
            yield initial, _rest(kids[1:])
        return
    for kid in kids:
        yield from _initials(kid)


def _rest(kids: list[Any]) -> Any:
    """The marked content after an initial; its lines stand in an anonymous paragraph."""
    while kids and kids[0].get("/S") == "/P":
        kids = _kids(kids[0])
    rest = _only_span(kids[0]) if kids else None
    return rest if rest is not None and _marked(rest) else None


def _kids(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K", [])
    if isinstance(kids, pikepdf.Dictionary):
        return [kids]
    if not isinstance(kids, pikepdf.Array):
        return []
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]


def _only_span(element: Any) -> Any:
    kids = _kids(element) if element is not None and element.get("/S") == "/Span" else []
    return kids[0] if len(kids) == 1 and kids[0].get("/S") == "/Span" else None


def _marked(element: Any) -> bool:
    return isinstance(element.K[0], int)


def _say(pdf: Any, element: Any, text: str) -> None:
    page, number = element.Pg, int(element.K[0])
    written = ("\ufeff" + text).encode("utf-16-be").hex().upper()
    content = page.Contents.read_bytes()
    mark = f"/Span\n<</MCID {number}>>\nBDC".encode()
    said = f"/Span\n<</MCID {number}/ActualText<{written}>>>\nBDC".encode()
    page.Contents.write(content.replace(mark, said, 1))
