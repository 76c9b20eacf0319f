"""The rules of the W3C Feed Validation Service, as far as they concern our feeds.

The service's code (https://github.com/w3c/feedvalidator) is not on PyPI. Events have the same names
as there; errors and warnings are treated alike, since we want neither. HTML is parsed by the same
library, just as strictly.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from lxml import etree

from tests.adapters.feeds.w3c_values import Values, names

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
FH = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
LICENSE = "http://backend.userland.com/creativeCommonsRssModule"
XML = "http://www.w3.org/XML/1998/namespace"
NAMESPACES = {ATOM, CONTENT, DC, FH, MEDIA, LICENSE}
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
RELATIONS = names(
    "alternate current enclosure first hub last license next next-archive prev-archive previous "
    "related replies self via"
)
HISTORY = names("current first last next next-archive prev-archive previous")

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
        if language := element.get(f"{{{XML}}}lang"):
            judge.language(language)
    judge.rss(root) if root.tag == "rss" else judge.atom(root)
    return judge.found


class Judge(Values):
    """The messages about one document."""

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
        ttl = channel.findtext("ttl")
        if ttl is not None and not (ttl.isdigit() and int(ttl)):
            self.say("InvalidPositiveInteger", "ttl")
        for name in ("title", "description", "copyright", "managingEditor"):
            self.nonhtml(channel.find(name))
        self.named_mailbox(channel.findtext("managingEditor"))
        self.language(channel.findtext("language", ""))
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
        for name in ("title", "category", "source", f"{{{DC}}}rights"):
            for element in item.findall(name):
                self.nonhtml(element)
                if not (element.text or "").strip():
                    self.say("NotBlank", name)
        for name in ("description", encoded):
            if (element := item.find(name)) is not None:
                self.safe_html(element.text or "")
        for name in ("link", "comments", f"{{{LICENSE}}}license"):
            if (text := item.findtext(name)) is not None:
                self.full_uri(text)
        for source in item.findall("source"):
            self.full_uri(source.get("url", ""))
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false":
            self.full_uri(guid.text or "")
        elif guid is not None and len(guid.text or "") < 9 and (guid.text or "").isdigit():
            self.say("NotSufficientlyUnique", guid.text)
        if (language := item.findtext(f"{{{DC}}}language")) is not None:
            self.language(language)
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
        self.identifier(feed.findtext(f"{{{ATOM}}}id", ""))
        for logo in feed.findall(f"{{{ATOM}}}logo"):
            self.uri(logo.text or "")
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
        if not {"content", "summary"} & {*children}:
            self.say("MissingTextualContent")
        for link in links:
            self.link(link)
            if link.get("rel") in HISTORY:
                self.say("FeedHistoryRelInEntry")
        for category in entry.findall(f"{{{ATOM}}}category"):
            if "term" not in category.attrib:
                self.say("MissingAttribute", "term")
            if (scheme := category.get("scheme")) is not None:
                self.full_uri(scheme)
        self.identifier(entry.findtext(f"{{{ATOM}}}id", ""))
        self.rfc3339(entry.find(f"{{{ATOM}}}updated"))
        self.rfc3339(entry.find(f"{{{ATOM}}}published"))
        self.texts(entry, ("title", "rights", "summary", "content"))
        self.people(entry)
        self.media(entry)

    # -- parts --------------------------------------------------------------------------------

    def links(self, links: list[Element]) -> None:
        kinds = Counter((link.get("rel"), link.get("type"), link.get("hreflang")) for link in links)
        if "self" not in {rel for rel, *_ in kinds}:
            self.say("MissingSelf")
        if any(times > 1 for times in kinds.values()):
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
        if "type" in link.attrib:
            self.mime("InvalidMIMEType", link.get("type"))
        if "length" in link.attrib and not link.get("length").isdigit():
            self.say("InvalidNonNegativeInteger", link.get("length"))
        if "title" in link.attrib:
            self.plain_text(link.get("title"), link.sourceline)
            if not link.get("title"):
                self.say("AttrNotBlank", "title")

    def image(self, channel: Element) -> None:
        image = channel.find("image")
        if image is None:
            return
        if image.findtext("link") != channel.findtext("link"):
            self.say("ImageLinkDoesntMatch")
        if image.findtext("title") != channel.findtext("title"):
            self.say("ImageTitleDoesntMatch")
        for name in ("link", "url"):
            self.full_uri(image.findtext(name, ""))
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
        self.mime("InvalidMIMEAttribute", enclosure.get("type", ""))
        self.web_address(enclosure.get("url", ""))

    def media(self, parent: Element) -> None:
        for content in parent.iter(f"{{{MEDIA}}}content", f"{{{MEDIA}}}thumbnail"):
            self.full_uri(content.get("url", ""))
            if "type" in content.attrib:
                self.mime("InvalidMIMEAttribute", content.get("type"))
            if content.get("medium", "image") not in ("image", "audio", "video", "document"):
                self.say("InvalidMediaMedium")
            for name in ("width", "height", "fileSize"):
                number = content.get(name, "1")
                if not number.isdigit() or not int(number):
                    self.say("InvalidPositiveInteger", name)
        for text in parent.iter(f"{{{MEDIA}}}description", f"{{{MEDIA}}}title"):
            if text.get("type", "plain") != "plain":
                self.say("InvalidMediaTextType", text.get("type"))
            self.plain_text(text.text or "", text.sourceline)
        if parent.find(f"{{{MEDIA}}}group") is not None:
            self.say("MediaGroupWithoutAlternatives")

    def people(self, parent: Element) -> None:
        for person in parent.iterchildren(f"{{{ATOM}}}author", f"{{{ATOM}}}contributor"):
            name = person.find(f"{{{ATOM}}}name")
            if name is None or not (name.text or "").strip():
                self.say("NotBlank", "name")
            else:
                self.plain_text(name.text, name.sourceline)
                self.no_mailbox(name.text)
            email = person.find(f"{{{ATOM}}}email")
            if email is not None:
                self.mailbox(email.text or "")
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
