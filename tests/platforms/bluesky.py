"""A PDS of the AT Protocol (Bluesky): records with keys, blobs, sessions."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any

from tests.platforms.platform import Answer, Asked, Platform, Posted

SECRETS = {"BLUESKY_APP_PASSWORD": "app-password"}
_DID = "did:plc:abcdefghijklmnopqrstuvwx"
_POSTS = "app.bsky.feed.post"


class Bluesky(Platform):
    """A server with one account, gazette.example.org."""

    reset_header = "ratelimit-reset"

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[str, Any]] = {}
        self.uploads: list[bytes] = []

    def is_authorized(self, asked: Asked) -> bool:
        if asked.path.endswith(("createSession", "resolveHandle")):
            return True
        return asked.headers.get("authorization") == f"Bearer {_token('access')}"

    def refusal(self, status: int, reason: str) -> Any:
        return {"error": reason.replace(" ", ""), "message": reason}

    def answer(self, asked: Asked) -> Answer:
        match asked.path.removeprefix("/xrpc/"):
            case "com.atproto.server.createSession":
                if asked.json["password"] != SECRETS["BLUESKY_APP_PASSWORD"]:
                    return Answer(401, self.refusal(401, "Invalid identifier or password"))
                session = {"did": _DID, "handle": "gazette.example.org", "active": True}
                tokens = {"accessJwt": _token("access"), "refreshJwt": _token("refresh")}
                return Answer(200, {**session, **tokens})
            case "com.atproto.identity.resolveHandle":
                return Answer(400, self.refusal(400, "Unable to resolve handle"))
            case "com.atproto.repo.uploadBlob":
                self.uploads.append(asked.body)
                blob = {
                    "$type": "blob",
                    "ref": {"$link": _cid(asked.body)},
                    "mimeType": "image/png",
                    "size": len(asked.body),
                }
                return Answer(200, {"blob": blob})
            case "com.atproto.repo.putRecord":
                return self._put(asked.json)
            case "com.atproto.repo.deleteRecord":
                key = asked.json["rkey"]
                if limited := self._delete(_uri(key)):
                    return limited
                self.records.pop(key, None)
                return Answer(200, {})
            case "com.atproto.repo.getRecord":
                record = self.records.get(asked.query["rkey"])
                if record is None:
                    error = {"error": "RecordNotFound", "message": "Could not locate record"}
                    return Answer(400, error)
                said = {"uri": _uri(asked.query["rkey"]), "cid": _cid(record), "value": record}
                return Answer(200, said)
        return Answer(501, self.refusal(501, f"Method Not Implemented {asked.path}"))

    def _put(self, body: Any) -> Answer:
        key, record = body["rkey"], body["record"]
        assert len(key) == 13, key
        if len(record["text"].encode()) > 3000:
            return Answer(400, self.refusal(400, "Invalid Request"))
        if key not in self.records:
            reply = record.get("reply")
            known = {_uri(one): _cid(said) for one, said in self.records.items()}
            for ref in (reply["root"], reply["parent"]) if reply else ():
                if known.get(ref["uri"]) != ref["cid"]:
                    return Answer(400, self.refusal(400, "Invalid Request"))
            embed = record.get("embed", {})
            alts = tuple(one["alt"] for one in embed.get("images", ()))
            parent = reply["parent"]["uri"] if reply else None
            self.posts.append(Posted(_uri(key), record["text"], parent, alts))
        self.records[key] = record
        return Answer(200, {"uri": _uri(key), "cid": _cid(record)})


def _uri(key: str) -> str:
    return f"at://{_DID}/{_POSTS}/{key}"


def _cid(content: Any) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    digest = b"\x01\x71\x12\x20" + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(digest).decode().lower().rstrip("=")


def _token(scope: str) -> str:
    """An unsigned JSON Web Token (RFC 7519), valid for at least a day."""
    now = int(time.time()) // 86_400 * 86_400
    claims = {"scope": scope, "sub": _DID, "iat": now, "exp": now + 2 * 86_400}
    parts = ({"typ": "JWT", "alg": "none"}, claims)
    coded = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts)
    return ".".join((*(one.rstrip("=") for one in coded), "AAAA"))
