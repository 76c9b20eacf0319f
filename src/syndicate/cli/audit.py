"""`audit`: is the world as the ledger has it?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import (
    AsJSON,
    By,
    Channels,
    Root,
    names_in_option,
    newsroom_from_options,
    person_from_options,
)
from syndicate.console import counted_noun
from syndicate.errors import CredentialsError, Exit, Problems
from syndicate.stop import Stop, Stopped, on_signals

if TYPE_CHECKING:
    from syndicate.engine.audit import Repaired
    from syndicate.engine.auditing.findings import Audit, AuditFinding, Unseen
    from syndicate.engine.delivery.outcome import Event

_SHOWN = 5  # reasons of one channel


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    epilog = help_examples(
        "syndicate audit", "syndicate audit --channels rss,site", "syndicate audit --repair"
    )
    app.command("audit", cls=Command, epilog=epilog)(audit)


def audit(
    channels: Channels = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Deliver again what is missing or changed, remove what should not be there.",
        ),
    ] = False,
    web: Annotated[
        bool,
        typer.Option(
            "--web/--no-web", help="Also look at the public URLs of channels that set `url`."
        ),
    ] = True,
    by: By = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """Compare what stands in the world with what the ledger has.

    Looks at every file, object, post and public page, and names what is missing, was changed, is
    still there although it was removed, or is an unknown file in a folder with `owned = true`.
    Nothing is changed without --repair, which never posts or mails anything again and never deletes
    unknown files. Exit code 3: something is not as recorded, or could not be looked at.
    """
    from syndicate.engine.audit import AuditOrder
    from syndicate.engine.audit import audit as look
    from syndicate.engine.audit import repair as carry_out

    newsroom = newsroom_from_options(root)
    stop = Stop(newsroom.grace)
    repaired: Repaired | None = None
    with on_signals(stop):
        order = AuditOrder(names_in_option(channels), web)
        try:
            with console.progress(quiet=as_json) as line:
                found = look(newsroom, order, line.start, line.step, stop)
        except Stopped as stopped:  # nothing was changed, and some answer may still be waited for
            console.exit_at_once(Exit.of_signal(stopped.number))
        _print_findings(found, as_json)
        if repair and found.findings:
            name = person_from_options(by)
            repaired = carry_out(newsroom, tuple(found.findings), name, _show, stop)
    left = found.findings if repaired is None else list(repaired.left)
    _print_unseen(found.unseen)
    if repaired and repaired.outcome.errors:
        console.print_error(Problems(repaired.outcome.errors))
    if as_json:
        console.print_json(_as_json(found, repaired))
    else:
        _summarise(found, repaired)
    code = _exit(found, left, repaired)
    if code:
        raise typer.Exit(code)


def _print_findings(found: Audit, as_json: bool) -> None:
    several: Iterable[AuditFinding]
    if as_json:
        for event, several in (
            ("finding", found.findings),
            ("cached", found.cached),
            ("another file", found.others),
        ):
            for one in several:
                console.print_json({"event": event, **_told(one)})
        return
    rows = [(one.what, one.channel, one.address, one.told) for one in found.findings]
    if rows:
        console.print_table([("WHAT", "CHANNEL", "WHERE", "WHY"), *rows])
    for one in found.cached:
        console.print_message(f"{one.channel}: {one.address}: {one.told}")
    for one in found.others:
        console.print_message(f"{one.channel}: {one.address}: {one.what} {one.told}")


def _told(one: AuditFinding) -> dict[str, object]:
    row = one.row
    return {
        "what": one.what,
        "where": one.where,
        "channel": one.channel,
        "address": one.address,
        "told": one.told,
        "unit": row.rendering if row else None,
        "artifact": row.copy.artifact if row else None,
        "url": row.copy.url if row else None,
        "digest": row.copy.digest if row else None,
    }


def _print_unseen(unseen: Iterable[Unseen]) -> None:
    """Name what was not compared, by channel and reason."""
    by_channel = sorted(unseen, key=lambda one: one.channel)
    for channel, some in groupby(by_channel, key=lambda one: one.channel):
        reasons: dict[str, int] = {}
        for one in some:
            reasons[one.why] = reasons.get(one.why, 0) + one.number
        for why, number in list(reasons.items())[:_SHOWN]:
            what = f"{counted_noun(number, 'copy', 'copies')} not compared: " if number else ""
            console.print_warning(f"{channel}: {what}{why}")
        if more := sum(list(reasons.values())[_SHOWN:]):
            console.print_warning(
                f"{channel}: {counted_noun(more, 'more copy', 'more copies')} not compared"
            )


def _as_json(found: Audit, repaired: Repaired | None) -> dict[str, object]:
    unseen = [
        {"channel": one.channel, "number": one.number, "why": one.why} for one in found.unseen
    ]
    done: dict[str, object] = {
        "event": "done",
        "looked": found.looked,
        "same": found.same,
        "findings": len(found.findings),
        "cached": len(found.cached),
        "others": len(found.others),
        "not_compared": unseen,
    }
    if repaired:
        outcome = repaired.outcome
        done |= {
            "delivered": outcome.delivered,
            "removed": outcome.removed,
            "left": [_told(one) for one in repaired.left],
            "failed": [str(error) for error in outcome.errors],
        }
    return done


def _summarise(found: Audit, repaired: Repaired | None) -> None:
    parts = [f"{counted_noun(found.looked, 'copy', 'copies')} looked at"]
    same = "all" if found.same == found.looked else f"{found.same:,}"
    if found.looked:
        parts.append(f"{same} as recorded")
    counts: dict[str, int] = {}
    for one in found.findings:
        counts[one.what] = counts.get(one.what, 0) + 1
    parts += [f"{number:,} {what}" for what, number in counts.items()]
    if found.cached:
        parts.append(f"{len(found.cached):,} perhaps from a cache")
    if found.others:
        files = counted_noun(len(found.others), "other file")
        parts.append(f"{files} at addresses that we took back")
    console.print_message(" · ".join(parts))
    if repaired is None:
        if any(one.row and one.where == "destination" for one in found.findings):
            console.print_message(
                "To deliver again what is missing or changed, and remove what should not be there:"
                " syndicate audit --repair"
            )
        return
    outcome = repaired.outcome
    done = (
        f"{counted_noun(outcome.delivered, 'copy', 'copies')} delivered again",
        f"{counted_noun(outcome.removed, 'copy', 'copies')} removed",
    )
    numbers = (outcome.delivered, outcome.removed)
    told = [text for text, number in zip(done, numbers, strict=True) if number]
    if repaired.left:
        told.append(f"{len(repaired.left):,} left for you")
    console.print_message(" · ".join(told) or "Nothing could be repaired.")


def _exit(found: Audit, left: list[AuditFinding], repaired: Repaired | None) -> Exit:
    if repaired and (repaired.outcome.errors or repaired.outcome.busy):
        return Exit.PARTLY
    failed = [one.error for one in found.unseen if one.error]
    if left:
        return Exit.PARTLY
    if failed and all(isinstance(error, CredentialsError) for error in failed):
        return Exit.CREDENTIALS
    return Exit.PARTLY if failed else Exit.DONE


def _show(event: Event) -> None:
    if event.kind in ("removed", "busy", "delivered", "waiting"):
        console.print_message(f"{event.channel}: {event.kind}: {event.text}")
