"""One step's rendering: an edition through its adapter into the outbox. Runs in any process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from syndicate.adapters import Artifact, Assembles, Edition, Inspects, Paginates, Pagination
from syndicate.article import Article
from syndicate.engine.content.cache import Cache
from syndicate.engine.planning.plan import Step
from syndicate.engine.rendering.render_cache import Pieces
from syndicate.errors import RenderError, SyndicateError
from syndicate.findings import Finding
from syndicate.kit import Kit, Loss
from syndicate.ledger.outbox import Outbox
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.newsroom import Newsroom, load_newsroom


@dataclass(frozen=True)
class Rendered:
    """What became of a step: its artifacts, their printed pages and losses, or the error that
    ended it."""

    step: Step
    artifacts: tuple[StoredArtifact, ...] = ()
    losses: tuple[Loss, ...] = ()
    findings: tuple[Finding, ...] = ()
    pagination: Pagination | None = None
    error: SyndicateError | None = None


def render(newsroom: Newsroom, step: Step) -> Rendered:
    """Render `step` and let its adapter judge it; whatever goes wrong is in the result."""
    channel = newsroom.channels[step.channel]
    kit, outbox = newsroom.kit(channel), Outbox(newsroom.state)
    edition = Edition(
        publication=newsroom.publication,
        channel=channel.name,
        url=channel.url,
        articles=(),
        date=step.date,
        number=step.number,
        withdrawn=step.withdrawn,
        part=step.part,
        members=channel.private,
        subscriptions=step.subscriptions,
        issues=step.issues,
        since=step.since,
        pagination=step.pagination,
    )
    try:
        findings: tuple[Finding, ...] = ()
        pagination: Pagination | None = None
        if isinstance(channel.adapter, Inspects):
            edition = _filled(newsroom, step, edition)
            shown = tuple(channel.adapter.render(edition, kit))
            stored = _store(shown, outbox)
            found = channel.adapter.inspect(edition, shown, kit)
            findings = tuple(newsroom.judged(found))
            if isinstance(channel.adapter, Paginates):
                pagination = channel.adapter.pagination(edition, shown)
        elif isinstance(channel.adapter, Assembles):
            stored = _from_pieces(newsroom, step, channel.adapter, edition, kit)
        else:
            edition = _filled(newsroom, step, edition)
            stored = _store(channel.adapter.render(edition, kit), outbox)
    except SyndicateError as error:
        return Rendered(step, error=error)
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        hint = "make room or mend the folder, then run this again"
        return Rendered(step, error=RenderError(reason, hint=hint))
    except Exception as error:
        return Rendered(step, error=RenderError(f"{type(error).__name__}: {error}"))
    return Rendered(step, tuple(stored.values()), tuple(kit.losses), findings, pagination)


def _store(artifacts: Iterable[Artifact], outbox: Outbox) -> dict[str, StoredArtifact]:
    """`artifacts` in the outbox, by name."""
    stored: dict[str, StoredArtifact] = {}
    for artifact in artifacts:
        if artifact.name in stored and stored[artifact.name].digest != artifact.digest:
            raise RenderError(f"two artifacts are called {artifact.name!r}")
        stored[artifact.name] = outbox.put(artifact)
    return stored


def _from_pieces(
    newsroom: Newsroom, step: Step, adapter: Assembles, edition: Edition, kit: Kit
) -> dict[str, StoredArtifact]:
    """What `adapter` makes of the pieces of the last rendering, and of new ones where articles
    have changed since."""
    outbox = Outbox(newsroom.state)
    pieces = Pieces(newsroom.state / "cache", step.channel, step.unit, step.shape)
    files: dict[str, StoredArtifact] = {}

    def contents() -> Iterator[bytes]:
        for key, digest in zip(step.pieces, step.articles, strict=True):
            kept = pieces.recall(key)
            if kept is None:
                heard = len(kit.losses)
                piece = adapter.piece(_article(newsroom, digest), edition, kit)
                kept = pieces.keep(key, piece, kit.losses[heard:])
            else:
                kit.losses.extend(kept.losses)
            files.update((file.name, pieces.release(file, outbox)) for file in kept.files)
            yield kept.content

    stored = _store(adapter.assemble(edition, contents(), kit), outbox)
    pieces.save()
    return {**files, **stored}


def render_all(newsroom: Newsroom, steps: tuple[Step, ...], jobs: int) -> Iterator[Rendered]:
    """Each of `steps` rendered, as it gets done, in up to `jobs` processes.

    Where pieces are kept and little changed, a process takes longer to start than to run.
    """
    here = [step for step in steps if _is_quick(step)]
    steps = tuple(step for step in steps if not _is_quick(step))
    yield from (render(newsroom, step) for step in here)
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


def _is_quick(step: Step) -> bool:
    return bool(step.pieces) and step.reason == "changed"


def _result(future: Future[Rendered], step: Step) -> Rendered:
    try:
        return future.result()
    except BrokenProcessPool as error:
        return Rendered(step, error=RenderError(f"a rendering process died: {error}"))


def _filled(newsroom: Newsroom, step: Step, edition: Edition) -> Edition:
    """`edition` with its articles and those of earlier editions that were revised."""
    return replace(
        edition,
        articles=tuple(_article(newsroom, digest) for digest in step.articles),
        revised=tuple(_article(newsroom, digest) for digest in step.revised),
    )


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
