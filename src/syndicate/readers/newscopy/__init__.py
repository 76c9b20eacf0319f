"""Plain news copy as it is pasted: blocks are recognised by what they look like.

The first line is the headline, unless the copy begins with labelled lines (`Headline: …`, `By: …`,
`Date: …`). A line `By Name` is the byline; text between the headline and the byline is the
subtitle. A line with only a date is the date. `PORT ELLERY (Agency) —` at the start of the text is
the dateline. Blank lines separate paragraphs. A short line on its own, without a full stop and with
text after it, is a heading. `Did you know?`, `Pro Tip:` and `Note:` begin callouts, `Q:` and `A:`
an FAQ, and `-`, `•`, `*` and `1.` lists. A quotation followed by `— Name` is a quote. A last
paragraph that asks the reader to do something is the call to action. Boilerplate from a web page
(share bars, "You may also like", comment forms) is left out. Notes list every guess and everything
that was left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from syndicate.readers import front_matter, metadata
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.decode import decoded_text
from syndicate.readers.mailed import take_mail
from syndicate.readers.newscopy.body import newscopy_blocks
from syndicate.readers.newscopy.boilerplate import without_boilerplate
from syndicate.readers.newscopy.head import take_newscopy_head
from syndicate.readers.newscopy.labels import take_labelled_lines
from syndicate.readers.newscopy.pieces import copy_pieces
from syndicate.readers.reader_state import ReaderState


class NewsCopyReader(Reader):
    """Plain text, with optional YAML, TOML or JSON front matter; one article per file."""

    suffixes = (".txt",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The article in `source`.

        Raises:
            SourceError: it has no headline, or its front matter is wrong; `Problems` for several
                wrong keys.
        """
        front = front_matter.split_front_matter(decoded_text(source), source)
        state = ReaderState(source, source.publication.language)
        stated = metadata.front_matter_metadata(front, state)
        language = metadata.sidecar_metadata(state).get("language") or stated.get("language")
        state.speak(language, front.text)
        labelled, text, line = take_mail(front.text, front.line, state)
        if not labelled:
            labelled, text, line = take_labelled_lines(front.text, front.line, state)
        kept = without_boilerplate(copy_pieces(text, line, state.overrides), state)
        own = stated.get("title") or labelled.get("title")
        head, rest = take_newscopy_head(
            kept, state, own, metadata.sidecar_metadata(state).get("title")
        )
        head |= labelled
        yield metadata.reading(
            state, stated, head, newscopy_blocks(rest, state, {**head, **stated})
        )
