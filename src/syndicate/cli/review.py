"""`review` and `preview`: the studio in a browser."""

from __future__ import annotations

import ipaddress
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import Root, newsroom_from_options, person_from_options
from syndicate.errors import UsageError

if TYPE_CHECKING:
    import socket

Port = Annotated[
    int,
    typer.Option(
        "--port",
        min=0,
        max=65535,
        metavar="PORT",
        help="The port to listen on; 0 picks a free one.",
    ),
]
Host = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help="The network address to listen on.")
]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
]
Passwords = Annotated[
    Path | None,
    typer.Option("--passwords", metavar="FILE", help="Password file, so that others can sign in."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    epilog = help_examples(
        "syndicate review",
        "syndicate review --passwords people.txt --add Ann",
        "syndicate review --passwords people.txt --host 0.0.0.0",
    )
    app.command("review", cls=Command, epilog=epilog)(review)
    app.command("preview", cls=Command)(preview)


def review(
    port: Port = 8026,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    passwords: Passwords = None,
    add: Annotated[
        str | None,
        typer.Option(
            "--add",
            metavar="NAME",
            help="Ask for a password, add NAME to the password file, and exit.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="NAME",
            envvar="SYNDICATE_USER",
            help="The name on your approvals; default: your login name.",
        ),
    ] = None,
    root: Root = None,
) -> None:
    """Open the studio in a browser.

    It shows every article on every channel; you can edit and approve drafts, and publish. The
    first line on stdout is the address, with the token that gives access. If the studio can be
    reached from other machines (--host), everyone needs a password and signs with their name. To
    reach it by another name or through a web server, set public_url in [studio].
    """
    if add is not None:
        _add(passwords, add)
        return
    _open(root, _Address(host, port, browser, passwords), person_from_options(by), editable=True)


def preview(
    port: Port = 8026,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    passwords: Passwords = None,
    root: Root = None,
) -> None:
    """Open the same pages as `review`, read-only."""
    _open(root, _Address(host, port, browser, passwords), "reader", editable=False)


@dataclass(frozen=True)
class _Address:
    """Where the pages are served, whether to open a browser, and the password file."""

    host: str
    port: int
    browser: bool
    passwords: Path | None


def _open(root: Path | None, address: _Address, owner: str, *, editable: bool) -> None:
    from syndicate.ledger.ledger import has_ledger, ledger_of
    from syndicate.serve.front import Addresses
    from syndicate.serve.server import server
    from syndicate.studio.access import Access, read_password_file
    from syndicate.studio.app import application
    from syndicate.studio.opening import open_in_browser

    newsroom, host, passwords = newsroom_from_options(root), address.host, address.passwords
    if has_ledger(newsroom):
        with ledger_of(newsroom):  # one that cannot be used is better named here than on each page
            pass
    if passwords is None and not _is_loopback(host):
        raise UsageError(
            f"{host} can be reached from other machines, so passwords are needed",
            hint="add yourself with: syndicate review --passwords people.txt --add NAME; "
            f"then run: syndicate review --passwords people.txt --host {host}",
        )
    listening = _listening(host, address.port)
    port = listening.getsockname()[1]
    # A browser cannot open "every address": it is shown the loopback one.
    shown = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(  # noqa: S104 - compared
        host, f"[{host}]" if ":" in host else host
    )
    access = Access(owner, read_password_file(passwords) if passwords else {})
    names = frozenset({f"{shown}:{port}", f"localhost:{port}"} | ({host} if passwords else set()))
    studio = newsroom.studio
    addresses = Addresses(names, False, studio.public_url, studio.trusted_proxies)
    if passwords:
        machine = Addresses.of_machine(studio.public_url, studio.trusted_proxies)
        addresses = replace(machine, names=names | (machine.names or frozenset()))
    app = application(newsroom.root, access, addresses, f"syndicate-{port}", editable=editable)
    path = addresses.prefix + "/" + ("" if passwords else f"?token={access.token}")
    url = f"http://{shown}:{port}{path}"
    console.print_data(url)
    if studio.public_url:
        console.print_data(addresses.public_origin + path)
    with ExitStack() as stack:
        if address.browser:
            stack.enter_context(open_in_browser(url))
        server(app, timeout_graceful_shutdown=1).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; a browser that comes before the server is ready waits.

    Raises:
        UsageError: the address is in use, or is not one of this machine.
    """
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only with the protocol stated does asyncio let answers leave at once (TCP_NODELAY); else each
    # answer on a connection that stays open waits 40 ms for the browser.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        raise UsageError(
            f"{host}:{port}: {error.strerror}", hint="to use any free port: --port 0"
        ) from error
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _add(passwords: Path | None, name: str) -> None:
    from syndicate.studio.access import save_password

    if passwords is None:
        raise UsageError("--add needs a password file", hint="add --passwords people.txt")
    save_password(
        passwords, name, typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    console.print_message(f"added {name} to {passwords}")
