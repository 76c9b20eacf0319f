"""The faces that come with the project (all OFL), as files, by script, weight and style."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import regex

Style = Literal["normal", "italic"]


@dataclass(frozen=True)
class Face:
    """One font file; `family` is the name that style sheets use."""

    family: str
    package: str
    file: str
    weight: int = 400
    style: Style = "normal"

    @property
    def path(self) -> Path:
        """Where the font file is installed."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"the Python package {self.package} is not installed")
        return Path(spec.origin).parent / "files" / self.file


_SERIF, _SANS = "font_source_serif_pro", "font_source_sans_pro"
_AMIRI, _PLEX = "fontpkg_amiri", "fontpkg_ibm_plex_sans_arabic"

LATIN = (
    Face("Source Serif", _SERIF, "SourceSerifPro-Regular.ttf"),
    Face("Source Serif", _SERIF, "SourceSerifPro-It.ttf", style="italic"),
    Face("Source Serif", _SERIF, "SourceSerifPro-Semibold.ttf", 600),
    Face("Source Serif", _SERIF, "SourceSerifPro-Bold.ttf", 700),
    Face("Source Serif", _SERIF, "SourceSerifPro-BoldIt.ttf", 700, "italic"),
    Face("Source Sans", _SANS, "SourceSansPro-Regular.ttf"),
    Face("Source Sans", _SANS, "SourceSansPro-It.ttf", style="italic"),
    Face("Source Sans", _SANS, "SourceSansPro-Semibold.ttf", 600),
    Face("Source Sans", _SANS, "SourceSansPro-Bold.ttf", 700),
)
ARABIC = (
    Face("Amiri", _AMIRI, "Amiri-Regular.ttf"),
    Face("Amiri", _AMIRI, "Amiri-Italic.ttf", style="italic"),
    Face("Amiri", _AMIRI, "Amiri-Bold.ttf", 700),
    Face("IBM Plex Sans Arabic", _PLEX, "IBMPlexSansArabic-Regular.ttf"),
    Face("IBM Plex Sans Arabic", _PLEX, "IBMPlexSansArabic-SemiBold.ttf", 600),
    Face("IBM Plex Sans Arabic", _PLEX, "IBMPlexSansArabic-Bold.ttf", 700),
)

MONO = (Face("IBM Plex Mono", "fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),)

_ARABIC_SCRIPT = regex.compile(r"\p{Script=Arabic}")
# What the Latin faces cover besides the characters common to all scripts.
_COVERED = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{Common}\p{Inherited}\p{Arabic}"
_UNCOVERED = regex.compile(rf"[^{_COVERED}]")
_SCRIPTS = {
    "Hebrew": r"\p{Hebrew}",
    "Han": r"\p{Han}",
    "Japanese": r"[\p{Hiragana}\p{Katakana}]",
    "Korean": r"\p{Hangul}",
    "Thai": r"\p{Thai}",
    "Devanagari": r"\p{Devanagari}",
}


def faces(texts: Iterable[str]) -> tuple[Face, ...]:
    """The faces needed to set `texts`: always the Latin ones, others if their script occurs."""
    arabic = any(_ARABIC_SCRIPT.search(text) for text in texts)
    return LATIN + ARABIC if arabic else LATIN


def uncovered_scripts(texts: Iterable[str]) -> tuple[str, ...]:
    """The scripts in `texts` that no shipped face covers, by name; "other" for unnamed ones."""
    found: set[str] = set()
    for text in texts:
        for character in set(_UNCOVERED.findall(text)):
            found.add(next((n for n, p in _SCRIPTS.items() if regex.match(p, character)), "other"))
    return tuple(sorted(found))
