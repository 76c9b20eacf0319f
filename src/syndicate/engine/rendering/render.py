"""One step's rendering: an edition through its adapter into the store. Runs in any process."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from syndicate.adapters import (
    Adapter,
    Artifact,
    Assembles,
    Cancels,
    Edition,
    Inspects,
    Paginates,
    Pagination,
    WritesNotices,
)
from syndicate.adapters.web.notice_page import notice_pages
from syndicate.article import Article
from syndicate.engine.content.article_store import stored_article
from syndicate.engine.planning.plan import Step
from syndicate.engine.rendering.quarantine import Quarantine
from syndicate.engine.rendering.render_cache import RenderedPieces
from syndicate.engine.rendering.rendered import Rendered
from syndicate.engine.rendering.workers import Died, rendered_apart
from syndicate.errors import RenderError, SyndicateError
from syndicate.findings import Finding
from syndicate.kit import Kit
from syndicate.ledger.records import StoredArtifact
from syndicate.ledger.stubs import is_stub
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop
from syndicate.store import BlobStore

_WHEN = "it is tried again when it changes, or once .syndicate/cache/quarantine.json is deleted"


def render(newsroom: Newsroom, step: Step) -> Rendered:
    """Render `step` and let its adapter judge it; whatever goes wrong is in the result."""
    channel = newsroom.channels[step.channel]
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
        notice=step.notice,
        appeared=step.appeared,
        gone=step.gone,
    )
    try:
        kit, store = newsroom.kit(channel), newsroom.store
        findings: tuple[Finding, ...] = ()
        pagination: Pagination | None = None
        kept = ""
        if is_stub(step.key):
            stored = _store(_stub(channel.adapter, edition, kit), store)
        elif step.notice and isinstance(channel.adapter, WritesNotices):
            language = {"language": channel.language(newsroom.publication)}
            publication = newsroom.publication.model_copy(update=language)
            edition = _filled(newsroom, step, replace(edition, publication=publication))
            shown = tuple(channel.adapter.write_notice(edition, kit))
            stored = _store(shown, store)
            if isinstance(channel.adapter, Inspects):
                found = channel.adapter.inspect(edition, shown, kit)
                findings = tuple(newsroom.with_severities(found))
        elif isinstance(channel.adapter, Inspects):
            edition = _filled(newsroom, step, edition)
            shown = tuple(channel.adapter.render(edition, kit))
            stored = _store(shown, store)
            found = channel.adapter.inspect(edition, shown, kit)
            findings = tuple(newsroom.with_severities(found))
            if isinstance(channel.adapter, Paginates):
                pagination = channel.adapter.pagination(edition, shown)
        elif isinstance(channel.adapter, Assembles):
            stored, kept = _from_pieces(newsroom, step, channel.adapter, edition, kit)
        else:
            edition = _filled(newsroom, step, edition)
            stored = _store(channel.adapter.render(edition, kit), store)
    except SyndicateError as error:
        return Rendered(step, error=error)
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        hint = "free disk space or fix the folder, then run the command again"
        return Rendered(step, error=RenderError(reason, hint=hint))
    except Exception as error:
        return Rendered(step, error=RenderError(f"{type(error).__name__}: {error}"))
    artifacts, losses = tuple(stored.values()), tuple(kit.losses)
    return Rendered(step, artifacts, losses, findings, pagination, pieces=kept)


def _stub(adapter: Adapter, edition: Edition, kit: Kit) -> Iterator[Artifact]:
    """What stands in the place of a withdrawn article."""
    if isinstance(adapter, Cancels):
        return adapter.cancel(edition, kit)
    return notice_pages(edition, kit)


def _store(artifacts: Iterable[Artifact], store: BlobStore) -> dict[str, StoredArtifact]:
    """`artifacts` in the store, by name."""
    stored: dict[str, StoredArtifact] = {}
    for artifact in artifacts:
        if artifact.name in stored and stored[artifact.name].digest != artifact.digest:
            raise RenderError(f"two artifacts are called {artifact.name!r}")
        store.put(artifact.content)
        stored[artifact.name] = StoredArtifact.of(artifact)
    return stored


def _from_pieces(
    newsroom: Newsroom, step: Step, adapter: Assembles, edition: Edition, kit: Kit
) -> tuple[dict[str, StoredArtifact], str]:
    """What `adapter` makes of the pieces of the last rendering, and of new ones where articles
    have changed since; and the digest of the pieces, for the next rendering."""
    pieces = RenderedPieces(newsroom.store, step.kept, step.shape)
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
            files.update((file.name, file) for file in kept.files)
            yield kept.content

    stored = _store(adapter.assemble(edition, contents(), kit), newsroom.store)
    return {**files, **stored}, pieces.save()


def render_all(
    newsroom: Newsroom, steps: Iterable[Step], jobs: int, stop: Stop | None = None
) -> Generator[Rendered]:
    """Each of `steps` rendered, as it gets done, in up to `jobs` processes. A step is asked for
    when there is a process for it.

    A step that ends its process is tried once more when all others are done, alone. If that ends
    too, the step is in quarantine until something about it changes.

    Raises:
        Stopped: `stop` was asked.
    """
    stop = stop or Stop()
    quarantine = Quarantine(newsroom)
    suspects: list[Step] = []
    barred: list[Rendered] = []

    def admitted() -> Iterator[Step]:
        for step in steps:
            if reason := quarantine.reason(step):
                error = RenderError(f"{reason}; not tried again", hint=_WHEN)
                barred.append(Rendered(step, error=error))
            else:
                yield step

    with closing(rendered_apart(newsroom, admitted(), jobs, render, stop)) as results:
        for result in results:
            if isinstance(result, Died) and not result.certain:
                suspects.append(result.step)
            else:
                yield _judged(result, quarantine)
    yield from barred
    for suspect in suspects:
        with closing(rendered_apart(newsroom, (suspect,), 1, render, stop)) as results:
            for result in results:
                yield _judged(result, quarantine)


def _judged(result: Rendered | Died, quarantine: Quarantine) -> Rendered:
    """`result`; a step that ended its process is an error, and in quarantine from now on."""
    if isinstance(result, Died):
        quarantine.add(result.step, result.reason)
        return Rendered(result.step, error=RenderError(result.reason, hint=result.hint or _WHEN))
    if result.error is None:
        quarantine.release(result.step)
    return result


def quick_first(steps: Iterable[Step]) -> tuple[Step, ...]:
    """`steps`, those first that take only a moment."""
    return tuple(sorted(steps, key=lambda step: not (step.pieces and step.reason == "changed")))


def _filled(newsroom: Newsroom, step: Step, edition: Edition) -> Edition:
    """`edition` with its articles and those of earlier editions that were revised."""
    return replace(
        edition,
        articles=tuple(_article(newsroom, digest) for digest in step.articles),
        revised=tuple(
            article
            for digest in step.revised
            if (article := stored_article(newsroom.store, digest))  # what was purged is not told
        ),
    )


def _article(newsroom: Newsroom, digest: str) -> Article:
    article = stored_article(newsroom.store, digest)
    if article is None:
        raise RenderError(
            "the text of an article is no longer in the store",
            hint="issue it again from the present text: syndicate publish --reissue",
        )
    return article
