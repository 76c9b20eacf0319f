"""The rules of the W3C Feed Validation Service for text, HTML, addresses, numbers and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_tz
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urlsplit

import html5lib
from html5lib.html5parser import ParseError


def names(text: str) -> set[str]:
    """The words of `text`."""
    return set(text.split())


ELEMENTS = names(
    "a abbr aside blockquote br caption cite code div em figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "img li ol p pre s small span strong sub sup table tbody td th thead time tr ul"
)
HTML = ELEMENTS | names(
    "acronym address applet area article audio b base basefont bdi bdo big body button canvas "
    "center col colgroup command comment data datagrid datalist dd del details dfn dialog dir dl "
    "dt embed eventsource fieldset font footer form frame frameset head header hgroup html i "
    "iframe input ins isindex kbd label legend link listing m main map mark menu meta meter nav "
    "noframes noscript object optgroup option output param picture plaintext progress q rp rt "
    "ruby samp script section select slot source strike style summary template textarea tfoot "
    "title track tt u var video wbr xmp"
)
ATTRIBUTES = names(
    "alt checked cite class datetime dir height href id lang scope src start title width"
)
SCHEMES = names("http https ftp mailto tel urn tag news data info")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d [+-]\d\d[03]0"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
CHARACTERS = r"[a-zA-Z0-9;/?:@&=+$,\-_.!~*'()%#]*"
URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:/{0,2}(\[[0-9a-fA-F:]+\])?" + CHARACTERS)
FULL_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:" + CHARACTERS)
HOST = r"((\d{1,3}\.){3}|([a-z0-9-]+\.)+)[a-z0-9][a-z0-9-]*"
WEB = re.compile(rf"https?://{HOST}(:\d+)?(/|$)", re.IGNORECASE)
TAG = re.compile(
    r"tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[a-zA-Z0-9;/?:@&=+$,\-_.!~*'()%]*"
)
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[a-zA-Z0-9()+,.:=@;$_!*'%-]+", re.IGNORECASE)
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")
MAILBOX = re.compile(rf"[a-z0-9_+.'-]+@{HOST}", re.IGNORECASE)
NAMED = re.compile(r"(\S+) \([^()]+\)")
LANGUAGE = re.compile("[a-zA-Z]{2,3}(-.+)?")
BAD = re.compile("[\x80-\x9f\ufffd]")
TWICE = re.compile("[\xc2\xc3][\x80-\xbf]")
REFERENCE = re.compile('<(?:a\\s+href|img\\s+[^>]*src)="(.*?)"')

Element = Any


class Values:
    """A document at `location`, whose source has `lines`; `found` are the messages about it."""

    def __init__(self, location: str, lines: list[str]) -> None:
        self.location, self.lines, self.found = location, lines, list[str]()

    def say(self, event: str, about: object = "") -> None:
        self.found.append(f"{event} {about!r:.80}".strip())

    # -- text ---------------------------------------------------------------------------------

    def name(self, element: Element) -> str:
        return str(element.tag).removeprefix("{http://www.w3.org/2005/Atom}")

    def known(self, names: list[str], known: set[str]) -> None:
        for name in {*names} - known:
            self.say("UndefinedElement", name)

    def characters(self, element: Element) -> None:
        for text in (element.text or "", *element.attrib.values()):
            if BAD.search(text):
                self.say("BadCharacters", element.tag)
        for line in (element.text or "").split("\n"):
            if TWICE.search(line) and _is_utf8_twice(line):
                self.say("BadCharacters", element.tag)

    def nonhtml(self, element: Element) -> None:
        """Text where HTML is discouraged (in RSS, by the RSS Profile)."""
        if element is not None:
            text = element.text or ""
            self.plain_text(text, element.sourceline)
            if re.search("&#[x0-9]|<[/a-zA-Z]", text) and not self.hexadecimal(element.sourceline):
                self.say("CharacterData", text)

    def plain_text(self, text: str, line: int) -> None:
        if any(tag.lower() in HTML for tag in re.findall(r"</(\w+)>", text)):
            self.say("ContainsHTML", text)
        for name in re.findall(r"&(#?\w+)", text):
            an_entity = name in name2codepoint or name == "apos" or not name.isalpha()
            if an_entity and not self.hexadecimal(line):
                self.say("ContainsHTML", f"&{name};")

    def hexadecimal(self, line: int) -> bool:
        """Whether the source has a hexadecimal reference there, which marks it as text."""
        return "&#x" in self.lines[line - 1]

    def language(self, tag: str) -> None:
        if not LANGUAGE.fullmatch(tag):
            self.say("InvalidLanguage", tag)

    # -- HTML ---------------------------------------------------------------------------------

    def safe_html(self, text: str) -> None:
        try:
            tree = html5lib.HTMLParser(strict=True).parseFragment(text)
        except ParseError as error:
            self.say("NotHtml", str(error))
            return
        for element in self.elements(tree):
            tag = element.tag.rpartition("}")[2]
            if tag not in ELEMENTS:
                self.say("SecurityRisk", tag)
            for name in set(element.attrib) - ATTRIBUTES:
                self.say("SecurityRiskAttr", name)
        for reference in REFERENCE.findall(text):
            if not re.match(r"\w+:", reference):
                self.say("ContainsRelRef", reference)

    def elements(self, tree: Any) -> Iterator[Any]:
        for element in tree.iter():
            if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
                yield element

    # -- addresses ----------------------------------------------------------------------------

    def uri(self, text: str, shape: re.Pattern[str] = URI) -> None:
        scheme = text.partition(":")[0].lower()
        if scheme == "tag":
            if not TAG.fullmatch(text):
                self.say("InvalidTAG", text)
        elif scheme == "urn":
            if not URN.fullmatch(text):
                self.say("InvalidURN", text)
        elif not shape.fullmatch(text) or re.match("(http|ftp):(?!//[^/])", text):
            self.say("InvalidFullLink", text)
        elif scheme not in SCHEMES:
            self.say("SchemeNotIANARegistered", scheme)

    def full_uri(self, text: str) -> None:
        self.uri(text, FULL_URI)

    def identifier(self, text: str) -> None:
        """The id of an Atom entry or feed, in canonical form so that ids can be compared."""
        self.uri(text)
        parts = urlsplit(text)
        codes = re.findall("%..", text)
        unneeded = [
            code for code in codes if re.match(r"[\w.~-]", chr(int(code[1:], 16)), re.ASCII)
        ]
        port = {"http": ":80", "https": ":443"}.get(parts.scheme, ":")
        if unneeded or codes != [code.upper() for code in codes]:
            self.say("NonCanonicalURI", text)
        if parts.netloc != parts.netloc.lower() or parts.netloc.endswith(port):
            self.say("NonCanonicalURI", text)

    def web_address(self, text: str) -> None:
        if not WEB.match(text) or not FULL_URI.fullmatch(text):
            self.say("InvalidURLAttribute", text)

    def mailbox(self, text: str) -> None:
        if not MAILBOX.fullmatch(text):
            self.say("InvalidContact", text)

    def named_mailbox(self, text: str | None) -> None:
        if text is None:
            return
        if found := NAMED.fullmatch(text):
            self.mailbox(found[1])
        else:
            self.say("EmailFormat", text)

    def no_mailbox(self, text: str) -> None:
        if re.search(f"<{MAILBOX.pattern}>", text, re.IGNORECASE):
            self.say("ContainsEmail", text)

    def mime(self, event: str, text: str) -> None:
        if not MIME.fullmatch(text):
            self.say(event, text)

    # -- numbers and dates --------------------------------------------------------------------

    def once(self, names: list[str], single: set[str]) -> None:
        for name in single:
            if names.count(name) > 1:
                self.say("DuplicateElement", name)

    def rfc822(self, element: Element) -> None:
        if element is None:
            return
        text = element.text or ""
        parsed = parsedate_tz(text)
        if not RFC822.fullmatch(text) or parsed is None:
            self.say("InvalidRFC2822Date", text)
        elif date(*parsed[:3]).strftime("%a") != text[:3]:
            self.say("IncorrectDOW", text)
        elif parsed[0] < 1990:
            self.say("ImplausibleDate", text)

    def rfc3339(self, element: Element) -> None:
        if element is None:
            return
        if not RFC3339.fullmatch(element.text or ""):
            self.say("InvalidRFC3339Date", element.text)
        elif element.text < "1990":
            self.say("ImplausibleDate", element.text)


def _is_utf8_twice(text: str) -> bool:
    try:
        text.encode("latin-1").decode()
    except UnicodeError:
        return False
    return True
