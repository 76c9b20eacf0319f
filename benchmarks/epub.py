"""How long a digest takes beside plain EbookLib and pandoc, and what memory a picture costs.

EbookLib gets what the book is made of ready to bind: the same pages, pictures, faces and cover.
pandoc gets the same pages as one HTML file, and the pictures. They are held against three of ours:
our writer, which gets what EbookLib gets; all of ours, which starts from articles, and besides sets
the pages, checks them, sizes the pictures, cuts the faces and draws the cover, none of which the
others do; and the same again with what it takes to make those parts added to theirs.

Run: python benchmarks/epub.py [articles] [words] [pictures of the smaller memory run]
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import NamedTuple
from zipfile import ZipFile

import pypandoc
from ebooklib import epub
from feeds import NOON, PUBLICATION, ROOT, article
from PIL import Image

from syndicate.adapters.edition import Edition
from syndicate.adapters.epub.adapter import EPUB
from syndicate.adapters.epub.writer import BookArchive, BookPage, BookWriter
from syndicate.article import Article, Figure
from syndicate.kit import Kit

ADAPTER = EPUB()
MEDIA_TYPES = {".jpg": "image/jpeg", ".ttf": "font/ttf", ".css": "text/css"}
_MEASURE = """
import sys
sys.path.insert(0, {benchmarks!r})
from epub import ours, illustrated
from pathlib import Path
articles = illustrated(Path({folder!r}), {count}, {words})
ours(Path({folder!r}), articles[:1])
ours(Path({folder!r}), articles)
# Not ru_maxrss: on Linux that begins with the memory of the process that started this one.
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


class _Spent(NamedTuple):
    """Seconds of processor time, and bytes."""

    time: float
    size: int


def pictures(folder: Path, count: int) -> None:
    """`count` different photographs of 1200 by 750 pixels, ready for the book."""
    sources = sorted((ROOT / "content" / "pictures").glob("*.jpg"))
    opened = [Image.open(path).resize((1400, 875)) for path in sources]
    for number in range(count):
        offset = number // len(opened) % 125
        box = (offset, offset, offset + 1200, offset + 750)
        cut = opened[number % len(opened)].crop(box)
        cut.save(folder / f"{number}.jpg", quality=80)


def illustrated(folder: Path, count: int, words: int) -> tuple[Article, ...]:
    """`count` articles of `words` words, each with a lead picture of its own."""
    return tuple(
        article(number, words).model_copy(
            update={"lead_image": Figure(src=f"{number}.jpg", alt="The quay")}
        )
        for number in range(count)
    )


def ours(folder: Path, articles: tuple[Article, ...]) -> bytes:
    """The digest of `articles`."""
    kit = Kit((ROOT / "templates" / "epub", ROOT / "templates"), folder)
    url = PUBLICATION.absolute("digest/")
    edition = Edition(PUBLICATION, "digest", url, articles, NOON, 1)
    return next(iter(ADAPTER.render(edition, kit))).content


def bound(book: ZipFile) -> bytes:
    """The parts of `book` bound by our writer."""
    made, archive = epub.EpubBook(), BookArchive(NOON)
    made.set_identifier("benchmark")
    made.set_title("The Harbour Gazette")
    made.set_language("en")
    for name in book.namelist():
        suffix, short = Path(name).suffix, name.removeprefix("EPUB/")
        if suffix == ".xhtml":
            page = BookPage(short, short, book.read(name).decode(), navigation=short == "nav.xhtml")
            made.add_item(page)
            made.spine.append(page)
        elif suffix in MEDIA_TYPES:
            uid, kind = short.replace("/", "-"), MEDIA_TYPES[suffix]
            made.add_item(epub.EpubItem(uid, short, kind, book.read(name)))
    made.add_item(epub.EpubNcx())
    return BookWriter(made, archive).write()


def plain(book: ZipFile) -> bytes:
    """The parts of `book` bound by EbookLib, as its manual does it."""
    made = epub.EpubBook()
    made.set_identifier("benchmark")
    made.set_title("The Harbour Gazette")
    made.set_language("en")
    made.set_cover("cover.jpg", book.read("EPUB/cover.jpg"))
    chapters = []
    for name in book.namelist():
        suffix, short = Path(name).suffix, name.removeprefix("EPUB/")
        if short.startswith(("chapter", "contents", "halftitle", "colophon")):
            page = epub.EpubHtml(title=short, file_name=short, content=book.read(name))
            made.add_item(page)
            chapters.append(page)
        elif suffix in MEDIA_TYPES and short != "cover.jpg":
            kind = MEDIA_TYPES[suffix]
            made.add_item(epub.EpubItem(file_name=short, media_type=kind, content=book.read(name)))
    made.toc = chapters
    made.spine = ["nav", *chapters]
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    out = io.BytesIO()
    epub.write_epub(out, made)
    return out.getvalue()


def pandoc(folder: Path, book: ZipFile) -> bytes:
    """The chapters of `book` bound by pandoc."""
    bodies = []
    for name in sorted(book.namelist()):
        if "chapter" in name:
            body = re.search(r"(?s)<body[^>]*>(.*)</body>", book.read(name).decode())
            bodies.append(body[1] if body else "")
        elif "/images/" in name:
            path = folder / name.removeprefix("EPUB/")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(book.read(name))
    source, out = folder / "all.html", folder / "all.epub"
    source.write_text("\n".join(bodies), "utf-8")
    command = [pypandoc.get_pandoc_path(), str(source), "-f", "html", "-t", "epub3"]
    command += ["-o", str(out), "--resource-path", str(folder), "--metadata", "title=Gazette"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return out.read_bytes()


def spent(works: Mapping[str, Callable[[], bytes]], rounds: int = 5) -> dict[str, _Spent]:
    """The least processor time that each of `works` took, children included, and how large its
    book is. They take turns, so that a busy machine is unfair to none."""
    least: dict[str, _Spent] = {}
    for _ in range(rounds):
        for name, work in works.items():
            before = _clock()
            size = len(work())
            time = _clock() - before
            least[name] = min(_Spent(time, size), least.get(name, _Spent(time, size)))
    return least


def _clock() -> float:
    usages = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def memory(folder: Path, count: int, words: int) -> int:
    """The most memory, in bytes, of a process that makes one digest."""
    benchmarks = str(Path(__file__).parent)
    code = _MEASURE.format(benchmarks=benchmarks, folder=str(folder), count=count, words=words)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024


def main(count: int = 100, words: int = 800, few: int = 100) -> None:
    """Print one line a program, then the memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures(folder, count)
        articles = illustrated(folder, count, words)
        book = ZipFile(io.BytesIO(ours(folder, articles)))
        found = spent(
            {
                "ours, from articles": lambda: ours(folder, articles),
                "our writer, from our pages": lambda: bound(book),
                "plain EbookLib, from our pages": lambda: plain(book),
                "pandoc, from our pages": lambda: pandoc(folder, book),
            }
        )
        print(f"{count} articles of {words} words, each with a picture of 1200 by 750 pixels")
        (mine, _), (writing, _), *_ = found.values()
        for label, (time, size) in found.items():
            whole = time + mine - writing
            ratios = (
                f"our writer {writing / time:.2f} of it, all of ours {mine / time:.2f}, "
                f"with the making on both sides {mine / whole:.2f}"
            )
            theirs = "" if label.startswith("our") else ratios
            print(f"{label:32} {time * 1000:7.0f} ms  {size / 1e6:5.1f} MB  {theirs}".rstrip())
        many = 2 * few
        pictures(folder, many)
        low, high = memory(folder, few, words), memory(folder, many, words)
        images = sum(file.stat().st_size for file in sorted(folder.glob("*.jpg"))) / many
        print(
            f"memory {low / 1e6:.0f} MB with {few} pictures, {high / 1e6:.0f} MB with {many}: "
            f"{(high - low) / few / 1000:.0f} kB for an article with one of {images / 1000:.0f} kB "
            "(decoded 2,700 kB)"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
