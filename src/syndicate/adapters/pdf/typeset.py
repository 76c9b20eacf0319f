"""Turns HTML and CSS into PDF with WeasyPrint, which can read only what it is given."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from syndicate.adapters.pdf.line_cache import cached_line_breaks
from syndicate.errors import RenderError
from syndicate.kit import FontFace

Profile = Literal["press", "screen", "office"]
PROFILE_URL = "profile:press"
_INSTALL = (
    "brew install pango"
    if sys.platform == "darwin"
    else "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
_NO_FONTS = Path(__file__).with_name("fonts.conf")
# Pango's font maps must not be shared between threads.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Copyfit:
    """How stories that need a little more than their pages are made to fit.

    `ends` maps the id of each story's end to the id of the story. If the end is less than `height`
    millimetres below the top of a page on which the story does not begin, the story gets the CSS
    declarations `tighter`.
    """

    ends: Mapping[str, str]
    height: float
    tighter: str


@dataclass(frozen=True)
class PrintStyle:
    """The style of pages.

    `css` are style sheets in order. `faces` are the only fonts; those of the machine are not used.
    `icc` is the press's profile for pages in device CMYK, None for pages in sRGB. The style sheets
    can use the font families and, with a profile, `device-cmyk`.
    """

    css: tuple[str, ...]
    faces: tuple[FontFace, ...]
    icc: bytes | None = None


def typeset_pdf(
    html: str, style: PrintStyle, files: Mapping[str, bytes], copyfit: Copyfit | None = None
) -> bytes:
    """The tagged PDF of `html`, not yet compressed.

    Args:
        html: a whole document.
        style: style sheets, fonts and colour profile.
        files: the pictures by the URLs that `html` uses.
        copyfit: applied if the last page of a story has little on it, and used if it saves a page.

    Raises:
        RenderError: the Pango library is missing, or the document is too large for WeasyPrint.
    """
    _weasyprint()
    options: dict[str, Any] = {
        "pdf_variant": "pdf/x-4" if style.icc else "pdf/a-3a",
        "pdf_tags": True,
        "output_intent": "device-cmyk" if style.icc else "srgb",
        # Streams are compressed later, when the file is finished.
        "uncompressed_pdf": True,
    }
    with _ONE_AT_A_TIME, cached_line_breaks():
        try:
            loaded = _loaded(style)
            document = _set(html, loaded, files, options)
            if copyfit and (overfull := _overfull(document, copyfit)):
                chosen = ", ".join(f'[id="{story}"]' for story in overfull)
                tight = f"{chosen} {{ {copyfit.tighter} }}"
                again = _set(html, loaded, files, options, tight)
                if len(again.pages) < len(document.pages):
                    document = again
            return bytes(document.write_pdf(**options))
        except (MemoryError, RecursionError) as error:
            raise RenderError(f"the page is too large to set: {type(error).__name__}") from error


def _set(
    html: str,
    style: _Loaded,
    files: Mapping[str, bytes],
    options: Mapping[str, Any],
    more: str = "",
) -> Any:
    """WeasyPrint's document for `html` in this `style`, followed by `more` CSS."""
    weasyprint = _weasyprint()
    page = weasyprint.HTML(string=html, url_fetcher=_fetcher(files))
    sheets = [*style.sheets, weasyprint.CSS(string=more)] if more else style.sheets
    return page.render(
        style.fonts, style.counters.copy(), dict(style.profiles), **options, stylesheets=sheets
    )


def _overfull(document: Any, copyfit: Copyfit) -> list[str]:
    """The stories of WeasyPrint's `document` whose last page has little on it."""
    room = copyfit.height / 25.4 * 96  # CSS pixels
    begun: set[str] = set()
    stories = []
    for page in document.pages:
        for end, story in copyfit.ends.items():
            if story in begun and end in page.anchors and page.anchors[end][1] < room:
                stories.append(story)
        begun.update(page.anchors)
    return stories


def pango_version() -> str:
    """The version of the Pango library, such as `1.50.12`.

    Raises:
        RenderError: the library is missing; the hint says how to install it.
    """
    _weasyprint()
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def _weasyprint() -> Any:
    try:
        # If a library is missing, WeasyPrint prints ten lines about it to stdout.
        with _without_system_fonts(), redirect_stdout(io.StringIO()):
            import weasyprint
    except OSError as error:
        raise RenderError(
            "PDF needs the Pango library, which is not installed", hint=_INSTALL
        ) from error
    return weasyprint


@contextmanager
def _without_system_fonts() -> Iterator[None]:
    """Hide the machine's fonts from Fontconfig, which reads its settings from the environment."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_NO_FONTS)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "No fonts configured")
            yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


class _Loaded:
    """A parsed style with its fonts and colour profiles, ready for reuse."""

    def __init__(self, style: PrintStyle) -> None:
        from weasyprint.css.counters import CounterStyle

        weasyprint = _weasyprint()
        self.fonts = _fonts(style.faces)
        self.counters = CounterStyle()
        self.profiles: dict[str, Any] = {}
        files = {PROFILE_URL: style.icc} if style.icc else {}
        self.sheets = [
            weasyprint.CSS(
                string=sheet,
                url_fetcher=_fetcher(files),
                font_config=self.fonts,
                counter_style=self.counters,
                color_profiles=self.profiles,
            )
            for sheet in style.css
        ]


_loaded = lru_cache(maxsize=16)(_Loaded)


@lru_cache(maxsize=4)
def _fonts(faces: tuple[FontFace, ...]) -> Any:
    from weasyprint.text.fonts import FontConfiguration

    weasyprint = _weasyprint()
    atexit.register(_release)
    with _without_system_fonts():
        fonts = FontConfiguration()
    files = {f"face:{face.file}": face.path.read_bytes() for face in faces}
    weasyprint.CSS(string=font_face_css(faces), url_fetcher=_fetcher(files), font_config=fonts)
    # What is loaded by now stays loaded; checking it at every collection would cost a fifth of the
    # time.
    gc.collect()
    gc.freeze()
    return fonts


def font_face_css(faces: tuple[FontFace, ...]) -> str:
    """The `@font-face` rules for `faces`, with URLs of the scheme `face:`."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'font-style: {face.style}; src: url("face:{face.file}") }}\n'
        for face in faces
    )


def _release() -> None:
    """Let font configurations remove their files before the interpreter shuts down."""
    _loaded.cache_clear()
    _fonts.cache_clear()


def _fetcher(files: Mapping[str, bytes]) -> Any:
    """A URL fetcher that serves `files` and refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class InMemory(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            if url not in files:
                raise ValueError(f"{url!r} is not part of this page")
            return URLFetcherResponse(url, files[url])

    return InMemory()
