"""The length of a post, as each platform counts it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import regex

from syndicate.thread.urls import Span, mastodon_urls, x_urls

URL_LENGTH = 23  # of every URL on X and Mastodon, however long it is
_BLUESKY_BYTES_A_GRAPHEME = 10  # 3,000 bytes in 300 graphemes


@dataclass(frozen=True)
class PostCounter:
    """A platform's `limit`, and the function that gives the `length` of a text, both in the
    platform's own unit."""

    limit: int
    length: Callable[[str], int]

    def fits(self, text: str) -> bool:
        """Whether `text` is short enough for one post."""
        return self.length(text) <= self.limit


_GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """The number of characters in `text` as people see them: extended grapheme clusters (Unicode
    UAX #29)."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in _GRAPHEME.finditer(text))


# ---- X: twitter-text 3.1.0, configuration version 3 ----

_HALF = "\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037"  # weight 100 of scale 100
_FULL = re.compile(rf"[^{_HALF}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_DOT = re.compile(r"\.[^\W\d_]")  # every URL has one
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_MAYBE_EMOJI = re.compile("[©®\u203c\u2049\u20e3-\U0010ffff]")

# The two-letter codes that have a flag. Any other pair counts as two characters of full weight.
_FLAGS = """
ACADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCM
CNCOCPCRCUCVCWCXCYCZDEDGDJDKDMDODZEAECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGT
GUGWGYHKHMHNHRHTHUICIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMC
MDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPY
QARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTATCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUN
USUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW
""".replace("\n", "")
_FLAG = "|".join(
    "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in _FLAGS[at : at + 2])
    for at in range(0, len(_FLAGS), 2)
)
_SKIN = "[\U0001f3fb-\U0001f3ff]"
# twitter-text 3.1.0 knows Emoji 11. Later emoji are counted by their parts, so never too low.
_LATER = "👪-👭👯💏💑🤌🤏🤝🤼🥷🦻🧍-🧏🫀-🫿"
_SKINNED = rf"[\p{{Emoji_Modifier_Base}}--[{_LATER}]]{_SKIN}"
_STYLED = (  # may be followed by the emoji style selector
    r"[[\p{Emoji}--\p{Emoji_Presentation}--[0-9\#*©®♾⚧]]"
    r"||[⌚⌛◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯]]"
)
_EMOJI = rf"""
      {_FLAG}
    | \U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067
        |\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f
    | 👩\u200d❤\ufe0f?\u200d(?:💋\u200d)?[👨👩] | 👨\u200d❤\ufe0f?\u200d(?:💋\u200d)?👨
    | (?:👨\u200d(?:[👨👩]\u200d)?|👩\u200d(?:👩\u200d)?)(?:👦\u200d👦|👧\u200d[👦👧]|[👦👧])
    | [👨👩]{_SKIN}?\u200d(?:[⚕⚖✈]\ufe0f|[🌾🍳🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦰🦱🦲🦳])
    | [🏃🏄🏊👮👱👳👷💁💂💆💇🙅🙆🙇🙋🙍🙎🚣🚴🚵🚶🤦🤷🤸🤹🤽🤾🦸🦹🧖-🧝]{_SKIN}?\u200d[♀♂]\ufe0f
    | [⛹🏋🏌🕵](?:{_SKIN}|\ufe0f)\u200d[♀♂]\ufe0f
    | [👯🤼🧞🧟]\u200d[♀♂]\ufe0f
    | 👁\u200d🗨 | 🏳\ufe0f?\u200d🌈 | 🏴\u200d☠\ufe0f
    | [\#*0-9]\ufe0f?\u20e3
    | {_SKINNED}
    | {_STYLED}(?:\ufe0f|(?!\ufe0e)) | [©®]\ufe0f
    | \p{{Emoji_Presentation}}
    """


@lru_cache(maxsize=1)
def _emoji() -> regex.Pattern[str]:
    return regex.compile(_EMOJI, regex.VERBOSE | regex.V1)


def x_length(text: str) -> int:
    """The weighted length of `text` on X; the limit is 280.

    After NFC, a character weighs 1 or 2, a URL 23, and an emoji 2, even if it is joined from
    several characters.
    """
    text = unicodedata.normalize("NFC", text)
    if _ASTRAL.search(text) and _DOT.search(text):
        return _x_length_by_units(text)
    spans = x_urls(text)
    # The line break keeps the characters before and after a URL from joining into an emoji.
    rest = _without(text, spans, "\n")
    length = (URL_LENGTH - 1) * len(spans)
    if rest.isascii():
        return length + len(rest)
    if _MAYBE_EMOJI.search(rest):
        rest, emoji = _emoji().subn("", rest)
        length += 2 * emoji
    return length + len(rest) + len(_FULL.findall(rest))


def _x_length_by_units(text: str) -> int:
    """`x_length`, counted in UTF-16 units as twitter-text does: next to a character of two units, a
    URL may start or end in the middle of that character."""
    data = text.encode("utf-16-le", "surrogatepass")
    units = "".join(chr(low | high << 8) for low, high in zip(data[::2], data[1::2], strict=True))
    steps = {start: (URL_LENGTH, end - start) for start, end in x_urls(units)}
    at = behind = 0
    for emoji in _emoji().finditer(text):
        at += _units(text[behind : emoji.start()])
        steps.setdefault(at, (2, _units(emoji[0])))
        at, behind = at + _units(emoji[0]), emoji.end()
    length = at = 0
    while at < len(units):
        pair = _PAIR.match(units, at)
        weight, step = steps.get(at) or (2 if _FULL.match(units, at) else 1, 2 if pair else 1)
        length += weight
        at += step
    return length


def _units(text: str) -> int:
    return len(text) + sum(1 for one in text if one > "\uffff")


# ---- Mastodon 4: StatusLengthValidator ----

_MENTION = regex.compile(
    r"(?<![=/\w])@([a-z0-9_]+(?:[a-z0-9_.\-]+[a-z0-9_]+)?)(?:@[\w.\-]+\w+)?", regex.IGNORECASE
)


def mastodon_length(text: str) -> int:
    """The length of `text` on Mastodon, in graphemes. The limit is 500, unless the server has a
    different one.

    A URL counts as 23. A mention of an account on another server counts without the server's name.
    """
    spans = mastodon_urls(text)
    rest = _without(text, spans, "\x01" * URL_LENGTH)
    return graphemes(_MENTION.sub(r"@\1", rest) if "@" in rest else rest)


def bluesky_length(text: str) -> int:
    """The length of `text` on Bluesky; the limit is 300.

    The lexicon of `app.bsky.feed.post` allows 300 graphemes and 3,000 bytes of UTF-8. Ten bytes
    count as one grapheme here, so that one number covers both limits.
    """
    size = len(text.encode())
    return max(graphemes(text), -(-size // _BLUESKY_BYTES_A_GRAPHEME))


_BYTES_COUNT = regex.compile(
    r"[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}"
    "\u200d\u20e3\ufe0f\U000e0020-\U000e007f]"
)


def threads_length(text: str) -> int:
    """The length of `text` on Threads; the limit is 500.

    A character counts as 1, but the characters of an emoji count as their number of bytes in UTF-8
    (Threads API, "Posts"). Signs such as © that may be shown as emoji are counted like emoji, so
    that the result is never too low.
    """
    if text.isascii():
        return len(text)
    return len(text) + sum(len(one.encode()) - 1 for one in _BYTES_COUNT.findall(text))


_LITTLE = re.compile(r"[\\|{}@\[\]()<>#*_~]")


def escape_for_linkedin(text: str) -> str:
    """`text` in LinkedIn's "little" format, in which reserved characters need a backslash.

    LinkedIn cuts off the post at a reserved character without one (Posts API, "little Text
    Format").
    """
    return _LITTLE.sub(r"\\\g<0>", text)


def linkedin_length(text: str) -> int:
    """The length of `text` on LinkedIn, after escaping; the limit is 3,000.

    Characters outside the basic plane count as two, as in UTF-16. LinkedIn does not document this,
    and it is safer to count too high than too low.
    """
    escaped = escape_for_linkedin(text)
    return len(escaped) + sum(1 for one in escaped if one > "\uffff")


X = PostCounter(280, x_length)
MASTODON = PostCounter(500, mastodon_length)
BLUESKY = PostCounter(300, bluesky_length)
THREADS = PostCounter(500, threads_length)
LINKEDIN = PostCounter(3_000, linkedin_length)


def _without(text: str, spans: list[Span], placeholder: str) -> str:
    """`text` with each of `spans` replaced by `placeholder`."""
    if not spans:
        return text
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (text[at:start], placeholder)
        at = end
    return "".join([*parts, text[at:]])
