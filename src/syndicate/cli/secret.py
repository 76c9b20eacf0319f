"""`secret` with its subcommands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from syndicate import console
from syndicate.cli.command import Command
from syndicate.cli.options import By, Root, newsroom_from_options, person_from_options

if TYPE_CHECKING:
    from syndicate.subscribers.link_secret import LinkSecret

secret_app = typer.Typer(
    help="Check or replace the secret that signs unsubscribe links.", rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(secret_app, name="secret")


@contextmanager
def _secret(root: Path | None) -> Iterator[LinkSecret]:
    from syndicate.ledger.ledger import ledger_of
    from syndicate.subscribers.link_secret import LinkSecret

    newsroom = newsroom_from_options(root)
    with ledger_of(newsroom) as ledger:
        yield LinkSecret(ledger.database, newsroom.state)


@secret_app.callback(invoke_without_command=True)
def secret(context: typer.Context, root: Root = None) -> None:
    """Check that this machine has the secret that signs the links in the newsroom's mail."""
    if context.invoked_subcommand:
        return
    with _secret(root) as own:
        own.check()
    console.print_message("This machine has the secret of the newsroom's unsubscribe links.")


@secret_app.command("rotate", cls=Command)
def rotate(by: By = None, root: Root = None) -> None:
    """Sign links with a new secret from now on. Links in mail sent before go on working.

    Other machines with the same ledger get it from there.
    """
    with _secret(root) as own:
        own.rotate(person_from_options(by))
    console.print_message("Links are signed with a new secret from now on; earlier ones work on.")


@secret_app.command("adopt", cls=Command)
def adopt(by: By = None, root: Root = None) -> None:
    """Sign links with the secret of this machine, in place of the newsroom's.

    Use it if you have set SYNDICATE_SECRET for the first time, or have lost its value. Links that
    were signed with a value that is lost stop working.
    """
    with _secret(root) as own:
        if own.adopt(person_from_options(by)):
            console.print_message("Links are signed with the secret of this machine from now on.")
        else:
            console.print_message("Links are signed with the secret of this machine already.")
