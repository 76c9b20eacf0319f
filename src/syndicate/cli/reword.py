"""`drafts reword`: other words from a language model, held against the article."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.drafts import Name
from syndicate.cli.options import AsJSON, Root, load

Model = Annotated[
    str,
    typer.Option("--model", envvar="SYNDICATE_MODEL", help="Who is asked, as `llm models` says."),
]


def add_to(drafts_app: typer.Typer) -> None:
    """Register the command beside those of `drafts`."""
    drafts_app.command("reword")(reword)


def reword(name: Name, model: Model, as_json: AsJSON = False, root: Root = None) -> None:
    """Ask a language model for other words; what the article does not bear out is refused."""
    from syndicate.engine.review.reword import reword as ask

    proposals = ask(load(root), name, model)
    if as_json:
        said = [
            {"post": one.post, "before": one.before, "text": one.text, "refused": one.refused}
            for one in proposals
        ]
        console.out_json({"draft": name, "model": model, "proposals": said})
        return
    for one in proposals:
        console.out(
            f"{one.post}/{len(proposals)}  {'kept as it was' if one.refused else 'reworded'}"
        )
        for line in one.text.split("\n"):
            console.out(f"  {line}".rstrip())
        for reason in one.refused:
            console.warn(f"post {one.post}: {reason}")
    console.say(f"read it, then: syndicate drafts approve {name}")
