"""HTML and CSS to PDF through WeasyPrint, which may read nothing but what it is handed."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from syndicate.errors import RenderError
from syndicate.kit import Face

Profile = Literal["press", "screen"]
PROFILE_URL = "profile:press"
_VARIANTS: dict[Profile, str] = {"press": "pdf/x-4", "screen": "pdf/a-3a"}
# Pango's font maps are not safe to share between threads.
_ONE_AT_A_TIME = threading.Lock()


def typeset(
    html: str,
    css: tuple[str, ...],
    faces: tuple[Face, ...],
    files: Mapping[str, bytes],
    profile: Profile,
    icc: bytes,
) -> bytes:
    """The tagged PDF of `html`.

    Args:
        html: a whole document.
        css: style sheets, in order; they may name the families of `faces` and, for the press,
            `device-cmyk`.
        faces: the fonts to set it in.
        files: the pictures by the URL that `html` uses.
        profile: `press` sets in device CMYK, `screen` in sRGB.
        icc: the press's ICC profile.

    Raises:
        RenderError: the Pango library is missing, or WeasyPrint gives up.
    """
    weasyprint = _weasyprint()
    with _ONE_AT_A_TIME:
        try:
            style = _style(css, faces, icc if profile == "press" else None)
            options = {
                "pdf_variant": _VARIANTS[profile],
                "pdf_tags": True,
                "output_intent": "device-cmyk" if profile == "press" else "srgb",
                "stylesheets": style.sheets,
            }
            page = weasyprint.HTML(string=html, url_fetcher=_fetcher(files))
            document = page.render(
                style.fonts, style.counters.copy(), dict(style.profiles), **options
            )
            return bytes(document.write_pdf(**options))
        except (MemoryError, RecursionError) as error:
            raise RenderError(f"the page is too large to set: {type(error).__name__}") from error


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise RenderError(
            f"PDF needs the Pango library, which is not installed ({error})",
            hint="apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from error
    return weasyprint


class _Style:
    """Style sheets with the fonts and colour profiles that they declared, ready for reuse."""

    def __init__(self, css: tuple[str, ...], faces: tuple[Face, ...], icc: bytes | None) -> None:
        from weasyprint.css.counters import CounterStyle

        weasyprint = _weasyprint()
        self.fonts = _fonts(faces)
        self.counters = CounterStyle()
        self.profiles: dict[str, Any] = {}
        files = {PROFILE_URL: icc} if icc else {}
        self.sheets = [
            weasyprint.CSS(
                string=sheet,
                url_fetcher=_fetcher(files),
                font_config=self.fonts,
                counter_style=self.counters,
                color_profiles=self.profiles,
            )
            for sheet in css
        ]


_style = lru_cache(maxsize=16)(_Style)


@lru_cache(maxsize=4)
def _fonts(faces: tuple[Face, ...]) -> Any:
    from weasyprint.text.fonts import FontConfiguration

    weasyprint = _weasyprint()
    atexit.register(_let_go)
    fonts = FontConfiguration()
    rules = "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'font-style: {face.style}; src: url("face:{face.file}") }}\n'
        for face in faces
    )
    files = {f"face:{face.file}": face.path.read_bytes() for face in faces}
    weasyprint.CSS(string=rules, url_fetcher=_fetcher(files), font_config=fonts)
    return fonts


def _let_go() -> None:
    """Let font configurations remove their files while the interpreter still can."""
    _style.cache_clear()
    _fonts.cache_clear()


def _fetcher(files: Mapping[str, bytes]) -> Any:
    """A URL fetcher that knows `files` and refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class InMemory(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            if url not in files:
                raise ValueError(f"{url!r} is not part of this page")
            return URLFetcherResponse(url, files[url])

    return InMemory()
