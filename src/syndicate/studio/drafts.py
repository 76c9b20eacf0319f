"""The page of a draft, and the forms to edit, approve and reject it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from syndicate.engine.review import verdicts
from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.tracked_draft import TrackedDraft
from syndicate.errors import SyndicateError
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.studio import draft_views
from syndicate.studio.editing import ConflictError, DraftForm, posts_rearranged, save_draft_form
from syndicate.studio.guards import IN_A_FRAME
from syndicate.studio.pages import StudioPages


class DraftPages:
    """The pages of drafts, and their forms."""

    def __init__(self, pages: StudioPages) -> None:
        self._pages = pages

    async def draft(self, request: Request) -> Response:
        """The page where a draft is read, edited, approved or rejected."""
        view = partial(draft_views.draft_page, name=request.path_params["name"])
        return await self._pages.page(request, "draft.html.j2", view)

    async def picture(self, request: Request) -> Response:
        """A small version of one of the draft's pictures."""

        def small() -> tuple[str, bytes]:
            newsroom, params = load_newsroom(self._pages.root), request.path_params
            return draft_views.draft_picture(newsroom, params["name"], params["number"])

        try:
            kind, content = await run_in_threadpool(small)
        except (IndexError, SyndicateError):
            return PlainTextResponse("no such picture\n", 404)
        return Response(content, media_type=kind)

    async def letter(self, request: Request) -> Response:
        """A letter, in a sandboxed frame."""

        def html() -> str:
            newsroom, query = load_newsroom(self._pages.root), request.query_params
            name = request.path_params["name"]
            return draft_views.letter_page(newsroom, name, "plain" in query, "dark" in query)

        try:
            text = await run_in_threadpool(html)
        except (IndexError, SyndicateError):
            return PlainTextResponse("no such letter\n", 404)
        return HTMLResponse(text, headers={"Content-Security-Policy": IN_A_FRAME})

    async def save(self, request: Request) -> Response:
        """Save the draft to its file. If someone else saved it in the meantime, show both texts."""
        name, form = request.path_params["name"], request.state.form
        edit = DraftForm.of(form)

        def write() -> None:
            newsroom = load_newsroom(self._pages.root)
            draft = find_draft(newsroom, name)
            action = form.get("do", [""])[0]
            posts = posts_rearranged(edit.posts, action, draft.channel.adapter, draft.article)  # type: ignore[arg-type]
            content = save_draft_form(
                draft, DraftForm(edit.digest, posts, edit.alts, edit.schedule)
            )
            if draft.reviews and content != draft.content:
                verdicts.note_draft_edit(newsroom, draft, request.state.who)

        try:
            await run_in_threadpool(write)
        except ConflictError:
            view = partial(draft_views.conflict_page, name=name, edit=edit)
            return await self._pages.page(request, "conflict.html.j2", view, 409)
        except SyndicateError as error:
            return await self._refused(request, error, edit)
        return self._pages.redirect(request, f"/drafts/{name}")

    async def count(self, request: Request) -> Response:
        """The length rings and notes for posts that someone is typing."""
        edit = DraftForm.of(request.state.form)
        view = partial(draft_views.posts_counted, name=request.path_params["name"], edit=edit)
        return await self._pages.page(request, "counts.html.j2", view)

    async def approve(self, request: Request) -> Response:
        """Approve the draft exactly as it was shown."""
        form = request.state.form
        waiver = verdicts.Waiver(tuple(form.get("confirm", ())), "stale" in form)
        return await self._decided(request, partial(verdicts.approve_draft, waiver=waiver))

    async def reject(self, request: Request) -> Response:
        """Reject the draft, so that it is not published."""
        return await self._decided(request, verdicts.reject_draft)

    async def close(self, request: Request) -> Response:
        """Leave a thread that was cut off as it is."""
        return await self._decided(request, verdicts.close_thread)

    async def _decided(self, request: Request, verdict: Callable[..., TrackedDraft]) -> Response:
        name, form = request.path_params["name"], request.state.form

        def decide() -> None:
            newsroom = load_newsroom(self._pages.root)
            if find_draft(newsroom, name).digest != form.get("digest", [""])[0]:
                raise ConflictError(f"{name} was changed after you opened it: read it again first")
            note = form.get("note", [""])[0].strip()
            verdict(newsroom, name, request.state.who, note=note)

        try:
            await run_in_threadpool(decide)
        except SyndicateError as error:
            return await self._refused(request, error)
        return self._pages.redirect(request, f"/drafts/{name}")

    async def _refused(
        self, request: Request, error: SyndicateError, edit: DraftForm | None = None
    ) -> Response:
        name = request.path_params["name"]
        view = partial(draft_views.draft_page, name=name, error=error, edit=edit)
        return await self._pages.page(request, "draft.html.j2", view, 422)
