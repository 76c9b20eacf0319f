"""The page where people with a password sign in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from syndicate.console import counted_noun
from syndicate.studio.access import Access
from syndicate.studio.guards import NOT_SIGNED_IN, set_cookie, signed_in_response
from syndicate.studio.pages import StudioPages
from syndicate.studio.sign_in import SignIn, ThrottledError

_KNOWN_FOR = 180 * 24 * 3600  # seconds
_WRONG = "The name or the password is wrong."


class Entrance:
    """The only page that is open to everyone."""

    def __init__(self, pages: StudioPages, access: Access, cookie: str) -> None:
        self._pages, self._access, self._cookie = pages, access, cookie
        self._sign_in = SignIn(access)

    async def enter(self, request: Request) -> Response:
        """Show the sign-in form, or check the name and password that it sent."""
        if not self._access.people:
            return PlainTextResponse(NOT_SIGNED_IN, 401)
        if request.method != "POST":
            return self._pages.rendered(request, "enter.html.j2", {"problem": ""})
        form, known_cookie = request.state.form, f"{self._cookie}-known"
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        browser = self._access.known_browser(name, request.cookies.get(known_cookie, ""))
        client = request.client.host if request.client else ""
        try:
            right = await self._sign_in.admits(name, password, client, browser)
        except ThrottledError as error:
            return self._throttled(request, error)
        if not right:
            return self._pages.rendered(request, "enter.html.j2", {"problem": _WRONG}, 401)
        answer = signed_in_response(request, self._access, name, self._cookie, "/")
        set_cookie(request, answer, known_cookie, self._access.browser(name), _KNOWN_FOR)
        return answer

    def _throttled(self, request: Request, error: ThrottledError) -> Response:
        if error.busy:
            problem = "Many people are signing in right now. Try again in a few seconds."
        else:
            minutes = counted_noun(-(-error.seconds // 60), "minute")
            problem = f"Too many wrong passwords. Try again in {minutes}."
        answer = self._pages.rendered(request, "enter.html.j2", {"problem": problem}, 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
