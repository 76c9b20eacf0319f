"""`serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.options import Root, load


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="And the port.")] = 8025,
    root: Root = None,
) -> None:
    """Serve the page to unsubscribe at, behind a web server that speaks https.

    The web server passes the path of your unsubscribe page on, and names the client in
    X-Forwarded-For. Nothing about people is logged.
    """
    import uvicorn

    from syndicate.ledger.ledger import ledger_of
    from syndicate.serve.app import application
    from syndicate.subscribers import Subscribers

    newsroom = load(root)
    with ledger_of(newsroom) as ledger:
        app = application(newsroom, Subscribers(ledger.database, newsroom.state))
        console.say(f"serving at http://{host}:{port}/")
        uvicorn.run(
            app,
            host=host,
            port=port,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips="127.0.0.1",
            limit_concurrency=200,
            timeout_keep_alive=5,
        )
