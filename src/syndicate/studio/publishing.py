"""The plan, the publishing run, and the deliveries."""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from syndicate.engine import history
from syndicate.errors import SyndicateError
from syndicate.ledger.dispatch import State
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.studio import views
from syndicate.studio.live import LivePublish
from syndicate.studio.pages import StudioPages


class PublishingPages:
    """The pages about publishing, and their forms. Only one run is active at a time."""

    def __init__(self, pages: StudioPages) -> None:
        self._pages = pages
        self._run: LivePublish | None = None

    async def plan(self, request: Request) -> Response:
        """What publishing would do now."""
        return await self._pages.page(request, "plan.html.j2", views.plan_page)

    async def changes(self, request: Request) -> Response:
        """What one step of the plan would change."""
        query = request.query_params
        view = partial(
            views.changes_page, channel=query.get("channel", ""), rendering=query.get("unit", "")
        )
        return await self._pages.page(request, "changes.html.j2", view)

    async def run(self, request: Request) -> Response:
        """The active run, or the last one."""
        return await self._pages.page(request, "publishing.html.j2", lambda _: {"run": self._run})

    async def events(self, request: Request) -> Response:
        """A stream of the events of the run."""
        if self._run is None:
            return PlainTextResponse("nothing has been published from here yet\n", 404)
        return StreamingResponse(self._run.stream(), media_type="text/event-stream")

    async def publish(self, request: Request) -> Response:
        """Start a run that carries out the plan, unless one is active."""
        if self._run is None or self._run.done.is_set():
            self._run = LivePublish(self._pages.root, "mail" in request.state.form)
        return self._pages.redirect(request, "/publishing")

    async def stop(self) -> None:
        """End the run under way, if there is one: what is on its way is waited for."""
        if self._run is not None:
            await run_in_threadpool(self._run.stop)

    async def deliveries(self, request: Request) -> Response:
        """What was delivered, what failed, and what is uncertain."""
        return await self._pages.page(request, "deliveries.html.j2", views.deliveries_page)

    async def resolve(self, request: Request) -> Response:
        """Record what happened to a delivery, as the person found out."""
        form = request.state.form

        def settle() -> None:
            newsroom, state = load_newsroom(self._pages.root), State(form["as"][0])
            artifact = form.get("artifact", [""])[0]
            chosen = history.Chosen((form["channel"][0],), artifact, (form["unit"][0],))
            history.settle_deliveries(newsroom, chosen, state, request.state.who)

        try:
            await run_in_threadpool(settle)
        except (KeyError, ValueError, SyndicateError) as error:
            return PlainTextResponse(f"{error}\n", 422)
        return self._pages.redirect(request, "/deliveries")
