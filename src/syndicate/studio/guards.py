"""The checks on every request (ASGI): who sent it, where it comes from, and what form it has."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndicate.serve.front import HEALTH, path_of
from syndicate.studio.access import Access

MOST_BYTES = 1_000_000
"""The largest form that is read."""
NOT_SIGNED_IN = "not signed in: open the address that `syndicate review` printed\n"
ENTRANCE = "/enter"
_OPEN = ("/static/", "/font/", ENTRANCE)
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 500
_ELSEWHERE = (
    "this form was sent from another site\n"
    "hint: if it was sent from the studio behind a proxy, set public_url or trusted_proxies in "
    "[studio] of syndicate.toml\n"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
IN_A_FRAME = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy of what is shown in a sandboxed frame."""


class Gate:
    """Lets a request through if the sender is signed in and, for a write, if it comes from one of
    our own forms. It comes after `Front`, which knows the host.

    After it, `scope["state"]` has `who`, the session's `csrf` token and the `form`.
    """

    def __init__(self, app: ASGIApp, access: Access, cookie: str) -> None:
        self._app, self._access, self._cookie = app, access, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or path_of(scope) == HEALTH:
            await self._app(scope, receive, send)
            return
        answer = await self._refusal(scope, Request(scope, receive))
        await (answer or self._app)(scope, receive, send)

    async def _refusal(self, scope: Scope, request: Request) -> Response | None:
        if request.method == "GET" and "token" in request.query_params:
            return self._opened(request)
        session, path = request.cookies.get(self._cookie, ""), path_of(scope)
        who = self._access.who(session)
        if who is None and not path.startswith(_OPEN):
            if self._access.people and request.method == "GET":
                return RedirectResponse(scope["root_path"] + ENTRANCE, 303)
            return PlainTextResponse(NOT_SIGNED_IN, 401)
        csrf = self._access.csrf(session)
        scope.setdefault("state", {}).update(who=who, csrf=csrf, form={})
        if request.method in ("GET", "HEAD"):
            return None
        if (wrong := _wrong_method(request)) is not None:
            return wrong
        origin = request.headers.get("origin")
        if origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}":
            return PlainTextResponse(_ELSEWHERE, 403)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return PlainTextResponse(f"unsupported content type: expected {_FORM}\n", 415)
        try:
            text = (await request.body()).decode()
            form = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            return PlainTextResponse("the form could not be read\n", 400)
        if path != ENTRANCE and not compare_digest(
            form.get("csrf", [""])[0].encode("utf-8", "replace"), csrf.encode()
        ):
            expired = "this form has expired: reload the page and send it again\n"
            return PlainTextResponse(expired, 403)
        scope["state"]["form"] = form
        return None

    def _opened(self, request: Request) -> Response:
        if not self._access.opens(request.query_params["token"]):
            wrong = "wrong token: open the address that the current `syndicate review` printed\n"
            return PlainTextResponse(wrong, 401)
        rest = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
        target = path_of(request.scope) + (f"?{urlencode(rest)}" if rest else "")
        answer = signed_in_response(request, self._access, self._access.owner, self._cookie, target)
        if request.headers.get("sec-fetch-site", "none") != "none":
            # The browser was led here by another page, so it would not send the cookie along if it
            # were redirected. A page of ours can lead it on.
            answer.status_code = 200
            answer.headers["Refresh"] = f"0; url={answer.headers['location']}"
            del answer.headers["location"]
        return answer


def _wrong_method(request: Request) -> Response | None:
    """The answer to a method that no route of this path has."""
    found = [(route, route.matches(request.scope)[0]) for route in request.app.routes]
    if any(match is Match.FULL for _, match in found):
        return None
    methods = {one for route, match in found if match is Match.PARTIAL for one in route.methods}
    if not methods:
        return PlainTextResponse("no such page\n", 404)
    return PlainTextResponse("method not allowed\n", 405, {"Allow": ", ".join(sorted(methods))})


def signed_in_response(
    request: Request, access: Access, name: str, cookie: str, to: str
) -> Response:
    """A redirect to the page `to` that signs `name` in."""
    # A path that starts with two slashes would be the address of another host.
    answer = RedirectResponse(f"{request.scope['root_path']}/{to.lstrip('/')}", 303)
    set_cookie(request, answer, cookie, access.session(name))
    return answer


def set_cookie(
    request: Request, answer: Response, name: str, value: str, seconds: int | None = None
) -> None:
    """A cookie that scripts cannot read, and that browsers do not send along with requests from
    other sites. It lasts for `seconds`, or until the browser is closed."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="strict", secure=secure)


class Defaults:
    """Adds `headers` to every response, except those that the response sets itself."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                missing = [pair for pair in self._headers if pair[0] not in given]
                message = {**message, "headers": [*message["headers"], *missing]}
            await send(message)

        await self._app(scope, receive, with_headers)
