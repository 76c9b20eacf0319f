"""The checks on every request (ASGI): who sent it, where it comes from, and what form it has."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndicate.studio.access import Access

MOST_BYTES = 1_000_000
"""The largest form that is read."""
NOT_SIGNED_IN = "not signed in: open the address that `syndicate review` printed\n"
ENTRANCE = "/enter"
_OPEN = ("/static/", "/font/", ENTRANCE)
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 500
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
    """Lets a request through if its Host header is one of `hosts` (this stops DNS rebinding), if
    the sender is signed in, and, for a write, if it comes from one of our own forms.

    After it, `scope["state"]` has `who`, the session's `csrf` token and the `form`.
    """

    def __init__(self, app: ASGIApp, access: Access, hosts: frozenset[str], cookie: str) -> None:
        self._app, self._access, self._hosts, self._cookie = app, access, hosts, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = await self._refusal(scope, Request(scope, receive))
        await (answer or self._app)(scope, receive, send)

    async def _refusal(self, scope: Scope, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if host.lower() not in self._hosts:
            return PlainTextResponse("unknown Host header\n", 400)
        if request.method == "GET" and "token" in request.query_params:
            return self._opened(request)
        session = request.cookies.get(self._cookie, "")
        who = self._access.who(session)
        if who is None and not request.url.path.startswith(_OPEN):
            if self._access.people and request.method == "GET":
                return RedirectResponse(ENTRANCE, 303)
            return PlainTextResponse(NOT_SIGNED_IN, 401)
        csrf = self._access.csrf(session)
        scope.setdefault("state", {}).update(who=who, csrf=csrf, form={})
        if request.method in ("GET", "HEAD"):
            return None
        origin = request.headers.get("origin")
        if origin is not None and origin != f"{request.url.scheme}://{host}":
            return PlainTextResponse("this form was sent from another site\n", 403)
        if request.headers.get("content-type", "").partition(";")[0] != _FORM:
            return PlainTextResponse(f"unsupported content type: expected {_FORM}\n", 415)
        try:
            text = (await request.body()).decode()
            form = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            return PlainTextResponse("the form could not be read\n", 400)
        if request.url.path != ENTRANCE and not compare_digest(
            form.get("csrf", [""])[0].encode(), csrf.encode()
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
        target = request.url.path + (f"?{urlencode(rest)}" if rest else "")
        return signed_in_response(request, self._access, self._access.owner, self._cookie, target)


def signed_in_response(
    request: Request, access: Access, name: str, cookie: str, to: str
) -> Response:
    """A redirect to `to` that signs `name` in, with a cookie that browsers do not send along with
    requests from other sites."""
    # A path that starts with two slashes would be the address of another host.
    answer = RedirectResponse("/" + to.lstrip("/"), 303)
    answer.set_cookie(
        cookie,
        access.session(name),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


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
