"""What should stand where, as the documentation says it: a model of a newsroom over time.

It knows nothing of the program. A channel has documents, and each document should hold the texts of
certain articles and no others. What people follow (a feed) stays when nothing is left in it; files
of one article and the archives of closed months go. An article that was published stays as it was
last read while its file is broken or gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

CHANNELS = {
    "files": 'adapter = "./own.py"\n',
    "harbour": 'adapter = "./own.py"\n[select]\nsection = "Harbour"\n',
    "tags": 'adapter = "atom"\n[split]\nby = "tag"\n',
    "sections": 'adapter = "jsonfeed"\n[split]\nby = "section"\n',
    "months": 'adapter = "atom"\narchive = "month"\n',
}
FILES = ("files", "harbour")
TAGS = ("Ferries", "Tides", "Piers")
SECTIONS = ("Harbour", "Town")
MONTHS = ("2026-05", "2026-06", "2026-07")


@dataclass(frozen=True)
class Story:
    """An article as its file has it. `word` is in its text and in no other."""

    name: str
    word: str
    tag: str
    section: str
    month: str
    status: str = "usable"
    slug: str = ""

    def text(self) -> str:
        """The file."""
        day = f"{self.month}-0{1 + int(self.name[1:]) % 9}"
        return (
            f"---\ntitle: Story {self.name}\nid: tag:gazette.example.org,2026:{self.name}\n"
            f"published: {day}\nstatus: {self.status}\nsection: {self.section}\n"
            f"tags: [{self.tag}]\n---\n\nThe pilot said {self.word} today.\n"
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
    withdrawn: set[str] = field(default_factory=set)
    appeared: set[str] = field(default_factory=set)
    archives: set[str] = field(default_factory=set)
    words: int = 0

    def next_word(self) -> str:
        """A word that no text has had."""
        self.words += 1
        return f"w{self.words:04}w"

    def put(self, story: Story) -> None:
        """A file is written."""
        self.stories[story.name] = story
        self.harmed.pop(story.name, None)
        self.decided.discard(story.name)

    def harm(self, name: str, how: str) -> None:
        """A file gets "broken", or is "gone"."""
        self.harmed[name] = how
        self.decided.discard(name)

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

    def publish(self) -> None:
        """From now on every feed that shows something is one that people may follow."""
        self.read |= {n: one for n, one in self.seen().items() if one.status == "usable"}
        for channel in self.channels - set(FILES):
            for document in self._shown(channel):
                self.feeds.add((channel, document))
        public = self._public()
        told = [one for one in self.seen().values() if one.name in self.appeared - public]
        newest = self._newest() or max((one.month for one in told), default="")
        kept = {f"feed-{one.month}.atom" for one in told if one.month < newest}
        self.archives = {name for name in self._shown("months") if "-" in name} | kept
        self.appeared |= public

    def expected(self) -> dict[tuple[str, str], set[str]]:
        """The words that each document holds, by channel and path."""
        found: dict[tuple[str, str], set[str]] = {}
        for channel in self.channels:
            shown = self._shown(channel)
            if channel not in FILES:
                for document in {path for name, path in self.feeds if name == channel}:
                    if "-" not in document:  # what people follow stays, if only empty
                        found[channel, document] = set()
            for document, words in shown.items():
                found[channel, document] = words
        for document in self.archives:  # some may only tell of a withdrawal
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
                case "sections":
                    paths = [f"{one.section.lower()}/feed.json"]
                case _:
                    paths = ["feed.atom"]
                    paths += [f"feed-{one.month}.atom"] if one.month != newest else []
            for path in paths:
                shown.setdefault(path, set()).add(one.word)
        return shown
