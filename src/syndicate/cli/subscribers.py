"""`subscribers` and `bounces`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from syndicate import console
from syndicate.cli.command import Command, help_examples
from syndicate.cli.options import (
    AsJSON,
    By,
    Quiet,
    Root,
    newsroom_from_options,
    person_from_options,
)
from syndicate.console import counted_noun, local_time_to_print
from syndicate.errors import CredentialsError, Exit, Problems, SyndicateError, UsageError

if TYPE_CHECKING:
    from syndicate.subscribers import Entry, Subscribers

subscribers_app = typer.Typer(
    help="Manage who gets the mail.", rich_markup_mode=None, no_args_is_help=True
)
Channel = Annotated[
    str,
    typer.Option(
        "--channel", "-c", metavar="NAME", envvar="SYNDICATE_CHANNEL", help="The channel's name."
    ),
]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail address.")]
Status = Literal["active", "unsubscribed", "bounced", "complained", "suppressed"]
BY_HAND = "by hand"
PASSWORD = "SYNDICATE_IMAP_PASSWORD"  # noqa: S105 - the name of the variable


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(subscribers_app, name="subscribers")
    epilog = help_examples(
        "syndicate bounces --maildir /var/mail/bounces",
        "syndicate bounces --imap desk@imap.example.org",
    )
    app.command("bounces", cls=Command, epilog=epilog)(bounces)


@subscribers_app.callback()
def _subscribers() -> None:
    """Manage who gets the mail."""


@contextmanager
def _store(root: Path | None, channel: str | None = None) -> Iterator[Subscribers]:
    from syndicate.ledger.ledger import ledger_of
    from syndicate.subscribers import Subscribers

    newsroom = newsroom_from_options(root)
    newsroom.chosen((channel,) if channel is not None else ())
    with ledger_of(newsroom) as ledger:
        subscribers = Subscribers(ledger.database, newsroom.state)
        subscribers.apply_spooled()
        yield subscribers


@subscribers_app.command(
    "import",
    cls=Command,
    epilog=help_examples("syndicate subscribers import readers.csv -c email"),
)
def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A CSV file with column names in its first line."),
    ],
    channel: Channel = "email",
    root: Root = None,
) -> None:
    """Add subscribers from a CSV file, or update their fields and tags.

    The column `email` has the address and `tags` the tags; every other column is a field for
    templates. People who unsubscribed, bounced or complained are not subscribed again, and people
    who were forgotten are left out.
    """
    from syndicate.subscribers import sheet

    errors: list[SyndicateError] = []
    read = 0

    def counted() -> Iterator[Entry]:
        nonlocal read
        for entry in sheet.read_subscribers(file, channel, errors):
            read += 1
            yield entry

    forgotten: list[str] = []
    with _store(root, channel) as store:
        cause = f"imported from {file.name}"
        fresh = store.put(counted(), cause, lambda entry: forgotten.append(entry.address))
    if forgotten:
        shown = ", ".join(forgotten[:3]) + (", …" if len(forgotten) > 3 else "")
        console.print_warning(
            f"{file}: left out {counted_noun(len(forgotten), 'person', 'people')} who asked to be"
            f" forgotten ({shown}); delete them from the file; if somebody has signed up again:"
            " syndicate subscribers add ADDRESS"
        )
    skipped = f", {len(errors)} skipped" if errors else ""
    console.print_message(f"{read} read, {fresh} new{skipped}")
    if errors:
        raise Problems(errors)


@subscribers_app.command("export", cls=Command)
def export(
    channel: Channel = "email",
    status: Annotated[
        Status | None, typer.Option("--status", help="Only with this status.")
    ] = None,
    root: Root = None,
) -> None:
    """Print subscribers as CSV, with everything known about them."""
    from syndicate.subscribers import Status as Known
    from syndicate.subscribers import sheet

    with (
        _store(root, channel) as store,
        store.with_fields(channel, Known(status) if status else None) as (fields, entries),
    ):
        sheet.write_subscribers(entries, fields, sys.stdout)
        sys.stdout.flush()  # a closed pipe is handled here, but not when the interpreter exits


@subscribers_app.command("list", cls=Command)
def list_(
    channel: Annotated[
        str | None,
        typer.Option("--channel", "-c", metavar="NAME", help="List only this channel."),
    ] = None,
    status: Annotated[
        Status | None, typer.Option("--status", help="Only with this status.")
    ] = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """List subscribers with their status, its date and its cause. The channel * means all."""
    from syndicate.subscribers import Status as Known

    zone = newsroom_from_options(root).publication.zone
    with _store(root, channel) as store:
        for one in store.alphabetical(channel, Known(status) if status else None):
            if as_json:
                console.print_json(_as_json(one))
            else:
                state = f"{one.status:<12}  {local_time_to_print(one.at, zone)}"
                console.print_data(f"{one.channel:<8}  {state}  {one.address}  ({one.cause})")


@subscribers_app.command("show", cls=Command)
def show(address: Address, as_json: AsJSON = False, root: Root = None) -> None:
    """Show everything known about one person.

    This includes the addresses of their private feeds. Anyone who knows such an address can read
    the feed: do not pass it on.
    """
    from syndicate.engine.member_feeds import private_feeds
    from syndicate.subscribers import sheet

    newsroom = newsroom_from_options(root)
    with _store(root) as store:
        entries = list(store.of(sheet.stored_address(address)))
    if not entries:
        raise UsageError(
            f"{address} is not a subscriber", hint="to list them: syndicate subscribers list"
        )
    for one in entries:
        feeds = list(private_feeds(newsroom, one.channel, one.address))
        if as_json:
            console.print_json(_as_json(one) | {"feeds": [feed.url for feed in feeds]})
            continue
        since = local_time_to_print(one.at, newsroom.publication.zone)
        console.print_data(f"{one.channel}: {one.status} since {since} ({one.cause})")
        for name, value in one.fields.items():
            console.print_data(f"  {name}: {value}")
        if one.tags:
            console.print_data(f"  tags: {', '.join(one.tags)}")
        for feed in feeds:
            console.print_data(f"  feed: {feed.url}")


@subscribers_app.command(
    "add",
    cls=Command,
    epilog=help_examples(
        "syndicate subscribers add ann@example.net --field first_name=Ann --tag member",
    ),
)
def add(
    address: Address,
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field", metavar="NAME=VALUE", help="A field for templates; may be repeated."
        ),
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be repeated.")
    ] = None,
    channel: Channel = "email",
    root: Root = None,
) -> None:
    """Subscribe one person, even if they had unsubscribed. Do this only if they asked for it."""
    from syndicate.subscribers import Entry, sheet

    pairs = dict(field.partition("=")[::2] for field in fields or ())
    normal = sheet.stored_address(address)
    with _store(root, channel) as store:
        store.activate(channel, normal, BY_HAND)  # also if they were forgotten
        store.put([Entry(channel, normal, pairs, tuple(tags or ()))], BY_HAND)


@subscribers_app.command("remove", cls=Command)
def remove(address: Address, channel: Channel = "email", root: Root = None) -> None:
    """Delete a subscriber and everything known about them."""
    from syndicate.subscribers import sheet

    with _store(root, channel) as store:
        if not store.remove(channel, sheet.stored_address(address)):
            raise UsageError(f"{address} is not subscribed to {channel}")


@subscribers_app.command(
    "forget", cls=Command, epilog=help_examples("syndicate subscribers forget ann@example.net")
)
def forget(address: Address, by: By = None, root: Root = None) -> None:
    """Erase a person everywhere, because they asked for it.

    Their subscriptions, fields and private feeds are deleted, and their address is erased from the
    records of what was sent, from the history and from the ledger's backups. They get no more mail,
    not even of a mailing that is under way. A keyed digest stays, so that counts are right and an
    old list does not bring them back; they can sign up again. What cannot be reached is named.
    """
    from syndicate.engine.forgetting import forget as carry_out

    newsroom = newsroom_from_options(root)
    done = carry_out(newsroom, address, person_from_options(by))
    console.print_message(
        " · ".join(
            counted_noun(number, noun)
            for number, noun in (
                (done.subscriptions, "subscription"),
                (done.rows, "record"),
                (done.feeds, "private feed"),
                (done.backups, "backup"),
            )
            if number
        )
        + " erased"
        if done.subscriptions or done.rows or done.feeds or done.backups
        else "Nothing was known of this person. A list that has them is not imported for them."
    )
    if not (done.finished or done.errors):
        console.print_message("Another command is at work: the next publish looks again.")
    console.print_message("Not reached from here:")
    for one in done.beyond:
        console.print_message(f"  {one.what}" + (f" ({one.hint})" if one.hint else ""))
    if done.errors:
        raise Problems(done.errors)


@subscribers_app.command("suppress", cls=Command)
def suppress(
    address: Address,
    cause: Annotated[
        str, typer.Option("--cause", metavar="TEXT", help="The reason, for the record.")
    ] = BY_HAND,
    root: Root = None,
) -> None:
    """Block an address. No channel sends it mail again, subscribed or not."""
    from syndicate.subscribers import Status as Known
    from syndicate.subscribers import sheet

    with _store(root) as store:
        store.suppress(sheet.stored_address(address), Known.SUPPRESSED, cause)


def _as_json(one: Entry) -> dict[str, object]:
    """A subscription as JSON."""
    return {
        "channel": one.channel,
        "address": one.address,
        "fields": one.fields,
        "tags": one.tags,
        "status": one.status,
        "since": one.at,
        "cause": one.cause,
    }


def bounces(
    maildir: Annotated[
        Path | None,
        typer.Option("--maildir", metavar="FOLDER", help="A Maildir that receives this mail."),
    ] = None,
    imap: Annotated[
        str | None,
        typer.Option("--imap", metavar="USER@HOST[:PORT]", help="A mailbox that receives it."),
    ] = None,
    folder: Annotated[
        str, typer.Option("--folder", metavar="NAME", help="The folder in the mailbox.")
    ] = "INBOX",
    quiet: Quiet = False,
    root: Root = None,
) -> None:
    """Process bounces, complaints and unsubscribe requests from a mailbox.

    Only mail that returns a link signed by this newsroom is trusted; the rest is listed. The
    mailbox's password comes from SYNDICATE_IMAP_PASSWORD. Mail is marked as read.
    """
    from syndicate.subscribers.bounces import record_bounce, understand_bounce

    if (maildir is None) == (imap is None):
        raise UsageError("where is the mail?", hint="use --maildir FOLDER or --imap USER@HOST")
    counts: dict[str, int] = {}
    unproven = 0
    with _store(root) as store:
        store.check_secret()
        for content in _mail(maildir, imap, folder):
            report = understand_bounce(content)
            if report.kind is None:
                continue
            entry = record_bounce(store, report)
            if entry is None:
                unproven += 1
                console.print_warning(
                    f"ignored, because it contains no signed link of ours: {report.cause}"
                )
            else:
                counts[report.kind] = counts.get(report.kind, 0) + 1
    if not quiet and counts:
        console.print_message(
            " · ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        )
    if unproven:
        console.print_message(
            "  hint: if you trust them, run: syndicate subscribers suppress ADDRESS"
        )
        raise typer.Exit(Exit.PARTLY)


def _mail(maildir: Path | None, imap: str | None, folder: str) -> Iterator[bytes]:
    from syndicate.subscribers.bounces import bounces_in_imap, bounces_in_maildir

    if maildir is not None:
        return bounces_in_maildir(maildir)
    user, _, place = (imap or "").rpartition("@")
    host, _, port = place.partition(":")
    if not user or not host or (port and not port.isdigit()):
        raise UsageError("--imap must be USER@HOST or USER@HOST:PORT")
    if PASSWORD not in os.environ:
        raise CredentialsError(f"{PASSWORD} is not set", hint=f"export {PASSWORD}=…")
    return bounces_in_imap(host, int(port or 993), user, os.environ[PASSWORD], folder)
