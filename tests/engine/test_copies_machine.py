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
from PIL import Image

from syndicate.engine.delivery.left_public import LeftPublic
from syndicate.engine.keep import keep
from syndicate.engine.retire import retire
from syndicate.engine.withdrawal import WithdrawalOrder, lift, withdraw
from syndicate.errors import UsageError
from syndicate.ledger.ledger import open_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.stop import Stop
from tests.engine.conftest import make_desk
from tests.engine.copies_model import (
    AUTHORS,
    CHANNELS,
    MONTHS,
    PICTURES,
    SECTIONS,
    TAGS,
    Model,
    Story,
)

_WORD = re.compile(r"w\d{4}w")
_PICTURE = re.compile(r"media/(\w+)-\w+\.png")
tags, sections, months = map(st.sampled_from, (TAGS, SECTIONS, MONTHS))
authors, pictures = map(st.sampled_from, (AUTHORS, PICTURES))


class Copies(RuleBasedStateMachine):
    """A newsroom and its model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desk = make_desk(self.folder / "newsroom")
        for file in (*self.desk.root.glob("channels/*"), *self.desk.root.glob("content/*")):
            file.unlink()
        for folder in ("", "a/", "b/"):
            for picture in filter(None, PICTURES):
                file = self.desk.root / f"content/{folder}{picture}.png"
                file.parent.mkdir(exist_ok=True)
                Image.new("RGB", (64, 64), picture).save(file)
        self.names = {channel: channel for channel in CHANNELS}
        for channel in CHANNELS:
            self.write_channel(channel)
        self.model = Model()
        self.published = False
        self.clock = 0
        self.files: dict[str, str] = {}
        self.known: dict[str, str] = {}
        self.placed: dict[str, str] = {}
        self.strange: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def write(self, story: Story) -> None:
        """Write the file of `story`; every edit is later than the one before."""
        self.clock += 60
        file = self.files.setdefault(story.name, f"{story.name}.md")
        self.desk.write(file, story.text(), age=-self.clock)
        self.strange.discard(story.name)
        self.published = False

    def write_channel(self, channel: str) -> None:
        """Write the file of `channel`. It delivers to the same place under any name."""
        toml = f'{CHANNELS[channel]}[deliver]\npath = "out/{channel}"\n'
        self.desk.channel(self.names[channel], toml)
        self.published = False

    def delete_channel(self, channel: str) -> None:
        """Delete the file of `channel`."""
        (self.desk.root / f"channels/{self.names[channel]}.toml").unlink()
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

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Its title and text change, and any of these."""
        name = data.draw(st.sampled_from(sorted(self.model.stories)))
        of = {"tag": tags, "section": sections, "month": months, "author": authors}
        of |= {"picture": pictures}
        chosen = sorted(data.draw(st.sets(st.sampled_from(sorted(of)))))
        changes = {key: data.draw(of[key], key) for key in chosen}
        if name in self.model.appeared and data.draw(st.booleans(), "another slug"):
            changes["renamed"] = f"other-{name}"
        self.write(self.model.change(name, **changes))

    @rule(data=st.data())
    def drop_channel(self, data: st.DataObject) -> None:
        """The file of a channel is deleted. One that shows every article is always there."""
        if channels := sorted(self.model.channels - {"files"}):
            channel = data.draw(st.sampled_from(channels))
            self.delete_channel(channel)
            self.model.drop(channel)

    @rule(data=st.data())
    @precondition(lambda self: self.model.channels != CHANNELS.keys())
    def add_channel(self, data: st.DataObject) -> None:
        """A channel is there again."""
        dropped = sorted(CHANNELS.keys() - self.model.channels)
        channel = data.draw(st.sampled_from(dropped))
        self.write_channel(channel)
        self.model.channels.add(channel)

    @rule(data=st.data())
    def rename_channel(self, data: st.DataObject) -> None:
        """The file of a channel gets another name."""
        channel = data.draw(st.sampled_from(sorted(self.model.channels)))
        self.delete_channel(channel)
        self.names[channel] = f"{channel}-{self.clock}"
        self.clock += 60
        self.write_channel(channel)

    @rule(data=st.data())
    @precondition(lambda self: self.model.left)
    def retire(self, data: st.DataObject) -> None:
        """What a channel that is gone has left behind is removed."""
        channel = data.draw(st.sampled_from(sorted({key[0] for key in self.model.left})))
        if channel not in self.model.channels:
            newsroom = load_newsroom(self.desk.root, {})
            outcome = retire(newsroom, self.placed[channel], lambda _: None, Stop())
            assert not outcome.errors
            self.model.retire(channel)

    @rule(data=st.data(), by_file=st.booleans())
    def withdraw(self, data: st.DataObject, by_file: bool) -> None:
        """In the article's file, or by the command, which leaves the file as it is."""
        name = data.draw(st.sampled_from(sorted(self.model.seen() or self.model.stories)))
        by_file = by_file or name not in self.model.seen()
        newsroom = load_newsroom(self.desk.root, {})
        if by_file:
            self.write(self.model.change(name, status="withdrawn"))
            self.model.withdrawn.add(name)
            self.publish()
        else:
            if not self.published:
                self.publish()
            order = WithdrawalOrder(name, "wrong", "Ines")
            withdrawal = withdraw(newsroom, order, lambda _: None, Stop())
            self.model.withdrawn.add(name)
            left = {self.placed[one] for one, other in self.model.still_public() if other == name}
            # Times have whole seconds: what was made again in that second may be named too.
            dropped = {self.placed[channel] for channel, _ in self.model.left}
            assert left <= {one.channel for one in withdrawal.still_public} <= left | dropped
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
        file = self.desk.root / "content" / self.files[name]
        file.unlink(missing_ok=True)
        self.strange -= {name} if deleted else set()
        if not deleted:
            self.clock += 60
            self.desk.write(self.files[name], "---\ntitle: [\n---\n\nText.\n", age=-self.clock)
        # A file with a name that was never published and cannot be read is no article's: that is
        # gone.
        if is_strange := not deleted and self.files[name] != self.known[name]:
            self.strange.add(name)
        self.model.harm(name, "gone" if deleted or is_strange else "broken")
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
        self.published = False

    @rule()
    @precondition(lambda self: not self.published)
    def publish(self) -> None:
        outcome = self.desk.publish(allow_removals=99)
        broken = {name for name, how in self.model.harmed.items() if how == "broken"}
        unread = broken & self.model.withdrawn | self.strange
        assert len(outcome.errors) == len(unread), outcome.errors
        self.model.publish()
        self.placed |= {channel: self.names[channel] for channel in self.model.channels}
        readable = self.files.keys() - self.model.harmed.keys()
        self.known |= {name: self.files[name] for name in readable}
        left = {one for one in outcome.kept if isinstance(one, LeftPublic)}
        kept = set(outcome.kept) - left
        assert sum(one.number for one in kept) == len(self.model.named())
        public = {(self.placed[channel], name) for channel, name in self.model.still_public()}
        assert {(one.channel, one.slug) for one in left} == public
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
            channels = list(ledger.copies.channels())
            named = {row.copy.place.address for row in ledger.copies.of_channels(channels)}
        assert named == {name for name in self.desk.files() if name.startswith("out/")}

    def standing(self) -> dict[tuple[str, str], set[str]]:
        """The words in each public document, by channel and path."""
        out = self.desk.root / "out"
        return {
            (channel, _PICTURE.sub(r"media/\1.png", document)): set(
                _WORD.findall(path.read_bytes().decode("latin-1"))
            )
            for path in out.rglob("*")
            if path.is_file() and path.suffix != ".css"
            for channel, _, document in [path.relative_to(out).as_posix().partition("/")]
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
    _run(12, 3, derandomize=True)


@pytest.mark.slow
def test_exactly_what_should_stand_stands_for_a_long_time() -> None:
    _run(60, int(os.environ.get("SYNDICATE_TEST_ROUNDS", "50")))
