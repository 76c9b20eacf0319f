"""`drafts reword`: a language model rewords a draft; the result is checked against the article."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.drafts import Name
from syndicate.cli.options import AsJSON, Root, newsroom_from_options

Model = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="MODEL",
        envvar="SYNDICATE_MODEL",
        help="A model's name, as `llm models` lists it.",
    ),
]


def add_to(drafts_app: typer.Typer) -> None:
    """Register the command as one of `drafts`."""
    epilog = help_examples("syndicate drafts reword ferry.x --model gpt-4o-mini")
    drafts_app.command("reword", cls=Command, epilog=epilog)(reword)


def reword(name: Name, model: Model, as_json: AsJSON = False, root: Root = None) -> None:
    """Ask a language model to reword a draft. Claims that the article does not support are
    refused.
    """
    from syndicate.engine.review.reword import reword as ask

    proposals = ask(newsroom_from_options(root), name, model)
    if as_json:
        listed = [
            {"post": one.post, "before": one.before, "text": one.text, "refused": one.refused}
            for one in proposals
        ]
        console.print_json({"draft": name, "model": model, "proposals": listed})
        return
    for one in proposals:
        console.print_data(
            f"{one.post}/{len(proposals)}  {'unchanged' if one.refused else 'reworded'}"
        )
        for line in one.text.split("\n"):
            console.print_data(f"  {line}".rstrip())
        for reason in one.refused:
            console.print_warning(f"post {one.post}: {reason}")
    console.print_message(f"read the draft, then: syndicate drafts approve {name}")
