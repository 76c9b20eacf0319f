"""Plain news copy as it is pasted: what it looks like is what it is.

The first line is the headline, unless the copy opens with lines that say what they are (`Headline:
…`, `By: …`, `Date: …`). A line `By Name` names the author, what stands between the two is the
subtitle; a line with nothing but a date is the date; `PORT ELLERY (Agency) —` at the start of the
text is the dateline. Blank lines part paragraphs. A short line alone, without a full stop and with
text after it, is a heading. `Did you know?`, `Pro Tip:`, `Note:` open callouts, `Q:` and `A:` are
an FAQ, `-`, `•`, `*` and `1.` lists, a quotation followed by `— Name` a quote; a last paragraph
that asks the reader to do something is the call to action. What the page around the article left
behind (share bars, "You may also like", comment forms) is left out. Each guess, and all that is
left out, is in the notes.
"""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.readers import front_matter, metadata
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.copy import Copy
from syndicate.readers.decode import text_of
from syndicate.readers.mailed import take_mail
from syndicate.readers.newscopy.body import blocks
from syndicate.readers.newscopy.boilerplate import without_boilerplate
from syndicate.readers.newscopy.head import take_head
from syndicate.readers.newscopy.labels import take_labelled
from syndicate.readers.newscopy.pieces import pieces


class NewsCopyReader(Reader):
    """Plain text, with optional YAML, TOML or JSON front matter; one article a file."""

    suffixes = (".txt",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it has no headline, or its front matter is wrong; `Problems` for several
                wrong keys.
        """
        front = front_matter.split(text_of(source), source)
        copy = Copy(source, source.publication.language)
        stated = metadata.given(front, copy)
        language = metadata.beside(copy).get("language") or stated.get("language")
        copy.speak(language, front.text)
        labelled, text, line = take_mail(front.text, front.line, copy)
        if not labelled:
            labelled, text, line = take_labelled(front.text, front.line, copy)
        kept = without_boilerplate(pieces(text, line, copy.overrides), copy)
        own = stated.get("title") or labelled.get("title")
        head, rest = take_head(kept, copy, own, metadata.beside(copy).get("title"))
        head |= labelled
        yield metadata.reading(copy, stated, head, blocks(rest, copy, {**head, **stated}))
