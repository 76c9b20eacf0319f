"""The plan, a run, and what became of what went out."""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from syndicate.engine import history
from syndicate.errors import SyndicateError
from syndicate.ledger.dispatch import State
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.studio import views
from syndicate.studio.live import PublishThread
from syndicate.studio.pages import PageRenderer


class Publishing:
    """The pages of publishing, and their forms; one run at a time."""

    def __init__(self, pages: PageRenderer) -> None:
        self._pages = pages
        self._run: PublishThread | None = None

    async def plan(self, request: Request) -> Response:
        """What publishing would do now."""
        return await self._pages.page(request, "plan.html.j2", views.plan)

    async def changes(self, request: Request) -> Response:
        """What one step of the plan would change."""
        asked = request.query_params
        view = partial(views.changes, channel=asked.get("channel", ""), unit=asked.get("unit", ""))
        return await self._pages.page(request, "changes.html.j2", view)

    async def run(self, request: Request) -> Response:
        """The run under way, or the last one."""
        return await self._pages.page(request, "publishing.html.j2", lambda _: {"run": self._run})

    async def events(self, request: Request) -> Response:
        """What happens in the run."""
        if self._run is None:
            return PlainTextResponse("nothing has been published from here\n", 404)
        return StreamingResponse(self._run.told(), media_type="text/event-stream")

    async def publish(self, request: Request) -> Response:
        """Do what the plan says."""
        if self._run is None or self._run.done.is_set():
            self._run = PublishThread(self._pages.root, "mail" in request.state.form)
        return RedirectResponse("/publishing", 303)

    async def deliveries(self, request: Request) -> Response:
        """What went out, what failed, what nobody knows."""
        return await self._pages.page(request, "deliveries.html.j2", views.deliveries)

    async def resolve(self, request: Request) -> Response:
        """Say what became of a delivery."""
        form = request.state.form

        def settled() -> None:
            newsroom, state = load_newsroom(self._pages.root), State(form["as"][0])
            history.resolve(newsroom, (form["channel"][0],), (form["unit"][0],), state)

        try:
            await run_in_threadpool(settled)
        except (KeyError, ValueError, SyndicateError) as error:
            return PlainTextResponse(f"{error}\n", 422)
        return RedirectResponse("/deliveries", 303)
