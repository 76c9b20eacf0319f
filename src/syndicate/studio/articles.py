"""The desk, the page of an article, and its preview on each channel."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from syndicate.errors import SyndicateError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.studio import views
from syndicate.studio.frames import (
    PreviewFrame,
    pdf_page_to_preview,
    pdf_pages_to_preview,
    posts_to_preview,
    preview_frames,
    preview_page,
)
from syndicate.studio.guards import IN_A_FRAME
from syndicate.studio.numbers import small_number
from syndicate.studio.pages import StudioPages
from syndicate.studio.previews import PreviewCache


class ArticlePages:
    """The pages about articles, all of them read-only. `planner_of` is `Planner.of`, or as fast
    as it can be."""

    def __init__(self, pages: StudioPages, planner_of: views.PlannerOf) -> None:
        self._pages, self._planner_of = pages, planner_of
        self._previews = PreviewCache()

    async def desk(self, request: Request) -> Response:
        """Every article, with its state on each channel."""
        sheet = max(1, small_number(request.query_params.get("sheet", "")) or 1)
        view = partial(views.desk_page, sheet=sheet, planner_of=self._planner_of)
        return await self._pages.page(request, "desk.html.j2", view)

    async def article(self, request: Request) -> Response:
        """One article, with room for the preview of each channel."""
        slug = request.path_params["slug"]
        view = partial(views.article_page, slug=slug, planner_of=self._planner_of)
        return await self._pages.page(request, "article.html.j2", view)

    async def channel(self, request: Request) -> Response:
        """The preview of an article on one channel, as part of the article's page."""

        def view(newsroom: Newsroom) -> dict[str, Any]:
            slug, name = request.path_params["slug"], request.path_params["channel"]
            (channel,) = newsroom.chosen((name,))
            shown = self._previews.of(newsroom, slug, name)
            shown_frames = [
                {
                    "frame": frame,
                    "number": number,
                    "pages": pdf_pages_to_preview(frame.artifact.content)
                    if frame.kind == "pages"
                    else 0,
                    "posts": posts_to_preview(frame.artifact) if frame.kind == "thread" else (),
                }
                for number, frame in enumerate(preview_frames(shown.artifacts, channel.url))
            ]
            return {
                "slug": slug,
                "channel": channel,
                "publication": newsroom.publication,
                "shown": shown,
                "frames": shown_frames,
            }

        return await self._pages.page(request, "channel.html.j2", view)

    async def frame(self, request: Request) -> Response:
        """The content of a sandboxed frame."""

        def html() -> str:
            query = request.query_params
            return preview_page(self._frame(request), plain="plain" in query, dark="dark" in query)

        try:
            text = await run_in_threadpool(html)
        except (IndexError, KeyError, SyndicateError):
            return PlainTextResponse("no such preview\n", 404)
        return HTMLResponse(text, headers={"Content-Security-Policy": IN_A_FRAME})

    async def picture(self, request: Request) -> Response:
        """A page of a PDF, as a picture."""

        def png() -> bytes:
            frame = self._frame(request)
            if frame.kind != "pages":
                raise IndexError
            return pdf_page_to_preview(frame.artifact.content, request.path_params["page"])

        try:
            return Response(await run_in_threadpool(png), media_type="image/png")
        except (IndexError, KeyError, SyndicateError):
            return PlainTextResponse("no such page\n", 404)

    def _frame(self, request: Request) -> PreviewFrame:
        params = request.path_params
        newsroom = load_newsroom(self._pages.root)
        return self._previews.frame(newsroom, params["slug"], params["channel"], params["number"])
