"""Any order of editing, approving, rejecting, closing and publishing, with a failure at any post:
no post goes out twice, none that was not approved in its exact bytes, and what has not left can
always be stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from syndicate.couriers import Receipt
from syndicate.couriers.social.account import Post
from syndicate.couriers.social.x import XCourier
from syndicate.engine.history import Chosen, settle_deliveries
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import approve_draft, close_thread, reject_draft
from syndicate.errors import (
    CredentialsError,
    DeliveryError,
    Exit,
    PostponedError,
    RefusedError,
    SyndicateError,
    UncertainError,
    UsageError,
)
from syndicate.ledger.dispatch import State
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.thread import read_draft, write_draft
from tests.engine.conftest import SETTINGS, Desk

ARTICLE = "# The ferry\n\nIt sails again.\n\n## Crew\n\nMost are from the islands.\n"
NAME = "ferry.social.md"
Fault = Literal[
    "refused", "limit", "no credentials", "no connection", "lost", "lost after", "hidden",
    "kill", "kill after",
]  # fmt: skip
_FAULTS: tuple[Fault, ...] = get_args(Fault)
# A thread has three posts at first: mostly it is cut off at the second or third.
faults: st.SearchStrategy[dict[int, Fault]] = st.dictionaries(
    st.sampled_from([2, 3, 1, 4]), st.sampled_from(_FAULTS), min_size=1
) | st.just({})
WORDS = ("alpha", "beta", "gamma", "delta")


class Killed(BaseException):
    """The process ends here."""


@dataclass
class InMemory:
    """The account of a platform that keeps its posts in memory and fails at the post of which it is
    told. `allowed` is asked whether a post may be published now."""

    allowed: Callable[[Post], bool]
    posts: list[tuple[str, str, str | None]] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    unseen: int = 0
    broken: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def admit(self, texts: Iterable[str]) -> None:
        pass

    def post(self, post: Post, commit: Callable[[], None]) -> Receipt:
        commit()
        fault = self.faults.pop(post.number, None)
        match fault:
            case "refused":
                raise RefusedError("against the policy")
            case "limit":
                raise PostponedError("limit", 10_000)
            case "no credentials":
                raise CredentialsError("revoked")
            case "no connection":
                raise DeliveryError("cannot be reached")
            case "lost":
                raise UncertainError("no answer")
            case "kill":
                raise Killed
        if post.key in self.keys:  # as Mastodon and Bluesky know a repeated request
            return Receipt(self.keys[post.key])
        if post.number != len(self.posts) + 1 or post.parent != self._last():
            self.broken.append(f"{post.number} below {post.parent} after {self.posts}")
        if not self.allowed(post):
            self.broken.append(f"{post.text!r} was not approved")
        self.posts.append((str(100 + len(self.posts)), post.text, post.parent))
        self.keys[post.key] = self.posts[-1][0]
        if fault == "kill after":
            raise Killed
        if fault in ("lost after", "hidden"):
            self.unseen = 1 if fault == "hidden" else 0  # the next run sees it
            raise UncertainError("no answer")
        return Receipt(self.posts[-1][0])

    def find(self, post: Post) -> Receipt | None:
        seen = self.posts
        if self.unseen:
            self.unseen -= 1
            seen = seen[:-1]
        found = [id_ for id_, text, parent in seen if (text, parent) == (post.text, post.parent)]
        return Receipt(found[0]) if found else None

    def _last(self) -> str | None:
        return self.posts[-1][0] if self.posts else None


class Thread(RuleBasedStateMachine):
    """What people and runs can do with one thread."""

    @initialize(at=st.sampled_from([2, 3, 1]), fault=st.sampled_from(_FAULTS))
    def begin(self, at: int, fault: Fault) -> None:
        """A thread of three posts, cut off at one of them."""
        self.folder = tempfile.TemporaryDirectory()
        self.patch = pytest.MonkeyPatch()
        root = Path(self.folder.name) / "newsroom"
        (root / "channels").mkdir(parents=True)
        (root / "syndicate.toml").write_text(SETTINGS)
        self.desk = Desk(root)
        self.desk.channel("social", 'adapter = "x"\nreview = true\n[deliver]\nvia = "x"\n')
        self.desk.write("ferry.md", ARTICLE)
        self.approved: set[bytes] = set()
        self.closed = False
        self.platform = InMemory(self._may_leave)
        self.patch.setattr(XCourier, "account", lambda _: self.platform)
        self.patch.setattr("time.sleep", lambda _: None)
        self.desk.publish()
        self._write(("alpha", "beta", "gamma"))
        self.publish({at: fault}, approved=True)

    def teardown(self) -> None:
        if not hasattr(self, "patch"):
            return
        try:
            if not self.closed:
                self.bring_to_an_end()
            assert not self.platform.broken
        finally:
            self.patch.undo()
            self.folder.cleanup()

    @property
    def newsroom(self) -> Newsroom:
        return load_newsroom(self.desk.root, {})

    @property
    def file(self) -> Path:
        return self.desk.root / "drafts" / NAME

    @property
    def posts(self) -> tuple[str, ...]:
        return read_draft(self.file.read_bytes(), NAME).posts

    def is_out(self) -> bool:
        return self.closed or find_draft(self.newsroom, NAME).is_posted

    def _may_leave(self, post: Post) -> bool:
        """Whether exactly the words of `post` stand approved in the file, at this moment."""
        content = self.file.read_bytes()
        is_same = self.posts[post.number - 1 : post.number] == (post.text,)
        return content in self.approved and is_same and not self.closed

    def _write(self, posts: tuple[str, ...]) -> None:
        thread = read_draft(self.file.read_bytes(), NAME)
        update = {"posts": posts, "status": "draft"}
        self.file.write_bytes(write_draft(thread.model_copy(update=update)))

    @rule(at=st.integers(0, 3), word=st.sampled_from(WORDS), keep=st.booleans())
    def edit(self, at: int, word: str, keep: bool) -> None:
        """Change, add or cut a post; mostly one that is not public."""
        posts = list(self.posts)
        stand = len(self.platform.posts)
        at = max(at, stand) if keep else at
        self._write((*posts[:at], word, *posts[at + 2 :]))

    @rule(by=st.sampled_from(["Ines", "Bo"]))
    def approve(self, by: str) -> None:
        try:
            approve_draft(self.newsroom, NAME, by)
        except SyndicateError:
            public = tuple(text for _, text, _ in self.platform.posts)
            may_stand = len(find_draft(self.newsroom, NAME).standing) > len(public)
            same = self.posts[: len(public)] == public and not may_stand
            assert self.is_out() or not same, "nothing stood in the way"
        else:
            self.approved.add(self.file.read_bytes())

    @rule()
    def reject(self) -> None:
        if self.is_out():
            with pytest.raises(UsageError):
                reject_draft(self.newsroom, NAME, "Bo")
        else:
            reject_draft(self.newsroom, NAME, "Bo")

    @rule(faults=faults, approved=st.booleans())
    def publish(self, faults: dict[int, Fault], approved: bool) -> None:
        if approved:
            self.approve("Ines")
        self.platform.faults = dict(faults)
        try:
            outcome = self.desk.publish("social")
        except Killed:
            return
        if outcome.exit is Exit.DONE and not self.closed:
            draft = find_draft(self.newsroom, NAME)
            is_rejected = draft.decision.state == "rejected"
            assert is_rejected or draft.status in ("draft", "posted"), draft.status

    @rule()
    def retry(self) -> None:
        settle_deliveries(self.newsroom, Chosen(("social",)), State.PENDING)

    @precondition(lambda self: self.platform.posts)
    @rule(chance=st.integers(0, 3))
    def close(self, chance: int) -> None:
        if chance or self.is_out():
            return
        try:
            close_thread(self.newsroom, NAME, "Ines")
        except UsageError:
            return  # a run was cut off, or its post is not known yet
        self.closed = True

    def bring_to_an_end(self) -> None:
        """Somebody puts back what is public, approves and publishes: all of it goes out."""
        if self.is_out():
            return
        self.platform.faults, self.platform.unseen = {}, 0
        self.desk.publish("social")  # asks what became of the last post
        if self.is_out():
            return
        public = tuple(text for _, text, _ in self.platform.posts)
        self._write((*public, *self.posts[len(public) :], "the-end"))
        self.approve("Ines")
        self.retry()
        outcome = self.desk.publish("social")
        assert outcome.exit is Exit.DONE, (outcome.errors, outcome.concerns)
        assert tuple(text for _, text, _ in self.platform.posts) == self.posts
        assert find_draft(self.newsroom, NAME).is_posted

    @invariant()
    def nothing_went_wrong(self) -> None:
        if hasattr(self, "platform"):
            assert not self.platform.broken


CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large]


def test_a_few_threads() -> None:
    some = settings(max_examples=12, stateful_step_count=10, deadline=None, derandomize=True)
    run_state_machine_as_test(Thread, settings=settings(some, suppress_health_check=CHECKS))


@pytest.mark.slow
def test_many_threads() -> None:
    many = settings(max_examples=40, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(Thread, settings=settings(many, suppress_health_check=CHECKS))
