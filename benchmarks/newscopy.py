"""How well plain copy is read: F1 by kind and language on the labelled copies of the tests,
headings of web pages whose text was flattened, and characters a second.

Run: python benchmarks/newscopy.py [folder of pages] [rounds]

The folder has `truth/*.json` (`ground_truth.title`, `.main_content`: plain text with headings on
lines of their own) and `html/*.html.gz`. A page is in the half to learn from or in the half that
is held back by the hash of its name; the latter's figures count.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lxml import html  # noqa: E402
from tests.readers.labelled import COPIES, KINDS, Tally, tallies  # noqa: E402
from tests.readers.reading import read_one  # noqa: E402

from syndicate.article import FAQ, Heading  # noqa: E402
from syndicate.article.text import plain  # noqa: E402
from syndicate.errors import SyndicateError  # noqa: E402


def labelled() -> None:
    """Print F1 by kind for each language and for all copies."""
    counts: dict[str, dict[str, Tally]] = defaultdict(lambda: {kind: Tally() for kind in KINDS})
    for path in COPIES:
        for kind, tally in tallies(path).items():
            for name in (path.stem.partition("-")[0], "all", f"· {path.stem}"):
                counts[name][kind].add(tally)
    print(f"{len(COPIES)} labelled copies, F1" + "".join(f"{kind:>11}" for kind in KINDS))
    for name, kinds in sorted(counts.items(), key=lambda item: item[0].startswith("·")):
        if not name.startswith("·") or any(tally.f1 < 1 for tally in kinds.values()):
            print(f"{name:25}" + "".join(f"{kinds[kind].f1:11.3f}" for kind in KINDS))


def flattened(folder: Path) -> None:
    """Print how many of the pages' h2 and h3 come back as headings, or as questions of an FAQ."""
    halves: dict[str, Counter[str]] = defaultdict(Counter)
    for truth in sorted((folder / "truth").glob("*.json")):
        held = int(hashlib.sha256(truth.stem.encode()).hexdigest(), 16) % 2
        halves["held back" if held else "to learn from"].update(_page(folder, truth))
    for half, count in sorted(halves.items()):
        wanted = count["wanted"] or 1
        print(
            f"flattened pages, {half}: {count['pages']} pages, {wanted} headings, recall "
            f"{count['found'] / wanted:.3f} ({(count['found'] + count['asked']) / wanted:.3f} with "
            f"questions), precision {count['found'] / ((count['found'] + count['wrong']) or 1):.3f}"
        )


def _page(folder: Path, truth: Path) -> Iterator[str]:
    known = json.loads(truth.read_text("utf-8"))["ground_truth"]
    text, title = known["main_content"], known["title"] or "Untitled"
    page: Any = html.fromstring(
        gzip.decompress((folder / "html" / f"{truth.stem}.html.gz").read_bytes())
    )
    lines = [" ".join(line.split()) for line in text.split("\n")]
    marked = {
        level: {" ".join(element.text_content().split()) for element in page.iter(*level.split())}
        for level in ("h2 h3", "h1 h4 h5 h6 strong b")
    }
    wanted = Counter(line for line in lines if line in marked["h2 h3"] - {"", title})
    yield "pages"
    yield from ("wanted" for _ in wanted.elements())
    try:
        body = read_one(f"{title}\n\n{text}".encode("utf-8", "ignore"), "page.txt").article.body
    except SyndicateError:
        return
    found = Counter(" ".join(plain(b.content).split()) for b in body if isinstance(b, Heading))
    asked = Counter(plain(p.question) for b in body if isinstance(b, FAQ) for p in b.pairs)
    yield from ("found" for _ in (wanted & found).elements())
    yield from ("asked" for _ in ((wanted - found) & asked).elements())
    # What the page stresses as a whole line is a heading to the eye.
    yield from ("wrong" for line in (found - wanted) if line not in marked["h1 h4 h5 h6 strong b"])


def speed(rounds: int) -> None:
    """Print how many characters of the copies are read in a second of processor time."""
    texts = [path.read_bytes() for path in COPIES]
    characters = sum(len(text.decode()) for text in texts)
    best = min(_seconds(texts) for _ in range(rounds))
    print(f"{characters / best:,.0f} characters a second, {best / len(texts) * 1000:.1f} ms a copy")


def _seconds(texts: list[bytes]) -> float:
    began = process_time()
    for text in texts:
        read_one(text, "copy.txt")
    return process_time() - began


def main(folder: str = "", rounds: str = "3") -> None:
    """Print all three."""
    labelled()
    if folder:
        flattened(Path(folder))
    speed(int(rounds))


if __name__ == "__main__":
    main(*sys.argv[1:])
