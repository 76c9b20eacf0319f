"""The page where people with a password sign in."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from syndicate.studio.access import Access
from syndicate.studio.guards import NOT_SIGNED_IN, signed_in_response
from syndicate.studio.pages import StudioPages


class Entrance:
    """The only page that is open to everyone."""

    def __init__(self, pages: StudioPages, access: Access, cookie: str) -> None:
        self._pages, self._access, self._cookie = pages, access, cookie

    async def enter(self, request: Request) -> Response:
        """Show the sign-in form, or check the name and password that it sent."""
        if not self._access.people:
            return PlainTextResponse(NOT_SIGNED_IN, 401)
        if request.method == "GET":
            return self._pages.rendered(request, "enter.html.j2", {"wrong": False})
        form = request.state.form
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        if await run_in_threadpool(self._access.admits, name, password):
            return signed_in_response(request, self._access, name, self._cookie, "/")
        return self._pages.rendered(request, "enter.html.j2", {"wrong": True}, 401)
