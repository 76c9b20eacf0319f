"""What is found in every place after the chaos, against what the ledger says and what there should
be: nothing lost, nothing twice, nothing left behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

from syndicate.engine.review.drafts import tracked_drafts
from syndicate.engine.review.verdicts import Waiver, approve_draft
from syndicate.ledger.copies import CopyState
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.chaos.chaos import Chaos, chance_of
from tests.engine.chaos.newsroom import CONNECTIONS, World, mark, readers, slug
from tests.platforms.platform import Posted

_ISSUE = re.compile(r"email\.(\d+)\.")
_TRIES = 12
_APPROVED = ("approved", "scheduled", "posting", "posted", "delivered")


@contextmanager
def ledger_of(world: World) -> Iterator[Ledger]:
    with closing(open_ledger(world.desk.ledger, world.desk.root)) as opened:
        yield opened


def decide(chaos: Chaos) -> set[int]:
    """Withdraw some articles, let the others be published, and approve all that waits for it.
    Returns the numbers of the articles that are public then."""
    chance, world = chance_of(chaos.seed), chaos.world
    public = set()
    for number in range(world.size.articles):
        world.write(number)
    publish(chaos)
    for number in range(world.size.articles):
        if chance.random() < 0.3:
            words = ("withdraw", slug(number), "--reason", "chaos", "--yes", "--delete-posts")
            assert chaos.do(*words).returncode in (0, 3)
        else:
            assert chaos.do("restore", slug(number)).returncode in (0, 2)
            public.add(number)
    publish(chaos)
    for _ in range(_TRIES):
        if not approve_all(chaos):
            break
        publish(chaos)
    return public


def publish(chaos: Chaos) -> None:
    """Publish until it is done, or a run says what the one before said: that something is uncertain
    and for somebody to settle."""
    said = ""
    for _ in range(_TRIES):
        done = chaos.do("publish", "--yes", "--allow-removals", "99")
        if done.returncode == 0 or (done.returncode == 3 and done.stderr == said):
            return
        said = done.stderr
    raise AssertionError(f"it does not end: {done.returncode} {done.stderr}")


def approve_all(chaos: Chaos) -> bool:
    """Approve every draft that waits for somebody. Whether there was one."""
    newsroom = load_newsroom(chaos.world.desk.root, {})
    waiting = [
        draft
        for draft in tracked_drafts(newsroom)
        if draft.status not in _APPROVED
        and not (draft.article and draft.article.status == "withdrawn")
    ]
    for draft in waiting:
        chaos.note(f"{draft.name} is {draft.status}, and approved")
        approve_draft(newsroom, draft.name, "Ines", waiver=Waiver(stale=True))
    return bool(waiting)


def settle(chaos: Chaos) -> int:
    """Settle what is uncertain as somebody does who has looked at the mail server. Returns how many
    there were; the next run then ends clean."""
    world = chaos.world
    uncertain = world.desk.listed("--uncertain")
    cut_off = Counter(chaos.mail.cut_off)
    unexplained = Counter(one["unit"] for one in uncertain) - cut_off
    assert all(one["channel"] == "email" for one in uncertain), uncertain
    assert unexplained.total() <= CONNECTIONS * chaos.kills, "more is uncertain than can be"
    arrived = set(mails(world))
    for one in uncertain:
        issue = int(one["artifact"].removesuffix(".letter"))
        became = "delivered" if (one["unit"], issue) in arrived else "pending"
        words = ("--artifact", one["artifact"], "--channels", "email", "--as", became)
        assert chaos.do("deliveries", "resolve", one["unit"], *words).returncode == 0
    # What a withdrawal has stopped is not sent any more.
    stopped = {one["artifact"] for one in world.desk.listed("--failed") if _is_stopped(one)}
    for artifact in stopped:
        words = ("--all", "--failed", "--channels", "email", "--artifact", artifact)
        assert chaos.do("deliveries", "resolve", *words, "--as", "failed").returncode == 0
    done = chaos.do("publish", "--yes")
    assert done.returncode == 0, done.stderr
    assert world.desk.listed("--uncertain") == world.desk.listed("--pending") == []
    return len(uncertain)


def mails(world: World) -> list[tuple[str, int]]:
    """The recipient and the issue of every mail that arrived."""
    found = []
    for recipient, identity in world.sink.mails:
        issue = _ISSUE.search(identity)
        assert issue, identity
        found.append((recipient, int(issue[1])))
    return found


def check_mail(world: World) -> None:
    """Everybody has every issue once, unless it was stopped by a withdrawal; and the ledger says
    just that."""
    arrived = mails(world)
    twice = [one for one, times in Counter(arrived).items() if times > 1]
    assert twice == [], f"somebody got it twice: {twice}"
    with ledger_of(world) as ledger:
        rows = [pair for pair in ledger.dispatches.find(list(State)) if pair[0].channel == "email"]
    said = {
        (row.unit, int(of.artifact.removesuffix(".letter")))
        for of, row in rows
        if row.state is State.DELIVERED
    }
    assert said == set(arrived), f"the ledger says otherwise: {said ^ set(arrived)}"
    whole = {issue for _, issue in arrived}
    stopped = {
        int(of.artifact.removesuffix(".letter")) for of, row in rows if row.state is State.FAILED
    }
    for issue in whole - stopped:
        missing = readers() - {who for who, number in arrived if number == issue}
        assert not missing, f"issue {issue} was lost on its way to {missing}"


def check_posts(world: World, public: set[int]) -> None:
    """Each thread of a public article is there once; nothing is that the ledger does not know."""
    for name, server in world.platforms.items():
        posts = list(server.posts)
        twice = [one for one, times in Counter(map(_seen, posts)).items() if times > 1]
        assert twice == [], f"{name}: posted twice: {twice}"
        begun = Counter(
            number
            for post in posts
            for number in range(world.size.articles)
            if post.parent is None and mark(number) in post.text
        )
        assert begun == Counter(dict.fromkeys(public, 1)), f"{name}: {begun} instead of {public}"
        with ledger_of(world) as ledger:
            copies = list(ledger.copies.of_channels([name]))
        said = {str(one.copy.remote_id).rpartition("/")[2] for one in copies}
        there = {post.id.rpartition("/")[2] for post in posts}
        assert said == there, f"{name}: the ledger says otherwise: {said ^ there}"
        assert {one.state for one in copies} <= {CopyState.STANDING}


def _seen(post: Posted) -> tuple[str, str | None]:
    return post.text, post.parent


def check_files(world: World, public: set[int]) -> None:
    """The last words of each public article are in its file and in the feed; no others are
    anywhere."""
    files = world.files()
    for number in range(world.size.articles):
        having = {path for path, text in files.items() if mark(number) in text}
        if number in public:
            wanted = {f"out/files/{slug(number)}.txt", "out/atom/feed.atom"}
            assert having == wanted, f"{slug(number)} is in {having}"
            text = files[f"out/files/{slug(number)}.txt"]
            assert f"version {world.versions[number]} of it" in text
        else:
            assert having == set(), f"{slug(number)} is withdrawn, but in {having}"
    with ledger_of(world) as ledger:
        copies = ledger.copies.of_channels(["files", "atom"])
        said = {one.copy.place.address for one in copies}
    assert said == files.keys(), f"the ledger says otherwise: {said ^ files.keys()}"


def check_all(chaos: Chaos, public: set[int]) -> None:
    """Every place, and then what the program itself finds."""
    check_mail(chaos.world)
    check_posts(chaos.world, public)
    check_files(chaos.world, public)
    audit = chaos.do("audit", "--no-web", "--json")
    assert audit.returncode == 0, audit.stdout
    assert chaos.do("status").returncode == 0


def _is_stopped(row: dict[str, str]) -> bool:
    return row["channel"] == "email" and row["error"].startswith("stopped:")
