"""Social platforms on loopback. They have the real APIs, store what is posted and fail on request.
The real tweepy, Mastodon.py and atproto talk to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.platforms import bluesky, mastodon, x
from tests.platforms.platform import Platform


@dataclass(frozen=True)
class Setup:
    """A platform: its server, the courier option for the server's address (`place`), credentials in
    environment variables (`secrets`), and other options that the courier needs."""

    server: type[Platform]
    place: str
    secrets: dict[str, str]
    options: dict[str, str] = field(default_factory=dict)


PLATFORMS = {
    "x": Setup(x.X, "api", x.SECRETS),
    "mastodon": Setup(mastodon.Mastodon, "server", mastodon.SECRETS),
    "bluesky": Setup(bluesky.Bluesky, "server", bluesky.SECRETS, {"handle": "gazette.example.org"}),
}
