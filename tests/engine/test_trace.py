"""`trace`: who could read a sentence, and from when to when."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from syndicate.engine.review.verdicts import approve_draft
from syndicate.engine.trace import Trace, trace
from syndicate.errors import UsageError
from syndicate.ledger.events import event_time
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests import waiting
from tests.engine.conftest import Desk
from tests.engine.mailing import mail_desk
from tests.sink import Sink

NINE, TEN = "It sails on Friday at nine.", "It sails on Friday at ten."
CORRECTED = f"# The night ferry returns\n\n{TEN}\n"


def traced(desk: Desk, words: str = NINE) -> Trace:
    return trace(load_newsroom(desk.root, {}), words, lambda *_: None)


def seen(found: Trace) -> set[tuple[str, str, bool, str]]:
    """Channel, kind, whether it is there no more, and how that is known."""
    return {(one.channel, one.kind, one.until is not None, one.proof) for one in found.sightings}


def forget_bytes(desk: Desk) -> None:
    """Let the store keep only what the ledger needs, as after a week."""
    from syndicate.ledger.references import named

    newsroom = load_newsroom(desk.root, {})
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        with ledger.database.transaction() as db:
            needed = named(db)
        for page in newsroom.store.pages():
            for digest, _ in page:
                if digest not in needed:
                    newsroom.store.remove(digest, float("inf"))


@pytest.mark.parametrize("forgotten", [False, True])
def test_it_names_every_channel_and_until_when(desk: Desk, forgotten: bool) -> None:
    desk.channel("feed", 'adapter = "atom"\n')
    desk.publish("single", "feed", "rolling", "numbered")
    before = event_time()  # the ledger knows whole seconds
    waiting.until("the next second", lambda: event_time() != before)
    desk.write("ferry.md", CORRECTED, age=0)
    desk.publish("single", "feed")
    if forgotten:
        forget_bytes(desk)
    proof = "article" if forgotten else "file"
    found = traced(desk)
    assert seen(found) == {
        ("single", "file", True, proof),
        ("feed", "feed", True, proof),
        ("rolling", "feed", False, "file"),
        ("numbered", "issue", False, "file"),
    }
    (article,) = found.articles
    assert (article.slug, len(article.versions)) == ("ferry", 1)
    now = traced(desk, TEN)
    assert seen(now) == {("single", "file", False, "file"), ("feed", "feed", False, "file")}
    for one in found.sightings:
        assert one.since <= (one.until or "9")


def test_a_channel_that_leaves_the_words_out_is_named_as_such(desk: Desk) -> None:
    desk.channel("feed", 'adapter = "rss"\ncontent = "summary"\n')
    desk.write("ferry.md", f"---\nsummary: A ferry.\n---\n# The ferry\n\nOne.\n\n{NINE}\n")
    desk.publish("feed", "single")
    found = traced(desk)
    assert seen(found) == {("single", "file", False, "file")}
    assert found.without == ("feed",)


def test_what_was_withdrawn_is_named_with_its_end(desk: Desk) -> None:
    desk.publish("single")
    desk.write("ferry.md", f"---\nstatus: withdrawn\n---\n{CORRECTED}", age=0)
    desk.publish("single")
    assert "out/single/ferry.txt" not in desk.files()
    assert seen(traced(desk)) == {("single", "file", True, "file")}


def test_words_that_people_wrote_into_a_draft_are_found(desk: Desk) -> None:
    desk.publish("social")
    draft = desk.root / "drafts" / "ferry.txt"
    draft.write_text(draft.read_text() + "\nBook your berth with Ines.\n")
    approve_draft(load_newsroom(desk.root, {}), "ferry.txt", "Ines")
    desk.publish("social")
    found = traced(desk, "Book your berth with Ines")
    assert {(one.channel, one.proof) for one in found.sightings} == {("social", "file")}
    (one,) = found.sightings
    assert found.approved_by(one) == ("Ines",)
    assert [(one.slug, one.versions) for one in found.articles] == [("ferry", ())]


def test_mail_is_named_with_its_recipients(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("mail") / "newsroom"
    with Sink() as sink:
        desk = mail_desk(root, sink.port)
        desk.subscribe(3)
        with desk.start("--yes") as run:
            run.ended()
    found = traced(desk, "Dear reader")
    assert found.sightings == ()  # the template's words, not the article's
    found = traced(desk, "The night ferry returns")
    told = {(one.kind, one.address) for one in found.sightings if one.kind == "mail"}
    assert told == {("mail", "3 recipients of 1.letter")}


def test_a_version_that_came_back_is_found_in_both_times(desk: Desk) -> None:
    desk.publish("single")
    first = (desk.root / "content" / "ferry.md").read_text()
    for text in (CORRECTED, first):
        desk.write("ferry.md", text, age=0)
        desk.publish("single")
    (before, now) = traced(desk).sightings
    assert before.until is not None
    assert now.until is None


def test_how_far_it_reaches_is_told(desk: Desk) -> None:
    desk.publish()
    reach = traced(desk).reach
    assert (reach.versions, reach.articles, reach.most, reach.lost) == (2, 2, 100, 0)
    for digest in [one.digest for one in traced(desk).articles[0].versions]:
        load_newsroom(desk.root, {}).store.remove(digest, float("inf"))
    assert traced(desk).reach.lost == 1


@pytest.mark.parametrize("words", ["", " ", "—", "\xad\xad\xad", "a"])
def test_nothing_to_look_for_is_wrong_usage(desk: Desk, words: str) -> None:
    with pytest.raises(UsageError, match="too short"):
        traced(desk, words)


def test_the_command_tells_it_to_people_and_to_programs(desk: Desk) -> None:
    desk.publish("single")
    done = desk.command("trace", NINE)
    assert done.returncode == 0, done.stderr
    assert "single" in done.stdout
    assert "now" in done.stdout
    assert "Searched 2 versions of 2 articles" in done.stderr
    lines = [json.loads(line) for line in desk.command("trace", NINE, "--json").stdout.splitlines()]
    assert [one["event"] for one in lines] == ["article", "copy", "done"]
    none = desk.command("trace", "Nobody ever said that.")
    assert none.returncode == 0
    assert "Nothing that is kept contains these words." in none.stderr
