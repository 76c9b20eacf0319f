"""`schema` and `export`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import Root
from syndicate.errors import Exit, SyndicateError

T = TypeVar("T")

schema_app = typer.Typer(help="Print a JSON Schema.", rich_markup_mode=None, no_args_is_help=True)
export_app = typer.Typer(
    help="Export articles for other programs.", rich_markup_mode=None, no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(schema_app, name="schema")
    app.add_typer(export_app, name="export")


@schema_app.callback()
def _schema() -> None:
    """Print a JSON Schema."""


@schema_app.command("article", cls=Command)
def schema_article() -> None:
    """Print the JSON Schema (draft 2020-12) of an article."""
    from syndicate.article.article import article_schema

    console.print_data(json.dumps(article_schema(), indent=2))


@export_app.callback()
def _export() -> None:
    """Export articles for other programs."""


Files = Annotated[
    list[Path], typer.Argument(metavar="FILE", help="Article files, inside a newsroom or not.")
]


@export_app.command("json", cls=Command, epilog=help_examples("syndicate export json content/*.md"))
def export_json(files: Files, root: Root = None) -> None:
    """Print articles in Syndicate's own JSON format, one per line."""
    from syndicate.engine.export import NewsroomsToExport, articles_to_export

    for article in _readable(files, partial(articles_to_export, newsrooms=NewsroomsToExport(root))):
        console.print_data(article.model_dump_json())


@export_app.command(
    "ninjs", cls=Command, epilog=help_examples("syndicate export ninjs content/*.md")
)
def export_ninjs(files: Files, root: Root = None) -> None:
    """Print articles as IPTC ninjs 3.1, one per line."""
    from syndicate.engine.export import NewsroomsToExport, export_ninjs

    for item, losses in _readable(files, partial(export_ninjs, newsrooms=NewsroomsToExport(root))):
        console.print_data(item)
        for loss in losses:
            console.print_warning(
                f"{loss.article}: not shown as written: {loss.block}: {loss.reason}"
            )


def _readable(files: list[Path], export: Callable[[Path], Iterator[T]]) -> Iterator[T]:
    """What `export` returns for each file. A file that cannot be read does not stop the others.

    Raises:
        Exit: at the end, if a file could not be read.
    """
    failed = False
    for file in files:
        try:
            yield from export(file)
        except SyndicateError as error:
            console.print_error(error)
            failed = True
    if failed:
        raise typer.Exit(Exit.PARTLY)
