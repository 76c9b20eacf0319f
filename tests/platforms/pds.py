"""A real Bluesky server on loopback, from the npm package @atproto/dev-env. It is installed by
`make pds`, outside the repository; SYNDICATE_PDS names another folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests import waiting
from tests.platforms.bluesky import SECRETS

FOLDER = Path(os.environ.get("SYNDICATE_PDS", Path.home() / ".cache" / "syndicate" / "pds"))
WHY_NOT = f"no Bluesky server in {FOLDER}: make pds"


def is_installed() -> bool:
    """Whether there is such a server on this machine."""
    return (FOLDER / "node_modules" / "@atproto" / "dev-env").is_dir()


@dataclass(frozen=True)
class PDS:
    """A server with one account, and no posts at first."""

    url: str
    handle: str
    did: str

    def posts(self) -> list[tuple[str, str]]:
        """The URI and the text of each post, as anybody can read them."""
        query = f"repo={self.did}&collection=app.bsky.feed.post&limit=100"
        with urlopen(f"{self.url}/xrpc/com.atproto.repo.listRecords?{query}") as answer:
            records = json.load(answer)["records"]
        return [(one["uri"], one["value"]["text"]) for one in records]


@contextmanager
def pds() -> Iterator[PDS]:
    """The server, as long as the block lasts."""
    environment = {**os.environ, **SECRETS, "NODE_PATH": str(FOLDER / "node_modules")}
    script = Path(__file__).with_name("pds.cjs")
    with waiting.Running(["node", script], env=environment | {"LOG_ENABLED": "false"}) as server:
        server.until("the Bluesky server to start", lambda: _said(server.stdout))
        said = _said(server.stdout) or {}
        yield PDS(said["url"], said["handle"], said["did"])


def _said(output: str) -> dict[str, str] | None:
    """What the script says when the server has started."""
    for line in output.splitlines():
        if line.startswith('{"url"'):
            said: dict[str, str] = json.loads(line)
            return said
    return None
