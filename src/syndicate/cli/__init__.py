"""The command line, one file for each group of commands. Only this package imports typer."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import __version__
from syndicate.cli import (
    add,
    article,
    audit,
    check,
    copies,
    correct,
    deliveries,
    delivery,
    drafts,
    keep,
    ledger,
    newsroom,
    publish,
    review,
    reword,
    secret,
    serve,
    subscribers,
    trace,
    withdraw,
)

app = typer.Typer(
    help="Write an article once; publish it to every channel exactly once.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"syndicate {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Write an article once; publish it to every channel exactly once."""


newsroom.add_to(app)
add.add_to(app)
publish.add_to(app)
check.add_to(app)
drafts.add_to(app)
reword.add_to(drafts.drafts_app)
deliveries.add_to(app)
delivery.add_to(app)
copies.add_to(app)
correct.add_to(app)
trace.add_to(app)
audit.add_to(app)
keep.add_to(app)
withdraw.add_to(app)
ledger.add_to(app)
subscribers.add_to(app)
serve.add_to(app)
secret.add_to(app)
review.add_to(app)
article.add_to(app)
