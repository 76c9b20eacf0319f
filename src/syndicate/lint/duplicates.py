"""Finds the same story filed twice."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from syndicate.article.similarity import SKETCH, Sketch, similarity
from syndicate.lint.lint_input import LintInput, Remark, Remarks

ALIKE = 0.6
# A sketch hash that this many articles share is boilerplate, and no sign of a duplicate.
_COMMON = 20


_TABLES = """
CREATE TABLE sketches (article INTEGER PRIMARY KEY, sketch TEXT);
CREATE TABLE hashes (value INTEGER, article INTEGER);
"""
_PAIRS = """
SELECT one.article, other.article, count(*)
  FROM (SELECT value, article, row_number() OVER (PARTITION BY value ORDER BY article) AS place
          FROM hashes) one
  JOIN hashes other ON other.value = one.value AND other.article < one.article
 WHERE one.place <= ?
 GROUP BY one.article, other.article
 ORDER BY one.article, other.article
"""


def near_duplicate(lint_input: LintInput) -> Remarks:
    """Articles that repeat the text of an earlier article (in the order of files).

    The hashes of an archive are millions: they are in a database of its own, which goes to a
    temporary file when it grows.
    """
    sketches = lint_input.sketches or (one.sketch for one in lint_input.subjects)
    with closing(sqlite3.connect("")) as db:
        db.executescript(_TABLES)
        for number, sketch in enumerate(sketches):
            db.execute("INSERT INTO sketches VALUES (?, ?)", (number, json.dumps(sketch)))
            db.executemany("INSERT INTO hashes VALUES (?, ?)", ((one, number) for one in sketch))
        db.execute("CREATE INDEX hashes_by_value ON hashes (value, article)")

        def sketch_of(number: int) -> Sketch:
            query = "SELECT sketch FROM sketches WHERE article = ?"
            return tuple(json.loads(db.execute(query, (number,)).fetchone()[0]))

        for number, other, count in db.execute(_PAIRS, (_COMMON,)):
            own = sketch_of(number)
            if count < min(SKETCH, len(own)) * ALIKE / 2:
                continue
            share = similarity(sketch_of(other), own)
            if share >= ALIKE:
                first = lint_input.subjects[other].source
                text = f"shares about {share:.0%} of its text with {first}"
                hint = "withdraw one of them, or link one to the other"
                yield Remark(lint_input.subjects[number], None, text, hint)
