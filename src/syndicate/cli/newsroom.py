"""`init`, `channels` and `doctor`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from syndicate import console
from syndicate.cli.options import AsJSON, Root, find, load
from syndicate.errors import Exit


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("init")(init)
    app.command("channels")(channels)
    app.command("doctor")(doctor)


def init(
    folder: Annotated[Path, typer.Argument(help="Where the newsroom is to stand.")] = Path(),
    samples: Annotated[
        bool, typer.Option("--samples", help="Put the sample articles into content/.")
    ] = False,
) -> None:
    """Lay down a newsroom: syndicate.toml, channels/, templates/ and content/."""
    from syndicate.newsroom.starter import lay_down

    for name in lay_down(folder, samples=samples):
        console.out(name)
    console.say(f"A newsroom stands in {folder}. Put an article into content/, then:")
    console.say("  syndicate publish")


def channels(as_json: AsJSON = False, root: Root = None) -> None:
    """List the channels: what each makes, of what, and where it goes."""
    newsroom = load(root)
    rows = [("CHANNEL", "ADAPTER", "SCOPE", "REVIEW", "DELIVERS")]
    for channel in newsroom.channels.values():
        couriers = channel.couriers.values()
        places = (str(getattr(courier, "path", courier.via)) for courier in couriers)
        goes = ", ".join(place.removeprefix(f"{newsroom.root}/") for place in places)
        scope = channel.adapter.scope.value
        if as_json:
            console.out_json(
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
        console.table(rows)


def doctor(
    cron: Annotated[
        bool, typer.Option("--cron", help="See also whether cron does its part.")
    ] = False,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """See whether this machine has what publishing needs."""
    from syndicate.engine.doctor import examine

    findings = examine(find(root))
    if cron and all(one.well for one in findings if one.what in ("settings", "ledger")):
        from syndicate.engine.cron import examine_cron

        findings += tuple(examine_cron(load(root), datetime.now(UTC)))
    for finding in findings:
        if as_json:
            console.out_json(
                {"what": finding.what, "ok": finding.well, "found": finding.found}
                | ({"hint": finding.hint} if finding.hint else {})
            )
        else:
            console.out(f"{'ok  ' if finding.well else 'BAD '} {finding.what}: {finding.found}")
            if finding.hint and not finding.well:
                console.out(f"     hint: {finding.hint}")
    worst = [finding for finding in findings if not finding.well]
    if any(finding.credentials for finding in worst):
        raise typer.Exit(Exit.CREDENTIALS)
    if worst:
        raise typer.Exit(Exit.FAILED)
