"""The delivery half of publishing: what a run's steps have made is handed to the couriers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from syndicate.engine.delivery.at_work import CourierAtWork
from syndicate.engine.delivery.handover import Handover
from syndicate.engine.delivery.postponed import postponements
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.release import Release, couriers_of
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.subscribers import Subscribers, audience_of


def send(run: PublishRun, steps: Collection[Step]) -> None:
    """Deliver all that `steps` have made and that may leave.

    A step's couriers deliver in their order, each when the one before has done its part.

    Raises:
        LedgerError: nothing more can be noted.
        Stopped: the run was asked to stop. What was on its way has been waited for, or is named.
    """
    latest: list[CourierAtWork] = []
    with run.stop.noting():
        ended = run.stop.watch(
            lambda: _send(run, steps, latest), lambda: any(one.is_busy() for one in latest)
        )
        if not ended:
            run.outcome.adrift = True
            for courier in latest:
                courier.give_up()
    run.stop.check()


def _send(run: PublishRun, steps: Collection[Step], latest: list[CourierAtWork]) -> None:
    newsroom = run.newsroom
    keys = [(step.channel, step.key) for step in steps]
    snapshot = LedgerSnapshot.of_renderings(run.ledger, keys)
    subscribers = Subscribers(run.ledger.database, newsroom.state)
    release = Release(newsroom, snapshot, datetime.now(UTC))
    doubts, waiting = run.ledger.doubtful(), postponements(run.ledger.facts, release.now)
    for step in steps:
        run.stop.check()
        channel = newsroom.channels[step.channel]
        if snapshot.renderings.get((step.channel, step.key)) != step.inputs:
            continue  # its rendering failed
        decisions = []
        for artifact in snapshot.artifacts.get((step.channel, step.key), ()):
            if artifact.is_enclosed:
                continue
            decision = release.of(channel, step.key, artifact)
            decisions.append(decision)
            if not decision.may_leave:
                run.wait(step, artifact.name)
        audience = audience_of(subscribers, newsroom.publication, channel.name, channel.adapter)
        handover = Handover(run, step, channel, release, audience, doubts, latest, waiting)
        for name in couriers_of(channel, step.key):
            done = [handover.hand_over(name, decision) for decision in decisions]
            if not all(done):
                break
