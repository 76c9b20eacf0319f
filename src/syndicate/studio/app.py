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

from syndicate.kit.fonts import LATIN
from syndicate.serve.guards import BodyLimit
from syndicate.studio.access import Access
from syndicate.studio.articles import ArticlePages
from syndicate.studio.content_watch import ContentWatch
from syndicate.studio.drafts import DraftPages
from syndicate.studio.entrance import Entrance
from syndicate.studio.guards import ENTRANCE, HEADERS, MOST_BYTES, Defaults, Gate
from syndicate.studio.live import ChangeCounter
from syndicate.studio.pages import StudioPages
from syndicate.studio.publishing import PublishingPages

_FONTS = {font.file: font.path for font in LATIN}


def application(
    root: Path, access: Access, hosts: frozenset[str], cookie: str, *, editable: bool = True
) -> Starlette:
    """The studio of the newsroom in `root`.

    Args:
        hosts: the accepted values of the Host header.
        cookie: the name of the session cookie.
        editable: if False, the same pages are shown read-only.
    """
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
        Route("/articles/{slug}/{channel}/{number:int}/frame", articles.frame),
        Route("/articles/{slug}/{channel}/{number:int}/{page:int}.png", articles.picture),
        Route("/drafts/{name}", drafts.draft),
        Route("/drafts/{name}/pictures/{number:int}", drafts.picture),
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

    return Starlette(
        routes=[*read, *(write if editable else ())],
        middleware=[
            Middleware(Defaults, headers=HEADERS),
            Middleware(BodyLimit, most=MOST_BYTES),
            Middleware(Gate, access=access, hosts=hosts, cookie=cookie),
        ],
        lifespan=running,
    )


async def _font(request: Request) -> Response:
    path = _FONTS.get(request.path_params["file"])
    if path is None:
        return PlainTextResponse("no such font\n", 404)
    return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})
