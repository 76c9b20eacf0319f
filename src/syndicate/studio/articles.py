"""The desk, an article, and what each channel makes of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from syndicate.errors import SyndicateError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.studio import views
from syndicate.studio.frames import PreviewFrame, frames, page, pages, picture_of_page, posts
from syndicate.studio.pages import PageRenderer
from syndicate.studio.previews import PreviewCache

_FRAME = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; "
    "frame-ancestors 'self'"
)


class Articles:
    """The pages to look at."""

    def __init__(self, pages: PageRenderer) -> None:
        self._pages = pages
        self._previews = PreviewCache()

    async def desk(self, request: Request) -> Response:
        """Every article, with its word for each channel."""
        asked = request.query_params.get("sheet", "")
        sheet = max(1, int(asked)) if asked.isdecimal() else 1
        return await self._pages.page(request, "desk.html.j2", partial(views.desk, sheet=sheet))

    async def article(self, request: Request) -> Response:
        """One article, and a place for each channel's preview."""
        view = partial(views.article, slug=request.path_params["slug"])
        return await self._pages.page(request, "article.html.j2", view)

    async def channel(self, request: Request) -> Response:
        """What one channel makes of an article, as part of its page."""

        def view(newsroom: Newsroom) -> dict[str, Any]:
            slug, name = request.path_params["slug"], request.path_params["channel"]
            shown, channel = self._previews.of(newsroom, slug, name), newsroom.channels[name]
            found = [
                {
                    "frame": one,
                    "number": number,
                    "pages": pages(one.artifact.content) if one.kind == "pages" else 0,
                    "posts": posts(one.artifact) if one.kind == "thread" else (),
                }
                for number, one in enumerate(frames(shown.artifacts, channel.url))
            ]
            about = {"slug": slug, "channel": channel}
            return {**about, "publication": newsroom.publication, "shown": shown, "frames": found}

        return await self._pages.page(request, "channel.html.j2", view)

    async def frame(self, request: Request) -> Response:
        """The content of a sandboxed frame."""

        def made() -> str:
            asked = request.query_params
            return page(self._frame(request), plain="plain" in asked, dark="dark" in asked)

        try:
            text = await run_in_threadpool(made)
        except (IndexError, KeyError, SyndicateError):
            return PlainTextResponse("there is no such preview\n", 404)
        return HTMLResponse(text, headers={"Content-Security-Policy": _FRAME})

    async def picture(self, request: Request) -> Response:
        """A page of a PDF."""

        def drawn() -> bytes:
            frame = self._frame(request)
            if frame.kind != "pages":
                raise IndexError
            return picture_of_page(frame.artifact.content, request.path_params["page"])

        try:
            return Response(await run_in_threadpool(drawn), media_type="image/png")
        except (IndexError, KeyError, SyndicateError):
            return PlainTextResponse("there is no such page\n", 404)

    def _frame(self, request: Request) -> PreviewFrame:
        asked = request.path_params
        newsroom = load_newsroom(self._pages.root)
        return self._previews.frame(newsroom, asked["slug"], asked["channel"], asked["number"])
