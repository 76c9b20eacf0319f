"""The fonts that come with the project (all OFL), and packages with fonts for more scripts."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import regex

Style = Literal["normal", "italic"]


@dataclass(frozen=True)
class FontFace:
    """One font file; `family` is the name that style sheets use."""

    family: str
    package: str
    file: str
    weight: int = 400
    style: Style = "normal"
    folder: str = "files"

    @property
    def installed(self) -> bool:
        """Whether the font's package is installed."""
        return importlib.util.find_spec(self.package) is not None

    @property
    def path(self) -> Path:
        """The path of the installed font file."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"the Python package {self.package} is not installed")
        return Path(spec.origin).parent / self.folder / self.file


@dataclass(frozen=True)
class Script:
    """A script that our own fonts do not cover, and the PyPI `package` with a font for it."""

    name: str
    characters: str
    package: str
    face: FontFace


_SERIF, _SANS = "font_source_serif_pro", "font_source_sans_pro"
_AMIRI, _PLEX = "fontpkg_amiri", "fontpkg_ibm_plex_sans_arabic"

LATIN = (
    FontFace("Source Serif", _SERIF, "SourceSerifPro-Regular.ttf"),
    FontFace("Source Serif", _SERIF, "SourceSerifPro-It.ttf", style="italic"),
    FontFace("Source Serif", _SERIF, "SourceSerifPro-Semibold.ttf", 600),
    FontFace("Source Serif", _SERIF, "SourceSerifPro-Bold.ttf", 700),
    FontFace("Source Serif", _SERIF, "SourceSerifPro-BoldIt.ttf", 700, "italic"),
    FontFace("Source Sans", _SANS, "SourceSansPro-Regular.ttf"),
    FontFace("Source Sans", _SANS, "SourceSansPro-It.ttf", style="italic"),
    FontFace("Source Sans", _SANS, "SourceSansPro-Semibold.ttf", 600),
    FontFace("Source Sans", _SANS, "SourceSansPro-Bold.ttf", 700),
)
ARABIC = (
    FontFace("Amiri", _AMIRI, "Amiri-Regular.ttf"),
    FontFace("Amiri", _AMIRI, "Amiri-Italic.ttf", style="italic"),
    FontFace("Amiri", _AMIRI, "Amiri-Bold.ttf", 700),
    FontFace("IBM Plex Sans Arabic", _PLEX, "IBMPlexSansArabic-Regular.ttf"),
    FontFace("IBM Plex Sans Arabic", _PLEX, "IBMPlexSansArabic-SemiBold.ttf", 600),
    FontFace("IBM Plex Sans Arabic", _PLEX, "IBMPlexSansArabic-Bold.ttf", 700),
)

MONO = (FontFace("IBM Plex Mono", "fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),)

_NOTO = "manimgx-fonts"
_CJK = "cvttf-NotoSansCJK-Regular"


def _noto(name: str, characters: str) -> Script:
    face = FontFace(f"Noto Sans {name}", "manimgx_fonts", f"NotoSans{name}[wght].ttf", folder=".")
    return Script(name, characters, _NOTO, face)


_NOTO_CJK = FontFace(
    "Noto Sans CJK", "cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf", folder="."
)
SCRIPTS = (
    Script("Han", r"\p{Han}", _CJK, _NOTO_CJK),
    Script("Japanese", r"\p{Hiragana}\p{Katakana}", _CJK, _NOTO_CJK),
    Script("Korean", r"\p{Hangul}", _CJK, _NOTO_CJK),
    *(
        _noto(name, rf"\p{{{name}}}")
        for name in (
            "Armenian",
            "Bengali",
            "Devanagari",
            "Ethiopic",
            "Georgian",
            "Gujarati",
            "Gurmukhi",
            "Hebrew",
            "Kannada",
            "Khmer",
            "Lao",
            "Malayalam",
            "Myanmar",
            "Oriya",
            "Sinhala",
            "Tamil",
            "Telugu",
            "Thai",
        )
    ),
    Script(
        "emoji",
        r"\p{Emoji_Presentation}",
        _NOTO,
        FontFace("Noto Emoji", "manimgx_fonts", "NotoEmoji[wght].ttf", folder="."),
    ),
)

_ARABIC_SCRIPT = regex.compile(r"\p{Script=Arabic}")
# What our own fonts cover, with the characters that all scripts share.
_COVERED = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{Common}\p{Inherited}\p{Arabic}"
_UNCOVERED = regex.compile(rf"[^{_COVERED}]|\p{{Emoji_Presentation}}")


def font_faces(texts: Iterable[str]) -> tuple[FontFace, ...]:
    """The fonts needed to set `texts`: always the Latin ones, Arabic ones if the script occurs."""
    arabic = any(_ARABIC_SCRIPT.search(text) for text in texts)
    return LATIN + ARABIC if arabic else LATIN


def further_scripts(texts: Iterable[str]) -> tuple[Script, ...]:
    """The entries of `SCRIPTS` that occur in `texts`."""
    characters = "".join({c for text in texts for c in _UNCOVERED.findall(text)})
    return tuple(script for script in SCRIPTS if regex.search(f"[{script.characters}]", characters))
