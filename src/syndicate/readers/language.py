"""The language of a text: by its script and, in Latin script, by its small words."""

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
_SMALL_WORDS = {
    "en": "the of and to in that is was for on with as at by from has have it are not but said",
    "es": "el la de que y en los las del un una por con para se su al lo como más pero no es fue",
    "de": "der die das und in den von zu mit sich ist im dem nicht ein eine auf für des auch als",
    "fr": "le la les de des et en du un une dans que qui pour est par sur au plus pas ce avec il",
    "pt": "o a os as de do da em que e um uma para com não por mais no na dos das se ao foi são",
    "it": "il lo la i gli le di del della e che in un una per con non sono è nel alla dei da più",
    "nl": "de het een van en in dat op te is voor met zijn niet aan er om ook als bij maar werd",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 40
"""In a shorter text, languages in Latin script cannot be told apart."""


def guess_language(text: str, default: str) -> str:
    """The BCP 47 tag of the language that `text` is probably in. This is `default` if `default` is
    written in the script of most letters of `text`, else the largest language in that script. In
    Latin script it is the language whose small words `text` uses, if they clearly rule out
    `default`."""
    sample = text[:2000]
    if sample.isascii():  # there is one script to look for, and it need not be counted
        counts = Counter({"latn": int(_LETTERS["latn"].search(sample) is not None)})
    else:
        counts = Counter({script: len(found.findall(sample)) for script, found in _LETTERS.items()})
    # Japanese mixes kana into Chinese characters; a tenth of kana is enough to recognise it.
    if counts["kana"] * 10 > counts["hani"]:
        counts["kana"] += counts["hani"]
    script, most = counts.most_common(1)[0]
    if not most:
        return default
    head = default.lower().split("-")[0]
    if script == "latn":
        others = {language for languages in _LANGUAGES.values() for language in languages}
        return _latin(text[:6000], default if head not in others else "en")
    if head in _LANGUAGES[script]:
        return default
    if script == "arab":
        if _URDU.search(sample):
            return "ur"
        return "fa" if len(_PERSIAN.findall(sample)) * 50 > most else "ar"
    return _LANGUAGES[script][0]


def _latin(sample: str, default: str) -> str:
    words = _WORD.findall(sample.lower())
    if len(words) < _FEWEST_WORDS:
        return default
    used = Counter(words)
    shares = {
        language: sum(used[word] for word in small) / len(words)
        for language, small in _WORDS.items()
    }
    best = max(shares, key=lambda language: shares[language])
    own = shares.get(default.lower().split("-")[0], 0.15)
    return best if shares[best] > 0.2 and shares[best] > 1.5 * own else default
