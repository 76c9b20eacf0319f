"""Makes a page of the studio from a template and a view of the newsroom as its files are now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from syndicate.console import counted_noun, local_time_to_print
from syndicate.errors import Problems, SyndicateError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.serve.front import path_of
from syndicate.studio.live import ChangeCounter

View = Callable[[Newsroom], dict[str, Any]]


class StudioPages:
    """Renders the pages of the newsroom in `root`. If not `editable`, the pages are read-only."""

    def __init__(self, root: Path, files: ChangeCounter, editable: bool) -> None:
        self.root, self._files, self._editable = root, files, editable
        self._jinja = jinja2.Environment(
            loader=jinja2.PackageLoader("syndicate.studio"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters |= {"at": local_time_to_print, "counted": counted_noun}

    async def page(
        self, request: Request, template: str, view: View, status: int = 200
    ) -> Response:
        """The values from `view`, rendered with `template`. If the newsroom's files have errors, a
        page that lists them."""
        seen = self._files.number

        def values_of() -> dict[str, Any]:
            newsroom = load_newsroom(self.root)
            return {"zone": newsroom.publication.zone, **view(newsroom)}

        try:
            values = await run_in_threadpool(values_of)
            values["seen"] = seen
        except SyndicateError as error:
            errors = error.errors if isinstance(error, Problems) else (error,)
            return self.rendered(request, "error.html.j2", {"errors": errors}, 404)
        return self.rendered(request, template, values, status)

    def rendered(
        self, request: Request, template: str, values: dict[str, Any], status: int = 200
    ) -> Response:
        """`values`, and the values that every page has, rendered with `template`."""
        state = request.state
        common = {
            "who": state.who,
            "csrf": state.csrf,
            "editable": self._editable,
            "seen": self._files.number,
            "base": request.scope["root_path"],
            "path": path_of(request.scope),
            "whole": "hx-request" not in request.headers,
        }
        text = self._jinja.get_template(template).render({**common, **values})
        return HTMLResponse(text, status)

    def redirect(self, request: Request, path: str) -> Response:
        """A redirect to another page, after a form."""
        return RedirectResponse(request.scope["root_path"] + path, 303)
