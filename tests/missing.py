"""What may be missing where the tests run: why, and how to get it. The end of a run lists it."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

STANDARDS = Path(__file__).parent / "standards"
"""What others publish and the project may pass on; it is never missing."""
SHARED = Path(os.environ.get("SYNDICATE_SHARED", Path(__file__).parents[2] / "shared"))
"""What is not ours to pass on."""
SAMPLE = SHARED / "samples" / "sheinbaum-rejects-us-operations.txt"
PAGES = SHARED / "corpora" / "article-pages"
ITEMS = SHARED / "standards" / "ninjs" / "examples"


def _needs(path: Path, what: str) -> pytest.MarkDecorator:
    where = path.relative_to(SHARED)
    reason = (
        f"{what} are not ours to pass on: put them into DIR/{where} and set SYNDICATE_SHARED=DIR; "
        "tests/standards/README.md says where they come from"
    )
    return pytest.mark.skipif(not path.exists(), reason=reason)


needs_sample = _needs(SAMPLE, "the words of the sample article")
needs_pages = _needs(PAGES, "the 300 web pages")
needs_items = _needs(ITEMS, "the news agencies' items")


def needs_program(name: str, package: str) -> pytest.MarkDecorator:
    """Skips where `name` is not installed; `package` is what Debian calls it."""
    reason = f"{name} is not installed: apt-get install {package}"
    return pytest.mark.skipif(shutil.which(name) is None, reason=reason)


def summary(reports: Iterable[pytest.TestReport]) -> list[str]:
    """One line for each reason for which tests were skipped, the most frequent first."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in reports
        if isinstance(report.longrepr, tuple)
    )
    return [
        f"{number} {'test' if number == 1 else 'tests'}: {reason}"
        for reason, number in reasons.most_common()
    ]
