"""The posts of a withdrawn article: they stay and are answered, or are deleted, last first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.engine.history import Chosen, settle_deliveries, withdrawals_to_know
from syndicate.engine.review.drafts import find_draft, tracked_drafts
from syndicate.engine.review.verdicts import approve_draft, close_thread
from syndicate.engine.whereabouts import where_is
from syndicate.engine.withdrawal import Withdrawal, WithdrawalOrder, lift, withdraw
from syndicate.errors import Exit
from syndicate.ledger.copies import CopyState
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.stop import Stop
from syndicate.thread import read_draft, write_draft
from tests.engine.conftest import Desk
from tests.engine.test_posting import ARTICLE, make_desk
from tests.platforms import PLATFORMS
from tests.platforms.mastodon import Mastodon
from tests.platforms.platform import Fault, Platform


@pytest.fixture(params=["x", pytest.param("mastodon"), pytest.param("bluesky")])
def via(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    via: str = request.param
    for name, value in PLATFORMS[via].secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return via


@pytest.fixture
def server(via: str) -> Iterator[Platform]:
    with PLATFORMS[via].server() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, via: str, server: Platform) -> Desk:
    """A newsroom with one approved thread."""
    desk = make_desk(tmp_path / "newsroom", via, server)
    approve_draft(newsroom(desk), f"ferry.{via}", "Ines")
    return desk


ANSWER = "Withdrawn: Please do not rely on this story.\n\nhttps://gazette.example.org/ferry/"
only_x = pytest.mark.parametrize("via", ["x"], indirect=True)


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


def withdrawn(desk: Desk, *, delete: bool = False) -> Withdrawal:
    order = WithdrawalOrder("ferry", "the figures were wrong", "Marit", delete)
    return withdraw(newsroom(desk), order, lambda _: None, Stop())


def deletes(desk: Desk, via: str) -> None:
    """Let withdrawals delete the posts of the channel."""
    file = desk.root / "channels" / f"{via}.toml"
    file.write_text('on_withdrawal = "delete"\n' + file.read_text())


def with_posts(desk: Desk, via: str, texts: list[str]) -> None:
    """Give the thread other posts, and approve it."""
    file = desk.root / "drafts" / f"ferry.{via}.md"
    draft = read_draft(file.read_bytes(), file.name)
    file.write_bytes(write_draft(draft.model_copy(update={"posts": tuple(texts)})))
    approve_draft(newsroom(desk), file.name, "Ines")


def restored(desk: Desk) -> None:
    lift(newsroom(desk), "ferry", "Marit")


# -- posts stay, and are answered ---------------------------------------------------------------


def test_posts_stay_and_one_answer_below_the_last_waits_for_approval(
    desk: Desk, via: str, server: Platform
) -> None:
    desk.publish()
    thread = server.thread()
    done = withdrawn(desk)
    assert server.thread() == thread
    assert [one.kind for one in done.report.not_recalled] == ["post"] * len(thread)
    name = f"ferry.{via}.withdrawal-1.md"
    assert done.report.answered == (f"drafts/{name}",)
    draft = find_draft(newsroom(desk), name)
    assert draft.thread
    assert draft.thread.reply_to == server.posts[-1].id
    assert draft.thread.posts == (ANSWER,)
    assert "figures" not in draft.content.decode(), "the reason is for the history"
    for _ in range(2):
        desk.publish()
        withdrawn(desk)
    assert server.thread() == thread, "nobody has approved it"
    assert len(list((desk.root / "drafts").glob("*withdrawal*.md"))) == 1

    approve_draft(newsroom(desk), name, "Marit")
    for _ in range(2):
        desk.publish()
    assert server.thread() == [*thread, ANSWER]
    assert withdrawn(desk).report.answered == ()


@only_x
def test_restore_names_an_answer_that_is_public(desk: Desk, server: Platform) -> None:
    desk.publish()
    withdrawn(desk)
    approve_draft(newsroom(desk), "ferry.x.withdrawal-1.md", "Marit")
    desk.publish()
    kinds = [one.kind for one in where_is(newsroom(desk), "ferry") if one.channel == "x"]
    assert kinds.count("answer") == 1
    said = desk.command("restore", "ferry", "--by", "Ines").stderr
    assert server.posts[-1].id in said.partition("still public:")[2]


@only_x
def test_an_editor_adds_the_reason_in_words_for_the_public(desk: Desk, server: Platform) -> None:
    desk.publish()
    withdrawn(desk)
    file = desk.root / "drafts" / "ferry.x.withdrawal-1.md"
    file.write_text(
        file.read_text().replace("Please do not rely on this story", "A fare was wrong")
    )
    approve_draft(newsroom(desk), file.name, "Marit")
    desk.publish()
    assert server.posts[-1].text.startswith("Withdrawn: A fare was wrong.")


@only_x
def test_an_answer_is_deleted_with_the_withdrawal_that_it_is_about(
    desk: Desk, server: Platform
) -> None:
    desk.publish()
    withdrawn(desk)
    restored(desk)
    assert not list((desk.root / "drafts").glob("*withdrawal*"))
    desk.publish()
    assert [one.name for one in tracked_drafts(newsroom(desk))] == ["ferry.x.md"]
    withdrawn(desk)
    approve_draft(newsroom(desk), "ferry.x.withdrawal-2", "Marit")
    desk.publish()
    restored(desk)
    assert server.posts[-1].text == ANSWER, "that has left"


@only_x
def test_a_file_that_says_so_gets_an_answer_too(desk: Desk) -> None:
    desk.publish()
    desk.write("ferry.md", f"---\nstatus: withdrawn\n---\n{ARTICLE}", age=0)
    desk.publish()
    assert (desk.root / "drafts" / "ferry.x.withdrawal-1.md").is_file()


@only_x
def test_what_readers_are_told_can_be_said_with_the_command(desk: Desk) -> None:
    desk.publish()
    words = ("withdraw", "ferry", "--reason", "sued", "--note", "A fare was wrong.")
    desk.command(*words).check_returncode()
    text = (desk.root / "drafts" / "ferry.x.withdrawal-1.md").read_text()
    assert "Withdrawn: A fare was wrong." in text
    assert "sued" not in text


@only_x
def test_who_has_approved_it_stays_known(desk: Desk) -> None:
    desk.publish()
    withdrawn(desk)
    posts = [one for one in where_is(newsroom(desk), "ferry") if one.kind == "post"]
    assert posts
    assert {one.approved_by for one in posts} == {("Ines",)}


# -- posts are deleted --------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["option", "setting", "file"])
def test_posts_are_deleted_last_first(desk: Desk, via: str, server: Platform, how: str) -> None:
    desk.publish()
    posts = list(server.posts)
    if how != "option":
        deletes(desk, via)
    if how == "file":
        desk.write("ferry.md", f"---\nstatus: withdrawn\n---\n{ARTICLE}", age=0)
        desk.publish()
    else:
        done = withdrawn(desk, delete=how == "option")
        assert len(done.report.removed) == len(posts)
        assert done.report.remaining == ()
    assert server.posts == []
    assert server.deleted == list(reversed(posts))
    assert not list((desk.root / "drafts").glob("*withdrawal*.md"))
    assert desk.publish().exit is Exit.DONE
    assert where_is(newsroom(desk), "ferry") == ()


@only_x
@pytest.mark.parametrize("change", ["limit", "since", "section", "expires", "gone", "unread"])
def test_nothing_but_a_withdrawal_deletes_a_post(
    desk: Desk, via: str, server: Platform, change: str
) -> None:
    desk.publish()
    deletes(desk, via)
    thread, file = server.thread(), desk.root / "channels" / "x.toml"
    tables = {
        "limit": "[select]\nlimit = 1\n",
        "since": '[select]\nsince = "1 day"\n',
        "section": '[select]\nsection = "Sport"\n',
    }
    file.write_text(file.read_text() + tables.get(change, ""))
    desk.write("newer.md", "# A newer story\n\nIt is newer.\n", age=0)
    match change:
        case "expires":
            desk.write("ferry.md", f"---\nexpires: 2026-01-01\n---\n{ARTICLE}", age=0)
        case "gone":
            (desk.root / "content" / "ferry.md").unlink()
        case "unread":
            desk.write("ferry.md", f"---\npublished: 2026-11-32\n---\n{ARTICLE}", age=0)
    for _ in range(2):
        desk.publish(allow_removals=9)
    assert server.thread() == thread


@only_x
def test_an_answer_that_was_posted_is_deleted_before_the_thread(
    desk: Desk, server: Platform
) -> None:
    desk.publish()
    withdrawn(desk)
    approve_draft(newsroom(desk), "ferry.x.withdrawal-1", "Marit")
    desk.publish()
    posts = list(server.posts)
    withdrawn(desk, delete=True)
    assert server.deleted == list(reversed(posts))


@only_x
def test_a_post_that_somebody_has_deleted_is_gone(desk: Desk, server: Platform) -> None:
    desk.publish()
    del server.posts[1]
    done = withdrawn(desk, delete=True)
    assert done.outcome.errors == []
    assert done.report.remaining == ()
    assert server.posts == []


@only_x
def test_a_thread_of_60_takes_two_runs_and_is_named_meanwhile(desk: Desk, server: Platform) -> None:
    texts = [f"Post {'o' * number}." for number in range(1, 61)]
    with_posts(desk, "x", texts)
    desk.publish()
    assert len(server.posts) == 60
    desk.channel("rss", "")
    server.deletions = 50  # in 15 minutes, as X has it
    done = withdrawn(desk, delete=True)
    assert [one.text for one in server.posts] == texts[:10]
    assert done.outcome.exit is Exit.PARTLY
    assert len(done.report.still_public) == 10
    asked = len(server.asked)
    desk.write("tides.md", "# Reading the tide\n\nTables are averages.\n", age=0)
    run = desk.publish()
    assert b"Reading the tide" in desk.files()["out/rss/feed.xml"]
    assert len(server.asked) == asked, "X is left alone meanwhile"
    assert run.exit is Exit.PARTLY
    assert run.postponed
    (left,) = (str(one) for one in withdrawals_to_know(newsroom(desk)) if "still" in str(one))
    assert "x: ferry: 10 posts are still to be deleted" in left
    for words in (("status",), ("doctor", "--cron")):
        told = desk.command(*words)
        assert "10 posts are still to be deleted" in told.stdout + told.stderr
    # The next quarter of an hour.
    server.deletions = 50
    desk.command("deliveries", "retry", "--all", "--channels", "x").check_returncode()
    assert desk.publish().exit is Exit.DONE
    assert server.posts == []
    assert len(server.deleted) == 60
    assert where_is(newsroom(desk), "ferry") == ()


@only_x
@pytest.mark.parametrize("fault", ["drop", "drop after", "503", "503 after", "429", "revoked"])
def test_whichever_deletion_fails_the_next_run_finishes(
    desk: Desk, server: Platform, fault: Fault
) -> None:
    desk.publish()
    for at in range(1, 5):
        server.faults = {len(server.asked) + at: fault}
        server.reset = "1"
        withdrawn(desk, delete=True)
        server.restore()
    server.faults = {}
    settle_deliveries(newsroom(desk), Chosen(channels=("x",)), State.PENDING)
    assert desk.publish().exit is Exit.DONE
    assert server.posts == []
    ids = [one.id for one in server.deleted]
    assert ids == sorted(ids, reverse=True)


@only_x
def test_a_post_of_which_no_id_is_known_is_looked_up_first(desk: Desk, server: Platform) -> None:
    """The process dies after the platform has taken the second post."""
    server.faults = {len(server.asked) + 5: "kill after"}
    with desk.start() as run:
        server.client = run.pid
        assert run.ended().returncode == -9
    assert len(server.posts) == 2
    (told,) = (one for one in status(desk) if "cut off" in one)
    assert "x: ferry.x.md: a run was cut off while it was delivering 1 (02)" in told
    done = withdrawn(desk, delete=True)
    assert done.report.remaining == ()
    assert server.posts == []
    desk.publish()
    assert server.posts == []


def status(desk: Desk) -> list[str]:
    return desk.command("status").stderr.splitlines()


# -- what a withdrawal cuts off can go on -------------------------------------------------------


def cut_short(desk: Desk, server: Platform) -> list[str]:
    """The thread is posted up to its second post. Returns what it should be."""
    draft = find_draft(newsroom(desk), "ferry.x")
    assert draft.thread
    server.faults = {len(server.asked) + 6: "429"}
    server.reset = "1"  # long ago: it is not waited for
    desk.channel("x", (desk.root / "channels" / "x.toml").read_text() + "patience = 0\n")
    desk.publish()
    assert len(server.posts) == 2
    return list(draft.thread.posts)


@only_x
def test_a_thread_that_was_stopped_half_way_goes_on_with_a_new_approval(
    desk: Desk, server: Platform
) -> None:
    wanted = cut_short(desk, server)
    done = withdrawn(desk)
    assert done.stopped == len(wanted) - 2
    desk.publish()
    assert len(server.posts) == 2
    restored(desk)
    settle = desk.command("deliveries", "retry", "--all", "--channels", "x")
    assert settle.returncode == 0, settle.stderr
    outcome = desk.publish()
    assert len(server.posts) == 2, "nobody has approved it again"
    assert outcome.concerns[0].hint.startswith("to go on: syndicate drafts")
    approve_draft(newsroom(desk), "ferry.x", "Ines")
    desk.publish()
    assert server.thread() == wanted


@only_x
def test_or_it_is_closed(desk: Desk, server: Platform) -> None:
    cut_short(desk, server)
    withdrawn(desk)
    restored(desk)
    assert desk.publish().concerns
    close_thread(newsroom(desk), "ferry.x", "Ines")
    assert not desk.publish().concerns
    assert len(server.posts) == 2


@only_x
def test_what_is_stopped_is_not_retried_while_the_article_is_withdrawn(
    desk: Desk, server: Platform
) -> None:
    cut_short(desk, server)
    withdrawn(desk)
    assert not desk.publish().concerns
    done = desk.command("deliveries", "retry", "03", "--artifact", "ferry.x.md")
    assert done.returncode == 2
    assert "its article is withdrawn" in done.stderr


@pytest.mark.parametrize("via", ["x", "mastodon", "bluesky"], indirect=True)
def test_a_thread_of_which_a_part_is_deleted_goes_on_below_what_stands(
    desk: Desk, via: str, server: Platform
) -> None:
    desk.publish()
    wanted = server.thread()
    server.deletions = 2
    withdrawn(desk, delete=True)
    assert server.thread() == wanted[:-2]
    restored(desk)
    desk.publish()
    assert server.thread() == wanted[:-2]
    an_hour_later(server)
    approve_draft(newsroom(desk), f"ferry.{via}", "Ines")
    desk.publish()
    assert server.thread() == wanted
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        rows = list(ledger.copies.of_channels([via]))
    assert {row.state for row in rows} == {CopyState.STANDING}
    assert {row.copy.remote_id for row in rows} == {one.id for one in server.posts}


def test_a_thread_that_was_deleted_is_posted_again_with_a_new_approval(
    desk: Desk, via: str, server: Platform
) -> None:
    desk.publish()
    wanted = server.thread()
    withdrawn(desk, delete=True)
    restored(desk)
    desk.publish()
    assert server.posts == []
    an_hour_later(server)
    approve_draft(newsroom(desk), f"ferry.{via}", "Ines")
    desk.publish()
    assert server.thread() == wanted


def an_hour_later(server: Platform) -> None:
    """Mastodon no longer knows the keys of requests; nor would a second later, since they are made
    from the time."""
    if isinstance(server, Mastodon):
        server.keys.clear()


# -- kill -9 ------------------------------------------------------------------------------------


def kill_and_go_on(desk: Desk, server: Platform, fault: Fault, at: int) -> bool:
    """The real command dies at its request `at`; the same command again finishes its work. False
    if there is no such request."""
    desk.command("publish").check_returncode()
    order = list(reversed(server.posts))
    server.faults = {len(server.asked) + at: fault}
    words = ("withdraw", "ferry", "--reason", "wrong", "--delete-posts", "--by", "Marit", "--json")
    for _ in range(3):
        with desk.start_command(*words) as run:
            server.client = run.pid
            done = run.ended()
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
    assert json.loads(done.stdout)["remaining"] == []
    assert server.posts == []
    assert server.deleted == order
    return not server.faults


@only_x
@pytest.mark.parametrize(("fault", "at"), [("kill", 2), ("kill after", 2)])
def test_killed_at_a_request(desk: Desk, server: Platform, fault: Fault, at: int) -> None:
    assert kill_and_go_on(desk, server, fault, at)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill", "kill after"])
def test_killed_at_every_request(tmp_path: Path, via: str, fault: Fault) -> None:
    at, more = 0, True
    while more:
        at += 1
        with PLATFORMS[via].server() as fresh:
            desk = make_desk(tmp_path / str(at), via, fresh)
            approve_draft(newsroom(desk), f"ferry.{via}", "Ines")
            more = kill_and_go_on(desk, fresh, fault, at)
    assert at > 7
