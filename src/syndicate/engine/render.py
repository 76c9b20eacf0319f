"""One step's rendering: an edition through its adapter into the outbox. Runs in any process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from syndicate.adapters import Edition
from syndicate.article import Article
from syndicate.engine.intake import Cache
from syndicate.engine.ledger import StoredArtifact
from syndicate.engine.plan import Step
from syndicate.engine.store import Outbox
from syndicate.errors import RenderError, SyndicateError
from syndicate.kit import Loss
from syndicate.newsroom.newsroom import Newsroom, load_newsroom


@dataclass(frozen=True)
class Rendered:
    """What became of a step: its artifacts and losses, or the error that ended it."""

    step: Step
    artifacts: tuple[StoredArtifact, ...] = ()
    losses: tuple[Loss, ...] = ()
    error: SyndicateError | None = None


def render(newsroom: Newsroom, step: Step) -> Rendered:
    """Render `step`; whatever goes wrong is in the result."""
    channel = newsroom.channels[step.channel]
    try:
        articles = tuple(_article(newsroom, digest) for digest in step.articles)
        edition = Edition(
            publication=newsroom.publication,
            channel=channel.name,
            url=channel.url,
            articles=articles,
            date=step.date,
            number=step.number,
        )
        kit = newsroom.kit(channel)
        outbox = Outbox(newsroom.state)
        stored: dict[str, StoredArtifact] = {}
        for artifact in channel.adapter.render(edition, kit):
            if artifact.name in stored and stored[artifact.name].digest != artifact.digest:
                raise RenderError(f"two artifacts are called {artifact.name!r}")
            stored[artifact.name] = outbox.put(artifact)
    except SyndicateError as error:
        return Rendered(step, error=error)
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        hint = "make room or mend the folder, then run this again"
        return Rendered(step, error=RenderError(reason, hint=hint))
    except Exception as error:
        return Rendered(step, error=RenderError(f"{type(error).__name__}: {error}"))
    return Rendered(step, tuple(stored.values()), tuple(kit.losses))


def render_all(newsroom: Newsroom, steps: tuple[Step, ...], jobs: int) -> Iterator[Rendered]:
    """Each of `steps` rendered, as it gets done, in up to `jobs` processes."""
    if jobs == 1 or len(steps) < 2:
        yield from (render(newsroom, step) for step in steps)
        return
    # Spawned, not forked: a forked child would share the lock and the ledger's connection.
    with ProcessPoolExecutor(
        min(jobs, len(steps)),
        mp_context=get_context("spawn"),
        initializer=_enter,
        initargs=(newsroom.root,),
    ) as pool:
        queue = iter(steps)
        running: dict[Future[Rendered], Step] = {}
        try:
            while True:
                while len(running) < 4 * jobs and (step := next(queue, None)):
                    running[pool.submit(_render_here, step)] = step
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield _result(future, running.pop(future))
        except BrokenProcessPool as error:
            lost = RenderError(f"a rendering process died: {error}", hint="run this again")
            for step in (*running.values(), *queue):
                yield Rendered(step, error=lost)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[Rendered], step: Step) -> Rendered:
    try:
        return future.result()
    except BrokenProcessPool as error:
        return Rendered(step, error=RenderError(f"a rendering process died: {error}"))


def _article(newsroom: Newsroom, digest: str) -> Article:
    article = Cache(newsroom.state / "cache", "").article(digest)
    if article is None:
        raise RenderError(
            "the text of an article is no longer in the cache",
            hint="issue it again from the present text: syndicate publish --reissue",
        )
    return article


_here: Newsroom | None = None


def _enter(root: Path) -> None:
    """Make this process ready, and let it end with its parent, even one that was killed."""
    global _here
    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def leave_with_parent() -> None:
            connection.wait([sentinel])
            os._exit(1)

        threading.Thread(target=leave_with_parent, daemon=True).start()
    _here = load_newsroom(root)


def _render_here(step: Step) -> Rendered:
    assert _here is not None
    return render(_here, step)
