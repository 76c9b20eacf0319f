"""`review` and `preview`: the studio in a browser."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.options import Root, load, person
from syndicate.errors import UsageError

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any that is free.")]
Host = Annotated[str, typer.Option("--host", help="The address to listen at.")]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
]
Passwords = Annotated[
    Path | None,
    typer.Option("--passwords", metavar="FILE", help="Who may come in, if not you alone."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("review")(review)
    app.command("preview")(preview)


def review(
    port: Port = 8026,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    passwords: Passwords = None,
    add: Annotated[
        str | None,
        typer.Option("--add", metavar="NAME", help="Ask for a password for NAME, and end."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", envvar="SYNDICATE_USER", help="Who signs approvals; else who you are."
        ),
    ] = None,
    root: Root = None,
) -> None:
    """Open the studio: see every article on every channel, edit and approve drafts, publish.

    The first line on stdout is the address, with the token that opens it. Beyond this machine
    (--host) everybody needs a password of their own, and signs with their name.
    """
    if add is not None:
        _add(passwords, add)
        return
    _open(root, _Door(host, port, browser, passwords), person(by), editable=True)


def preview(
    port: Port = 8026,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    passwords: Passwords = None,
    root: Root = None,
) -> None:
    """Open the same pages as `review`, without a way to change anything."""
    _open(root, _Door(host, port, browser, passwords), "reader", editable=False)


@dataclass(frozen=True)
class _Door:
    """Where the pages are served, whether a browser is opened there, and the file of passwords."""

    host: str
    port: int
    browser: bool
    passwords: Path | None


def _open(root: Path | None, door: _Door, owner: str, *, editable: bool) -> None:
    import socket
    import webbrowser

    import uvicorn

    from syndicate.studio.access import Access, read_people
    from syndicate.studio.app import application

    newsroom, host, passwords = load(root), door.host, door.passwords
    if passwords is None and not _is_loopback(host):
        raise UsageError(
            f"{host} can be reached from elsewhere: say who may come in",
            hint="syndicate review --passwords people.txt --add NAME, then --passwords people.txt",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, door.port))
        listening.listen()  # whoever is quicker than the server waits for it
    except OSError as error:
        raise UsageError(
            f"{host}:{door.port}: {error.strerror}", hint="another: --port 0"
        ) from error
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    names = {f"{shown}:{port}", f"localhost:{port}"} | ({shown} if port == 80 else set())
    access = Access(owner, read_people(passwords) if passwords else {})
    app = application(
        newsroom.root, access, frozenset(names), f"syndicate-{port}", editable=editable
    )
    url = f"http://{shown}:{port}/" + ("" if passwords else f"?token={access.token}")
    console.out(url)
    if door.browser:
        webbrowser.open(url)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    server.run(sockets=[listening])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _add(passwords: Path | None, name: str) -> None:
    from syndicate.studio.access import add_person

    if passwords is None:
        raise UsageError("in which file?", hint="--passwords people.txt")
    add_person(passwords, name, typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    console.say(f"{name} may come in by {passwords}")
