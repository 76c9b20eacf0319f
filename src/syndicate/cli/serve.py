"""`serve`."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command
from syndicate.cli.options import Root, newsroom_from_options


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve", cls=Command)(serve)


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The network address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="The port to listen on."),
    ] = 8025,
    root: Root = None,
) -> None:
    """Serve the unsubscribe page, behind a web server with https.

    The web server must forward the path of your unsubscribe page and set X-Forwarded-For to the
    client's address. Nothing about subscribers is logged.
    """
    from syndicate.serve.app import application
    from syndicate.serve.leaving import LeavingDesk
    from syndicate.serve.server import server

    # A server that does not answer must not keep those waiting who unsubscribe.
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")
    newsroom = newsroom_from_options(root)
    with closing(LeavingDesk(newsroom)) as desk:
        app = application(newsroom, desk)
        console.print_message(f"serving at http://{host}:{port}/")
        with suppress(KeyboardInterrupt):
            server(app, host=host, port=port).run()
