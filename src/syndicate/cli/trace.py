"""`trace`: who could read these words."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import AsJSON, Root, newsroom_to_look_at
from syndicate.console import counted_noun, local_time_to_print

if TYPE_CHECKING:
    from syndicate.engine.trace import Reach, Trace
    from syndicate.engine.tracing.public import Sighting


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    epilog = help_examples('syndicate trace "The mayor was not at the meeting."')
    app.command("trace", cls=Command, epilog=epilog)(trace)


def trace(
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help="A sentence or a few words, in quotes.")
    ],
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Show where a sentence was public, and from when to when.

    It finds exactly these words, whatever the form of quotation marks, dashes and spaces, in every
    version of an article that is kept and in every thread that was posted. UNTIL is when the copy
    was replaced or removed; "now" if it is still there.
    """
    from syndicate.engine.trace import trace as find

    newsroom = newsroom_to_look_at(root)
    with console.progress(quiet=as_json) as line:

        def watch(done: int, of: int) -> None:
            line.total, line.done = of, done - 1
            line.step("versions of articles")

        found = find(newsroom, words, watch)
    if as_json:
        _print_json(found)
    else:
        _print_trace(found, newsroom.publication.zone)


def _print_json(found: Trace) -> None:
    for article in found.articles:
        versions = [{"digest": one.digest, "at": one.at} for one in article.versions]
        console.print_json(
            {
                "event": "article",
                "id": article.id,
                "slug": article.slug,
                "title": article.title,
                "versions": versions,
            }
        )
    slugs = {one.id: one.slug for one in found.articles}
    for one in found.sightings:
        console.print_json(
            {
                "event": "copy",
                "channel": one.channel,
                "article": slugs.get(one.article),
                "kind": one.kind,
                "address": one.address,
                "since": one.since,
                "until": one.until,
                "standing": one.standing,
                "found_in": one.proof,
                "digests": list(one.digests),
                "approved_by": list(found.approved_by(one)),
            }
        )
    without = {"without": list(found.without)}
    console.print_json({"event": "done", **vars(found.reach), **without})


def _print_trace(found: Trace, zone: tzinfo) -> None:
    for article in found.articles:
        times = [local_time_to_print(one.at, zone) for one in article.versions]
        console.print_message(f"{article.slug}: {article.title}" if article.title else article.slug)
        if times:
            versions = counted_noun(len(times), "version")
            console.print_message(f"  {versions} with these words: {_some(times)}")
        else:
            console.print_message("  only in a thread that was written or edited by hand")
    if found.sightings:
        rows = [_row(found, one, zone) for one in found.sightings]
        if any(found.approved_by(one) for one in found.sightings):
            header = ("CHANNEL", "WHAT", "FROM", "UNTIL", "APPROVED BY", "WHERE")
            console.print_table([header, *rows])
        else:
            short = ("CHANNEL", "WHAT", "FROM", "UNTIL", "WHERE")
            console.print_table([short, *((*row[:4], row[5]) for row in rows)])
    elif found.articles:
        console.print_message("It was never delivered with these words.")
    else:
        console.print_message("Nothing that is kept contains these words.")
    if any(one.proof == "article" for one in found.sightings):
        console.print_message(
            "* the article had these words; the file is no longer kept, or cannot be searched"
        )
    if found.without:
        channels = ", ".join(found.without)
        console.print_message(f"Without these words, as far as is known: {channels}")
    console.print_message(_reach(found.reach, zone))


def _row(found: Trace, one: Sighting, zone: tzinfo) -> tuple[str, ...]:
    until = local_time_to_print(one.until, zone)
    if not until:
        until = "sent" if one.kind == "mail" else "now" if one.standing else "unknown"
    approved = ", ".join(found.approved_by(one)) or "-"
    mark = "*" if one.proof == "article" else ""
    since = local_time_to_print(one.since, zone)
    return one.channel, f"{one.kind}{mark}", since, until, approved, one.address


def _some(times: list[str]) -> str:
    """The first and the last of `times`."""
    times = list(dict.fromkeys(times))
    return times[0] if len(times) == 1 else f"{times[0]} to {times[-1]}"


def _reach(reach: Reach, zone: tzinfo) -> str:
    told = (
        f"Searched {counted_noun(reach.versions, 'version')} of"
        f" {counted_noun(reach.articles, 'article')}"
    )
    if reach.since:
        told += f", the oldest from {local_time_to_print(reach.since, zone)}"
    told += f". Of each article, {reach.most:,} are kept, and all that were sent (keep_versions)."
    if reach.lost:
        told += f" {reach.lost:,} of them are no longer in the store."
    return told
