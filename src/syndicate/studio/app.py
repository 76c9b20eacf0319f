"""The studio as a web application, for any ASGI server: pages over the same files and ledger that
the command line works on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from syndicate.engine import history, verdicts
from syndicate.engine.dispatch import State
from syndicate.engine.drafts import Draft, find
from syndicate.errors import Problems, SyndicateError
from syndicate.kit.faces import LATIN
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.serve.guards import Body
from syndicate.studio import draft_views, live, views
from syndicate.studio.access import Access
from syndicate.studio.editing import ConflictError, Edit, rearranged, save
from syndicate.studio.frames import Frame, frames, page, pages, picture_of_page, posts
from syndicate.studio.guards import ENTRANCE, HEADERS, MOST_BYTES, Defaults, Gate, admitted
from syndicate.studio.previews import Previews

_FRAME = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; "
    "frame-ancestors 'self'"
)
_FACES = {face.file: face.path for face in LATIN}


def application(
    root: Path, access: Access, hosts: frozenset[str], cookie: str, *, editable: bool = True
) -> Starlette:
    """The studio of the newsroom in `root`.

    Args:
        hosts: the values of Host that requests may name.
        cookie: the name of the session's cookie.
        editable: False shows the same pages without a way to change anything.
    """
    studio = Studio(root, access, cookie, editable)
    read = [
        Route("/", studio.desk),
        Route("/articles/{slug}", studio.article),
        Route("/articles/{slug}/{channel}", studio.channel),
        Route("/articles/{slug}/{channel}/{number:int}/frame", studio.frame),
        Route("/articles/{slug}/{channel}/{number:int}/{page:int}.png", studio.picture),
        Route("/drafts/{name}", studio.draft),
        Route("/drafts/{name}/pictures/{number:int}", studio.draft_picture),
        Route("/plan", studio.plan),
        Route("/plan/changes", studio.changes),
        Route("/publishing", studio.publishing),
        Route("/publishing/events", studio.progress),
        Route("/deliveries", studio.deliveries),
        Route("/live", studio.live),
        Route(ENTRANCE, studio.enter, methods=["GET", "POST"]),
        Route("/font/{file}", _font),
        Mount("/static", StaticFiles(packages=[("syndicate.studio", "static")])),
    ]
    write = [
        Route("/drafts/{name}", studio.save, methods=["POST"]),
        Route("/drafts/{name}/count", studio.count, methods=["POST"]),
        Route("/drafts/{name}/approve", studio.approve, methods=["POST"]),
        Route("/drafts/{name}/reject", studio.reject, methods=["POST"]),
        Route("/publishing", studio.publish, methods=["POST"]),
        Route("/deliveries", studio.resolve, methods=["POST"]),
    ]
    return Starlette(
        routes=[*read, *(write if editable else ())],
        middleware=[
            Middleware(Defaults, headers=HEADERS),
            Middleware(Body, most=MOST_BYTES),
            Middleware(Gate, access=access, hosts=hosts, cookie=cookie),
        ],
        lifespan=studio.lifespan,
    )


class Studio:
    """The pages."""

    def __init__(self, root: Path, access: Access, cookie: str, editable: bool) -> None:
        self.root, self.access, self.cookie, self.editable = root, access, cookie, editable
        self.run: live.Run | None = None
        self._previews = Previews()
        self.files = live.Files(root)
        self._jinja = jinja2.Environment(
            loader=jinja2.PackageLoader("syndicate.studio"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Watch the files as long as the server runs; open streams end with it."""
        watching = asyncio.create_task(self.files.watch())
        yield
        await self.files.end()
        await watching

    # ---- what there is to see ----

    async def desk(self, request: Request) -> Response:
        """Every article, with its word for each channel."""
        asked = request.query_params.get("sheet", "")
        sheet = max(1, int(asked)) if asked.isdecimal() else 1
        return await self._page(request, "desk.html.j2", partial(views.desk, sheet=sheet))

    async def article(self, request: Request) -> Response:
        """One article, and a place for each channel's preview."""
        slug = request.path_params["slug"]
        return await self._page(request, "article.html.j2", partial(views.article, slug=slug))

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

        return await self._page(request, "channel.html.j2", view)

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

    def _frame(self, request: Request) -> Frame:
        asked = request.path_params
        newsroom = load_newsroom(self.root)
        return self._previews.frame(newsroom, asked["slug"], asked["channel"], asked["number"])

    async def draft(self, request: Request) -> Response:
        """One draft, to be read, edited and judged."""
        name = request.path_params["name"]
        return await self._page(request, "draft.html.j2", partial(draft_views.draft, name=name))

    async def draft_picture(self, request: Request) -> Response:
        """A picture of a draft, small."""

        def drawn() -> tuple[str, bytes]:
            newsroom = load_newsroom(self.root)
            return draft_views.picture(
                newsroom, request.path_params["name"], request.path_params["number"]
            )

        try:
            kind, content = await run_in_threadpool(drawn)
        except (IndexError, SyndicateError):
            return PlainTextResponse("there is no such picture\n", 404)
        return Response(content, media_type=kind)

    async def plan(self, request: Request) -> Response:
        """What publishing would do now."""
        return await self._page(request, "plan.html.j2", views.plan)

    async def changes(self, request: Request) -> Response:
        """What one step of the plan would change."""
        asked = request.query_params
        view = partial(views.changes, channel=asked.get("channel", ""), unit=asked.get("unit", ""))
        return await self._page(request, "changes.html.j2", view)

    async def publishing(self, request: Request) -> Response:
        """The run under way, or the last one."""
        return await self._page(request, "publishing.html.j2", lambda _: {"run": self.run})

    async def progress(self, request: Request) -> Response:
        """The events of the run."""
        if self.run is None:
            return PlainTextResponse("nothing has been published from here\n", 404)
        return StreamingResponse(self.run.told(), media_type="text/event-stream")

    async def deliveries(self, request: Request) -> Response:
        """What went out, what failed, what nobody knows."""
        return await self._page(request, "deliveries.html.j2", views.deliveries)

    async def live(self, request: Request) -> Response:
        """Which files change."""
        seen = request.query_params.get("seen", "")
        stream = self.files.told(int(seen) if seen.isdecimal() else self.files.number)
        return StreamingResponse(stream, media_type="text/event-stream")

    # ---- what people do ----

    async def save(self, request: Request) -> Response:
        """Write a draft's file; a later save than somebody else's shows both texts."""
        name, form = request.path_params["name"], request.state.form
        edit = Edit.of(form)

        def saved() -> None:
            draft = find(load_newsroom(self.root), name)
            action = form.get("do", [""])[0]
            posts = rearranged(edit.posts, action, draft.channel.adapter, draft.article)  # type: ignore[arg-type]
            save(draft, Edit(edit.digest, posts, edit.alts, edit.schedule))

        try:
            await run_in_threadpool(saved)
        except ConflictError:
            view = partial(draft_views.conflict, name=name, edit=edit)
            return await self._page(request, "conflict.html.j2", view, 409)
        except SyndicateError as error:
            return await self._refused(request, name, error, edit)
        return RedirectResponse(f"/drafts/{name}", 303)

    async def count(self, request: Request) -> Response:
        """The rings and marks of posts that are being written."""
        edit = Edit.of(request.state.form)
        view = partial(draft_views.counted, name=request.path_params["name"], edit=edit)
        return await self._page(request, "counts.html.j2", view)

    async def approve(self, request: Request) -> Response:
        """Let a draft leave as it was shown."""
        return await self._judge(request, verdicts.approve)

    async def reject(self, request: Request) -> Response:
        """Keep it."""
        return await self._judge(request, verdicts.reject)

    async def _judge(self, request: Request, verdict: Callable[..., Draft]) -> Response:
        name, form = request.path_params["name"], request.state.form

        def judged() -> None:
            newsroom = load_newsroom(self.root)
            if find(newsroom, name).digest != form.get("digest", [""])[0]:
                raise ConflictError(f"{name} was changed after you opened it: read it again")
            said: dict[str, Any] = {"note": form.get("note", [""])[0].strip()}
            if verdict is verdicts.approve:
                said |= {"confirmed": tuple(form.get("confirm", ())), "stale": "stale" in form}
            verdict(newsroom, name, request.state.who, **said)

        try:
            await run_in_threadpool(judged)
        except SyndicateError as error:
            return await self._refused(request, name, error)
        return RedirectResponse(f"/drafts/{name}", 303)

    async def _refused(
        self, request: Request, name: str, error: SyndicateError, edit: Edit | None = None
    ) -> Response:
        view = partial(draft_views.draft, name=name, error=error, edit=edit)
        return await self._page(request, "draft.html.j2", view, 422)

    async def publish(self, request: Request) -> Response:
        """Do what the plan says."""
        if self.run is None or self.run.done.is_set():
            self.run = live.Run(self.root, "mail" in request.state.form)
        return RedirectResponse("/publishing", 303)

    async def resolve(self, request: Request) -> Response:
        """Say what became of a delivery."""
        form = request.state.form

        def settled() -> None:
            state = State(form["as"][0])
            history.resolve(
                load_newsroom(self.root), (form["channel"][0],), (form["unit"][0],), state
            )

        try:
            await run_in_threadpool(settled)
        except (KeyError, ValueError, SyndicateError) as error:
            return PlainTextResponse(f"{error}\n", 422)
        return RedirectResponse("/deliveries", 303)

    async def enter(self, request: Request) -> Response:
        """Where people with a password come in."""
        if not self.access.people:
            return PlainTextResponse("open the address that `syndicate review` printed\n", 401)
        if request.method == "GET":
            return self._rendered(request, "enter.html.j2", {"wrong": False})
        form = request.state.form
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        if await run_in_threadpool(self.access.admits, name, password):
            return admitted(request, self.access, name, self.cookie, "/")
        return self._rendered(request, "enter.html.j2", {"wrong": True}, 401)

    # ---- how a page is made ----

    async def _page(
        self,
        request: Request,
        template: str,
        view: Callable[[Newsroom], dict[str, Any]],
        status: int = 200,
    ) -> Response:
        """`view` of the newsroom as its files are now; what is wrong with them is a page too."""
        seen = self.files.number
        try:
            values = await run_in_threadpool(lambda: view(load_newsroom(self.root)))
            values["seen"] = seen
        except SyndicateError as error:
            errors = error.errors if isinstance(error, Problems) else (error,)
            return self._rendered(request, "error.html.j2", {"errors": errors}, 404)
        return self._rendered(request, template, values, status)

    def _rendered(
        self, request: Request, template: str, values: dict[str, Any], status: int = 200
    ) -> Response:
        state = request.state
        common = {
            "who": state.who,
            "csrf": state.csrf,
            "editable": self.editable,
            "seen": self.files.number,
            "path": request.url.path,
            "whole": "hx-request" not in request.headers,
        }
        text = self._jinja.get_template(template).render({**common, **values})
        return HTMLResponse(text, status)


async def _font(request: Request) -> Response:
    path = _FACES.get(request.path_params["file"])
    if path is None:
        return PlainTextResponse("there is no such face\n", 404)
    return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})
