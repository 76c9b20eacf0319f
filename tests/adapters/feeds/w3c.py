"""What the W3C Feed Validation Service says of a feed, told again as far as our feeds go.

Its own code (https://github.com/w3c/feedvalidator) is not on PyPI. Events carry its names, errors
and warnings alike: none is wanted. HTML is parsed by the same library, as strictly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_tz
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urlsplit

import html5lib
from html5lib.html5parser import ParseError
from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
FH = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
LICENSE = "http://backend.userland.com/creativeCommonsRssModule"
XML = "http://www.w3.org/XML/1998/namespace"


def names(text: str) -> set[str]:
    """The words of `text`."""
    return set(text.split())


NAMESPACES = {ATOM, CONTENT, DC, FH, MEDIA, LICENSE}
RELATIONS = names(
    "alternate current enclosure first hub last license next next-archive prev-archive previous "
    "related replies self via"
)
RSS_CHANNEL = names(
    "title link description language copyright managingEditor lastBuildDate docs generator "
    "image ttl item"
)
RSS_ITEM = names("title link description guid category comments enclosure pubDate source")
ONCE_RSS = RSS_ITEM - {"category"}
ATOM_FEED = names("id title updated author link generator logo subtitle rights entry")
ATOM_ENTRY = names(
    "id title updated author content link summary category contributor published rights"
)
ONCE_ATOM = names("id title updated content summary published rights")
ELEMENTS = names(
    "a abbr aside blockquote br caption cite code div em figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "img li ol p pre s small span strong sub sup table tbody td th thead time tr ul"
)
HTML = ELEMENTS | names("b i u html head body script style iframe object form input title")
ATTRIBUTES = names(
    "alt checked cite class datetime dir height href id lang scope src start title width"
)
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[a-zA-Z0-9;/?:@&=+$,\-_.!~*'()%#\[\]]*")
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")
ADDRESS = re.compile(r"[^\s@]+@[\w.-]+\.\w+ \([^()]+\)")
BAD = re.compile("[\x80-\x9f\ufffd]")
REFERENCE = re.compile('<(?:a\\s+href|img\\s+[^>]*src)="(.*?)"')

Element = Any


def events(document: bytes, location: str) -> list[str]:
    """Every error and warning about `document`, which is published at `location`."""
    root = etree.fromstring(document, etree.XMLParser(huge_tree=True))
    lines = document.decode().split("\n")
    judge = Judge(location, lines)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        judge.characters(element)
        for uri in set(element.nsmap.values()) - NAMESPACES:
            judge.say("UnknownNamespace", uri)
    judge.rss(root) if root.tag == "rss" else judge.atom(root)
    return judge.found


class Judge:
    def __init__(self, location: str, lines: list[str]) -> None:
        self.location, self.lines, self.found = location, lines, list[str]()

    def say(self, event: str, about: object = "") -> None:
        self.found.append(f"{event} {about!r:.80}".strip())

    # -- documents ----------------------------------------------------------------------------

    def rss(self, root: Element) -> None:
        (channel,) = root
        plain = [one.tag for one in channel if not one.tag.startswith("{")]
        self.known(plain, RSS_CHANNEL)
        self.once([name for name in plain if name != "item"], RSS_CHANNEL - {"item"})
        for name in ("title", "link", "description"):
            if name not in plain:
                self.say("MissingElement", name)
        last = max((n for n, one in enumerate(channel) if one.tag != "item"), default=0)
        if "item" in [one.tag for one in channel][:last]:
            self.say("MisplacedItem")
        self.links([one for one in channel if one.tag == f"{{{ATOM}}}link"])
        for name in ("title", "description", "copyright", "managingEditor"):
            self.nonhtml(channel.find(name))
        editor = channel.findtext("managingEditor")
        if editor is not None and not ADDRESS.fullmatch(editor):
            self.say("EmailFormat", editor)
        self.rfc822(channel.find("lastBuildDate"))
        self.image(channel)
        for name in ("link", "docs"):
            self.uri(channel.findtext(name, "x:"))
        guids = Counter(one.findtext("guid") for one in channel.findall("item"))
        for guid, times in guids.items():
            if times > 1:
                self.say("DuplicateValue", guid)
        for item in channel.findall("item"):
            self.item(item)

    def item(self, item: Element) -> None:
        plain = [one.tag for one in item if not one.tag.startswith("{")]
        self.known(plain, RSS_ITEM | {"author"})
        self.once(plain, ONCE_RSS)
        if not {"title", "description"} & {*plain}:
            self.say("ItemMustContainTitleOrDescription")
        if "guid" not in plain:
            self.say("MissingGuid")
        tags = [one.tag for one in item]
        for core, ext in zip(
            ("author", "category", "pubDate", "source"),
            ("creator", "subject", "date", "source"),
            strict=True,
        ):
            if core in plain and f"{{{DC}}}{ext}" in tags:
                self.say("DuplicateItemSemantics", core)
        encoded = f"{{{CONTENT}}}encoded"
        if encoded in tags and "description" not in tags[: tags.index(encoded)]:
            self.say("NeedDescriptionBeforeContent")
        for name in ("title", "category", "source"):
            for element in item.findall(name):
                self.nonhtml(element)
                if not (element.text or "").strip():
                    self.say("NotBlank", name)
        for name in ("description", encoded):
            if (element := item.find(name)) is not None:
                self.safe_html(element.text or "")
        for name in ("link", "comments", f"{{{LICENSE}}}license"):
            if (text := item.findtext(name)) is not None:
                self.uri(text)
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false":
            self.uri(guid.text or "")
        self.rfc822(item.find("pubDate"))
        self.rfc3339(item.find(f"{{{ATOM}}}updated"))
        self.enclosure(item.find("enclosure"))
        self.media(item)

    def atom(self, feed: Element) -> None:
        children = [self.name(one) for one in feed]
        self.known([c for c in children if not c.startswith("{")], ATOM_FEED)
        for name in ("title", "id", "updated"):
            if children.count(name) != 1:
                self.say("MissingElement", name)
        if "entry" in children and set(children[children.index("entry") :]) != {"entry"}:
            self.say("MisplacedMetadata")
        links = feed.findall(f"{{{ATOM}}}link")
        self.links(links)
        relations = {link.get("rel") for link in links}
        if feed.find(f"{{{FH}}}archive") is not None:
            if not {"prev-archive", "next-archive"} & relations:
                self.say("ArchiveIncomplete")
            if "current" not in relations:
                self.say("MissingCurrentInArchive")
        self.uri(feed.findtext(f"{{{ATOM}}}id", ""))
        self.rfc3339(feed.find(f"{{{ATOM}}}updated"))
        self.texts(feed, ("title", "subtitle", "rights"))
        self.people(feed)
        entries = feed.findall(f"{{{ATOM}}}entry")
        for name, event in (("id", "DuplicateEntries"), ("updated", "DuplicateUpdated")):
            values = Counter(one.findtext(f"{{{ATOM}}}{name}") for one in entries)
            for value, times in values.items():
                if times > 1:
                    self.say(event, value)
        signed = feed.find(f"{{{ATOM}}}author") is not None
        for entry in entries:
            self.entry(entry, signed)

    def entry(self, entry: Element, signed: bool) -> None:
        children = [self.name(one) for one in entry]
        self.known([c for c in children if not c.startswith("{")], ATOM_ENTRY)
        self.once(children, ONCE_ATOM)
        for name in ("title", "id", "updated"):
            if name not in children:
                self.say("MissingElement", name)
        if "author" not in children and not signed:
            self.say("MissingElement", "author")
        links = entry.findall(f"{{{ATOM}}}link")
        alternates = Counter(
            (one.get("type"), one.get("hreflang")) for one in links if one.get("rel") == "alternate"
        )
        if any(times > 1 for times in alternates.values()):
            self.say("DuplicateAtomLink")
        if "content" not in children and not alternates:
            self.say("MissingContentOrAlternate")
        for link in links:
            self.link(link)
            if link.get("rel") in ("current", "prev-archive", "next-archive"):
                self.say("FeedHistoryRelInEntry")
        self.uri(entry.findtext(f"{{{ATOM}}}id", ""))
        self.rfc3339(entry.find(f"{{{ATOM}}}updated"))
        self.rfc3339(entry.find(f"{{{ATOM}}}published"))
        self.texts(entry, ("title", "rights", "summary", "content"))
        self.people(entry)
        self.media(entry)

    # -- parts --------------------------------------------------------------------------------

    def links(self, links: list[Element]) -> None:
        relations = [link.get("rel") for link in links]
        if "self" not in relations:
            self.say("MissingSelf")
        if relations.count("alternate") > 1:
            self.say("DuplicateAtomLink")
        for link in links:
            self.link(link)
            if link.get("rel") == "self" and link.get("href") != self.location:
                self.say("SelfDoesntMatchLocation", link.get("href"))

    def link(self, link: Element) -> None:
        if set(link.attrib) - {"href", "rel", "type", "title", "length", "hreflang"}:
            self.say("UnexpectedAttribute", link.attrib)
        if link.get("rel") not in RELATIONS:
            self.say("UnregisteredAtomLinkRel", link.get("rel"))
        self.uri(link.get("href", ""))
        if "type" in link.attrib and not MIME.fullmatch(link.get("type")):
            self.say("InvalidMIMEType", link.get("type"))
        if "length" in link.attrib and not link.get("length").isdigit():
            self.say("InvalidNonNegativeInteger", link.get("length"))
        if "title" in link.attrib:
            self.plain_text(link.get("title"), link.sourceline)

    def image(self, channel: Element) -> None:
        image = channel.find("image")
        if image is None:
            return
        if image.findtext("link") != channel.findtext("link"):
            self.say("ImageLinkDoesntMatch")
        if image.findtext("title") != channel.findtext("title"):
            self.say("ImageTitleDoesntMatch")
        extension = image.findtext("url").rpartition(".")[2].lower()
        if re.fullmatch(r"\w+", extension) and extension not in ("jpg", "jpeg", "gif", "png"):
            self.say("ImageUrlFormat", extension)
        for name, most in (("width", 144), ("height", 400)):
            if not 0 < int(image.findtext(name, "1")) <= most:
                self.say("InvalidWidth", name)

    def enclosure(self, enclosure: Element) -> None:
        if enclosure is None:
            return
        if not enclosure.get("length", "").isdigit():
            self.say("InvalidIntegerAttribute", "length")
        if not MIME.fullmatch(enclosure.get("type", "")):
            self.say("InvalidMIMEAttribute", "type")
        if urlsplit(enclosure.get("url", "")).scheme not in ("http", "https"):
            self.say("InvalidURLAttribute", "url")

    def media(self, parent: Element) -> None:
        for content in parent.iter(f"{{{MEDIA}}}content", f"{{{MEDIA}}}thumbnail"):
            self.uri(content.get("url", ""))
            if content.get("medium", "image") not in ("image", "audio", "video", "document"):
                self.say("InvalidMediaMedium")
            for name in ("width", "height", "fileSize"):
                if name in content.attrib and not content.get(name).isdigit():
                    self.say("InvalidIntegerAttribute", name)
        if parent.find(f"{{{MEDIA}}}group") is not None:
            self.say("MediaGroupWithoutAlternatives")

    def people(self, parent: Element) -> None:
        for person in parent.iterchildren(f"{{{ATOM}}}author", f"{{{ATOM}}}contributor"):
            name = person.find(f"{{{ATOM}}}name")
            if name is None or not (name.text or "").strip():
                self.say("NotBlank", "name")
            else:
                self.plain_text(name.text, name.sourceline)
            uri = person.findtext(f"{{{ATOM}}}uri")
            if uri is not None:
                self.uri(uri)

    def texts(self, parent: Element, names: tuple[str, ...]) -> None:
        for name in names:
            element = parent.find(f"{{{ATOM}}}{name}")
            if element is None:
                continue
            if element.get("type", "text") == "html":
                self.safe_html(element.text or "")
            elif element.get("type", "text") == "text":
                self.plain_text(element.text or "", element.sourceline)
            else:
                self.say("InvalidMIMEType", element.get("type"))
            if not element.text:
                self.say("NotBlank", name)

    # -- values -------------------------------------------------------------------------------

    def name(self, element: Element) -> str:
        return str(element.tag).removeprefix(f"{{{ATOM}}}")

    def known(self, names: list[str], known: set[str]) -> None:
        for name in {*names} - known:
            self.say("UndefinedElement", name)

    def once(self, names: list[str], single: set[str]) -> None:
        for name, times in Counter(names).items():
            if times > 1 and name in single:
                self.say("DuplicateElement", name)

    def characters(self, element: Element) -> None:
        for text in (element.text or "", *element.attrib.values()):
            if BAD.search(text):
                self.say("BadCharacters", element.tag)

    def nonhtml(self, element: Element) -> None:
        """Text where HTML is discouraged; of RSS, after the RSS Profile."""
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
        """Whether the source has a hexadecimal reference there, so that it is meant as text."""
        return "&#x" in self.lines[line - 1]

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

    def uri(self, text: str) -> None:
        if not URI.fullmatch(text):
            self.say("InvalidFullLink", text)

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
        if element is not None and not RFC3339.fullmatch(element.text or ""):
            self.say("InvalidRFC3339Date", element.text)
