"""Unsubscribing: one click in a mail program (RFC 8058), or two clicks in a browser.

Opening a page changes nothing, since mail filters open every link. Only a POST to a link that was
signed for a subscription ends that subscription. No address is shown, logged or part of a link.
"""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from syndicate.kit import Kit
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.site import Serve
from syndicate.newsroom.starter import starter
from syndicate.serve.front import HEALTH, Addresses, Front
from syndicate.serve.guards import BodyLimit, Headers, Rate
from syndicate.serve.health import Health
from syndicate.serve.leaving import LeavingDesk
from syndicate.subscribers import unsubscribe_page_of

MOST_BYTES = 4096
PER_MINUTE = 120
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


def application(newsroom: Newsroom, desk: LeavingDesk) -> Starlette:
    """The web application of `newsroom`, for any ASGI server."""
    pages = _Pages(newsroom)

    async def look(request: Request) -> Response:
        known = await run_in_threadpool(desk.knows, request.query_params.get("t", ""))
        return pages.page("ask", 200) if known else pages.page("unknown", 404)

    async def leave(request: Request) -> Response:
        one_click = b"List-Unsubscribe=One-Click" in await request.body()
        cause = "one click" if one_click else "on the page"
        try:
            known = await run_in_threadpool(desk.end, request.query_params.get("t", ""), cause)
        except OSError:
            headers = {"Retry-After": "60"}
            return PlainTextResponse("busy: please try again in a minute\n", 503, headers)
        return pages.page("done", 200) if known else pages.page("unknown", 404)

    async def unsubscribe(request: Request) -> Response:
        return await (leave(request) if request.method == "POST" else look(request))

    async def broken(request: Request, error: Exception) -> Response:
        return PlainTextResponse("something went wrong\n", 500, headers)

    addresses = _addresses(newsroom.serve)
    headers = {**_HEADERS, "Content-Security-Policy": pages.policy}
    app = Starlette(
        routes=[
            Route(HEALTH, Health(desk.works).answer),
            *(
                Route(path, unsubscribe, methods=["GET", "POST"])
                for path in _paths(newsroom, addresses.prefix)
            ),
        ],
        middleware=[
            Middleware(Headers, headers=headers),
            Middleware(Front, addresses=addresses),
            Middleware(Rate, per_minute=PER_MINUTE),
            Middleware(BodyLimit, most=MOST_BYTES),
        ],
        exception_handlers={Exception: broken},
    )
    app.router.redirect_slashes = False
    return app


def _addresses(serve: Serve) -> Addresses:
    """Without a public URL any Host will do: nothing here depends on it, and no one signs in."""
    if serve.public_url:
        return Addresses.of_machine(serve.public_url, serve.trusted_proxies)
    return Addresses(proxies=serve.trusted_proxies)


def _paths(newsroom: Newsroom, prefix: str) -> list[str]:
    """The paths of the unsubscribe pages that the mail of each channel links to, without the
    `prefix` of the public URL, and with and without a slash at their end."""
    pages = {
        unsubscribe_page_of(newsroom.publication, channel.adapter)
        for channel in newsroom.channels.values()
    }
    paths = {urlsplit(page).path.rstrip("/") for page in pages}
    bare = {
        path.removeprefix(prefix) if f"{path}/".startswith(f"{prefix}/") else path for path in paths
    }
    return sorted({*(path for path in bare if path), *(f"{path}/" for path in bare)})


class _Pages:
    """The pages that people see, rendered once."""

    def __init__(self, newsroom: Newsroom) -> None:
        publication = newsroom.publication
        roots = (newsroom.root / "templates", starter() / "templates")
        folders = (*(root / "unsubscribe" for root in roots), *roots)
        folders = tuple(folder for folder in folders if folder.is_dir())
        newsroom.check_templates(folders)
        kit = Kit(folders, newsroom.content)
        style = kit.render("page.css.j2", publication=publication)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        self._pages = {
            state: kit.render(
                "page.html.j2",
                publication=publication,
                language=publication.language,
                direction=publication.direction,
                words=kit.words(publication.language),
                style=style,
                state=state,
            )
            for state in ("ask", "done", "unknown")
        }

    def page(self, state: str, status: int) -> Response:
        return HTMLResponse(self._pages[state], status)
