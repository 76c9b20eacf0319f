"""The canonical articles of one file, inside a newsroom or not."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path, PurePosixPath

from syndicate.article import Article
from syndicate.article.publication import Publication
from syndicate.engine.identity import recognise, settle
from syndicate.engine.intake import modified_time, readings_of
from syndicate.engine.ledger import KnownArticle, open_ledger
from syndicate.errors import UsageError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.newsroom.root import find_root


def canonical(file: Path, root: Path | None = None) -> list[Article]:
    """The articles in `file`, with the identity that the ledger of its newsroom knows.

    Outside a newsroom the publication is a nameless one at localhost. Nothing is written.

    Raises:
        SyndicateError: the file cannot be read as an article.
    """
    newsroom = _newsroom_of(file, root)
    if newsroom is None:
        nameless = Publication(title="Untitled", base_url="http://localhost/")
        name = PurePosixPath(file.name)
        return [reading.article for reading in readings_of(file, name, nameless, str(file))[0]]
    name = PurePosixPath(file.resolve().relative_to(newsroom.content.resolve()).as_posix())
    shown = f"content/{name}"
    readings, _ = readings_of(file, name, newsroom.publication, shown)
    known = _known(newsroom)
    articles = []
    for number, reading in enumerate(readings, 1):
        source = str(name) if len(readings) == 1 else f"{name}#{number}"
        before = recognise(reading.article, reading.given, source, known, {})
        time = modified_time(file.stat())
        article, _ = settle(
            reading.article, reading.given, source, time, before, newsroom.publication
        )
        articles.append(article)
    return articles


def _newsroom_of(file: Path, root: Path | None) -> Newsroom | None:
    """The newsroom whose `content/` holds `file`, None if there is none."""
    try:
        found = root or find_root(file.resolve().parent)
    except UsageError:
        return None
    if not file.resolve().is_relative_to((found / "content").resolve()):
        return None
    return load_newsroom(found)


def _known(newsroom: Newsroom) -> dict[str, KnownArticle]:
    if "://" not in newsroom.ledger and not (newsroom.root / newsroom.ledger).is_file():
        return {}
    with closing(open_ledger(newsroom.ledger, newsroom.root)) as ledger:
        return {article.id: article for article in ledger.articles()}
