"""Whatever is edited, renamed, withdrawn and dropped, in whatever order: after each run, exactly
what should stand stands."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from syndicate.engine.keep import keep
from syndicate.engine.withdrawal import WithdrawalOrder, lift, withdraw
from syndicate.errors import UsageError
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import make_desk
from tests.engine.copies_model import CHANNELS, MONTHS, SECTIONS, TAGS, Model, Story

_WORD = re.compile(r"w\d{4}w")
tags, sections, months = map(st.sampled_from, (TAGS, SECTIONS, MONTHS))


class Copies(RuleBasedStateMachine):
    """A newsroom and its model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desk = make_desk(self.folder / "newsroom")
        for file in (*self.desk.root.glob("channels/*"), *self.desk.root.glob("content/*")):
            file.unlink()
        for name, toml in CHANNELS.items():
            self.desk.channel(name, toml)
        self.model = Model()
        self.published = False
        self.clock = 0
        self.files: dict[str, str] = {}
        self.moved: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def write(self, story: Story) -> None:
        """Write the file of `story`; every edit is later than the one before."""
        self.clock += 60
        file = self.files.setdefault(story.name, f"{story.name}.md")
        self.desk.write(file, story.text(), age=-self.clock)
        self.published = False

    @initialize(tag=tags, section=sections, month=months)
    def begin(self, tag: str, section: str, month: str) -> None:
        self.add(tag, section, month)
        self.publish()

    @rule(tag=tags, section=sections, month=months)
    @precondition(lambda self: len(self.model.stories) < 6)
    def add(self, tag: str, section: str, month: str) -> None:
        name = f"s{len(self.model.stories)}"
        story = Story(name, self.model.next_word(), tag, section, month, slug=name)
        self.model.put(story)
        self.write(story)

    @rule(data=st.data(), tag=tags, section=sections, month=months)
    def edit(self, data: st.DataObject, tag: str, section: str, month: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.stories)))
        changes = {"tag": tag, "section": section, "month": month}
        chosen = data.draw(st.sets(st.sampled_from(sorted(changes))))
        self.write(self.model.change(name, **{key: changes[key] for key in chosen}))

    @rule(data=st.data(), by_file=st.booleans())
    def withdraw(self, data: st.DataObject, by_file: bool) -> None:
        """In the article's file, or by the command, which leaves the file as it is."""
        name = data.draw(st.sampled_from(sorted(self.model.seen() or self.model.stories)))
        by_file = by_file or name not in self.model.seen()
        newsroom = load_newsroom(self.desk.root, {})
        if by_file:
            self.write(self.model.change(name, status="withdrawn"))
            self.publish()
        else:
            if not self.published:
                self.publish()
            order = WithdrawalOrder(name, "wrong", "Ines")
            withdrawal = withdraw(newsroom, order, lambda _: None, Stop())
            assert not withdrawal.still_public
        self.model.withdrawn.add(name)
        self.model.decided.discard(name)
        self.model.publish()

    @rule(data=st.data())
    @precondition(lambda self: self.model.withdrawn)
    def restore(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.withdrawn)))
        if self.model.stories[name].status == "withdrawn":
            self.write(self.model.change(name, status="usable"))
        try:
            lift(load_newsroom(self.desk.root, {}), name, "Ines")
        except UsageError:  # what was never public has nothing to lift
            assert name not in self.model.appeared
        self.model.withdrawn.discard(name)
        self.published = False

    @rule(data=st.data(), deleted=st.booleans())
    def harm(self, data: st.DataObject, deleted: bool) -> None:
        """A file is deleted, or its front matter gets wrong. Writing it again is an edit."""
        names = self.model.stories.keys() if deleted else self.model.appeared
        name = data.draw(st.sampled_from(sorted(names)))
        if name in self.moved and not deleted:
            self.publish()  # a file of another name that cannot be read is nobody's
        file = self.desk.root / "content" / self.files[name]
        file.unlink(missing_ok=True)
        if not deleted:
            self.clock += 60
            self.desk.write(self.files[name], "---\ntitle: [\n---\n\nText.\n", age=-self.clock)
        self.model.harm(name, "gone" if deleted else "broken")
        self.published = False

    @rule(data=st.data())
    @precondition(lambda self: self.published and "gone" in self.model.harmed.values())
    def keep(self, data: st.DataObject) -> None:
        """Somebody keeps articles whose file is gone."""
        gone = {name for name in self.model.named() if self.model.harmed[name] == "gone"}
        kept = keep(load_newsroom(self.desk.root, {}), (), "Ines")
        assert {one.slug for one in kept} == gone
        self.model.decided |= gone
        self.publish()

    @rule(data=st.data())
    @precondition(lambda self: len(self.model.harmed) < len(self.model.stories))
    def rename(self, data: st.DataObject) -> None:
        """The file gets another name; the article stays what it is."""
        names = self.model.stories.keys() - self.model.harmed.keys()
        name = data.draw(st.sampled_from(sorted(names)))
        content = self.desk.root / "content"
        target = f"{data.draw(st.sampled_from('ab'))}/{name}.md"
        (content / target).parent.mkdir(exist_ok=True)
        (content / self.files[name]).rename(content / target)
        self.files[name] = target
        self.moved.add(name)
        self.published = False

    @rule()
    @precondition(lambda self: not self.published)
    def publish(self) -> None:
        outcome = self.desk.publish(allow_removals=99)
        broken = {name for name, how in self.model.harmed.items() if how == "broken"}
        assert len(outcome.errors) == len(broken & self.model.withdrawn), outcome.errors
        self.model.publish()
        self.moved.clear()
        assert sum(one.number for one in outcome.kept) == len(self.model.named())
        self.published = True

    @invariant()
    def exactly_what_should_stand_stands(self) -> None:
        if self.published:
            assert self.standing() == self.model.expected()

    @invariant()
    def the_inventory_names_every_file(self) -> None:
        if not self.published:
            return
        with closing(open_ledger(self.desk.ledger, self.desk.root)) as ledger:
            named = {row.copy.place.address for row in ledger.copies.of_channels(list(CHANNELS))}
        assert named == {name for name in self.desk.files() if name.startswith("out/")}

    def standing(self) -> dict[tuple[str, str], set[str]]:
        """The words in each public document, by channel and path."""
        out = self.desk.root / "out"
        return {
            (path.relative_to(out).parts[0], "/".join(path.relative_to(out).parts[1:])): set(
                _WORD.findall(path.read_text())
            )
            for path in out.rglob("*")
            if path.is_file() and path.suffix != ".css"
        }


def _run(steps: int, examples: int, derandomize: bool = False) -> None:
    run_state_machine_as_test(
        Copies,
        settings=settings(
            stateful_step_count=steps,
            max_examples=examples,
            deadline=None,
            derandomize=derandomize,
            phases=(Phase.explicit, Phase.generate),  # a step takes too long to shrink
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_exactly_what_should_stand_stands() -> None:
    _run(12, 6, derandomize=True)


@pytest.mark.slow
def test_exactly_what_should_stand_stands_for_a_long_time() -> None:
    _run(60, int(os.environ.get("SYNDICATE_TEST_ROUNDS", "50")))
