"""The kind of a paragraph, by the name of its style in the languages that Word is sold in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, get_args

Part = Literal[
    "title",
    "subtitle",
    "quote",
    "pullquote",
    "caption",
    "code",
    "byline",
    "date",
    "contents",
    "continued",
]

_HEADINGS = (
    "heading überschrift titre título titulo titolo kop rubrik overskrift otsikko nagłówek nadpis"
    " címsor başlık заголовок επικεφαλίδα 見出し 标题 標題 제목 عنوان כותרת หัวเรื่อง titlu"
    " virsraksts antraštė pealkiri naslov judul tiêu-đề"
)
_PARTS: dict[Part, str] = {
    "title": "title · titel · titre · título · titulo · titolo · tittel · otsikko · tytuł · název"
    " · cím · konu başlığı · название · заголовок · τίτλος · 表題 · 标题 · 標題 · 제목 · العنوان"
    " · כותרת טקסט · headline",
    "subtitle": "subtitle · untertitel · sous-titre · subtítulo · subtitulo · sottotitolo"
    " · ondertitel · underrubrik · undertittel · undertitel · alaotsikko · podtytuł · podtitul"
    " · alcím · altyazı · подзаголовок · υπότιτλος · 副題 · 副标题 · 副標題 · 부제"
    " · عنوان فرعي · כותרת משנה · standfirst · deck · dek",
    "quote": "quote · intense quote · block text · block quote · blockquote · block quotation"
    " · quotations · zitat · intensives zitat · citation · citation intense · cita"
    " · cita destacada · citação · citação intensa · citazione · citazione intensa · citaat"
    " · duidelijk citaat · citat · starkt citat · цитата · выделенная цитата · 引用文 · 引用"
    " · اقتباس",
    "pullquote": "pull quote · pullquote · breakout quote",
    "caption": "caption · beschriftung · légende · descripción · epígrafe · legenda · didascalia"
    " · bijschrift · bildtext · beskrivning · bildetekst · kuvateksti · podpis · titulek"
    " · képaláírás · resim yazısı · название объекта · λεζάντα · 図表番号 · 题注 · 標號 · 캡션"
    " · تسمية توضيحية · figure · illustration · abbildung · image caption · table · photo credit",
    "code": "code · source code · code block · html preformatted · preformatted text"
    " · macro text · quelltext · código · code source",
    "byline": "byline · author · autor · auteur · autore · auteurs · reporter",
    "date": "date · datum · fecha · data",
    "contents": "toc heading · contents heading · table of figures · inhaltsverzeichnisüberschrift",
    "continued": "list continue · listenfortsetzung · liste continue · lista continúa",
}
_CODE_RUNS = frozenset(
    ("code", "html code", "verbatim char", "source text", "inline code", "html typewriter")
)
_CODE_FONTS = frozenset(
    (
        "courier",
        "courier new",
        "consolas",
        "menlo",
        "monaco",
        "liberation mono",
        "dejavu sans mono",
        "roboto mono",
        "source code pro",
        "ibm plex mono",
        "cascadia code",
    )
)
_CONTENTS = re.compile(r"(?:toc|verzeichnis|tm|tdc|sommario|inhopg)\s?\d")


@lru_cache(maxsize=1024)
def heading_level_of_word_style(style_name: str | None, style_id: str | None) -> int | None:
    """The level, 1 to 9, if the style is one of Word's headings; else None."""
    for spelled in (style_name, style_id):
        found = re.fullmatch(r"(.+?)\s?([1-9])(?:\s?char)?", (spelled or "").casefold())
        if found and found[1] in _heading_names():
            return int(found[2])
    return None


@lru_cache(maxsize=1024)
def part_of_word_style(style_name: str | None, style_id: str | None) -> Part | None:
    """What paragraphs with this style are in an article; None for running text."""
    for spelled in (style_name, style_id):
        name = (spelled or "").casefold().replace("_", " ").strip()
        if _CONTENTS.fullmatch(name):
            return "contents"
        for part in get_args(Part):
            if name in _names(part):
                found: Part = part
                return found
    return None


def is_code_in_word(style_name: str | None, font: str | None) -> bool:
    """Whether a run with this character style or font is computer code."""
    return (style_name or "").casefold() in _CODE_RUNS or (font or "").casefold() in _CODE_FONTS


@lru_cache(maxsize=1)
def _heading_names() -> frozenset[str]:
    return _spelled(_HEADINGS.split())


@lru_cache(maxsize=16)
def _names(part: Part) -> frozenset[str]:
    return _spelled([name.strip() for name in _PARTS[part].split("·")])


def _spelled(names: list[str]) -> frozenset[str]:
    """`names`, and the style ids that Word makes from them: no spaces or accented letters."""
    ids = (re.sub(r"[^a-z]", "", name) for name in names)
    return frozenset((*names, *(one for one in ids if len(one) > 3)))
