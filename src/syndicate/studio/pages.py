"""How a page of the studio is made: a template, and a view of the newsroom as its files are now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from syndicate.errors import Problems, SyndicateError
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.studio.live import ChangeCounter

View = Callable[[Newsroom], dict[str, Any]]


class PageRenderer:
    """The pages of the newsroom in `root`. Where it is not `editable`, they show no way to change
    anything."""

    def __init__(self, root: Path, files: ChangeCounter, editable: bool) -> None:
        self.root, self._files, self._editable = root, files, editable
        self._jinja = jinja2.Environment(
            loader=jinja2.PackageLoader("syndicate.studio"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def page(
        self, request: Request, template: str, view: View, status: int = 200
    ) -> Response:
        """What `view` gives, through `template`; what is wrong with the files is a page too."""
        seen = self._files.number
        try:
            values = await run_in_threadpool(lambda: view(load_newsroom(self.root)))
            values["seen"] = seen
        except SyndicateError as error:
            errors = error.errors if isinstance(error, Problems) else (error,)
            return self.rendered(request, "error.html.j2", {"errors": errors}, 404)
        return self.rendered(request, template, values, status)

    def rendered(
        self, request: Request, template: str, values: dict[str, Any], status: int = 200
    ) -> Response:
        """`values` and what every page knows, through `template`."""
        state = request.state
        common = {
            "who": state.who,
            "csrf": state.csrf,
            "editable": self._editable,
            "seen": self._files.number,
            "path": request.url.path,
            "whole": "hx-request" not in request.headers,
        }
        text = self._jinja.get_template(template).render({**common, **values})
        return HTMLResponse(text, status)
