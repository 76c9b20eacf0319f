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
from syndicate.cli.options import AsJSON, Root, load
from syndicate.errors import CredentialsError, Exit, Problems, SyndicateError, UsageError

if TYPE_CHECKING:
    from syndicate.subscribers import Entry, Subscribers

subscribers_app = typer.Typer(
    help="Who gets the mail.", rich_markup_mode=None, no_args_is_help=True
)
Channel = Annotated[
    str, typer.Option("--channel", "-c", envvar="SYNDICATE_CHANNEL", help="Whose subscribers.")
]
Address = Annotated[str, typer.Argument(help="An e-mail address.")]
Status = Literal["active", "unsubscribed", "bounced", "complained", "suppressed"]
BY_HAND = "by hand"
PASSWORD = "SYNDICATE_IMAP_PASSWORD"  # noqa: S105 - the name of it


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(subscribers_app, name="subscribers")
    app.command("bounces")(bounces)


@subscribers_app.callback()
def _subscribers() -> None:
    """Who gets the mail."""


@contextmanager
def _store(root: Path | None, channel: str | None = None) -> Iterator[Subscribers]:
    from syndicate.ledger.ledger import ledger_of
    from syndicate.subscribers import Subscribers

    newsroom = load(root)
    if channel is not None:
        newsroom.chosen((channel,))
    with ledger_of(newsroom) as ledger:
        yield Subscribers(ledger.database, newsroom.state)


@subscribers_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file whose first line names the columns.")],
    channel: Channel = "email",
    root: Root = None,
) -> None:
    """Subscribe everybody in a CSV file, or give them new fields and tags.

    The column `email` holds the address, `tags` tags, any other a field for templates. Who has
    unsubscribed, bounced or complained stays so.
    """
    from syndicate.subscribers import sheet

    errors: list[SyndicateError] = []
    read = 0

    def counted() -> Iterator[Entry]:
        nonlocal read
        for entry in sheet.read(file, channel, errors):
            read += 1
            yield entry

    with _store(root, channel) as store:
        fresh = store.put(counted(), f"imported from {file.name}")
    told = f"{read} read, {fresh} new" + (f", {len(errors)} left out" if errors else "")
    console.say(told)
    if errors:
        raise Problems(errors)


@subscribers_app.command("export")
def export(
    channel: Channel = "email",
    status: Annotated[Status | None, typer.Option("--status", help="Only these.")] = None,
    root: Root = None,
) -> None:
    """Write subscribers as CSV, with all that is known of them."""
    from syndicate.subscribers import Status as Known
    from syndicate.subscribers import sheet

    with _store(root, channel) as store:
        sheet.write(store.entries(channel, Known(status) if status else None), sys.stdout)
        sys.stdout.flush()  # here a closed pipe ends quietly; at the interpreter's end it does not


@subscribers_app.command("list")
def list_(
    channel: Annotated[str | None, typer.Option("--channel", "-c", help="Only this one.")] = None,
    status: Annotated[Status | None, typer.Option("--status", help="Only these.")] = None,
    as_json: AsJSON = False,
    root: Root = None,
) -> None:
    """List subscribers with their status, since when, and why; channel * stands for all."""
    from syndicate.subscribers import Status as Known

    with _store(root, channel) as store:
        for one in store.entries(channel, Known(status) if status else None):
            if as_json:
                console.out_json(_told(one))
            else:
                state = f"{one.status:<12}  {one.at}"
                console.out(f"{one.channel:<8}  {state}  {one.address}  ({one.cause})")


@subscribers_app.command("show")
def show(address: Address, as_json: AsJSON = False, root: Root = None) -> None:
    """Show all that is known of one person, and the addresses of the private feeds that are theirs
    alone. Whoever knows such an address can read the feed: tell nobody else.
    """
    from syndicate.engine.member_feeds import private_feeds
    from syndicate.subscribers import sheet

    normal = sheet.normal(address)
    newsroom = load(root)
    with _store(root) as store:
        entries = list(store.of(normal))
    if not entries:
        raise UsageError(f"{address} is not known", hint="all who are: syndicate subscribers list")
    for one in entries:
        feeds = list(private_feeds(newsroom, one.channel, one.address))
        if as_json:
            console.out_json(_told(one) | {"feeds": [feed.url for feed in feeds]})
            continue
        console.out(f"{one.channel}: {one.status} since {one.at} ({one.cause})")
        for name, value in one.fields.items():
            console.out(f"  {name}: {value}")
        if one.tags:
            console.out(f"  tags: {', '.join(one.tags)}")
        for feed in feeds:
            console.out(f"  feed: {feed.url}")


@subscribers_app.command("add")
def add(
    address: Address,
    fields: Annotated[
        list[str] | None, typer.Option("--field", help="name=value, as often as needed.")
    ] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", help="A tag.")] = None,
    channel: Channel = "email",
    root: Root = None,
) -> None:
    """Subscribe one person; also one who had left, because they asked for it."""
    from syndicate.subscribers import Entry, sheet

    pairs = dict(field.partition("=")[::2] for field in fields or ())
    normal = sheet.normal(address)
    with _store(root, channel) as store:
        store.put([Entry(channel, normal, pairs, tuple(tags or ()))], BY_HAND)
        store.activate(channel, normal, BY_HAND)


@subscribers_app.command("remove")
def remove(address: Address, channel: Channel = "email", root: Root = None) -> None:
    """Forget a subscriber and all that is known of them."""
    from syndicate.subscribers import sheet

    with _store(root, channel) as store:
        if not store.remove(channel, sheet.normal(address)):
            raise UsageError(f"{address} is not subscribed to {channel}")


@subscribers_app.command("suppress")
def suppress(
    address: Address,
    cause: Annotated[str, typer.Option("--cause", help="Why, for the record.")] = BY_HAND,
    root: Root = None,
) -> None:
    """Never mail this address again, from any channel, subscribed or not."""
    from syndicate.subscribers import Status as Known
    from syndicate.subscribers import sheet

    with _store(root) as store:
        store.suppress(sheet.normal(address), Known.SUPPRESSED, cause)


def _told(one: Entry) -> dict[str, object]:
    """What is known of a subscription, for machines."""
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
        Path | None, typer.Option("--maildir", help="A Maildir that such mail arrives in.")
    ] = None,
    imap: Annotated[
        str | None,
        typer.Option("--imap", metavar="USER@HOST[:PORT]", help="A mailbox that it arrives in."),
    ] = None,
    folder: Annotated[str, typer.Option("--folder", help="The mailbox's folder.")] = "INBOX",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what needs you.")] = False,
    root: Root = None,
) -> None:
    """Read bounces, complaints and wishes to leave, and act on those that are proven.

    The mailbox's password comes from SYNDICATE_IMAP_PASSWORD. Mail is marked as read.
    """
    from syndicate.subscribers.bounces import believe, understand

    if (maildir is None) == (imap is None):
        raise UsageError("say --maildir or --imap")
    counts: dict[str, int] = {}
    unproven = 0
    with _store(root) as store:
        for content in _mail(maildir, imap, folder):
            report = understand(content)
            if report.kind is None:
                continue
            entry = believe(store, report)
            if entry is None:
                unproven += 1
                console.warn(f"not acted upon, since it proves nothing: {report.cause}")
            else:
                counts[report.kind] = counts.get(report.kind, 0) + 1
    if not quiet and counts:
        console.say(" · ".join(f"{number} {kind}" for kind, number in sorted(counts.items())))
    if unproven:
        console.say("  hint: syndicate subscribers suppress ADDRESS, if you believe them")
        raise typer.Exit(Exit.PARTLY)


def _mail(maildir: Path | None, imap: str | None, folder: str) -> Iterator[bytes]:
    from syndicate.subscribers.bounces import from_imap, from_maildir

    if maildir is not None:
        return from_maildir(maildir)
    user, _, place = (imap or "").rpartition("@")
    host, _, port = place.partition(":")
    if not user or not host or (port and not port.isdigit()):
        raise UsageError("--imap is USER@HOST or USER@HOST:PORT")
    if PASSWORD not in os.environ:
        raise CredentialsError(f"{PASSWORD} is not set", hint=f"export {PASSWORD}=…")
    return from_imap(host, int(port or 993), user, os.environ[PASSWORD], folder)
