"""Plans asked of tables are those made by looking at everything, whatever the newsroom is like."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.summaries import Summaries
from syndicate.engine.planning import plan as planning
from syndicate.engine.planning.plan import Plan, make_plan
from syndicate.engine.planning.plan_inputs import PlanInputs
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.up_to_date import PublishInputs, Settled
from syndicate.engine.review.verdicts import approve_draft
from syndicate.errors import SyndicateError
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.snapshot import LedgerSnapshot, LedgerView
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.studio.content_watch import ContentWatch
from tests.engine.conftest import Desk, make_desk

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class WholeLedger(LedgerView):
    """A ledger that is read as a whole, whatever is asked."""

    def of(self, channel: str, keys: Any) -> LedgerSnapshot:
        return LedgerSnapshot.of(self.ledger)


class Whole(Summaries):
    """All summaries in memory; what is selected from them is selected here."""

    def history(self, select: Any, now: Any, zone: Any, without: Any = ()) -> Any:
        return select.history(tuple(self), now, zone)

    def gone(self, select: Any, now: Any, zone: Any) -> Any:
        return select.gone(tuple(self), now, zone)

    def choose(
        self, select: Any, now: Any, zone: Any, only: Collection[str] = (), without: Any = ()
    ) -> Sequence[ArticleSummary]:
        chosen = select.choose(tuple(self), now, zone)
        return [one for one in chosen if not only or one.id in only]

    def moments(self, select: Any, now: Any) -> Any:
        return (found for one in self if (found := select.changes_at(one, now)))


def plans(desk: Desk, monkeypatch: pytest.MonkeyPatch, *channels: str) -> tuple[Plan, Plan]:
    """The plan for `channels` as it is made, and the plan made by looking at everything."""
    newsroom, is_left = load_newsroom(desk.root, {}), is_as_left(desk, *channels)
    with Planner.open(newsroom) as planner:
        chosen = newsroom.chosen(channels)
        made = make_plan(planner.plan_inputs(only_content_changed=is_left), chosen)
        summaries, view = Whole(planner.cache), WholeLedger(planner.ledger)
        whole = PlanInputs(newsroom, summaries, view, planner.now)
        with monkeypatch.context() as patched:
            patched.setattr(planning, "at_rest_in", lambda *_: frozenset())
            patched.setattr(planner.cache.__class__, "inputs_of", lambda *_: {})
            looked = make_plan(whole, chosen)
        planner.cache.save()
    return made, looked


def is_as_left(desk: Desk, *channels: str) -> bool:
    """Whether only content/ can have changed since a run for `channels` left nothing to do."""
    settled = Settled.last(desk.root, channels)
    inputs = PublishInputs.in_newsroom(desk.root)
    return bool(settled and settled.is_so_apart_from_content(desk.root, inputs))


def plan_of_a_studio(desk: Desk, watch: ContentWatch) -> Plan:
    """The plan of a studio that has been open all the time."""
    newsroom = load_newsroom(desk.root, {})
    with ledger_of(newsroom) as ledger:
        planner = watch.planner(newsroom, ledger)
        return make_plan(planner.plan_inputs(), newsroom.channels.values())


def all_can_be_read(desk: Desk) -> bool:
    """Whether the ledger knows every article as it is now: every checkout can read it then."""
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as planner:
        versions = [(one.id, one.digest) for one in planner.intake.summaries]
        return planner.ledger.versions.unknown(versions) == ()


def manuscript(chance: random.Random, number: int) -> str:
    """An article that may be anything: withdrawn, embargoed, expired, of a section, a language."""
    day = NOW - timedelta(days=chance.randrange(-2, 9), minutes=number)
    head = {"title": f"Report {number}", "published": day.isoformat()}
    for key, values in {
        "section": ["Sport", "Sea"],
        "tags": ["[boats]", "[boats, tides]"],
        "language": ["de", "pt-BR"],
        "status": ["withdrawn", "canceled"],
        "embargoed": [(NOW + timedelta(days=days)).isoformat() for days in (-1, 1)],
        "expires": [(NOW + timedelta(days=days)).isoformat() for days in (-1, 1)],
    }.items():
        if chance.random() < 0.3:
            head[key] = chance.choice(values)
    lines = "\n".join(f"{key}: {value}" for key, value in head.items())
    return f"---\n{lines}\n---\n\nWords, {chance.randrange(1000)} of them.\n"


def change(desk: Desk, chance: random.Random, kinds: Sequence[int] = range(6)) -> None:
    """Something that happens in a newsroom, of one of `kinds`."""
    content = desk.root / "content"
    files = sorted(content.glob("r*.md"))
    match chance.choice(kinds):
        case 0 | 1:
            number = chance.randrange(12)
            (content / f"r{number}.md").write_text(manuscript(chance, number))
        case 2 if files:
            chance.choice(files).unlink()
        case 3 if files:
            chance.choice(files).rename(content / f"r{chance.randrange(20, 30)}.md")
        case 4:
            delivered = sorted((desk.root / "out").rglob("*.txt"))
            if delivered:
                chance.choice(delivered).unlink()
        case _:
            desk.publish(*chance.sample(["single", "rolling", "numbered", "social", "feed"], 2))
            drafts = sorted((desk.root / "drafts").glob("*"))
            if drafts and chance.random() < 0.5:
                with suppress(SyndicateError):  # it is gone already, or stale
                    approve_draft(load_newsroom(desk.root, {}), chance.choice(drafts).name, "Ines")


DEEP = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6)]


@pytest.mark.parametrize("seed", [0, *DEEP])
def test_plans_are_those_of_looking_at_everything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(planning, "_AT_ONCE", 2)
    desk.channel("feed", 'adapter = "rss"\narchive = "month"\n[select]\nsince = "4 days"\n')
    watch = ContentWatch(desk.root / "content", lambda: None)
    selects = ("limit = 2", 'tags = "boats"', 'section = "sport"', 'language = "pt"', "")
    for _ in range(8):
        desk.channel("single", f'adapter = "./own.py"\n[select]\n{chance.choice(selects)}\n')
        for _ in range(chance.randrange(1, 4)):
            change(desk, chance)
        made, looked = plans(desk, monkeypatch)
        assert made == looked
        assert plan_of_a_studio(desk, watch) == replace(looked, changes_at=ANY)
        desk.publish("rolling")
        assert all_can_be_read(desk)
    watch.close()


@pytest.mark.parametrize("seed", [0, *DEEP])
def test_after_a_run_that_left_nothing_only_what_changed_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Whatever changes in between, in content/ or anywhere else, and whoever plans meanwhile."""
    desk, chance = make_desk(tmp_path / "newsroom"), random.Random(seed)
    monkeypatch.setattr(planning, "_AT_ONCE", 2)
    desk.channel("feed", 'adapter = "rss"\narchive = "month"\n[select]\nsince = "4 days"\n')
    shortened = 0
    for number in range(12 if seed else 6):
        # Once a file is deleted, somebody has to decide, and every run leaves something to do.
        kinds = (0, 0, 3, 4, 5) if number < 5 else range(6)
        for _ in range(chance.randrange(1, 3)):
            change(desk, chance, kinds)
        for _ in range(chance.randrange(1, 3)):
            shortened += is_as_left(desk, "single")
            made, looked = plans(desk, monkeypatch, "single")
            assert made == looked
            if chance.random() < 0.5:
                change(desk, chance, kinds)
        desk.publish("single")
        left, looked = Settled.last(desk.root, ("single",)), plans(desk, monkeypatch, "single")[1]
        if left and left.counts and left.is_so(desk.root, PublishInputs.in_newsroom(desk.root)):
            assert not looked.steps
            assert left.counts == (looked.unchanged, len(looked.waiting))
    assert shortened
