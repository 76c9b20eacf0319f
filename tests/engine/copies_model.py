"""What should stand where, as the documentation says it: a model of a newsroom over time.

It knows nothing of the program. A channel has documents, and each document should hold the texts of
certain articles and no others. What people follow (a feed) stays when nothing is left in it; files
of one article and the archives of closed months go. An article that was published stays as it was
last read while its file is broken or gone. What a channel has left behind when its file was deleted
stays as it is until it is retired, or the channel is there again. Its name makes no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

CHANNELS = {
    "files": 'adapter = "./own.py"\n',
    "harbour": 'adapter = "./own.py"\n[select]\nsection = "Harbour"\n',
    "tags": 'adapter = "atom"\n[split]\nby = "tag"\n',
    "sections": 'adapter = "jsonfeed"\n[split]\nby = "section"\n',
    "authors": 'adapter = "rss"\n[split]\nby = "author"\n',
    "months": 'adapter = "atom"\narchive = "month"\n',
}
FILES = ("files", "harbour")
TAGS = ("Ferries", "Tides", "Piers")
SECTIONS, AUTHORS, PICTURES = ("Harbour", "Town"), ("Ines", "Jan"), ("", "red", "blue")
MONTHS = ("2026-05", "2026-06", "2026-07")


@dataclass(frozen=True)
class Story:
    """An article as its file has it. `word` is in its text and in no other."""

    name: str
    word: str
    tag: str
    section: str
    month: str
    author: str = "Ines"
    picture: str = ""
    status: str = "usable"
    slug: str = ""
    renamed: str = ""
    """Another slug that its file asks for. An article that was published keeps the first."""

    def text(self) -> str:
        """The file."""
        day = f"{self.month}-0{1 + int(self.name[1:]) % 9}"
        picture = f"\n![A square]({self.picture}.png)\n" if self.picture else ""
        slug = f"slug: {self.renamed}\n" if self.renamed else ""
        return (
            f"---\ntitle: Story {self.word}\n{slug}id: tag:gazette.example.org,2026:{self.name}\n"
            f"published: {day}\nstatus: {self.status}\nsection: {self.section}\n"
            f"tags: [{self.tag}]\nauthor: {self.author}\n---\n\n"
            f"The pilot said {self.word} today.\n{picture}"
        )


@dataclass
class Model:
    """The files that people edit, the channels that exist, and what is published of both. `harmed`
    are the files that are broken or gone, `read` the articles as they were read last and not
    withdrawn, and `decided` those that somebody keeps without a file."""

    stories: dict[str, Story] = field(default_factory=dict)
    harmed: dict[str, str] = field(default_factory=dict)
    read: dict[str, Story] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=lambda: set(CHANNELS))
    feeds: set[tuple[str, str]] = field(default_factory=set)
    showed: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    left: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """What dropped channels have left behind."""
    archived: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    appeared: set[str] = field(default_factory=set)
    archives: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    stood: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    words: int = 0

    def next_word(self) -> str:
        """A word that no text has had."""
        self.words += 1
        return f"w{self.words:04}w"

    def put(self, story: Story) -> None:
        """A file is written."""
        self.stories[story.name] = story
        self.harmed.pop(story.name, None)

    def harm(self, name: str, how: str) -> None:
        """A file gets "broken", or is "gone"."""
        self.harmed[name] = how

    def seen(self) -> dict[str, Story]:
        """Each article as its file has it, or as it is kept without one."""
        kept = {name: self.read[name] for name in self.harmed if name in self.appeared}
        return {**{n: one for n, one in self.stories.items() if n not in self.harmed}, **kept}

    def named(self) -> set[str]:
        """The articles of which somebody has to decide what becomes of them."""
        return self._public() & self.harmed.keys() - self.decided

    def change(self, name: str, **values: str) -> Story:
        """A file is edited, and its text with it."""
        self.put(replace(self.stories[name], **values, word=self.next_word()))
        return self.stories[name]

    def drop(self, channel: str) -> None:
        """The file of a channel is deleted."""
        self.left |= {key: words for key, words in self.stood.items() if key[0] == channel}
        self.channels.discard(channel)

    def retire(self, channel: str) -> None:
        """What a dropped channel has left behind is removed, feeds too."""
        self.left = {key: words for key, words in self.left.items() if key[0] != channel}
        self.stood = {key: words for key, words in self.stood.items() if key[0] != channel}
        self.feeds = {key for key in self.feeds if key[0] != channel}

    def still_public(self) -> set[tuple[str, str]]:
        """The withdrawn articles that a dropped channel still shows, with that channel."""
        shown = ((key[0], self.names[word]) for key, words in self.left.items() for word in words)
        return {(channel, name) for channel, name in shown if name in self.withdrawn}

    def publish(self) -> None:
        """From now on every feed that shows something is one that people may follow."""
        self.read |= {n: one for n, one in self.seen().items() if one.status == "usable"}
        # What was decided on a file that is gone ends once something is seen there.
        self.decided &= {name for name, how in self.harmed.items() if how == "gone"}
        self.left = {key: one for key, one in self.left.items() if key[0] not in self.channels}
        self.names |= {one.word: one.name for one in self.seen().values()}
        for channel in self.channels - set(FILES):
            for document, words in self._shown(channel).items():
                if not document.startswith("media/"):
                    self.feeds.add((channel, document))
                    shown = self.showed.setdefault((channel, document), set())
                    shown |= {self.names[word] for word in words}
        # A retired feed is there again with its channel if it has to tell of a withdrawal.
        self.feeds |= {key for key, names in self.showed.items() if names & self.withdrawn}
        public = self._public()
        told = [one for one in self.seen().values() if one.name in self.archived - public]
        newest = self._newest() or max((one.month for one in told), default="")
        kept = {f"feed-{one.month}.atom" for one in told if one.month < newest}
        self.archives = {name for name in self._shown("months") if "-" in name} | kept
        self.appeared |= public
        self.archived |= public if "months" in self.channels else set()
        self.stood = self.expected()

    def expected(self) -> dict[tuple[str, str], set[str]]:
        """The words that each document holds, by channel and path."""
        found = dict(self.left)
        for channel in self.channels:
            shown = self._shown(channel)
            if channel not in FILES:
                for document in {path for name, path in self.feeds if name == channel}:
                    if "-" not in document:  # what people follow stays, if only empty
                        found[channel, document] = set()
            for document, words in shown.items():
                found[channel, document] = words
        # Some archives may only tell of a withdrawal.
        for document in self.archives if "months" in self.channels else ():
            found.setdefault(("months", document), set())
        return found

    def _public(self) -> set[str]:
        return {
            one.name
            for one in self.seen().values()
            if one.status == "usable" and one.name not in self.withdrawn
        }

    def _newest(self) -> str:
        """The newest month with a story; the archive of a month begins when a later one has."""
        return max((self.seen()[name].month for name in self._public()), default="")

    def _shown(self, channel: str) -> dict[str, set[str]]:
        public = [self.seen()[name] for name in sorted(self._public())]
        shown: dict[str, set[str]] = {}
        newest = self._newest()
        if channel == "months":
            shown["feed.atom"] = set()
        for one in public:
            match channel:
                case "files":
                    paths = [f"{one.slug}.txt"]
                case "harbour":
                    paths = [f"{one.slug}.txt"] if one.section == "Harbour" else []
                case "tags":
                    paths = [f"{one.tag.lower()}/feed.atom"]
                case "authors":
                    paths = [f"{one.author.lower()}/feed.xml"]
                case "sections":
                    paths = [f"{one.section.lower()}/feed.json"]
                case _:
                    paths = ["feed.atom"]
                    paths += [f"feed-{one.month}.atom"] if one.month != newest else []
            if one.picture and channel not in FILES:
                shown[f"media/{one.picture}.png"] = set()
            for path in paths:
                shown.setdefault(path, set()).add(one.word)
        return shown
