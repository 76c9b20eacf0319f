"""How much of a folder of other people's files is read, and why files are refused.

Run: python benchmarks/reading.py [folder …]

Each folder is read as an archive of its own (a checkout of a public documentation, say). A file is
read, read with something left out, or refused; the reasons are counted with their examples.
Without a folder, the sample articles are read.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path, PurePosixPath

from syndicate.article.publication import Publication
from syndicate.engine.content.sources import (
    SourceFile,
    date_order_of,
    files_found_in,
    readings_of,
)
from syndicate.errors import Problems, SyndicateError
from syndicate.readers.contract import Habits

PUBLICATION = Publication(title="Gazette", base_url="https://gazette.example.org/")


def survey(folder: Path) -> None:
    """Read every file below `folder`, and print what became of it."""
    found = files_found_in(folder, folder.name)
    files = [SourceFile(folder / name, name) for name in found.files]
    habits = Habits(day_first=date_order_of(files).day_first)
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for file in files:
        try:
            readings = readings_of(file, PurePosixPath(file.shown), PUBLICATION, habits)
            notes = [note.what for one in readings for note in one.notes if note.kind == "left out"]
        except SyndicateError as error:
            outcomes["refused"] += 1
            errors = error.errors if isinstance(error, Problems) else (error,)
            reasons.update(one.message[:70] for one in errors)
            continue
        outcomes["warned" if notes else "read"] += 1
        left_out.update(what[:50] for what in notes)
    print(
        f"{folder}: {sum(outcomes.values())} files: {dict(outcomes)}, "
        f"without a reader: {len(found.unread)}"
    )
    for title, counts in (("refused", reasons), ("left out", left_out)):
        for what, count in counts.most_common(10):
            print(f"  {title}: {count} × {what}")


if __name__ == "__main__":
    for argument in sys.argv[1:] or [str(Path(__file__).parents[1] / "content")]:
        survey(Path(argument))
