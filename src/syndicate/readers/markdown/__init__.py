r"""Markdown: CommonMark with tables, strike-through, footnotes, task and definition lists.

Blocks that an article can have and CommonMark does not know are written in common notations:

| block | written as |
|---|---|
| title | the first `# Heading` (or `title:` in the front matter) |
| callout | `> [!tip] Label` (`note`, `fact`, `warning` …), or `::: tip Label` … `:::` |
| quote | `> …` with a last line `> — Name`; a linked name gives the quote's source |
| pullquote | `::: pullquote` … `— Name` … `:::` |
| figure | a picture alone in a paragraph; caption: its title, or an emphasised line under it; |
|  | credit: `"Caption \| Credit: Name"`; size: `![alt](src){width=800 height=600}` |
| gallery | several pictures alone in a paragraph, or `::: gallery`; its text is the caption |
| table caption | a paragraph `Table: …` after the table |
| FAQ | paragraphs `Q: …` and `A: …`, or `::: faq` with bold, heading or `Q:` questions |
| embed | the address of a video or post alone in a paragraph, or `::: embed URL Provider` |
| correction | `::: correction 2026-10-06` |
| related | `::: related` with a list of links |
| call to action | `::: cta`; it leads where its only link leads |
| paywall | `<!-- paywall -->`, `<!--more-->`, or `::: paywall` |
| other language | `[words]{lang=ar}` |
| sub, sup | `H~2~O`, `m^2^` |

A `:::` box inside another needs a longer fence outside (`::::`). HTML blocks with a table, figure,
list, quote or player become the same blocks in the article. Of other HTML only the words are kept,
with `<br>` as a line break; comments are left out; each has a note. Headings keep their level, but
if the body has a level 1, all go down by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.article import Tag
from syndicate.readers import front_matter, metadata
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.decode import decoded_text
from syndicate.readers.elsewhere import front_matter_is_of
from syndicate.readers.front_matter_values import front_matter_key
from syndicate.readers.reader_state import DATED_STEM, ReaderState


class MarkdownReader(Reader):
    """Markdown with optional YAML, TOML or JSON front matter; one article per file."""

    suffixes = (".md", ".markdown")

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it has no title, its front matter is wrong, a picture is outside
                `content/`, or it is nested too deeply; `Problems` for several wrong keys.
        """
        from syndicate.readers.markdown.blocks import MarkdownBlockReader
        from syndicate.readers.markdown.dialects import plain_markdown
        from syndicate.readers.markdown.syntax import parse_markdown

        front = front_matter.split_front_matter(decoded_text(source), source)
        state = ReaderState(source, source.publication.language)
        stated = metadata.front_matter_metadata(front, state)
        language = metadata.sidecar_metadata(state).get("language") or stated.get("language")
        state.speak(language, front.text)
        text = plain_markdown(front.text, state, front.line)
        body = MarkdownBlockReader(state, parse_markdown(text, source, front.line), front.line)
        blocks = body.article(stated.get("title"))
        found = {"title": body.title} if body.title else {}
        if not (body.title or stated.get("title") or metadata.sidecar_metadata(state).get("title")):
            found = _named(state, front)
        tags = tuple(Tag(name=name) for name in dict.fromkeys(state.tags))
        if tags:
            stated["tags"] = tuple(dict.fromkeys((*stated.get("tags", ()), *tags)))
        yield metadata.reading(state, stated, found, blocks)


def _named(state: ReaderState, front: front_matter.FrontMatter) -> dict[str, str]:
    """The title from the file's name, as in Obsidian or (with hyphens for spaces) Jekyll; {} if the
    name does not read like a title."""
    stem = state.source.path.stem
    if stem in ("index", "_index"):
        stem = state.source.path.parent.name
    name = " ".join(DATED_STEM.sub("", stem, count=1).split())
    keys = {front_matter_key(key) for key in front.values}
    if name != stem and front.values and name == name.lower():
        name = name.replace("-", " ").replace("_", " ").strip().capitalize()
    elif not (front_matter_is_of("obsidian", keys) or "[[" in front.text or _is_written(name)):
        return {}
    if not any(character.isalnum() for character in name):
        return {}
    state.guessed(f"the title {name!r}, from the file's name")
    return {"title": name}


def _is_written(name: str) -> bool:
    """Whether a file's name reads like a title: it has spaces, capitals or non-ASCII letters."""
    return any(one == " " or one.isupper() or (one.isalpha() and not one.isascii()) for one in name)
