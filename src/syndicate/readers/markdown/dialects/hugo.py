"""Hugo's shortcodes (gohugo.io, "Shortcodes"): `{{< figure src="x.jpg" >}}`, `{{% notice %}}`."""

from __future__ import annotations

import re

from syndicate.readers.markdown.dialects.shortcodes import (
    BOX_FENCE,
    CODE_FENCE,
    shortcode_arguments,
    shortcode_embed,
    shortcode_figure,
)
from syndicate.readers.reader_state import ReaderState, shortened_for_note
from syndicate.readers.vocabulary import KINDS

_CODE = re.compile(
    r"(?<!\\)\{\{(?P<mark>[<%])\s{0,8}(?P<close>/?)\s{0,8}(?P<name>[\w./-]{1,80})(?P<rest>[^{}\n]{0,2000}?)/?\s{0,8}[>%]\}\}"
)
_ALONE = re.compile(rf"\s*{_CODE.pattern}\s*")
_BOXES = frozenset(("notice", "callout", "admonition", "alert", "hint", "note", "tip", "warning"))


class Hugo:
    """Translates one source."""

    def __init__(self, state: ReaderState) -> None:
        self._state = state
        self._open: list[str] = []

    def line(self, written: str, number: int) -> str:
        """A shortcode alone on its line: the start or end of code or a box."""
        found = _ALONE.fullmatch(written)
        if not found:
            return written
        name = found["name"].lower()
        unnamed, named = shortcode_arguments(found["rest"])
        if name == "highlight":
            return CODE_FENCE if found["close"] else f"{CODE_FENCE}{(unnamed or [''])[0]}"
        if name in _BOXES:
            if found["close"]:
                return BOX_FENCE
            kind = named.get("type") or (unnamed.pop(0) if unnamed and name not in KINDS else name)
            label = named.get("title") or " ".join(unnamed)
            kind = kind.lower() if kind.lower() in KINDS else "note"
            return f"{BOX_FENCE} callout {kind} {label}".rstrip()
        return written

    def words(self, written: str, number: int) -> str:
        """A line, or a part of one, with its shortcodes translated."""
        return _CODE.sub(lambda found: self._shown(found, number), written)

    def _shown(self, found: re.Match[str], number: int) -> str:
        name = found["name"].lower()
        unnamed, named = shortcode_arguments(found["rest"])
        if name == "figure" and (picture := shortcode_figure(named)):
            return picture
        if name in ("ref", "relref") and (unnamed or "path" in named):
            return self._state.page((unnamed or [named["path"]])[0], number)
        if address := shortcode_embed(name, unnamed, named):
            return address
        if found["rest"].lstrip().startswith("/*"):
            return ""
        self._state.left_out(f"the shortcode {shortened_for_note(found[0])!r}", number)
        return ""
