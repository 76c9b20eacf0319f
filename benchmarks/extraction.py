"""How well and how fast pages are read, beside trafilatura in the same run, and what a page of
50 MB costs.

Run: python benchmarks/extraction.py [folder] [pages]

The folder holds `html/NAME.html.gz` and `truth/NAME.json` with, under `ground_truth`, the keys
`title`, `author`, `publish_date` and `main_content`. Without a folder three pages made up here
are read, which shows that it runs and nothing else.
"""

from __future__ import annotations

import gzip
import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import trafilatura

from syndicate.article import Embed, Figure, Gallery, List, Paragraph, Quote
from syndicate.article.blocks import Blocks
from syndicate.article.publication import Publication
from syndicate.article.text import passages
from syndicate.errors import SourceError
from syndicate.readers import Source, read
from syndicate.readers.contract import HEAD

WHEN = datetime(2026, 10, 5, tzinfo=UTC)
PUBLICATION = Publication(title="The Harbour Gazette", base_url="https://gazette.example.org/")
Answer = dict[str, str]


def ours(page: bytes) -> Answer:
    """What Syndicate makes of a page; the body without its captions and the bare addresses
    of players, as the truth has it."""
    try:
        (reading,) = read(Source(PurePosixPath("page.html"), page, WHEN, PUBLICATION))
    except SourceError:
        return {"title": "", "author": "", "date": "", "body": ""}
    article = reading.article
    shown = (b for b in article.body if not isinstance(b, Figure | Gallery))
    body = tuple(b for b in shown if not (isinstance(b, Embed) and b.text in b.url))
    dated = "published" in reading.given
    return {
        "title": article.title,
        "author": article.byline,
        "date": article.published.date().isoformat() if dated else "",
        "body": "\n".join(seen(body)),
    }


def seen(blocks: Blocks) -> Iterator[str]:
    """The passages of `blocks`, those of numbered lists with the numbers that readers see."""
    for block in blocks:
        if isinstance(block, Quote):
            yield from seen((*block.blocks, Paragraph(content=block.cite)))
        elif isinstance(block, List):
            for number, item in enumerate(block.items, block.start):
                lines = list(seen(item.blocks))
                mark = f"{number}. " if block.ordered and lines else ""
                yield from (line if n else f"{mark}{line}" for n, line in enumerate(lines))
        else:
            yield from passages((block,))


def theirs(page: bytes) -> Answer:
    """What trafilatura makes of it, fallback and metadata included."""
    found: Any = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    if found is None:
        return {"title": "", "author": "", "date": "", "body": ""}
    return {
        "title": found.title or "",
        "author": (found.author or "").replace("; ", ", "),
        "date": found.date or "",
        "body": found.text or "",
    }


def words(text: str) -> list[str]:
    """The words of `text`."""
    return re.findall(r"\w+", text)


def word_f1(found: str, true: str) -> float:
    """Overlap of the words, in lower case, as multisets."""
    a, b = Counter(words(found.lower())), Counter(words(true.lower()))
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def shingles(found: str, true: str) -> tuple[float, float, float]:
    """Right, wrong and missing runs of four words, as shares of them all."""

    def of(text: str) -> Counter[tuple[str, ...]]:
        all_words = words(text)
        return Counter(tuple(all_words[n : n + 4]) for n in range(max(1, len(all_words) - 3)))

    a, b = of(found), of(true)
    parts = [sum(c.values()) for c in (a & b, a - b, b - a)]
    right, wrong, missing = (part / (sum(parts) or 1) for part in parts)
    return right, wrong, missing


def same(one: str, other: str) -> bool:
    """Whether two lines are the same but for case, space and the shape of quotes."""

    def bare(text: str) -> str:
        return " ".join(re.sub("[“”]", '"', text.replace("’", "'")).lower().split())

    return bare(one) == bare(other)


def measured(read_page: Callable[[bytes], Answer], pages: list[tuple[bytes, Answer]]) -> str:
    """One line of figures."""
    start = process_time()
    answers = [read_page(page) for page, _ in pages]
    seconds = process_time() - start
    pairs = [(answer, truth) for answer, (_, truth) in zip(answers, pages, strict=True)]
    f1 = sum(word_f1(a["body"], t["body"]) for a, t in pairs) / len(pairs)
    runs = [shingles(a["body"], t["body"]) for a, t in pairs]
    right, wrong, missing = (sum(column) for column in zip(*runs, strict=True))
    exact = sum(wrong + missing == 0 for _, wrong, missing in runs) / len(runs)
    line = (
        f"words {f1:.3f}  shingles {2 * right / (2 * right + wrong + missing or 1):.3f}"
        f"  exact {exact:.2f}"
    )
    for name in ("title", "author", "date"):
        known = [(a, t) for a, t in pairs if t[name]]
        hits = sum(same(a[name], t[name]) for a, t in known)
        line += f"  {name} {hits / (len(known) or 1):.2f}"
    return f"{line}  {len(pages) / seconds:6.1f} pages/s"


def pages_in(folder: Path, most: int) -> Iterator[tuple[bytes, Answer]]:
    """The pages of `folder` with what is true of them."""
    for path in sorted((folder / "html").iterdir())[:most]:
        name = path.name.partition(".")[0]
        truth = json.loads((folder / "truth" / f"{name}.json").read_text())["ground_truth"]
        yield (
            gzip.decompress(path.read_bytes()),
            {
                "title": truth["title"] or "",
                "author": truth["author"] or "",
                "date": truth["publish_date"] or "",
                "body": truth["main_content"] or "",
            },
        )


def made_up() -> Iterator[tuple[bytes, Answer]]:
    """Three pages without surprises."""
    for number in range(1, 4):
        body = [
            f"The tide of day {number} turned before the pilots had read gauge {n}."
            for n in range(20)
        ]
        paragraphs = "".join(f"<p>{line}</p>" for line in body)
        page = (
            f"<html><head><title>Tide report {number}</title></head><body>"
            '<nav><a href="/">Home</a></nav>'
            f"<article><h1>Tide report {number}</h1>{paragraphs}</article></body></html>"
        )
        truth = {
            "title": f"Tide report {number}",
            "author": "",
            "date": "",
            "body": "\n".join(body),
        }
        yield page.encode(), truth


def large(megabytes: int) -> str:
    """Time and memory that a page of this size takes, most of it inlined pictures."""
    page, _ = next(made_up())
    head, end = page.split(b"</article>")
    with TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        with path.open("wb") as file:
            file.write(head + b'<img src="data:image/png;base64,')
            for _ in range(megabytes):
                file.write(b"QUJD" * 250_000)
            file.write(b'"></article>' + end)
        source = Source(
            PurePosixPath("page.html"),
            head[:HEAD],
            WHEN,
            PUBLICATION,
            file=lambda: path.open("rb"),
        )
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
        read(source)
        seconds = process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"a page of {megabytes} MB: {seconds:.2f} s, {grown:.0f} MB more memory"


def main(folder: str | None = None, most: str = "1000") -> None:
    """Print a line for each reader, then one for a very large page."""
    print(large(50))
    pages = list(pages_in(Path(folder), int(most)) if folder else made_up())
    print(f"{len(pages)} pages")
    for name, reader in (("syndicate", ours), ("trafilatura", theirs)):
        reader(pages[0][0])
        print(f"{name:12} {measured(reader, pages)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
