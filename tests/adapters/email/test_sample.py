"""A real article, added as an editor would, arrives complete."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from syndicate.readers import Source, read
from tests.adapters.email.mails import body, parsed, render, tree
from tests.articles import NOON, PUBLICATION
from tests.missing import SAMPLE, needs_sample


@needs_sample
@pytest.mark.filterwarnings("error")
def test_the_sample_keeps_all_its_parts() -> None:
    source = Source(PurePosixPath(SAMPLE.name), SAMPLE.read_bytes(), NOON, PUBLICATION)
    (reading,) = read(source)
    message = parsed(render(reading.article)["0012.eml"].content)
    lines = SAMPLE.read_text().splitlines()
    found = tree(body(message, "html"))
    assert message["Subject"] == lines[0]
    assert [h.text_content().replace("\u00a0", " ") for h in found.iter("h1")] == [lines[0]]
    headings = [h.text_content() for h in found.iter("h2")]
    assert len(headings) == 6 and headings[-1] == "FAQ"
    assert "Chief Editor" in found.find_class("byline")[0].text_content()
    assert [label.text_content() for label in found.find_class("label")] == [
        "Did you know?",
        "Pro Tip",
    ]
    assert len(found.find_class("question")) == 4
    assert len(found.find_class("ask") + found.find_class("button")) >= 1
    text = " ".join(body(message, "plain").split())
    for line in lines:
        if line.startswith(("Q: ", "A: ", "Want to learn more")):
            assert " ".join(line.split()) in text
