"""The studio as a web application for any ASGI server. Its pages work on the same files and ledger
as the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from syndicate.errors import LedgerError, LockedError, SyndicateError
from syndicate.kit.fonts import LATIN
from syndicate.ledger.ledger import has_ledger, ledger_of
from syndicate.ledger.owner import has_had_ledger
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.serve.front import HEALTH, Addresses, Front
from syndicate.serve.guards import BodyLimit
from syndicate.serve.health import Health
from syndicate.studio.access import Access
from syndicate.studio.articles import ArticlePages
from syndicate.studio.content_watch import ContentWatch
from syndicate.studio.drafts import DraftPages
from syndicate.studio.entrance import Entrance
from syndicate.studio.guards import ENTRANCE, HEADERS, MOST_BYTES, Defaults, Gate
from syndicate.studio.live import ChangeCounter
from syndicate.studio.numbers import know_small_numbers
from syndicate.studio.pages import StudioPages
from syndicate.studio.publishing import PublishingPages

_FONTS = {font.file: font.path for font in LATIN}


def application(
    root: Path, access: Access, addresses: Addresses, cookie: str, *, editable: bool = True
) -> Starlette:
    """The studio of the newsroom in `root`.

    Args:
        addresses: where the studio can be reached.
        cookie: the name of the session cookie.
        editable: if False, the same pages are shown read-only.
    """
    know_small_numbers()
    files = ChangeCounter(root)
    content = ContentWatch(root / "content", partial(files.notice, "content"))
    pages = StudioPages(root, files, editable)
    articles = ArticlePages(pages, content.planner)
    drafts, publishing = DraftPages(pages), PublishingPages(pages)
    entrance = Entrance(pages, access, cookie)
    read = [
        Route("/", articles.desk),
        Route("/articles/{slug}", articles.article),
        Route("/articles/{slug}/{channel}", articles.channel),
        Route("/articles/{slug}/{channel}/{number:number}/frame", articles.frame),
        Route("/articles/{slug}/{channel}/{number:number}/{page:number}.png", articles.picture),
        Route("/drafts/{name}", drafts.draft),
        Route("/drafts/{name}/pictures/{number:number}", drafts.picture),
        Route("/drafts/{name}/letter", drafts.letter),
        Route("/plan", publishing.plan),
        Route("/plan/changes", publishing.changes),
        Route("/publishing", publishing.run),
        Route("/publishing/events", publishing.events),
        Route("/deliveries", publishing.deliveries),
        Route("/live", files.events),
        Route(ENTRANCE, entrance.enter, methods=["GET", "POST"]),
        Route("/font/{file}", _font),
        Mount("/static", StaticFiles(packages=[("syndicate.studio", "static")])),
        Route(HEALTH, Health(partial(_has_ledger, root)).answer),
    ]
    write = [
        Route("/drafts/{name}", drafts.save, methods=["POST"]),
        Route("/drafts/{name}/count", drafts.count, methods=["POST"]),
        Route("/drafts/{name}/approve", drafts.approve, methods=["POST"]),
        Route("/drafts/{name}/reject", drafts.reject, methods=["POST"]),
        Route("/drafts/{name}/close", drafts.close, methods=["POST"]),
        Route("/publishing", publishing.publish, methods=["POST"]),
        Route("/deliveries", publishing.resolve, methods=["POST"]),
    ]

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        async with files.watched(app):
            yield
            await publishing.stop()
        content.close()

    app = Starlette(
        routes=[*read, *(write if editable else ())],
        middleware=[
            Middleware(Defaults, headers=HEADERS),
            Middleware(Front, addresses=addresses),
            Middleware(BodyLimit, most=MOST_BYTES),
            Middleware(Gate, access=access, cookie=cookie),
        ],
        exception_handlers={Exception: _broken},
        lifespan=running,
    )
    app.router.redirect_slashes = False
    return app


def _has_ledger(root: Path) -> bool:
    """Whether the ledger can be used; before the first run there is none."""
    try:
        newsroom = load_newsroom(root)
        if has_ledger(newsroom) or has_had_ledger(newsroom):
            with ledger_of(newsroom):
                pass
    except (LedgerError, LockedError):
        return False
    except SyndicateError:  # an error in the settings, which each page shows
        return True
    return True


async def _broken(request: Request, error: Exception) -> Response:
    """The answer to a request that met a bug, which the server logs."""
    return PlainTextResponse("something went wrong; it is in the studio's log\n", 500, HEADERS)


async def _font(request: Request) -> Response:
    path = _FONTS.get(request.path_params["file"])
    if path is None:
        return PlainTextResponse("no such font\n", 404)
    return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})
