"""The words by which newsrooms mark what is what, in the languages the project prints."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["tip", "fact", "note", "warning"]

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("tip", "hint", "protip", "success"), "tip"),
    **dict.fromkeys(("fact", "didyouknow", "example"), "fact"),
    **dict.fromkeys(
        ("note", "info", "important", "callout", "summary", "abstract", "tldr", "todo"), "note"
    ),
    **dict.fromkeys(("warning", "caution", "danger", "attention", "error", "bug"), "warning"),
}
"""Callout kinds by the words of the common Markdown dialects."""

LABELS: dict[Kind, dict[str, str]] = {
    "tip": {"en": "Tip", "es": "Consejo", "de": "Tipp", "fr": "Conseil", "ar": "نصيحة"},
    "fact": {
        "en": "Did you know?",
        "es": "¿Sabía que…?",
        "de": "Wussten Sie schon?",
        "fr": "Le saviez-vous ?",
        "ar": "هل تعلم؟",
    },
    "note": {"en": "Note", "es": "Nota", "de": "Hinweis", "fr": "À noter", "ar": "ملاحظة"},
    "warning": {
        "en": "Warning",
        "es": "Atención",
        "de": "Achtung",
        "fr": "Attention",
        "ar": "تنبيه",
    },
}
"""What is printed over a callout that was given no label."""


def label_of(kind: Kind, language: str) -> str:
    """The label of a callout that was given none."""
    return LABELS[kind].get(language.split("-")[0], LABELS[kind]["en"])


def _words(text: str) -> str:
    return "|".join(re.escape(phrase.strip()) for phrase in text.split("·"))


_CALLOUTS: tuple[tuple[Kind, str], ...] = (
    (
        "fact",
        "did you know · fun fact · fast fact · quick fact · fact · the fact · by the numbers"
        " · sabías que · sabía que · ¿sabías que · ¿sabía que · wussten sie schon · schon gewusst"
        " · wusstest du schon · le saviez-vous · le savais-tu · هل تعلم · هل كنت تعلم",
    ),
    (
        "tip",
        "pro tip · tip · quick tip · expert tip · top tip · insider tip · consejo · tipp"
        " · profi-tipp · conseil · astuce · نصيحة · إرشاد",
    ),
    (
        "note",
        "note · please note · nota · hinweis · anmerkung · remarque · à noter · key takeaway"
        " · key takeaways · takeaway · takeaways · the takeaway · key point · key points"
        " · editor's note · editors' note · editor’s note · editors’ note · nota del editor"
        " · anmerkung der redaktion · note de la rédaction · at a glance · in brief · in short"
        " · the bottom line · ملاحظة · ملاحظة المحرر · أبرز النقاط",
    ),
    (
        "warning",
        "warning · caution · advertencia · warnung · achtung · avertissement · تنبيه · تحذير",
    ),
)
CALLOUTS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (
        kind,
        re.compile(
            # The mark after the label decides: a bare "note that" is running text.
            rf"(?P<label>(?:{_words(phrases)})(?:\s?[?？؟]|…\s?[?؟])?)"
            r"(?P<mark>\s*[:：]|(?<=[?？؟])|\s+[—–](?=\s)|$)\s*(?P<text>.*)",
            re.IGNORECASE | re.DOTALL,
        ),
    )
    for kind, phrases in _CALLOUTS
)
"""A callout's label at the head of a paragraph, with what follows it."""

FAQ_HEADING = re.compile(
    r"(?:faqs?|q\s?&\s?a|f\.a\.q\.?|frequently asked questions|questions and answers"
    r"|preguntas (?:más )?frecuentes|preguntas y respuestas|häufige fragen|häufig gestellte fragen"
    r"|fragen und antworten|questions fréquentes|foire aux questions|questions et réponses"
    r"|أسئلة شائعة|الأسئلة الشائعة|أسئلة وأجوبة)"
    r"(?:\s*\(faqs?\)|\s*[:：–—-].*)?",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"(?:\*\*)?(?:Q|Question|Frage|Pregunta|P|F|س|سؤال)\s?\d{0,3}\s?[:：.](?:\*\*)?\s+",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"(?:\*\*)?(?:A|Answer|Antwort|Respuesta|Réponse|R|ج|جواب|الجواب)\s?\d{0,3}\s?[:：.](?:\*\*)?\s+",
    re.IGNORECASE,
)

CREDIT = re.compile(
    r"(?:^|\s*\|\s*|\s+\((?=[^()]*\)$))"
    r"(?:photo(?:graph)?|credit|picture|image|illustration|foto|bild|crédito?s?|crédit photo"
    r"|صورة|تصوير)"
    r"(?: credit| by)?\s*[:：]\s*(?P<credit>[^|()]+)\)?\s*$",
    re.IGNORECASE,
)

BYLINE = re.compile(
    r"(?:by|por|von|par|di|door|words by|written by|reported by|بقلم|كتب|كتبت|מאת)"
    r"(?:\s*[:：]\s*|\s+)(?P<names>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
AND = re.compile(r",?\s+(?:and|&|y|e|und|et|en|with)\s+|\s*[;&]\s*|\s+و(?=\S)", re.IGNORECASE)
ORGANISATION = re.compile(
    r"\b(?:press|news|newspaper|staff|writer|reporter|correspondent|editor|agency|reuters|afp|ap|dpa|efe"
    r"|times|post|gazette|journal|tribune|herald|bureau|desk|service|university|redacción|redaktion"
    r"|rédaction|agencia|agence|agentur)\b|^\w+$",
    re.IGNORECASE,
)
DATED = re.compile(
    r"(?P<what>first published|published|posted|updated|last updated|modified|date|publicado"
    r"|actualizado|veröffentlicht|aktualisiert|stand|publié|mis à jour)"
    r"(?:\s+(?:on|le|el|am))?\s*[:：]?\s+",
    re.IGNORECASE,
)

ACTIONS = (
    "explore · subscribe · read · sign up · follow · join · visit · discover · learn · find out"
    " · download · register · donate · share · contact · write to · tell us · check out · support"
    " · listen · watch · browse · see more · get · try · send us · let us know · stay · click"
    " · suscríbete · suscríbase · lee · lea · síguenos · síganos · descubre · descubra · visita"
    " · visite · únete · abonnieren · lesen sie · folgen sie · entdecken sie · besuchen sie"
    " · melden sie sich · abonnez-vous · lisez · suivez · découvrez · visitez · inscrivez-vous"
    " · اشترك · اشتركوا · اقرأ · اقرأوا · تابع · تابعونا · تابعوا · زوروا · اكتشفوا · انضموا"
)
ACTION = re.compile(rf"(?:{_words(ACTIONS)})\b", re.IGNORECASE)
TO_THE_READER = re.compile(
    r"\b(?:our|us|more|newsletter|coverage|here|today|now|free|you|your|nuestro|nuestra|más|boletín"
    r"|unsere[nrm]?|mehr|newsletter|nos|notre|plus)\b|المزيد|نشرتنا|لنا",
    re.IGNORECASE,
)

PROVIDERS = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion",
    "twitch.tv": "Twitch",
    "ted.com": "TED",
    "tiktok.com": "TikTok",
    "twitter.com": "X",
    "x.com": "X",
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "bsky.app": "Bluesky",
    "mastodon.social": "Mastodon",
    "reddit.com": "Reddit",
    "linkedin.com": "LinkedIn",
    "soundcloud.com": "SoundCloud",
    "open.spotify.com": "Spotify",
    "podcasts.apple.com": "Apple Podcasts",
    "datawrapper.dwcdn.net": "Datawrapper",
    "flickr.com": "Flickr",
}
"""Services whose address, alone in a paragraph, stands for what it shows."""
