"""Which language a text is in, as far as its script tells."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = {
    "arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff",
    "hebr": "\u0590-\u05ff",
    "kana": "\u3040-\u30ff",
    "hang": "\uac00-\ud7af",
    "hani": "\u3400-\u9fff",
    "cyrl": "\u0400-\u04ff",
    "grek": "\u0370-\u03ff",
    "thai": "\u0e00-\u0e7f",
    "deva": "\u0900-\u097f",
    "latn": "A-Za-z\u00c0-\u024f",
}
_LETTERS = {script: re.compile(f"[{characters}]") for script, characters in _SCRIPTS.items()}
_LANGUAGES = {
    "arab": ("ar", "fa", "ur", "ps", "ku", "ckb", "ug", "sd"),
    "hebr": ("he", "yi"),
    "kana": ("ja",),
    "hang": ("ko",),
    "hani": ("zh",),
    "cyrl": ("ru", "uk", "bg", "sr", "mk", "be", "kk", "mn", "ky", "tg"),
    "grek": ("el",),
    "thai": ("th",),
    "deva": ("hi", "mr", "ne"),
}
_PERSIAN = re.compile("[پچژگ]")
_URDU = re.compile("[ٹڈڑے]")


def guess(text: str, default: str) -> str:
    """The BCP 47 tag for the script that most letters of `text` are in: `default` where that
    is written so, else the largest language in that script ("en" for Latin)."""
    sample = text[:2000]
    counts = Counter({script: len(found.findall(sample)) for script, found in _LETTERS.items()})
    # Japanese mixes kana into Chinese characters; a tenth of kana is enough to tell.
    if counts["kana"] * 10 > counts["hani"]:
        counts["kana"] += counts["hani"]
    script, most = counts.most_common(1)[0]
    if not most:
        return default
    head = default.lower().split("-")[0]
    others = {language for languages in _LANGUAGES.values() for language in languages}
    if script == "latn":
        return default if head not in others else "en"
    if head in _LANGUAGES[script]:
        return default
    if script == "arab":
        if _URDU.search(sample):
            return "ur"
        return "fa" if len(_PERSIAN.findall(sample)) * 50 > most else "ar"
    return _LANGUAGES[script][0]
