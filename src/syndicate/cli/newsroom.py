"""`init`, `channels` and `doctor`."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import AsJSON, Root, newsroom_from_options, root_from_options
from syndicate.errors import Exit


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    epilog = help_examples("syndicate init news", "syndicate init news --samples")
    app.command("init", cls=Command, epilog=epilog)(init)
    app.command("channels", cls=Command)(channels)
    app.command("doctor", cls=Command)(doctor)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder for the newsroom.")
    ] = Path(),
    samples: Annotated[
        bool, typer.Option("--samples", help="Add the sample articles to content/.")
    ] = False,
) -> None:
    """Create a newsroom.

    It consists of syndicate.toml, channels/, templates/ and content/. A .gitignore keeps out of git
    what is private or can be made again.
    """
    from syndicate.newsroom.starter import create_newsroom

    for name in create_newsroom(folder, samples=samples):
        console.print_data(name)
    if folder == Path():
        console.print_message("Created a newsroom here. Put an article into content/, then run:")
    else:
        console.print_message(
            f"Created a newsroom in {folder}/. Put an article into {folder}/content/, then:"
        )
        console.print_message(f"  cd {shlex.quote(str(folder))}")
    console.print_message("  syndicate publish")


def channels(as_json: AsJSON = False, root: Root = None) -> None:
    """List the channels, with formats and destinations."""
    newsroom = newsroom_from_options(root)
    rows = [("CHANNEL", "ADAPTER", "SCOPE", "REVIEW", "DELIVERS")]
    for channel in newsroom.channels.values():
        couriers = channel.couriers.values()
        places = (str(getattr(courier, "path", courier.via)) for courier in couriers)
        goes = ", ".join(place.removeprefix(f"{newsroom.root}/") for place in places)
        scope = channel.adapter.scope.value
        if as_json:
            console.print_json(
                {
                    "channel": channel.name,
                    "adapter": channel.format,
                    "scope": scope,
                    "review": channel.review,
                    "delivers": goes,
                    "url": channel.url,
                    "options": channel.adapter.model_dump(mode="json", exclude={"scope"}),
                }
            )
        else:
            review = "yes" if channel.review else "no"
            rows.append((channel.name, channel.format, scope, review, goes))
    if not as_json:
        console.print_table(rows)


def doctor(
    cron: Annotated[
        bool, typer.Option("--cron", help="Also check that scheduled runs happen.")
    ] = False,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Check that this machine has everything that publishing needs."""
    from syndicate.engine.doctor import examine_newsroom

    findings = examine_newsroom(root_from_options(root))
    if cron and all(one.well for one in findings if one.what in ("settings", "ledger")):
        from syndicate.engine.cron import examine_cron

        findings += tuple(examine_cron(newsroom_from_options(root), datetime.now(UTC)))
    for finding in findings:
        if as_json:
            console.print_json(
                {"what": finding.what, "ok": finding.well, "found": finding.found}
                | ({"hint": finding.hint} if finding.hint else {})
            )
        else:
            what = "fonts" if finding.what == "faces" else finding.what  # its name in JSON
            console.print_data(f"{'ok  ' if finding.well else 'BAD '} {what}: {finding.found}")
            if finding.hint and not finding.well:
                console.print_data(f"     hint: {finding.hint}")
    worst = [finding for finding in findings if not finding.well]
    if any(finding.credentials for finding in worst):
        raise typer.Exit(Exit.CREDENTIALS)
    if worst:
        raise typer.Exit(Exit.FAILED)
