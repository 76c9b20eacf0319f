"""`schema` and `export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.options import Root
from syndicate.errors import Exit, SyndicateError

schema_app = typer.Typer(help="Print a JSON Schema.", rich_markup_mode=None, no_args_is_help=True)
export_app = typer.Typer(
    help="Write articles in a format for machines.", rich_markup_mode=None, no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(schema_app, name="schema")
    app.add_typer(export_app, name="export")


@schema_app.callback()
def _schema() -> None:
    """Print a JSON Schema."""


@schema_app.command("article")
def schema_article() -> None:
    """The JSON Schema (draft 2020-12) of the canonical article."""
    from syndicate.article.article import schema

    console.out(json.dumps(schema(), indent=2))


@export_app.callback()
def _export() -> None:
    """Write articles in a format for machines."""


@export_app.command("json")
def export_json(
    files: Annotated[list[Path], typer.Argument(help="Article files, in a newsroom or not.")],
    root: Root = None,
) -> None:
    """The canonical article of each file, one JSON line each."""
    from syndicate.engine.export import canonical

    failed = False
    for file in files:
        try:
            for article in canonical(file, root):
                console.out(article.model_dump_json())
        except SyndicateError as error:
            console.fail(error)
            failed = True
    if failed:
        raise typer.Exit(Exit.PARTLY)
