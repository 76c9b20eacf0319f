"""Social platforms on loopback: they speak the real APIs, keep what is posted, and misbehave on
request. The real tweepy, Mastodon.py and atproto talk to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.platforms import bluesky, mastodon, x
from tests.platforms.platform import Platform


@dataclass(frozen=True)
class Known:
    """A platform, the courier's key for where it is, what else that wants, its credentials."""

    server: type[Platform]
    place: str
    secrets: dict[str, str]
    options: dict[str, str] = field(default_factory=dict)


PLATFORMS = {
    "x": Known(x.X, "api", x.SECRETS),
    "mastodon": Known(mastodon.Mastodon, "server", mastodon.SECRETS),
    "bluesky": Known(bluesky.Bluesky, "server", bluesky.SECRETS, {"handle": "gazette.example.org"}),
}
