"""`publish --dry-run` and `publish --to` for mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syndicate import console
from syndicate.console import counted_noun

if TYPE_CHECKING:
    from syndicate.newsroom.newsroom import Newsroom


def print_rehearsal(
    newsroom: Newsroom, channels: tuple[str, ...], articles: tuple[str, ...], as_json: bool
) -> None:
    """Show who would get mail, and the first message exactly as it would be sent."""
    from syndicate.engine.rehearse import rehearse

    for one in rehearse(newsroom, channels, articles):
        if as_json:
            console.print_json(
                {
                    "channel": one.channel,
                    "label": one.label,
                    "recipients": one.recipients,
                    "delivered": one.delivered,
                    "first": list(one.first),
                    "message": one.message.decode("ascii", "replace"),
                }
            )
            continue
        others = f"; {one.delivered:,} more have it already" if one.delivered else ""
        console.print_message(
            f"{one.channel}: {one.label}: {counted_noun(one.recipients, 'recipient')}{others}"
        )
        more = one.recipients - len(one.first)
        for address in (*one.first, *([f"and {more} more"] if more else [])):
            console.print_message(f"  {address}")
        console.print_bytes(one.message)


def print_test_mails(
    newsroom: Newsroom, channels: tuple[str, ...], articles: tuple[str, ...], to: tuple[str, ...]
) -> None:
    """Send a test mail and show the server's answer."""
    from syndicate.engine.rehearse import send_test_mail

    for channel, label, address, receipt in send_test_mail(newsroom, channels, articles, to):
        console.print_message(f"{channel}: {label}: sent to {address}: {receipt.remote_id}")
