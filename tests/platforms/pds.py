"""A real Bluesky server on loopback, from the npm package @atproto/dev-env. It is installed by
`make pds`, outside the repository; SYNDICATE_PDS names another folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests import waiting
from tests.platforms.bluesky import SECRETS

FOLDER = Path(os.environ.get("SYNDICATE_PDS", Path.home() / ".cache" / "syndicate" / "pds"))
_POSTS = "app.bsky.feed.post"
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

    def records(self) -> dict[str, Any]:
        """Each post by its URI, as anybody can read it."""
        query = f"repo={self.did}&collection={_POSTS}&limit=100"
        found = _asked(f"{self.url}/xrpc/com.atproto.repo.listRecords?{query}")["records"]
        return {one["uri"]: one["value"] for one in found}

    def keep(self) -> None:
        """Keep the pictures of all posts, which the server deletes with the last post of each."""
        for uri, record in self.records().items():
            self._write(self._token(), "putRecord", "org.example.kept", uri, record)

    def put(self, records: dict[str, Any]) -> None:
        """Make these the posts that there are. They get the addresses and digests that they had."""
        there, token = self.records(), self._token()
        for uri in there.keys() - records.keys():
            self._write(token, "deleteRecord", _POSTS, uri)
        for uri in records.keys() - there.keys():
            self._write(token, "putRecord", _POSTS, uri, records[uri])

    def _token(self) -> str:
        secret = {"identifier": self.handle, "password": SECRETS["BLUESKY_APP_PASSWORD"]}
        url = f"{self.url}/xrpc/com.atproto.server.createSession"
        return str(_asked(url, secret)["accessJwt"])

    def _write(self, token: str, how: str, collection: str, uri: str, record: Any = None) -> None:
        body: dict[str, Any] = {
            "repo": self.did,
            "collection": collection,
            "rkey": uri.rpartition("/")[2],
        }
        if record is not None:
            body["record"] = {**record, "$type": collection}
        _asked(f"{self.url}/xrpc/com.atproto.repo.{how}", body, token)


def _asked(url: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body is not None else None
    with urlopen(Request(url, data, headers)) as answer:
        return json.load(answer)


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
